import { controllerOf, msOf } from "../../project/common.ts";
import { isSidecar } from "../../project/container.ts";
import type { PodObject } from "../../project/kube.ts";
import type { Finding } from "../finding.ts";
import { type ContainerView, containerFindings, exit, type PodView, withCause } from "./container.ts";

/** How long a pod may run without being ready: slow starters and short probe failures are no finding. */
const notReadyMs = 2 * 60_000;
/** How long a pod may outlive its grace period. */
const terminatingMs = 60_000;
/** Gives the scheduler, and preemption, a moment. */
const unschedulableMs = 3000;

/** What is wrong with a pod, one cause named once: what its containers tell comes before what follows from it. */
export function podFindings(pod: PodObject): Finding[] {
  const { status, metadata } = pod;
  if (metadata.deletionTimestamp) return [terminating(pod)];
  if (status?.phase === "Succeeded") return [];
  const views = containersOf(pod);
  if (status?.phase === "Failed") return [failed(pod, views)];
  // Nothing else would tell of a pod that no workload stands behind.
  const severity = controllerOf(metadata.ownerReferences) ? "warning" : "critical";
  const unschedulable = schedulingFinding(pod, severity);
  if (unschedulable) return [unschedulable];
  const startMs = msOf(status?.startTime) ?? msOf(metadata.creationTimestamp);
  const unready = views.filter(
    ({ status: one }) => !one.ready && one.state?.waiting?.reason !== "PodInitializing",
  );
  const told: PodView = {
    severity,
    podStartMs: startMs,
    unreadyMs: unreadySince(pod),
    alone: unready.length === 1,
  };
  const own = views.flatMap((view) => containerFindings(view, told));
  const causes = own.filter((one) => one.family !== "slow");
  if (causes.length > 0) return causes;
  // All containers wait for the same thing, such as a volume: one of them tells it.
  if (own.length > 0) return own.slice(0, 1);
  return readinessFindings(pod, views);
}

function containersOf({ spec, status }: PodObject): ContainerView[] {
  const find = (name: string) => spec?.containers?.find((one) => one.name === name);
  const init = (status?.initContainerStatuses ?? []).map((one): ContainerView => {
    const own = spec?.initContainers?.find((other) => other.name === one.name);
    const role = own && isSidecar(own) ? "sidecar" : "init container";
    return { status: one, spec: own, title: `${role} ${one.name}` };
  });
  const main = (status?.containerStatuses ?? []).map(
    (one): ContainerView => ({ status: one, spec: find(one.name), title: `container ${one.name}` }),
  );
  return [...init, ...main];
}

/**
 * Since when the pod's containers are not all ready, as its conditions tell, since the kubelet tells of no waiting
 * container since when it waits; init containers had their turn before. Undefined where they are ready.
 */
function unreadySince({ status }: PodObject): number | undefined {
  const ready =
    status?.conditions?.find((one) => one.type === "ContainersReady") ??
    status?.conditions?.find((one) => one.type === "Ready");
  const sinceMs = ready?.status === "False" ? msOf(ready.lastTransitionTime) : undefined;
  if (sinceMs === undefined) return undefined;
  const turns = (status?.initContainerStatuses ?? []).map(({ state }) =>
    state?.terminated?.exitCode === 0 ? (msOf(state.terminated.finishedAt) ?? 0) : 0,
  );
  return Math.max(sinceMs, ...turns);
}

function terminating({ metadata, spec }: PodObject): Finding {
  const finalizers = metadata.finalizers ?? [];
  const why =
    finalizers.length > 0
      ? `it waits for the finalizers ${finalizers.join(", ")}`
      : `node ${spec?.nodeName ?? "(none)"} has not confirmed that its containers ended`;
  return {
    family: "terminating",
    reason: "Terminating",
    severity: "warning",
    category: "container",
    message: `the pod is being deleted and its grace period is over: ${why}`,
    // The API server writes the end of the grace period into deletionTimestamp.
    sinceMs: msOf(metadata.deletionTimestamp),
    holdMs: terminatingMs,
  };
}

/** A pod that failed as a whole stays so: its controller makes another one, if it has a controller. */
function failed({ status, metadata }: PodObject, views: ContainerView[]): Finding {
  const owned = controllerOf(metadata.ownerReferences) !== undefined;
  const severity = owned ? "warning" : "critical";
  const ended = views.find(({ status: { state } }) => (state?.terminated?.exitCode ?? 0) !== 0);
  const terminated = ended?.status.state?.terminated;
  const base: Finding =
    ended && terminated && !status?.reason
      ? exit(ended, terminated, severity)
      : {
          family: "failed",
          reason: status?.reason || "Failed",
          severity,
          category: status?.reason === "Evicted" ? "node" : "container",
          message: withCause(`the pod failed (${status?.reason || "no reason given"})`, status?.message),
        };
  const sinceMs =
    msOf(terminated?.finishedAt) ??
    msOf(
      status?.conditions?.find((one) => one.type === "Ready" || one.type === "DisruptionTarget")
        ?.lastTransitionTime,
    ) ??
    msOf(status?.startTime ?? metadata.creationTimestamp);
  return { ...base, family: "failed", sinceMs, count: undefined, over: owned };
}

function schedulingFinding({ status }: PodObject, severity: Finding["severity"]): Finding | undefined {
  const scheduled = status?.conditions?.find((one) => one.type === "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason === "SchedulingGated") return undefined;
  return {
    family: "Unschedulable",
    reason: scheduled.reason ?? "Unschedulable",
    severity,
    category: "scheduling",
    message: withCause("no node can take the pod", scheduled.message),
    sinceMs: msOf(scheduled.lastTransitionTime),
    holdMs: unschedulableMs,
  };
}

/**
 * Containers that run and are not ready. What the node controller sets on the pods of a lost node (Ready
 * False while the kubelet's last word on the containers was good) is the node's finding.
 */
function readinessFindings({ status }: PodObject, views: ContainerView[]): Finding[] {
  const ready = status?.conditions?.find((one) => one.type === "Ready");
  if (status?.phase !== "Running" || ready?.status !== "False") return [];
  const waiting = views.filter(({ status: one }) => one.state?.running && !one.ready);
  const gates = ready.reason === "ReadinessGatesNotReady";
  if (waiting.length === 0 && !gates) return [];
  const first = waiting[0];
  const probe = first?.spec?.readinessProbe ?? first?.spec?.startupProbe;
  const which = waiting.map((view) => view.title).join(", ");
  const message = gates
    ? withCause("the pod runs and its readiness gates are not passed", ready.message)
    : `${which} ${waiting.length === 1 ? "runs and is" : "run and are"} not ready${probe ? ": the probe does not succeed" : ""}`;
  return [
    {
      family: "NotReady",
      reason: "NotReady",
      severity: "warning",
      category: "health",
      message,
      sinceMs: msOf(ready.lastTransitionTime),
      holdMs: notReadyMs,
    },
  ];
}
