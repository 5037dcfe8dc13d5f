import { describe, expect, test } from "bun:test";
import { rule, facts, subject, past, lineFacts, judge, only } from "./testing.ts";
import { columnOf, type Subject } from "../../datasource/values/measured.ts";
import type { Condition } from "./schema.ts";

describe("a threshold", () => {
  const pods: [Subject, Map<string, Map<string, number>>][] = ["shop", "bank"].map((namespace) => [
    subject("Pod", namespace, "web-1"),
    new Map([["usage", new Map([["memory of limit", 0.97]])]]),
  ]);
  const spaces = new Map([
    ["shop", [0, 1] as const],
    ["bank", [1, 2] as const],
  ]);
  const seen = facts({ column: (_of, group, series) => ({ ...columnOf(pods, group, series), spaces }) });
  const condition: Condition = {
    type: "threshold",
    of: "pod",
    group: "usage",
    series: "memory of limit",
    op: "above",
    trigger: 0.95,
    clear: 0.9,
  };

  test("over pods is about each, in the namespaces of its scope", () => {
    expect(judge(rule(condition), seen).size).toBe(2);
    const found = only(judge(rule(condition, { scope: { namespaces: ["shop"] } }), seen));
    expect(found).toMatchObject({ kind: "Pod", namespace: "shop", object: "web-1", value: 0.97 });
    expect(found.annotations).toMatchObject({ measure: "usage/memory of limit", value: "97 %" });
    expect(judge(rule(condition, { scope: { labels: { app: "web" } } }), seen).size).toBe(0);
  });

  test("over nodes is named as it always was", () => {
    const disk = lineFacts(
      past(() => 0.95),
      "disk /data",
      "share",
    );
    const old = rule({
      type: "threshold",
      group: "disk *",
      series: "share",
      op: "above",
      trigger: 0.9,
      clear: 0.87,
    });
    expect([...judge(old, disk).keys()]).toEqual(["3f40133e1ff5e497"]);
  });
});
