import type { DaemonSet } from "../../wire/workloads.ts";
import { annotationsOf, conditionsOf, filled, selectorOf, selectorText } from "./common.ts";
import type { ConditionObject, DaemonSetObject } from "./kube.ts";
import { daemonSetRollout } from "./rollout.ts";
import { templateOf } from "./template.ts";

export function projectDaemonSet(object: DaemonSetObject): DaemonSet {
  const { metadata, spec, status } = object;
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      desired: status?.desiredNumberScheduled ?? 0,
      current: status?.currentNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
      updated: status?.updatedNumberScheduled ?? 0,
      available: status?.numberAvailable ?? 0,
      unavailable: status?.numberUnavailable ?? 0,
      misscheduled: status?.numberMisscheduled || undefined,
      strategy: spec?.updateStrategy?.type,
      selector: selectorText(spec?.selector),
    },
    spec: { selector: selectorOf(spec?.selector) },
    template: templateOf(spec?.template),
    status: { conditions: conditionsOf(status?.conditions as ConditionObject[] | undefined) },
    rollout: daemonSetRollout(object),
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}
