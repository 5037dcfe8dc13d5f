import { describe, expect, test } from "bun:test";
import { hour, rule, past, lineFacts, judge, only } from "./testing.ts";
import { checkRule } from "../rule.ts";
import { defaultRules } from "../defaults.ts";
import type { Alerts } from "../evaluate.ts";
import type { Condition, ConditionOf } from "./schema.ts";

describe("a forecast", () => {
  const condition: ConditionOf<"forecast"> = {
    type: "forecast",
    group: "disk *",
    series: "share",
    op: "rises",
    level: 1,
    floor: 0.5,
    windowMs: 6 * hour,
    withinMs: 24 * hour,
    clearMs: 48 * hour,
  };
  const growing = (perHour: number, now: number) => past((at) => now - (perHour * (360 - at)) / 60);

  test("says when a disk is full, and at which rate", () => {
    const found = only(judge(rule(condition), lineFacts(growing(0.02, 0.86), "disk /data", "share")));
    expect(found).toMatchObject({ state: "firing", kind: "Node", object: "n1" });
    expect(found.labels).toMatchObject({ mount: "/data" });
    expect(found.annotations.summary).toBe("n1: disk /data reaches 100 % in about 7 h at 20 GiB/h, now 86 %");
    const told = rule(condition, {
      annotations: {
        summary: "{{ mount }} of {{ node }} is full in about {{ in }} at {{ rate }}",
        description: "",
      },
    });
    const { annotations } = only(judge(told, lineFacts(growing(0.02, 0.86), "disk /data", "share")));
    expect(annotations.summary).toBe("/data of n1 is full in about 7 h at 20 GiB/h");
  });

  test("fires within the one time, and is over beyond the other", () => {
    const at = (perHour: number, alerts?: Alerts) =>
      judge(rule(condition), lineFacts(growing(perHour, 0.6), "disk /", "share"), alerts);
    // Full in 40 h, in 20 h, in 40 h, in 80 h.
    expect(at(0.01).size).toBe(0);
    const firing = at(0.02);
    expect(only(firing).state).toBe("firing");
    expect(only(at(0.01, firing)).state).toBe("firing");
    expect(only(at(0.005, firing)).state).toBe("resolved");
  });

  test("says nothing below its floor, of noise, a sawtooth, a step, or what shrinks", () => {
    const noise = (at: number) => 0.9 + (((at * 7919) % 101) - 50) / 5000;
    for (const points of [
      growing(0.05, 0.45),
      past(noise),
      past((at) => 0.6 + (at % 90) / 300),
      past((at) => (at < 300 ? 0.6 : 0.8)),
      past((at) => 0.9 - at / 3600),
    ])
      expect(judge(rule(condition), lineFacts(points, "disk /", "share")).size).toBe(0);
  });

  test("that comes with AtlHyper says nothing in a week of disks as they are, and tells of one that fills", () => {
    const soon = defaultRules.find((one) => one.id === "disk-full-soon")!;
    const random = (at: number) => (((at * 7919 + 13) % 1009) / 1009 - 0.5) / 500;
    const day = 24 * 60;
    const week = 7 * day;
    const healthy: ((at: number) => number)[] = [
      // Logs that are rotated at night, and grow faster by day.
      (at) => 0.7 + ((at % day) / day) * 0.06 + Math.sin((at / day) * 2 * Math.PI) / 200,
      // A backup that is written at two, and taken away at six.
      (at) => 0.6 + (at % day > 120 && at % day < 360 ? Math.min(0.2, ((at % day) - 120) / 600) : 0),
      // Images that are pulled by day, until the kubelet clears them away at 85 %.
      (at) => 0.55 + ((at % (2 * day)) / (2 * day)) * 0.3,
      // A database that grows by a percent a day.
      (at) => 0.8 + at / day / 100,
      // Compaction: up and down every hour.
      (at) => 0.85 + ((at % 60) / 60) * 0.05,
      // Releases that are unpacked now and then, and stay.
      (at) => 0.6 + Math.floor(at / 700) * 0.02,
    ];
    const fires = (value: (at: number) => number, now: number) => {
      const points = past((at) => value(now - 360 + at) + random(now + at));
      return judge({ ...soon, forMs: 0 }, lineFacts(points, "disk /", "share")).size;
    };
    for (const [number, value] of healthy.entries())
      for (let now = 360; now < week; now += 37) expect(fires(value, now), `${number} at ${now}`).toBe(0);
    expect(fires((at) => 0.6 + (at / day) * 0.45, 480)).toBe(1);
  });

  test("leaves an alert as it is while the past is not known, as after a restart", () => {
    const firing = judge(rule(condition), lineFacts(growing(0.02, 0.86), "disk /", "share"));
    const after = judge(rule(condition), lineFacts(undefined, "disk /", "share"), firing);
    expect(only(after).state).toBe("firing");
  });

  test("looks at as much of the past as it says, before it says anything", () => {
    const short = past((at) => 0.8 + at / 1000, 100);
    expect(judge(rule(condition), lineFacts(short, "disk /", "share")).size).toBe(0);
  });

  test("is refused where its times or levels contradict each other", () => {
    const bad = (more: object, pointer: string) =>
      expect(() => checkRule(rule({ ...condition, ...more } as Condition))).toThrow(
        expect.objectContaining({ problem: expect.objectContaining({ pointer }) }),
      );
    bad({ clearMs: hour }, "/clearMs");
    bad({ withinMs: 61 * hour, clearMs: 62 * hour }, "/withinMs");
    bad({ floor: 2 }, "/floor");
  });
});
