import type { Condition } from "../../../wire/common.ts";
import type { Standing } from "../entry.ts";
import { parseTime } from "../../../wire/values.ts";
import { critical, info, minute, ok, patiently, warning } from "./facts.ts";

/** What a workload that keeps a number of pods wants and has. */
export interface Replicas {
  desired: number;
  ready: number;
  updated?: number | undefined;
  /** `Stuck`, `Progressing`, `Paused`, … and why, as the agent judged the rollout. */
  phase?: string | undefined;
  message?: string | undefined;
  conditions?: Condition[] | null | undefined;
  createdMs: number;
}

export function replicasStanding(given: Replicas, now: number): Standing {
  const { desired, ready, updated = desired, phase, message } = given;
  const state = `${ready}/${desired}`;
  const condition = (type: string) => given.conditions?.find((one) => one.type === type);
  const available = condition("Available");
  const progressing = condition("Progressing");
  const sinceMs = parseTime((available ?? progressing)?.lastTransitionTime);
  if (phase === "Stuck" || progressing?.reason === "ProgressDeadlineExceeded") {
    const why = message || progressing?.message || "the rollout does not get on";
    const since = parseTime(progressing?.lastTransitionTime ?? progressing?.lastUpdateTime) || sinceMs;
    return ready === 0 ? critical(state, why, since) : warning(state, why, since);
  }
  const failure = condition("ReplicaFailure");
  if (failure?.status === "True")
    return critical(
      state,
      failure.message || "pods cannot be created",
      parseTime(failure.lastTransitionTime),
    );
  if (desired === 0) return info("0/0", "scaled to none", sinceMs);
  if (ready < desired) {
    const why = message || `${ready} of ${desired} ready`;
    const since = available?.status === "False" ? sinceMs : Math.max(sinceMs, given.createdMs);
    const late = ready === 0 ? critical(state, why, since) : warning(state, why, since);
    // A workload that has just been made, or lost a pod just now, is not in trouble yet: as the agent's diagnosis
    // has it, a minute while a rollout makes new pods, and less when none does.
    const patience = phase === "Degraded" ? minute / 3 : minute;
    return patiently(since, patience, now, info(state, why, since), late);
  }
  if (phase === "Paused") return info(state, message || "the rollout is paused", sinceMs);
  if (updated < desired) return info(state, message || `${updated} of ${desired} updated`, sinceMs);
  return ok(state, sinceMs);
}
