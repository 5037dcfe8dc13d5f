import type { CronJob } from "../../wire/workloads.ts";
import { annotationsOf, filled } from "./common.ts";
import type { CronJobObject } from "./kube.ts";
import { templateOf } from "./template.ts";

export function projectCronJob({ metadata, spec, status }: CronJobObject): CronJob {
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      schedule: spec?.schedule,
      timeZone: spec?.timeZone,
      suspended: spec?.suspend || undefined,
      concurrencyPolicy: spec?.concurrencyPolicy,
      active: status?.active?.length ?? 0,
      lastScheduleTime: status?.lastScheduleTime,
      lastSuccessfulTime: status?.lastSuccessfulTime,
    },
    template: templateOf(spec?.jobTemplate?.spec?.template),
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}
