import type { StatefulSet } from "../../../wire/workloads.ts";
import { replicatedFacts } from "./replicated.ts";

export const statefulset = replicatedFacts<StatefulSet>(({ summary }) => summary.replicas ?? 0, {
  service: ({ summary }) => summary.serviceName,
});
