import { expect, test } from "bun:test";
import { type Schedule, type Weekday, weekdays } from "../../../views/schedule-model.ts";
import { checkSchedule, openingAt, openingsFrom, standingAt, standingOf } from "./schedule.ts";
import { parseWeekTimes } from "./weekly.ts";

const berlin = "Europe/Berlin";
const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) =>
  ms === undefined ? "" : new Date(ms).toISOString().slice(0, 16).replace(":00.000Z", "");
const text = (one: { startsMs: number; endsMs: number } | undefined) =>
  one ? `${iso(one.startsMs)} ${iso(one.endsMs)}` : "never";
const weekly = (from: string, to: string, days: readonly Weekday[] = weekdays, zone = berlin): Schedule => ({
  type: "weekly",
  zone,
  days,
  from,
  to,
});
const cron = (expression: string, minutes: number, zone = berlin): Schedule => ({
  type: "cron",
  zone,
  expression,
  durationMs: minutes * 60_000,
});

test("a weekly window opens by the clocks of its zone, in winter and in summer", () => {
  const office = weekly("08:00", "18:00", ["mon", "fri"]);
  expect(text(openingAt(office, at("2026-01-12T06:59Z")))).toBe("2026-01-12T07:00 2026-01-12T17:00");
  expect(text(openingAt(office, at("2026-01-12T17:00Z")))).toBe("2026-01-16T07:00 2026-01-16T17:00");
  expect(text(openingAt(office, at("2026-07-13T12:00Z")))).toBe("2026-07-13T06:00 2026-07-13T16:00");
});

test("one that passes midnight is open on both sides of it", () => {
  const night = weekly("22:00", "06:00", ["sat"], "America/New_York");
  for (const inside of ["2026-06-14T02:30Z", "2026-06-14T05:00Z", "2026-06-14T09:59Z"])
    expect(text(openingAt(night, at(inside)))).toBe("2026-06-14T02:00 2026-06-14T10:00");
  expect(text(openingAt(night, at("2026-06-14T10:00Z")))).toBe("2026-06-21T02:00 2026-06-21T10:00");
  expect(text(openingAt(weekly("00:00", "00:00", ["sun"]), at("2026-06-14T10:00Z")))).toBe(
    "2026-06-13T22:00 2026-06-14T22:00",
  );
});

test("when the clocks skip an hour, what lies in it comes after it, as long as ever", () => {
  // 29 March 2026: 02:00 is 03:00, at 01:00 UTC.
  const day = at("2026-03-28T23:00Z");
  expect(text(openingAt(weekly("02:15", "02:45"), day))).toBe("2026-03-29T01:00 2026-03-29T01:30");
  expect(text(openingAt(weekly("01:30", "02:30"), day))).toBe("2026-03-29T00:30 2026-03-29T01:00");
  expect(text(openingAt(weekly("02:30", "04:00"), day))).toBe("2026-03-29T01:00 2026-03-29T02:00");
  expect(text(openingAt(weekly("02:30", "03:00"), day))).toBe("2026-03-29T01:00 2026-03-29T01:30");
  expect(text(openingAt(weekly("22:00", "06:00"), day))).toBe("2026-03-28T21:00 2026-03-29T04:00");
  expect(text(openingAt(cron("30 2 * * *", 45), day))).toBe("2026-03-29T01:00 2026-03-29T01:45");
  expect(text(openingAt(cron("15,30 2-3 * * 0", 10), day))).toBe("2026-03-29T01:00 2026-03-29T01:10");
});

test("when an hour comes twice, what lies in it comes once, with the first", () => {
  // 25 October 2026: 03:00 is 02:00, at 01:00 UTC.
  const day = at("2026-10-24T22:00Z");
  const twice = weekly("02:15", "02:45");
  expect(openingsFrom(twice, day, 2).map(text)).toEqual([
    "2026-10-25T00:15 2026-10-25T00:45",
    "2026-10-26T01:15 2026-10-26T01:45",
  ]);
  expect(text(openingAt(weekly("02:30", "03:30"), day))).toBe("2026-10-25T00:30 2026-10-25T02:30");
  expect(text(openingAt(weekly("01:30", "02:30"), day))).toBe("2026-10-24T23:30 2026-10-25T00:30");
  expect(openingsFrom(cron("30 2 * * *", 30), day, 2).map(text)).toEqual([
    "2026-10-25T00:30 2026-10-25T01:00",
    "2026-10-26T01:30 2026-10-26T02:00",
  ]);
  // In between the second time the clocks read it, it is not open.
  expect(standingAt([twice], at("2026-10-25T01:30Z")).open).toBe(false);
});

test("what ends at a time and what begins at it meet, on the days too on which the clocks change", () => {
  for (const zone of [berlin, "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"])
    for (const [day, time] of [
      ["2026-03-28", "02:30"],
      ["2026-04-04", "01:45"],
      ["2026-09-05", "00:10"],
      ["2026-10-03", "02:05"],
      ["2026-10-24", "02:30"],
    ] as const) {
      const split = [weekly("12:00", time, weekdays, zone), weekly(time, "12:00", weekdays, zone)];
      for (let hour = 0; hour < 24; hour++)
        expect(standingAt(split, at(`${day}T00:07Z`) + hour * 3_600_000).open, `${zone} ${day}`).toBe(true);
    }
});

test("cron opens for as long as it says, and what overlaps is one", () => {
  const second = cron("0 22 * * 6#2", 240);
  expect(openingsFrom(second, at("2026-01-01T00:00Z"), 3).map(text)).toEqual([
    "2026-01-10T21:00 2026-01-11T01:00",
    "2026-02-14T21:00 2026-02-15T01:00",
    "2026-03-14T21:00 2026-03-15T01:00",
  ]);
  expect(text(openingAt(second, at("2026-01-10T21:00Z")))).toBe("2026-01-10T21:00 2026-01-11T01:00");
  expect(text(openingAt(second, at("2026-01-11T00:59:59.999Z")))).toBe("2026-01-10T21:00 2026-01-11T01:00");
  expect(text(openingAt(second, at("2026-01-11T01:00Z")))).toBe("2026-02-14T21:00 2026-02-15T01:00");
  expect(standingAt([cron("*/10 8-9 * * *", 15)], at("2026-01-11T07:30Z"))).toEqual({
    open: true,
    untilMs: at("2026-01-11T09:05Z"),
  });
  expect(standingAt([cron("* * * * *", 5)], at("2026-01-11T07:30Z"))).toEqual({ open: true });
});

test("days that follow each other are one opening, and several intervals say when the next begins", () => {
  const times = parseWeekTimes("Mon-Tue 00:00-24:00; fri,sun 8:00-12:30\nfri 12:30 – 13:00", "/times");
  const all = times.map((one): Schedule => ({ type: "weekly", zone: "UTC", ...one }));
  const standing = (when: string) => {
    const { open, untilMs } = standingAt(all, at(when));
    return `${open} ${iso(untilMs)}`;
  };
  expect(standing("2026-06-15T05:00Z")).toBe("true 2026-06-17T00:00");
  expect(standing("2026-06-17T00:00Z")).toBe("false 2026-06-19T08:00");
  expect(standing("2026-06-19T09:00Z")).toBe("true 2026-06-19T13:00");
  expect(standingAt([weekly("00:00", "00:00")], at("2026-06-15T05:00Z"))).toEqual({ open: true });
});

test("what is asked each second is looked at anew when it changes, and when the clock is put back", () => {
  const of = {};
  let looked = 0;
  const ask = (when: string) =>
    standingOf(
      of,
      () => {
        looked++;
        return standingAt([weekly("08:00", "18:00", weekdays, "UTC")], at(when));
      },
      at(when),
    ).open;
  expect([ask("2026-06-15T07:59:59Z"), ask("2026-06-15T07:59:59.5Z"), looked]).toEqual([false, false, 1]);
  expect([ask("2026-06-15T08:00Z"), ask("2026-06-15T17:59Z"), looked]).toEqual([true, true, 2]);
  expect([ask("2026-06-15T07:00Z"), looked]).toEqual([false, 3]);
});

test("what is wrong is named beside its field", () => {
  const fault = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      const { detail, pointer } = error as { detail?: string; pointer?: string; message: string };
      return `${pointer ?? ""} ${detail ?? (error as Error).message}`;
    }
    return "none";
  };
  const once = { type: "once" as const, startsMs: 1, endsMs: 2 };
  expect(fault(() => checkSchedule({ ...once, zone: "Berlin/Europe" }))).toContain("Berlin/Europe");
  expect(fault(() => checkSchedule({ ...once, zone: "+01:00" }))).toContain("no time zone");
  expect(fault(() => checkSchedule({ ...once, endsMs: 1 }))).toContain("ends after it begins");
  const cronBody = (expression: string) => ({
    type: "cron" as const,
    zone: berlin,
    expression,
    durationMs: 60_000,
  });
  expect(fault(() => checkSchedule(cronBody("0 25 * * *")))).toContain("Invalid value for hour: 25");
  expect(fault(() => checkSchedule(cronBody("* * * * * *")))).toContain("requires exactly 5 parts");
  expect(fault(() => checkSchedule(cronBody("0 0 30 2 *")))).toContain("never comes");
  expect(fault(() => checkSchedule({ ...cronBody("@daily"), durationMs: 1 }))).toContain("a minute");
  expect(fault(() => parseWeekTimes("Mon-Fri 8-18", "/times"))).toContain("Mon-Fri 8-18");
  expect(fault(() => parseWeekTimes("Mot 08:00-18:00", "/times"))).toContain("mot is no day");
  expect(fault(() => parseWeekTimes("08:00-25:00", "/times"))).toContain("25:00 is no time");
  expect(checkSchedule(once)).toEqual({ ...once, zone: Temporal.Now.timeZoneId() });
  expect(parseWeekTimes("sat-mon 22:00-6:00", "")).toEqual([
    { days: ["mon", "sat", "sun"], from: "22:00", to: "06:00" },
  ]);
});
