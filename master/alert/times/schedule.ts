import { Cron } from "croner";
import { type Static, Type as T } from "@sinclair/typebox";
import { type Opening, type Schedule, type Standing, weekdays } from "../../../views/schedule-model.ts";
import { problem } from "../../../wire/problem.ts";
import { checkWeekTime, weeklyOpening } from "./weekly.ts";
import { checkZone, ownZone } from "./zone.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Openings that follow each other without a gap are one, as far as so many. */
const mostJoined = 60;

const Time = T.String({ pattern: "^\\d\\d:\\d\\d$", description: "08:00; 24:00 is midnight" });
export const WeekTime = T.Object({
  days: T.Array(T.Union(weekdays.map((one) => T.Literal(one))), { maxItems: 7 }),
  from: Time,
  to: T.String({ ...Time, description: "On the next day where it is not after `from`." }),
});
const Zone = T.Optional(T.String({ maxLength: 64, description: "IANA; the master's where it is absent." }));

/** A schedule as forms and the API give it. */
export const ScheduleBody = T.Union([
  T.Object({ type: T.Literal("once"), zone: Zone, startsMs: T.Integer(), endsMs: T.Integer() }),
  T.Composite([T.Object({ type: T.Literal("weekly"), zone: Zone }), WeekTime]),
  T.Object({
    type: T.Literal("cron"),
    zone: Zone,
    expression: T.String({ maxLength: 100, description: "Five fields: minute, hour, day, month, weekday." }),
    durationMs: T.Integer(),
  }),
]);
export type ScheduleBody = Static<typeof ScheduleBody>;

/** 422 beside the field that is wrong. */
export function checkSchedule(body: ScheduleBody): Schedule {
  const zone = checkZone(body.zone ?? ownZone());
  if (body.type === "weekly") return { type: "weekly", zone, ...checkWeekTime(body, "/from") };
  if (body.type === "once") {
    const { startsMs, endsMs } = body;
    if (!(endsMs > startsMs) || endsMs - startsMs > 366 * dayMs)
      throw problem(422, "a window ends after it begins, and within a year", { pointer: "/to" });
    return { type: "once", zone, startsMs, endsMs };
  }
  const { expression, durationMs } = body;
  const schedule: Schedule = { type: "cron", zone, expression: expression.trim(), durationMs };
  if (!(durationMs >= minuteMs && durationMs <= 31 * dayMs))
    throw problem(422, "a window lasts a minute at least, and 31 days at most", { pointer: "/duration" });
  return checkCron(schedule);
}

function checkCron(schedule: Extract<Schedule, { type: "cron" }>): Schedule {
  const pointer = "/expression";
  let next: Date | null;
  try {
    next = cronOf(schedule).nextRun(new Date());
  } catch (error) {
    const why = (error as Error).message.replace(/^CronPattern: /, "").slice(0, 200);
    throw problem(422, `no such cron expression is taken: ${why}`, { pointer });
  }
  if (!next) throw problem(422, "this time never comes", { pointer });
  return schedule;
}

const crons = new WeakMap<Schedule, Cron>();

function cronOf(schedule: Extract<Schedule, { type: "cron" }>): Cron {
  const known = crons.get(schedule);
  if (known) return known;
  const made = new Cron(schedule.expression, {
    timezone: schedule.zone,
    mode: "5-part",
    // Lists and ranges too are moved out of the hour that is skipped, and come once in the one that comes twice.
    fixedTimeRule: "no-wildcard",
    paused: true,
  });
  crons.set(schedule, made);
  return made;
}

/** The opening that holds at a time, or else the first after it. */
export function openingAt(schedule: Schedule, atMs: number): Opening | undefined {
  if (schedule.type === "weekly") return weeklyOpening(schedule, schedule.zone, atMs);
  if (schedule.type === "once") {
    const { startsMs, endsMs } = schedule;
    return endsMs > atMs ? { startsMs, endsMs } : undefined;
  }
  const cron = cronOf(schedule);
  // What began last ends last: they are all as long.
  const begun = cron
    .previousRuns(2, new Date(atMs + 1000))
    .map((one) => one.getTime())
    .find((one) => one <= atMs);
  const startsMs =
    begun !== undefined && begun + schedule.durationMs > atMs
      ? begun
      : cron.nextRun(new Date(atMs))?.getTime();
  return startsMs === undefined ? undefined : { startsMs, endsMs: startsMs + schedule.durationMs };
}

/** The openings from a time on, the one that holds then among them. */
export function openingsFrom(schedule: Schedule, atMs: number, count: number): Opening[] {
  const found: Opening[] = [];
  for (let at = atMs; found.length < count; ) {
    const next = openingAt(schedule, at);
    if (!next) break;
    found.push(next);
    at = next.endsMs;
  }
  return found;
}

/** Whether one of the schedules is open, and until when that stays so. */
export function standingAt(schedules: readonly Schedule[], atMs: number): Standing {
  let end = atMs;
  for (let joined = 0; joined < mostJoined; joined++) {
    const next = schedules.flatMap((one) => openingAt(one, end) ?? []);
    const open = next.filter((one) => one.startsMs <= end);
    if (open.length > 0) {
      end = Math.max(...open.map((one) => one.endsMs));
      continue;
    }
    if (end > atMs) return { open: true, untilMs: end };
    return next.length === 0
      ? { open: false }
      : { open: false, untilMs: Math.min(...next.map((one) => one.startsMs)) };
  }
  return { open: true };
}

const known = new WeakMap<object, Standing & { fromMs: number }>();

/** The same for something that is asked each second: looked at anew when it changes. */
export function standingOf(of: object, look: () => Standing, nowMs: number): Standing {
  const last = known.get(of);
  // Where the end is out of sight it is looked for again now and then; a clock may also have been put back.
  if (last && nowMs >= last.fromMs && nowMs < Math.min(last.untilMs ?? Infinity, last.fromMs + dayMs))
    return last;
  const found = { ...look(), fromMs: nowMs };
  known.set(of, found);
  return found;
}
