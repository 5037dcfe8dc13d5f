import { describe, expect, test } from "bun:test";
import { start, hour, rule, facts, judge, only } from "./testing.ts";
import type { Alerts } from "../evaluate.ts";
import type { ConditionOf } from "./schema.ts";

describe("a certificate", () => {
  const day = 24 * hour;
  const condition: ConditionOf<"certificate"> = {
    type: "certificate",
    withinMs: 14 * day,
    clearMs: 15 * day,
  };
  const lives = (daysLeft: number, days = 90, name = "web") => ({
    namespace: "shop",
    name,
    notBefore_ms: start + (daysLeft - days) * day,
    notAfter_ms: start + daysLeft * day,
  });
  const at = (all: ReturnType<typeof lives>[] | undefined, alerts?: Alerts) =>
    judge(rule(condition), facts({ certificates: () => all }), alerts);

  test("is told of before it expires, and until another is there", () => {
    expect(at([lives(14.1), lives(89)]).size).toBe(0);
    const firing = at([lives(13.5)]);
    expect(only(firing)).toMatchObject({ kind: "Secret", namespace: "shop", object: "web" });
    expect(only(firing).annotations.message).toBe("the certificate expires in 13 d, on 2023-11-28");
    expect(only(at([lives(14.5)], firing)).state).toBe("firing");
    expect(only(at([lives(90)], firing)).state).toBe("resolved");
    expect(only(at([], firing)).state).toBe("resolved");
    expect(only(at(undefined, firing)).state).toBe("firing");
    expect(only(at([lives(-3)])).annotations.message).toBe("the certificate expired on 2023-11-11, 3 d ago");
  });

  test("that lives for a short time is told of when a fifth of that is left", () => {
    expect(at([lives(1, 2), lives(3, 7)]).size).toBe(0);
    expect(only(at([lives(0.15, 1)])).annotations.message).toContain("expires in 3 h");
    expect(at([lives(13, 90)]).size).toBe(1);
  });
});
