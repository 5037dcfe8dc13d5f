import { type Static, Type as T } from "@sinclair/typebox";
import type { ActiveTimes, Standing } from "../../../views/schedule-model.ts";
import { standingAt, standingOf, WeekTime } from "./schedule.ts";
import { checkWeekTime } from "./weekly.ts";
import { checkZone, ownZone } from "./zone.ts";

export const ActiveTimesBody = T.Object(
  {
    zone: T.Optional(T.String({ maxLength: 64, description: "IANA; the master's where it is absent." })),
    times: T.Array(WeekTime, { maxItems: 20 }),
  },
  { description: "Outside of these the channel is told nothing; absent or none: always." },
);

/** 422 where a time or the zone is wrong; nothing where it is always. */
export function checkActiveTimes(given: Static<typeof ActiveTimesBody> | undefined): {
  activeTimes?: ActiveTimes;
} {
  if (!given || given.times.length === 0) return {};
  const times = given.times.map((one) => checkWeekTime(one, "/times"));
  return { activeTimes: { zone: checkZone(given.zone ?? ownZone()), times } };
}

const always: Standing = { open: true };

/** Whether a channel may be told something now, and until when that stays so. */
export function standingOfChannel({ activeTimes }: { activeTimes?: ActiveTimes }, nowMs: number): Standing {
  if (!activeTimes) return always;
  const { zone, times } = activeTimes;
  const schedules = () => times.map((one) => ({ type: "weekly" as const, zone, ...one }));
  return standingOf(activeTimes, () => standingAt(schedules(), nowMs), nowMs);
}
