import type { HorizontalPodAutoscaler } from "../../../wire/workloads.ts";
import type { Standing } from "../entry.ts";
import { parseTime } from "../../../wire/values.ts";
import { info, type KindFacts, labelLines, ok, warning } from "./facts.ts";

function standing({ summary, status }: HorizontalPodAutoscaler): Standing {
  const current = summary.currentReplicas ?? 0;
  const state = `${current}/${summary.desiredReplicas ?? current}`;
  for (const condition of status?.conditions ?? []) {
    const sinceMs = parseTime(condition.lastTransitionTime);
    const why = condition.message || condition.reason || condition.type;
    if (condition.type === "AbleToScale" && condition.status === "False") return warning(state, why, sinceMs);
    if (condition.type === "ScalingActive" && condition.status === "False")
      return condition.reason === "ScalingDisabled"
        ? info(state, why, sinceMs)
        : warning(state, why, sinceMs);
  }
  const limited = status?.conditions?.find((one) => one.type === "ScalingLimited" && one.status === "True");
  if (limited && summary.desiredReplicas === summary.maxReplicas)
    return info(state, limited.message || "at its maximum", parseTime(limited.lastTransitionTime));
  return ok(state, parseTime(summary.lastScaleTime));
}

export const horizontalpodautoscaler: KindFacts<HorizontalPodAutoscaler> = {
  standing,
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: (item) => [...labelLines(item.labels), item.summary.target?.kind, item.summary.target?.name],
  columns: {
    target: ({ summary }) => summary.target?.name,
    min: ({ summary }) => summary.minReplicas ?? 1,
    max: ({ summary }) => summary.maxReplicas ?? 0,
    current: ({ summary }) => summary.currentReplicas ?? 0,
    replicas: ({ summary }) => summary.currentReplicas ?? 0,
  },
};
