import { describe, expect, test } from "bun:test";
import { start, minute, hour, rule, facts, judge, only } from "./testing.ts";
import type { Happening } from "../../datasource/values/happening.ts";
import type { Alerts } from "../evaluate.ts";
import type { ConditionOf } from "./schema.ts";

describe("events", () => {
  const happened = (minutesAgo: number, more: Partial<Happening> = {}): Happening => {
    const message = more.message ?? "Back-off pulling image";
    return {
      kind: "Pod",
      namespace: "shop",
      name: "web-1",
      node: "n1",
      reason: "BackOff",
      severity: "warning",
      fromMs: start - minutesAgo * minute,
      atMs: start - minutesAgo * minute,
      count: 1,
      ...more,
      message,
      lower: message.toLowerCase(),
    };
  };
  const condition: ConditionOf<"events"> = {
    type: "events",
    reasons: ["BackOff"],
    by: "object",
    count: 3,
    windowMs: hour,
  };
  const at = (events: Happening[], more: Partial<typeof condition> = {}, alerts?: Alerts) =>
    judge(rule({ ...condition, ...more }), facts({ events: () => events }), alerts);

  test("are counted by object within a window, those that match", () => {
    const three = [happened(50), happened(30), happened(10, { message: "the newest" })];
    const found = only(at(three));
    expect(found).toMatchObject({ kind: "Pod", object: "web-1", namespace: "shop", value: 3 });
    expect(found.annotations.message).toBe("3 events within 1 h, the newest BackOff: the newest");
    expect(at([happened(61), happened(30), happened(10)]).size).toBe(0);
    expect(at([...three.slice(1), happened(5, { name: "web-2" })]).size).toBe(0);
    expect(at([...three.slice(1), happened(5, { reason: "Other" })]).size).toBe(0);
    expect(at([...three.slice(1), happened(5, { severity: "info" })]).size).toBe(0);
    const found2 = only(at([...three.slice(1), happened(5, { name: "web-2" })], { by: "namespace" }));
    expect(found2).toMatchObject({ kind: "Namespace", object: "shop" });
    expect(only(at([...three.slice(1), happened(5, { namespace: "bank" })], { by: "cluster" })).object).toBe(
      "prod",
    );
  });

  test("that came again count as often as they came within the window", () => {
    const often = happened(0, { fromMs: start - 4 * hour, count: 12 });
    expect(only(at([often])).value).toBe(3);
    expect(at([often], { count: 4 }).size).toBe(0);
  });

  test("are matched by their message, whatever the case", () => {
    const three = [1, 2, 3].map((minutes) => happened(minutes));
    expect(at(three, { message: "back-off * IMAGE" }).size).toBe(1);
    expect(at(three, { message: "image * back-off" }).size).toBe(0);
  });

  test("that are still read leave an alert as it is", () => {
    const firing = at([1, 2, 3].map((minutes) => happened(minutes)));
    expect(only(judge(rule(condition), facts({ events: () => undefined }), firing)).state).toBe("firing");
    expect(only(at([], {}, firing)).state).toBe("resolved");
  });
});
