import type { StatefulSet } from "../../wire/workloads.ts";
import { annotationsOf, conditionsOf, filled, selectorOf, selectorText, some, told } from "./common.ts";
import type { ConditionObject, StatefulSetObject } from "./kube.ts";
import { statefulSetRollout } from "./rollout.ts";
import { templateOf } from "./template.ts";

export function projectStatefulSet(object: StatefulSetObject): StatefulSet {
  const { metadata, spec, status } = object;
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      replicas: spec?.replicas ?? 1,
      ready: status?.readyReplicas ?? 0,
      updated: status?.updatedReplicas ?? 0,
      available: status?.availableReplicas ?? 0,
      serviceName: told(spec?.serviceName),
      strategy: spec?.updateStrategy?.type,
      selector: selectorText(spec?.selector),
    },
    spec: {
      selector: selectorOf(spec?.selector),
      podManagementPolicy: spec?.podManagementPolicy,
      partition: spec?.updateStrategy?.rollingUpdate?.partition || undefined,
      claimTemplates: some(spec?.volumeClaimTemplates?.flatMap((one) => one.metadata?.name ?? [])),
    },
    template: templateOf(spec?.template),
    status: {
      currentRevision: told(status?.currentRevision),
      updateRevision: told(status?.updateRevision),
      conditions: conditionsOf(status?.conditions as ConditionObject[] | undefined),
    },
    rollout: statefulSetRollout(object),
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}
