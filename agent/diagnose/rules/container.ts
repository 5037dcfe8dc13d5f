import { msOf } from "../../project/common.ts";
import type { ContainerSpec, ContainerStatus, ContainerTerminated } from "../../project/kube.ts";
import { terminatedReason } from "../../project/pod-state.ts";
import { type Category, type Finding, familyOf, plural } from "../finding.ts";

/** A container in its pod, as the rules need it. */
export interface ContainerView {
  status: ContainerStatus;
  spec: ContainerSpec | undefined;
  /** `container web` or `init container migrate`. */
  title: string;
}

/** What the pod tells of all its containers; instants in epoch ms. */
export interface PodView {
  severity: Finding["severity"];
  podStartMs: number | undefined;
  /** Since when not all of its containers are ready. */
  unreadyMs: number | undefined;
  /** Only one of them is not, which so has not been ready since then. */
  alone: boolean;
}

/** How long a container may be set up before that is a finding: pulling a big image takes its minutes. */
const slowStartMs = 3 * 60_000;
const minute = 60_000;

/** What is wrong with one container of a pod that is not being deleted and has not failed as a whole. */
export function containerFindings(view: ContainerView, pod: PodView): Finding[] {
  const { severity } = pod;
  const { waiting, terminated, running } = view.status.state ?? {};
  const last = view.status.lastState?.terminated;
  if (waiting?.reason === "CrashLoopBackOff") return [crashLoop(view, last, pod)];
  if (waiting?.reason) return [waitingFinding(view, waiting.reason, waiting.message, pod)];
  if (terminated !== undefined && terminated.exitCode !== 0) return [exit(view, terminated, severity)];
  if (running !== undefined && last !== undefined) {
    const since = msOf(running.startedAt);
    const restarts = view.status.restartCount;
    // Exit code 0 once is a restart that nobody asked about; again and again it is a loop.
    if (since !== undefined && (last.exitCode !== 0 || restarts > 1))
      return [{ ...exit(view, last, severity), untilMs: since + recoveryMs(restarts) }];
  }
  return [];
}

/**
 * How long a container has to run after a crash until the crash is over: twice the kubelet's back-off (10 s,
 * doubled with each restart, 5 min at most), so that a loop stays one occurrence, and a minute at least.
 */
export function recoveryMs(restarts: number): number {
  const backoff = Math.min(10_000 * 2 ** Math.min(Math.max(restarts - 1, 0), 10), 300_000);
  return Math.max(2 * backoff, minute);
}

function crashLoop(view: ContainerView, last: ContainerTerminated | undefined, pod: PodView) {
  const { severity, unreadyMs, alone } = pod;
  const restarts = view.status.restartCount;
  const loop = { ...(last ? exit(view, last, severity) : exitUnknown(view, severity)), rank: 1 };
  loop.message += `; restarted ${plural(restarts, "time")}, the next try is delayed`;
  // The last end known is that of the latest try: a container that was not ready before it looped before it.
  if (alone && unreadyMs !== undefined) loop.sinceMs = Math.min(unreadyMs, loop.sinceMs ?? unreadyMs);
  if (loop.family === "oom") return loop;
  return { ...loop, reason: "CrashLoopBackOff", family: familyOf("CrashLoopBackOff") };
}

function exitUnknown(view: ContainerView, severity: Finding["severity"]): Finding {
  return {
    family: "crash",
    container: view.status.name,
    reason: "CrashLoopBackOff",
    severity,
    category: "container",
    message: `${view.title} ends again and again`,
    count: Math.max(1, view.status.restartCount),
  };
}

/** A container that ended with a fault, or that ended though it should keep running. */
export function exit(
  view: ContainerView,
  ended: ContainerTerminated,
  severity: Finding["severity"],
): Finding {
  const reason = terminatedReason(ended);
  return {
    family: familyOf(reason) === "oom" ? "oom" : "crash",
    container: view.status.name,
    reason,
    severity,
    category: "container",
    message: exitMessage(view, ended),
    sinceMs: msOf(ended.finishedAt),
    count: Math.max(1, view.status.restartCount),
  };
}

const exitCodes: Record<number, string> = {
  126: "its command could not be executed",
  127: "its command was not found",
  134: "it aborted itself, SIGABRT",
  137: "it was killed, SIGKILL",
  139: "it crashed, SIGSEGV",
  143: "it was asked to end, SIGTERM",
};

function exitMessage({ title, spec }: ContainerView, ended: ContainerTerminated): string {
  if (ended.reason === "OOMKilled") {
    const limit = spec?.resources?.limits?.memory;
    if (limit === undefined) return `${title} was killed because its node ran out of memory`;
    return `${title} was killed at its memory limit of ${limit}`;
  }
  if (ended.reason === "ContainerCannotRun" || ended.reason === "StartError")
    return withCause(`${title} could not be started`, ended.message);
  if (ended.exitCode === 0) return `${title} ended with exit code 0 though it should keep running`;
  const meaning = exitCodes[ended.exitCode];
  return withCause(
    `${title} exited with code ${ended.exitCode}${meaning ? ` (${meaning})` : ""}`,
    ended.message,
  );
}

const waitingTexts: Record<string, [category: Category, text: string]> = {
  ErrImagePull: ["image", "cannot pull its image"],
  ImagePullBackOff: ["image", "cannot pull its image"],
  ErrImageNeverPull: [
    "image",
    "may not pull its image (imagePullPolicy Never), and the node does not have it:",
  ],
  InvalidImageName: ["image", "has an image name that is not valid:"],
  ImageInspectError: ["image", "has an image that the node cannot inspect:"],
  RegistryUnavailable: ["image", "cannot reach the registry of its image"],
  SignatureValidationFailed: ["image", "has an image whose signature does not hold:"],
  CreateContainerConfigError: ["config", "cannot be created"],
  CreateContainerError: ["container", "cannot be created"],
  RunContainerError: ["container", "cannot be started"],
  PreCreateHookError: ["container", "failed in its pre-create hook"],
  PreStartHookError: ["container", "failed in its pre-start hook"],
  PostStartHookError: ["container", "failed in its post-start hook"],
};

function waitingFinding(
  view: ContainerView,
  reason: string,
  cause: string | undefined,
  { severity, podStartMs, unreadyMs }: PodView,
): Finding {
  const { status, title, spec } = view;
  const base = { container: status.name, reason, family: familyOf(reason), severity };
  if (base.family === "slow") {
    const message = withCause(`${title} has been set up for minutes (${reason})`, cause);
    return { ...base, category: "container", message, sinceMs: podStartMs, holdMs: slowStartMs };
  }
  const [category, text] = waitingTexts[reason] ?? ["container", `waits: ${reason}`];
  const image = category === "image" ? ` ${spec?.image ?? status.image}` : "";
  return {
    ...base,
    category,
    message: withCause(`${title} ${text}${image}`, imageCause(cause)),
    // A container that never ran has never been ready; of another one the pod's condition may tell nothing.
    sinceMs: status.lastState?.terminated || status.restartCount > 0 ? undefined : unreadyMs,
    // The back-off state stays; ErrImagePull comes and goes with each try.
    rank: reason === "ErrImagePull" ? 0 : 1,
  };
}

/** `Back-off pulling image "x": ErrImagePull: why` is why. */
function imageCause(cause: string | undefined): string | undefined {
  return cause?.replace(/^Back-off pulling image "[^"]*"(: |$)/, "").replace(/^ErrImagePull: /, "");
}

export function withCause(text: string, cause: string | undefined): string {
  const short = cause?.trim().replace(/\s+/g, " ").slice(0, 1000);
  return short ? `${text}: ${short}` : text;
}
