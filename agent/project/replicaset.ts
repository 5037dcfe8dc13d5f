import type { ReplicaSet } from "../../wire/workloads.ts";
import { annotationsOf, controllerOf, filled, selectorOf, selectorText } from "./common.ts";
import type { ReplicaSetObject } from "./kube.ts";
import { templateOf } from "./template.ts";

/** A ReplicaSet that no Deployment owns. */
export function projectReplicaSet({ metadata, spec, status }: ReplicaSetObject): ReplicaSet {
  const desired = spec?.replicas ?? 1;
  const available = status?.availableReplicas ?? 0;
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      replicas: desired,
      ready: status?.readyReplicas ?? 0,
      available,
      controlledBy: controllerOf(metadata.ownerReferences),
      selector: selectorText(spec?.selector),
    },
    spec: { selector: selectorOf(spec?.selector) },
    template: templateOf(spec?.template),
    rollout: {
      phase: available < desired ? "Degraded" : "Complete",
      message: `${available} of ${desired} replicas are available`,
    },
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}
