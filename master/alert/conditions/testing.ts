import { expect } from "bun:test";
import type { AlertView } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { columnOf, nothingMeasured, type Points, type Subject } from "../../datasource/values/measured.ts";
import { defaultRules } from "../defaults.ts";
import { type Alerts, evaluate } from "../evaluate.ts";
import type { Rule } from "../rule.ts";
import type { Condition } from "./schema.ts";

export const start = 1_700_000_000_000;
export const minute = 60_000;
export const hour = 60 * minute;

export const rule = (condition: Condition, more: Partial<Rule> = {}): Rule => ({
  ...defaultRules[0]!,
  id: "r",
  name: "R",
  condition,
  forMs: 0,
  keepMs: 0,
  annotations: { summary: "{{ name }}: {{ message }}", description: "" },
  ...more,
});
export const facts = (more: Partial<ClusterFacts> = {}): ClusterFacts => ({
  id: "c1",
  name: "prod",
  live: true,
  now: start,
  faults: [],
  labelsOf: () => ({}),
  ...nothingMeasured,
  ...more,
});
export const node: Subject = { kind: "Node", namespace: "", name: "n1", node: "n1" };
export const subject = (kind: string, namespace: string, name: string): Subject => ({
  kind,
  namespace,
  name,
  node: "",
});

/** What one line has had, a value a minute until now. */
export function past(value: (minutes: number) => number, minutes = 360): Points {
  const times = Float64Array.from({ length: minutes + 1 }, (_, at) => start - (minutes - at) * minute);
  return { times, values: times.map((_, at) => value(at)) };
}
export function lineFacts(
  points: Points | undefined,
  group: string,
  series: string,
  more: Partial<ClusterFacts> = {},
) {
  const values = new Map([[group, new Map([[series, points?.values.at(-1) ?? 1]])]]);
  if (series === "share") values.get(group)!.set("total", 1000 * 2 ** 30);
  return facts({
    column: (_of, one, name) => columnOf([[node, values]], one, name),
    window: () => points,
    ...more,
  });
}
export const judge = (one: Rule, seen: ClusterFacts, alerts: Alerts = new Map()) =>
  evaluate({ alerts, rules: [one], facts: [seen], owners: new Map(), now: seen.now });
export const only = (alerts: Alerts): AlertView => {
  expect(alerts.size).toBe(1);
  return [...alerts.values()][0]!;
};
