import { describe, expect, test } from "bun:test";
import { hour, rule, past, lineFacts, judge, only } from "./testing.ts";
import type { Alerts } from "../evaluate.ts";
import type { ConditionOf } from "./schema.ts";

describe("a change", () => {
  const condition: ConditionOf<"rate"> = {
    type: "rate",
    group: "memory",
    series: "used",
    op: "rises",
    per: "hour",
    trigger: 2 ** 30,
    clear: 2 ** 29,
    windowMs: hour,
  };
  const at = (gibPerHour: number, alerts?: Alerts, more: Partial<typeof condition> = {}) =>
    judge(
      rule({ ...condition, ...more }),
      lineFacts(
        past((minutes) => 2 ** 33 + (gibPerHour * 2 ** 30 * minutes) / 60, 60),
        "memory",
        "used",
      ),
      alerts,
    );

  test("fires at one rate and is over at another, one way only", () => {
    expect(at(0.9).size).toBe(0);
    const firing = at(1.5);
    expect(only(firing).annotations.summary).toBe("n1: memory used rises by 1.5 GiB/h, now 9.5 GiB");
    expect(only(at(0.7, firing)).state).toBe("firing");
    expect(only(at(0.3, firing)).state).toBe("resolved");
    expect(at(-3).size).toBe(0);
    expect(only(at(-3, undefined, { op: "falls" })).annotations.summary).toContain("falls by 3 GiB/h");
  });

  test("is not moved by a single value", () => {
    const spike = past((minutes) => (minutes === 30 ? 2 ** 40 : 2 ** 33), 60);
    expect(judge(rule(condition), lineFacts(spike, "memory", "used")).size).toBe(0);
  });
});
