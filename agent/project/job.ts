import type { Job } from "../../wire/workloads.ts";
import { annotationsOf, conditionsOf, controllerOf, filled, selectorText, told } from "./common.ts";
import type { JobObject } from "./kube.ts";
import { templateOf } from "./template.ts";

export type JobState = "Complete" | "Failed" | "Suspended" | "Running";

/** The condition that says how a Job ended or why it rests, if one does. */
export function jobCondition({ status }: JobObject) {
  return status?.conditions?.find(
    ({ type, status }) => status === "True" && ["Complete", "Failed", "Suspended"].includes(type),
  );
}

export function projectJob(object: JobObject): Job {
  const { metadata, spec, status } = object;
  const condition = jobCondition(object);
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      controlledBy: controllerOf(metadata.ownerReferences),
      state: (condition?.type ?? "Running") satisfies string as JobState,
      completions: spec?.completions,
      parallelism: spec?.parallelism,
      active: status?.active ?? 0,
      succeeded: status?.succeeded ?? 0,
      failed: status?.failed ?? 0,
      backoffLimit: spec?.backoffLimit,
      startTime: status?.startTime,
      completionTime: status?.completionTime,
      reason: told(condition?.reason),
      message: told(condition?.message),
      selector: selectorText(spec?.selector),
    },
    template: templateOf(spec?.template),
    status: { conditions: conditionsOf(status?.conditions) },
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}
