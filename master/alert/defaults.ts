import type { Condition } from "./conditions/schema.ts";
import type { Rule } from "./rule.ts";

const minute = 60_000;
const hour = 60 * minute;
const described = { summary: "{{ kind }} {{ name }}: {{ message }}", description: "" };

const on = (
  id: string,
  name: string,
  severity: Rule["severity"],
  forMs: number,
  condition: Condition,
  summary = described.summary,
): Rule => ({
  id,
  name,
  enabled: true,
  severity,
  condition,
  forMs,
  // What comes and goes within this is one alert and not many.
  keepMs: condition.type === "forecast" ? 15 * minute : condition.type === "threshold" ? 2 * minute : minute,
  scope: {},
  labels: {},
  annotations: { summary, description: "" },
});
const wrong = (kinds: string[], ...reasons: string[]): Condition => ({
  type: "problem",
  ...(kinds.length > 0 ? { kinds } : {}),
  ...(reasons.length > 0 ? { reasons } : {}),
});
/** Nothing where no agent was granted to look at Secrets. */
const expires = (days: number): Condition => ({
  type: "certificate",
  withinMs: days * 24 * hour,
  clearMs: (days + 1) * 24 * hour,
});
const above = (group: string, series: string, trigger: number, clear: number): Condition => ({
  type: "threshold",
  group,
  series,
  op: "above",
  trigger,
  clear,
});

/**
 * The rules that are on at once. What heals by itself within the usual time (a rollout, a reschedule, a restart) is
 * waited for; on a healthy cluster none of them says anything.
 */
export const defaultRules: readonly Rule[] = [
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
  on(
    "certificate-expires-soon",
    "CertificateExpiresSoon",
    "warning",
    0,
    expires(14),
    "Secret {{ namespace }}/{{ name }}: {{ message }}",
  ),
  on(
    "certificate-expires",
    "CertificateExpires",
    "critical",
    0,
    expires(3),
    "Secret {{ namespace }}/{{ name }}: {{ message }}",
  ),
  on(
    "disk-full",
    "DiskFull",
    "warning",
    5 * minute,
    above("disk *", "share", 0.9, 0.87),
    "{{ mount }} of node {{ node }} is {{ value }} full",
  ),
  on(
    "disk-almost-out",
    "DiskAlmostOut",
    "critical",
    minute,
    above("disk *", "share", 0.97, 0.95),
    "{{ mount }} of node {{ node }} is {{ value }} full",
  ),
  on(
    "disk-full-soon",
    "DiskFullSoon",
    "warning",
    15 * minute,
    {
      type: "forecast",
      group: "disk *",
      series: "share",
      op: "rises",
      level: 1,
      floor: 0.5,
      windowMs: 6 * hour,
      withinMs: 24 * hour,
      clearMs: 36 * hour,
    },
    "{{ mount }} of node {{ node }} is full in about {{ in }} at {{ rate }}",
  ),
  on(
    "inodes-used-up",
    "InodesUsedUp",
    "warning",
    5 * minute,
    above("disk *", "inodes", 0.9, 0.87),
    "{{ value }} of the inodes of {{ mount }} on node {{ node }} are used",
  ),
  on(
    "memory-full",
    "MemoryFull",
    "warning",
    5 * minute,
    above("memory", "share", 0.95, 0.9),
    "the memory of node {{ node }} is {{ value }} used",
  ),
  on(
    "cpu-busy",
    "CPUBusy",
    "warning",
    30 * minute,
    above("cpu", "usage", 0.95, 0.85),
    "the CPU of node {{ node }} is {{ value }} busy",
  ),
  on(
    "too-hot",
    "TooHot",
    "warning",
    5 * minute,
    above("temperature", "CPU", 95, 88),
    "the CPU of node {{ node }} has {{ value }} °C",
  ),
];
