import type { DaemonSet } from "../../../wire/workloads.ts";
import { replicatedFacts } from "./replicated.ts";

export const daemonset = replicatedFacts<DaemonSet>(({ summary }) => summary.desired ?? 0, {
  misscheduled: ({ summary }) => summary.misscheduled ?? 0,
});
