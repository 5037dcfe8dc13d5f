import type { DaemonSetObject, DeploymentObject, StatefulSetObject } from "./kube.ts";

export type Phase = "Complete" | "Progressing" | "Stuck" | "Paused" | "Degraded";
export interface RolloutState {
  phase: Phase;
  /** As `kubectl rollout status` words it. */
  message: string;
}

/**
 * How far a rollout is, in the words of `kubectl rollout status` (polymorphichelpers). `Degraded`: the rollout
 * was complete, and since then replicas have become unavailable; `Stuck`: the progress deadline has passed.
 */
export function deploymentRollout({ metadata, spec, status }: DeploymentObject): RolloutState {
  const name = `deployment ${JSON.stringify(metadata.name)}`;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status ?? {};
  const desired = spec?.replicas ?? 1;
  const waiting = (rest: string): RolloutState => ({
    phase: spec?.paused ? "Paused" : "Progressing",
    message: `Waiting for ${name} rollout to finish: ${rest}...`,
  });
  if ((metadata.generation ?? 0) > observedGeneration)
    return { phase: "Progressing", message: "Waiting for deployment spec update to be observed..." };
  const progressing = status?.conditions?.find((one) => one.type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded")
    return { phase: "Stuck", message: `${name} exceeded its progress deadline` };
  if (updatedReplicas < desired)
    return waiting(`${updatedReplicas} out of ${desired} new replicas have been updated`);
  if (replicas > updatedReplicas)
    return waiting(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas) {
    const state = waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
    // The controller leaves NewReplicaSetAvailable in place when pods of a finished rollout fail later.
    return progressing?.reason === "NewReplicaSetAvailable" ? { ...state, phase: "Degraded" } : state;
  }
  return { phase: spec?.paused ? "Paused" : "Complete", message: `${name} successfully rolled out` };
}

export function statefulSetRollout({ metadata, spec, status }: StatefulSetObject): RolloutState {
  const {
    updatedReplicas = 0,
    readyReplicas = 0,
    currentReplicas = 0,
    observedGeneration = 0,
  } = status ?? {};
  const desired = spec?.replicas ?? 1;
  if ((metadata.generation ?? 0) > observedGeneration)
    return { phase: "Progressing", message: "Waiting for statefulset spec update to be observed..." };
  const done = status?.updateRevision === status?.currentRevision;
  if (readyReplicas < desired)
    return {
      phase: done && updatedReplicas >= desired ? "Degraded" : "Progressing",
      message: `Waiting for ${desired - readyReplicas} pods to be ready...`,
    };
  if (spec?.updateStrategy?.type === "OnDelete")
    return {
      phase: "Complete",
      message: "rollout status is only available for RollingUpdate strategy type",
    };
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  if (partition > 0) {
    if (updatedReplicas < desired - partition)
      return {
        phase: "Progressing",
        message: `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${desired - partition} new pods have been updated...`,
      };
    return {
      phase: "Complete",
      message: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`,
    };
  }
  if (!done)
    return {
      phase: "Progressing",
      message: `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${status?.updateRevision}...`,
    };
  return {
    phase: "Complete",
    message: `statefulset rolling update complete ${currentReplicas} pods at revision ${status?.currentRevision}...`,
  };
}

export function daemonSetRollout({ metadata, spec, status }: DaemonSetObject): RolloutState {
  const name = `daemon set ${JSON.stringify(metadata.name)}`;
  const {
    desiredNumberScheduled: desired = 0,
    updatedNumberScheduled: updated = 0,
    numberAvailable: available = 0,
    observedGeneration = 0,
  } = status ?? {};
  if ((metadata.generation ?? 0) > observedGeneration)
    return { phase: "Progressing", message: "Waiting for daemon set spec update to be observed..." };
  const onDelete = spec?.updateStrategy?.type === "OnDelete";
  if (updated < desired && !onDelete)
    return {
      phase: "Progressing",
      message: `Waiting for ${name} rollout to finish: ${updated} out of ${desired} new pods have been updated...`,
    };
  if (available < desired)
    return {
      phase: "Degraded",
      message: `Waiting for ${name} rollout to finish: ${available} of ${desired} updated pods are available...`,
    };
  if (onDelete)
    return {
      phase: "Complete",
      message: "rollout status is only available for RollingUpdate strategy type",
    };
  return { phase: "Complete", message: `${name} successfully rolled out` };
}
