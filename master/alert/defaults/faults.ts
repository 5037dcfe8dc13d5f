import type { Condition } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";
import { minute, on } from "./rule.ts";

const wrong = (kinds: string[], ...reasons: string[]): Condition => ({
  type: "problem",
  ...(kinds.length > 0 ? { kinds } : {}),
  ...(reasons.length > 0 ? { reasons } : {}),
});

/** Over what is wrong with objects, as agents diagnose it. */
export const faultRules: readonly Rule[] = [
  on(
    "agent-silent",
    "AgentSilent",
    "critical",
    minute,
    wrong(["Cluster"], "AgentSilent"),
    "cluster {{ cluster }}: {{ message }}",
  ),
  on(
    "api-unreachable",
    "APIServerUnreachable",
    "critical",
    minute,
    wrong(["Cluster"], "APIServerUnreachable"),
    "cluster {{ cluster }}: {{ message }}",
  ),
  on("node-not-ready", "NodeNotReady", "critical", minute, wrong(["Node"], "NotReady", "NodeStatusUnknown")),
  on(
    "node-pressure",
    "NodePressure",
    "warning",
    2 * minute,
    wrong(["Node"], "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"),
  ),
  on("probe-silent", "ProbeSilent", "warning", 2 * minute, wrong(["Node"], "ProbeSilent")),
  on(
    "workload-unavailable",
    "WorkloadUnavailable",
    "critical",
    2 * minute,
    wrong([], "NoReplicasAvailable", "Unavailable"),
  ),
  on(
    "workload-degraded",
    "WorkloadDegraded",
    "warning",
    5 * minute,
    wrong([], "ReplicasUnavailable", "ReplicaFailure", "FailedCreate"),
  ),
  on("rollout-stuck", "RolloutStuck", "critical", 0, wrong([], "ProgressDeadlineExceeded")),
  on(
    "pod-crash-looping",
    "PodCrashLooping",
    "warning",
    2 * minute,
    wrong(["Pod"], "CrashLoopBackOff", "ContainerCannotRun", "StartError"),
  ),
  on("pod-out-of-memory", "PodOutOfMemory", "warning", 0, wrong(["Pod"], "OOMKilled")),
  on(
    "image-pull-failing",
    "ImagePullFailing",
    "warning",
    2 * minute,
    wrong(
      ["Pod"],
      "ErrImagePull",
      "ImagePullBackOff",
      "ErrImageNeverPull",
      "InvalidImageName",
      "ImageInspectError",
      "RegistryUnavailable",
    ),
  ),
  on(
    "pod-cannot-start",
    "PodCannotStart",
    "warning",
    2 * minute,
    wrong(
      ["Pod"],
      "CreateContainerConfigError",
      "CreateContainerError",
      "RunContainerError",
      "PreCreateHookError",
      "PreStartHookError",
      "PostStartHookError",
    ),
  ),
  on("pod-unschedulable", "PodUnschedulable", "warning", 5 * minute, wrong(["Pod"], "Unschedulable")),
  on(
    "pod-not-ready",
    "PodNotReady",
    "warning",
    10 * minute,
    wrong(["Pod"], "NotReady", "ContainerCreating", "PodInitializing"),
  ),
  on("pod-terminating", "PodStuckTerminating", "warning", 10 * minute, wrong(["Pod"], "Terminating")),
  on(
    "service-without-endpoints",
    "ServiceWithoutEndpoints",
    "warning",
    5 * minute,
    wrong(["Service"], "NoReadyEndpoints"),
  ),
  on("job-failed", "JobFailed", "warning", 0, wrong(["Job"])),
  on(
    "claim-unbound",
    "ClaimUnbound",
    "warning",
    5 * minute,
    wrong(["PersistentVolumeClaim"], "Unbound", "Pending"),
  ),
  on("claim-lost", "ClaimLost", "critical", 0, wrong(["PersistentVolumeClaim"], "Lost")),
];
