import type { Container } from "../../../wire/common.ts";
import type { Pod } from "../../../wire/pod.ts";
import { ownerKey, type Standing } from "../entry.ts";
import { resourcesOf } from "../resources.ts";
import { parseQuantity, parseTime } from "../../../wire/values.ts";
import {
  critical,
  images,
  info,
  type KindFacts,
  labelLines,
  minute,
  ok,
  patiently,
  warning,
} from "./facts.ts";

/** Reasons for which a container waits and that do not go away by waiting. */
const stuck = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PostStartHookError",
]);

function ending(container: Container): string {
  const status = container.status;
  const reason = status?.lastTerminatedReason ?? (status?.state === "terminated" ? status.reason : undefined);
  const code = status?.lastTerminatedExitCode ?? status?.exitCode;
  if (!reason) return "";
  return code === undefined ? reason : `${reason}, exit code ${code}`;
}

function ofContainers(pod: Pod, state: string, sinceMs: number): Standing | undefined {
  for (const container of pod.containers ?? []) {
    const status = container.status;
    const reason = status?.reason ?? "";
    if (stuck.has(reason) || (status?.state !== undefined && stuck.has(status.state))) {
      const parts = [`container ${container.name}: ${status?.message || reason || status?.state}`];
      const last = ending(container);
      if (last) parts.push(`last ended with ${last}`);
      if (status?.restartCount) parts.push(`${status.restartCount} restarts`);
      return critical(state, parts.join("; "), parseTime(status?.lastTerminatedAt) || sinceMs);
    }
    if (status?.state === "terminated" && (status.exitCode ?? 0) !== 0 && container.role !== "init")
      return critical(
        state,
        `container ${container.name} ended with ${ending(container)}`,
        parseTime(status.finishedAt) || sinceMs,
      );
  }
  // AtlHyper 1.x tells the reason in the summary only.
  return stuck.has(state) || state === "OOMKilled"
    ? critical(state, pod.summary.message ?? "", sinceMs)
    : undefined;
}

function standing(pod: Pod, now: number): Standing {
  const { summary } = pod;
  const phase = summary.phase ?? "Unknown";
  const state = summary.reason || phase;
  const condition = (type: string) => pod.conditions?.find((one) => one.type === type);
  const startMs = parseTime(summary.startTime) || parseTime(summary.createdAt);
  if (summary.deletedAt) {
    const sinceMs = parseTime(summary.deletedAt);
    return patiently(
      sinceMs,
      5 * minute,
      now,
      info("Terminating", "", sinceMs),
      warning("Terminating", "still there long after it was to end", sinceMs),
    );
  }
  if (phase === "Succeeded") return ok(state, startMs);
  if (phase === "Failed") {
    const because = summary.message || ofContainers(pod, state, startMs)?.why || "the pod failed";
    const ofJob = pod.summary.controlledBy?.kind === "Job";
    return state === "Evicted" || ofJob
      ? warning(state, because, startMs)
      : critical(state, because, startMs);
  }
  const faulty = ofContainers(pod, state, startMs);
  if (faulty) return faulty;
  if (phase === "Pending") {
    const scheduled = condition("PodScheduled");
    if (scheduled?.status === "False") {
      const sinceMs = parseTime(scheduled.lastTransitionTime) || startMs;
      const why = scheduled.message || "no node takes it";
      return patiently(sinceMs, 15_000, now, info(state, why, sinceMs), warning(state, why, sinceMs));
    }
    return patiently(
      startMs,
      2 * minute,
      now,
      info(state, "", startMs),
      warning(state, summary.message || "not started yet", startMs),
    );
  }
  if (phase !== "Running")
    return {
      health: "unknown",
      state,
      why: summary.message || "the node does not tell how it is",
      sinceMs: startMs,
    };
  return ofRunning(pod, state, startMs, now);
}

function ofRunning(pod: Pod, state: string, startMs: number, now: number): Standing {
  const [ready = 0, total = 0] = (pod.summary.ready ?? "").split("/").map(Number);
  const condition = pod.conditions?.find((one) => one.type === "Ready");
  const sinceMs = parseTime(condition?.lastTransitionTime) || startMs;
  if (ready < total) {
    const waiting = (pod.containers ?? []).filter(
      (one) => one.status?.ready === false && one.role !== "init",
    );
    const why = `${ready} of ${total} containers ready${waiting.length > 0 ? `: not ${waiting.map((one) => one.name).join(", ")}` : ""}`;
    return patiently(sinceMs, minute, now, info("NotReady", why, sinceMs), warning("NotReady", why, sinceMs));
  }
  for (const container of pod.containers ?? []) {
    const endedMs = parseTime(container.status?.lastTerminatedAt);
    if (endedMs > 0 && (container.status?.lastTerminatedExitCode ?? 1) !== 0 && container.role !== "init")
      return patiently(
        endedMs,
        10 * minute,
        now,
        warning(state, `container ${container.name} restarted: ${ending(container)}`, endedMs),
        ok(state, sinceMs),
      );
  }
  return ok(state, sinceMs);
}

function readyShare(pod: Pod): number {
  const [ready = 0, total = 0] = (pod.summary.ready ?? "").split("/").map(Number);
  return total > 0 ? ready / total : 0;
}

/** The hash behind a ReplicaSet's name: Kubernetes' alphabet without vowels and look-alikes (util/rand). */
const templateHash = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;

/**
 * The owners, nearest first. AtlHyper 1.x sends only the first: the Deployment behind a ReplicaSet follows from
 * the name.
 */
function chain(summary: Pod["summary"]): [kind: string, name: string][] {
  if (summary.owners?.length) return summary.owners.map((one) => [one.kind ?? "", one.name ?? ""]);
  const { kind, name } = summary.controlledBy ?? {};
  if (!kind || !name) return [];
  const own: [string, string] = [kind, name];
  return kind === "ReplicaSet" && templateHash.test(name)
    ? [own, ["Deployment", name.replace(templateHash, "")]]
    : [own];
}

/** What the scheduler counts: all containers together, or the greediest that only prepares, which runs before. */
function requestOf({ containers }: Pod, resource: string): number {
  let together = 0;
  let before = 0;
  for (const { role, resources } of containers ?? []) {
    const value = parseQuantity(resources?.requests?.[resource]) || 0;
    if (role === "init") before = Math.max(before, value);
    else together += value;
  }
  return Math.max(together, before);
}

export const pod: KindFacts<Pod> = {
  standing,
  created: ({ summary }) => summary.createdAt ?? summary.startTime,
  node: ({ summary }) => summary.node,
  // What usage is joined on, and nothing else: the kubelet knows static pods by another.
  uid: ({ summary }) => summary.cgroupUID ?? summary.uid,
  owners: ({ summary }) => chain(summary).map(([kind, name]) => ownerKey(kind, summary.namespace, name)),
  resources: ({ containers }) => resourcesOf(containers),
  search: (item) => [
    ...labelLines(item.labels),
    ...images(item.containers),
    item.summary.podIP,
    item.summary.controlledBy?.name,
  ],
  columns: {
    restarts: ({ summary }) => summary.restarts ?? 0,
    ready: readyShare,
    phase: ({ summary }) => summary.phase,
    ip: ({ summary }) => summary.podIP,
    qos: ({ summary }) => summary.qosClass,
    owner: ({ summary }) => chain(summary).at(-1)?.[1],
    cpuRequest: (item) => requestOf(item, "cpu"),
    memoryRequest: (item) => requestOf(item, "memory"),
  },
};
