import type { AlertView, EscalationView, Muted, SilenceView } from "../../views/alert-model.ts";
import { type Changes, differing } from "./differences.ts";
import { type Escalated, escalating, type EscalationState } from "./escalate.ts";
import { evaluation, type Given } from "./evaluate.ts";
import { type Decided, deciding, type Group, type GroupingChannel } from "./group.ts";
import { muting } from "./inhibit.ts";
import type { OpenWindow } from "./maintenance.ts";

export interface JudgeGiven extends Given {
  groups: ReadonlyMap<string, Group>;
  escalations: ReadonlyMap<string, EscalationState>;
  silences: readonly SilenceView[];
  windows: readonly OpenWindow[];
  policies: readonly EscalationView[];
  channels: readonly GroupingChannel[];
}

export interface Judgement extends Decided {
  alerts: Map<string, AlertView>;
  muted: Map<string, Muted>;
  escalated: Escalated;
  changes: Changes;
}

/**
 * Judges all rules once and decides who is to be told what: pure, in steps between which others get their turn. When
 * everything breaks at once there are ten thousand alerts, just when people look.
 */
export function* judging(given: JudgeGiven): Generator<void, Judgement> {
  const { owners, now, silences, windows, policies, channels, groups } = given;
  const alerts = yield* evaluation(given);
  const muted = yield* muting(alerts.values(), silences, owners, now, windows);
  const states = given.escalations;
  const starting = new Set(given.facts.filter((one) => one.starting).map((one) => one.id));
  const escalated = yield* escalating({ policies, states, alerts, muted, owners, now, starting });
  const decided = yield* deciding({
    channels,
    groups,
    alerts,
    muted,
    owners,
    now,
    escalated,
    starting,
  });
  const changes = yield* differing(given.alerts, alerts, now);
  return { alerts, muted, escalated, changes, ...decided };
}
