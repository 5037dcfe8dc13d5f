import { Cron } from "croner";
import { type Weekday, weekdays } from "../../../views/schedule-model.ts";
import { ownZone } from "../times/zone.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** So late a digest is still sent, when the master was away at its time. */
export const lateMs = 12 * hourMs;

/** When a channel gets its digest. */
export interface Plan {
  period: "daily" | "weekly";
  hour: number;
  day: Weekday;
  zone: string;
}

/** A channel's plan; undefined where it gets none. */
export function planOf(settings: Readonly<Record<string, string>>): Plan | undefined {
  const { digest } = settings;
  if (digest !== "daily" && digest !== "weekly") return undefined;
  return {
    period: digest,
    hour: Number(settings.digestHour || 8),
    day: weekdays.find((one) => one === settings.digestDay) ?? "mon",
    zone: settings.digestZone || ownZone(),
  };
}

export const periodMs = ({ period }: Pick<Plan, "period">): number =>
  period === "weekly" ? 7 * dayMs : dayMs;

/** The last time at which a digest was due, and the one before that: by the clocks of the zone. */
export function dueOf(plan: Plan, nowMs: number): { atMs: number; beforeMs: number } {
  const { hour, day, zone, period } = plan;
  const days = period === "weekly" ? day : "*";
  const cron = new Cron(`0 ${hour} * * ${days}`, {
    timezone: zone,
    mode: "5-part",
    fixedTimeRule: "no-wildcard",
    paused: true,
  });
  // A run in the second of the reference counts as one before it.
  const [last, before] = cron.previousRuns(2, new Date(nowMs));
  if (!last || !before) throw new Error("a digest without a time");
  return { atMs: last.getTime(), beforeMs: before.getTime() };
}

/** What was sent to a channel last. */
export interface SentDigest {
  /** The plan that it was by: with another one it begins anew. */
  plan: string;
  /** Since when it is by this plan. */
  sinceMs: number;
  /** To where the last one reached. */
  untilMs?: number;
}

/** Which time is to be told of now: pure. A digest reaches from the end of the last one, where that is not long ago. */
export function decideDigest(
  plan: Plan,
  sent: SentDigest,
  nowMs: number,
): { fromMs: number; untilMs: number } | undefined {
  const { atMs, beforeMs } = dueOf(plan, nowMs);
  if (atMs <= sent.sinceMs || atMs <= (sent.untilMs ?? 0) || nowMs - atMs > lateMs) return undefined;
  const { untilMs } = sent;
  const follows = untilMs !== undefined && untilMs < atMs && atMs - untilMs <= 2 * periodMs(plan) + hourMs;
  return { fromMs: follows ? untilMs : beforeMs, untilMs: atMs };
}
