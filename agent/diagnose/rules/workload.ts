import { msOf } from "../../project/common.ts";
import type {
  ConditionObject,
  DaemonSetObject,
  DeploymentObject,
  ReplicaSetObject,
  StatefulSetObject,
} from "../../project/kube.ts";
import { daemonSetRollout, deploymentRollout, statefulSetRollout } from "../../project/rollout.ts";
import { type Finding, plural } from "../finding.ts";
import { withCause } from "./container.ts";

/** How long replicas may be away: while a rollout makes new ones, and when it does not. */
const rolloutMs = 60_000;
const degradedMs = 20_000;

export function deploymentFindings(object: DeploymentObject): Finding[] {
  const { spec, status } = object;
  const desired = spec?.replicas ?? 1;
  const available = status?.availableReplicas ?? 0;
  const rollout = deploymentRollout(object);
  const conditions = status?.conditions ?? [];
  const failure = replicaFailure(conditions, available);
  if (rollout.phase === "Stuck") {
    const progressing = conditions.find((one) => one.type === "Progressing");
    const stuck: Finding = {
      family: "rollout",
      reason: "ProgressDeadlineExceeded",
      severity: "critical",
      category: "workload",
      message: `the rollout makes no progress: ${status?.updatedReplicas ?? 0} of ${plural(desired, "replica")} updated, ${available} available`,
      sinceMs: msOf(progressing?.lastTransitionTime),
    };
    return [stuck, ...failure];
  }
  return [...lacking(desired, available, rollout.phase === "Progressing"), ...failure];
}

export function statefulSetFindings(object: StatefulSetObject): Finding[] {
  const desired = object.spec?.replicas ?? 1;
  const phase = statefulSetRollout(object).phase;
  // Without minReadySeconds an available replica is a ready one; old servers do not count available ones.
  const available = object.status?.availableReplicas ?? object.status?.readyReplicas ?? 0;
  return lacking(desired, available, phase === "Progressing");
}

export function daemonSetFindings(object: DaemonSetObject): Finding[] {
  const { desiredNumberScheduled: desired = 0, numberAvailable: available = 0 } = object.status ?? {};
  return lacking(desired, available, daemonSetRollout(object).phase === "Progressing");
}

/** Of a ReplicaSet that no Deployment owns. */
export function replicaSetFindings({ spec, status }: ReplicaSetObject): Finding[] {
  const available = status?.availableReplicas ?? 0;
  return [
    ...lacking(spec?.replicas ?? 1, available, false),
    ...replicaFailure(status?.conditions ?? [], available),
  ];
}

function lacking(desired: number, available: number, progressing: boolean): Finding[] {
  if (available >= desired) return [];
  const none = available === 0;
  return [
    {
      family: "rollout",
      reason: none ? "NoReplicasAvailable" : "ReplicasUnavailable",
      severity: none ? "critical" : "warning",
      category: "workload",
      message: none
        ? `none of ${plural(desired, "replica")} is available`
        : `${available} of ${plural(desired, "replica")} ${available === 1 ? "is" : "are"} available`,
      holdMs: progressing ? rolloutMs : degradedMs,
    },
  ];
}

/** Pods could not be created at all: a quota, a webhook or a missing service account is in the way. */
function replicaFailure(conditions: ConditionObject[], available: number): Finding[] {
  const failure = conditions.find((one) => one.type === "ReplicaFailure" && one.status === "True");
  if (failure === undefined) return [];
  return [
    {
      family: "create-pods",
      reason: failure.reason ?? "ReplicaFailure",
      severity: available === 0 ? "critical" : "warning",
      category: "workload",
      message: withCause("pods cannot be created", failure.message),
      sinceMs: msOf(failure.lastTransitionTime),
    },
  ];
}
