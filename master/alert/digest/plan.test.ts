import { expect, test } from "bun:test";
import { decideDigest, dueOf, type Plan, planOf, type SentDigest } from "./plan.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const daily: Plan = { period: "daily", hour: 8, day: "mon", zone: "Europe/Berlin" };
const weekly: Plan = { ...daily, period: "weekly" };
const due = (plan: Plan, now: string) => {
  const { atMs, beforeMs } = dueOf(plan, at(now));
  return `${iso(beforeMs)} ${iso(atMs)}`;
};

test("a digest is due by the clocks of its zone, in winter, in summer, and when they change", () => {
  expect(due(daily, "2026-01-15T06:59")).toBe("2026-01-13T07:00 2026-01-14T07:00");
  expect(due(daily, "2026-01-15T07:00:30")).toBe("2026-01-14T07:00 2026-01-15T07:00");
  expect(due(daily, "2026-07-15T06:30")).toBe("2026-07-14T06:00 2026-07-15T06:00");
  // Mondays.
  expect(due(weekly, "2026-01-15T12:00")).toBe("2026-01-05T07:00 2026-01-12T07:00");
  // 02:00 is skipped on 29 March, and comes twice on 25 October.
  const night = { ...daily, hour: 2 };
  expect(due(night, "2026-03-29T12:00")).toBe("2026-03-28T01:00 2026-03-29T01:00");
  expect(due(night, "2026-10-25T12:00")).toBe("2026-10-24T00:00 2026-10-25T00:00");
  expect(due({ ...daily, hour: 0, zone: "Asia/Kathmandu" }, "2026-01-15T00:00")).toBe(
    "2026-01-13T18:15 2026-01-14T18:15",
  );
});

test("settings say the plan, and none of them none", () => {
  expect(planOf({})).toBeUndefined();
  expect(planOf({ digest: "off", digestHour: "7" })).toBeUndefined();
  expect(
    planOf({ digest: "weekly", digestHour: "0", digestDay: "sun", digestZone: "Asia/Shanghai" }),
  ).toEqual({ period: "weekly", hour: 0, day: "sun", zone: "Asia/Shanghai" });
});

const decided = (plan: Plan, sent: Omit<SentDigest, "plan">, now: string) => {
  const span = decideDigest(plan, { plan: "", ...sent }, at(now));
  return span && `${iso(span.fromMs)} ${iso(span.untilMs)}`;
};

test("each is sent once, the first at the first time after it was planned, for a whole period", () => {
  const sinceMs = at("2026-01-14T12:00");
  expect(decided(daily, { sinceMs }, "2026-01-14T12:01")).toBeUndefined();
  expect(decided(daily, { sinceMs }, "2026-01-15T07:01")).toBe("2026-01-14T07:00 2026-01-15T07:00");
  const untilMs = at("2026-01-15T07:00");
  expect(decided(daily, { sinceMs, untilMs }, "2026-01-15T07:01")).toBeUndefined();
  expect(decided(daily, { sinceMs, untilMs }, "2026-01-16T07:01")).toBe("2026-01-15T07:00 2026-01-16T07:00");
});

test("one that was missed is sent when it is not late, and the next tells of what none told", () => {
  const sinceMs = at("2026-01-01T12:00");
  const untilMs = at("2026-01-15T07:00");
  expect(decided(daily, { sinceMs, untilMs }, "2026-01-16T18:59")).toBe("2026-01-15T07:00 2026-01-16T07:00");
  expect(decided(daily, { sinceMs, untilMs }, "2026-01-16T19:01")).toBeUndefined();
  expect(decided(daily, { sinceMs, untilMs }, "2026-01-17T07:01")).toBe("2026-01-15T07:00 2026-01-17T07:00");
  // Long ago is told of by none.
  expect(decided(daily, { sinceMs, untilMs }, "2026-01-20T07:01")).toBe("2026-01-19T07:00 2026-01-20T07:00");
  // Two days and an hour, since the clocks went back in between.
  expect(decided(daily, { sinceMs, untilMs: at("2026-10-24T06:00") }, "2026-10-26T07:01")).toBe(
    "2026-10-24T06:00 2026-10-26T07:00",
  );
});
