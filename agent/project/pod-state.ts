import { isSidecar } from "./container.ts";
import type { ContainerStatus, ContainerTerminated, PodObject } from "./kube.ts";

export interface PodState {
  /** The STATUS column. */
  reason: string;
  /** The READY column. */
  ready: string;
  /** The RESTARTS column. */
  restarts: number;
}

/** The reason the node controller gives pods of a node it lost (k8s.io/kubernetes/pkg/util/node). */
const nodeLost = "NodeLost";

/**
 * The columns STATUS, READY and RESTARTS as `kubectl get pods` shows them: the API server computes them when
 * it is asked for a table (pkg/printers/internalversion, printPod), a watch of objects does not carry them.
 * Restartable init containers (sidecars, KEP-753) count as containers once the pod is initialised.
 */
export function podState(pod: PodObject): PodState {
  const { status = {}, spec, metadata } = pod;
  const sidecars = new Set((spec?.initContainers ?? []).filter(isSidecar).map((one) => one.name));
  const init = initState(status.initContainerStatuses ?? [], sidecars, spec?.initContainers?.length ?? 0);

  const gated = status.conditions?.some(
    (one) => one.type === "PodScheduled" && one.reason === "SchedulingGated",
  );
  let reason = gated ? "SchedulingGated" : status.reason || status.phase || "";
  let ready = init.ready;
  let restarts = init.restarts;
  if (init.reason !== undefined) reason = init.reason;
  if (init.reason === undefined || hasCondition(pod, "Initialized")) {
    restarts = init.sidecarRestarts;
    let running = false;
    for (const container of (status.containerStatuses ?? []).toReversed()) {
      restarts += container.restartCount;
      const own = containerReason(container);
      if (own !== undefined) reason = own;
      else if (container.ready && container.state?.running) {
        running = true;
        ready++;
      }
    }
    if (reason === "Completed" && running) reason = hasCondition(pod, "Ready") ? "Running" : "NotReady";
  }
  if (metadata.deletionTimestamp) {
    if (status.reason === nodeLost) reason = "Unknown";
    else if (status.phase !== "Succeeded" && status.phase !== "Failed") reason = "Terminating";
  }
  const total = (spec?.containers?.length ?? 0) + sidecars.size;
  return { reason, ready: `${ready}/${total}`, restarts };
}

function initState(statuses: ContainerStatus[], sidecars: Set<string>, total: number) {
  const state = { reason: undefined as string | undefined, ready: 0, restarts: 0, sidecarRestarts: 0 };
  for (const [index, container] of statuses.entries()) {
    const { waiting, terminated } = container.state ?? {};
    const sidecar = sidecars.has(container.name);
    state.restarts += container.restartCount;
    if (sidecar) state.sidecarRestarts += container.restartCount;
    if (terminated?.exitCode === 0) continue;
    if (sidecar && container.started) {
      if (container.ready) state.ready++;
      continue;
    }
    if (terminated) state.reason = `Init:${terminatedReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing") state.reason = `Init:${waiting.reason}`;
    else state.reason = `Init:${index}/${total}`;
    break;
  }
  return state;
}

function containerReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  return state?.terminated && terminatedReason(state.terminated);
}

export function terminatedReason({ reason, signal, exitCode }: ContainerTerminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function hasCondition(pod: PodObject, type: string): boolean {
  return pod.status?.conditions?.some((one) => one.type === type && one.status === "True") ?? false;
}
