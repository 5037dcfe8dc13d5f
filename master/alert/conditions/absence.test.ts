import { describe, expect, test } from "bun:test";
import { start, minute, rule, facts, node, subject, judge, only } from "./testing.ts";
import { checkRule } from "../rule.ts";
import type { Missing } from "../../datasource/values/measured.ts";
import type { Condition } from "./schema.ts";

describe("an absence", () => {
  const missed = (more: Partial<Missing> = {}): Missing => ({
    subject: node,
    group: "disk /data",
    series: "used",
    lastMs: start - 5 * minute,
    ...more,
  });
  const values: Condition = { type: "absence", what: "values", group: "disk /data", series: "used" };

  test("is since the values were there last, and fires when that is long enough", () => {
    const seen = facts({ missing: () => [missed()] });
    const found = only(judge(rule(values, { forMs: 4 * minute }), seen));
    expect(found).toMatchObject({ state: "firing", sinceMs: start - 5 * minute });
    expect(found.annotations.message).toBe("no values of disk /data used come any more");
    expect(only(judge(rule(values, { forMs: 6 * minute }), seen)).state).toBe("pending");
    expect(only(judge(rule(values), facts(), judge(rule(values), seen))).state).toBe("resolved");
  });

  test("gives what was missed before to what looks for it, as after a restart", () => {
    const firing = judge(rule(values), facts({ missing: () => [missed()] }));
    let held: readonly Missing[] = [];
    const seen = facts({
      missing: (_of, _group, _series, before = []) => {
        held = before;
        return before;
      },
    });
    expect(only(judge(rule(values), seen, firing)).state).toBe("firing");
    expect(held).toEqual([missed()]);
  });

  test("of objects is about those with the kinds and names it says", () => {
    const gone = ["api", "web-1", "other"].map((name) =>
      missed({ subject: subject("Deployment", "shop", name), group: "", series: "" }),
    );
    const seen = facts({ gone: (kind) => (kind === "Deployment" ? gone : []) });
    const condition: Condition = {
      type: "absence",
      what: "object",
      kinds: ["Deployment"],
      names: ["api", "web-*"],
    };
    expect([...judge(rule(condition), seen).values()].map((one) => one.object)).toEqual(["api", "web-1"]);
    expect(judge(rule(condition, { scope: { namespaces: ["bank"] } }), seen).size).toBe(0);
    expect(() => checkRule(rule({ ...condition, kinds: ["Pod"] }))).toThrow("come and go");
    expect(() => checkRule(rule({ type: "absence", what: "object", names: ["a"] }))).toThrow("which kinds");
    expect(() => checkRule(rule({ type: "absence", what: "values", group: "cpu" }))).toThrow("a name");
  });
});
