import type { CommandType } from "../../wire/command-names.ts";
import type { Operation } from "./operation.ts";

/**
 * What this agent can do. Each operation is loaded with the first command of its type: an agent that is asked
 * for nothing pays for none of them.
 */
export const operations: Partial<Record<CommandType, () => Promise<Operation>>> = {
  PodRestart: async () => (await import("./pod-restart.ts")).podRestart,
  ScaleWorkload: async () => (await import("./scale-workload.ts")).scaleWorkload,
};
