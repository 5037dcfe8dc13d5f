import type { CommandType } from "../../wire/command-names.ts";
import type { Operation } from "./operation.ts";

/**
 * What this agent can do. Each operation is loaded with the first command of its type: an agent that is asked
 * for nothing pays for none of them.
 */
export const operations: Partial<Record<CommandType, () => Promise<Operation>>> = {
  PodRestart: async () => (await import("./pod-restart.ts")).podRestart,
  PodDelete: async () => (await import("./pod-delete.ts")).podDelete,
  PodEvict: async () => (await import("./pod-evict.ts")).podEvict,
  PodGetLogs: async () => (await import("./pod-get-logs.ts")).podGetLogs,
  NodeCordon: async () => (await import("./node-cordon.ts")).nodeCordon,
  NodeUncordon: async () => (await import("./node-cordon.ts")).nodeUncordon,
  ScaleWorkload: async () => (await import("./scale-workload.ts")).scaleWorkload,
  UpdateImage: async () => (await import("./update-image.ts")).updateImage,
  RolloutRestart: async () => (await import("./rollout-restart.ts")).rolloutRestart,
  RolloutUndo: async () => (await import("./rollout-undo.ts")).rolloutUndo,
  RolloutPause: async () => (await import("./rollout-pause.ts")).rolloutPause,
  RolloutResume: async () => (await import("./rollout-pause.ts")).rolloutResume,
  CronJobTrigger: async () => (await import("./cronjob-trigger.ts")).cronJobTrigger,
  CronJobSuspend: async () => (await import("./cronjob-suspend.ts")).cronJobSuspend,
  ResourceGet: async () => (await import("./resource-get.ts")).resourceGet,
  ResourceList: async () => (await import("./resource-list.ts")).resourceList,
  ResourceApply: async () => (await import("./resource-apply.ts")).resourceApply,
  ResourceDelete: async () => (await import("./resource-delete.ts")).resourceDelete,
  NodeDrain: async () => (await import("./node-drain.ts")).nodeDrain,
  PodExec: async () => (await import("../stream/pod-exec.ts")).podExec,
  PodLogsFollow: async () => (await import("../stream/logs-follow.ts")).podLogsFollow,
  JobRetry: async () => (await import("./job-retry.ts")).jobRetry,
};
