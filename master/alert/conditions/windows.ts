import type { AlertView, Measured } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { type Line, lineAt } from "../../datasource/values/measured.ts";
import { type Trend, trendOf } from "../../history/forecast.ts";
import type { Rule } from "../rule.ts";
import { type Instance, rowsFor, soonAgain, type Was } from "./condition.ts";
import { lineInScope } from "./lines.ts";

interface OverWindow {
  of?: Measured;
  group: string;
  series: string;
  windowMs: number;
}

/** After so many lines others may be let in. */
const atOnce = 100;
/** A window says nothing before so much of it is known. */
const leastKnown = 0.5;

/** What a rule over a window holds for: each line in its scope whose past is known, as `judge` finds. */
export function* overWindows(
  rule: Rule,
  { of = "node", group, series, windowMs }: OverWindow,
  facts: ClusterFacts,
  was: Was,
  judge: (line: Line, trend: Trend) => Instance | undefined,
): Generator<Instance | undefined, typeof soonAgain | undefined> {
  let unread = false;
  const column = facts.column(of, group, series);
  let looked = 0;
  for (const [from, to] of rowsFor(rule, column))
    for (let row = from; row < to; row++) {
      if (Number.isNaN(column.values[row]!)) continue;
      if (++looked % atOnce === 0) yield;
      const line = lineAt(column, row);
      if (!lineInScope(rule, facts, line.subject)) continue;
      const points = facts.window(line, windowMs);
      if (!points) unread = true;
      const trend = points && trendOf(points.times, points.values);
      if (!trend || trend.spanMs < windowMs * leastKnown) continue;
      const found = judge(line, trend);
      if (found) yield found;
    }
  // What is silent now is heard of again at any moment.
  for (const one of was.held()) unread ||= facts.silent({ ...one, name: one.object });
  return unread ? soonAgain : undefined;
}

/** As often as something new can be seen in a window. */
export const everyMs = ({ windowMs }: Pick<OverWindow, "windowMs">): number =>
  Math.min(60_000, Math.max(10_000, windowMs / 30));

/** Whether it is not known how it is with what an alert over a window is about. */
export function unknown(alert: AlertView, facts: ClusterFacts, { windowMs }: OverWindow): boolean {
  const subject = { kind: alert.kind, namespace: alert.namespace, name: alert.object, node: "" };
  if (facts.silent(subject)) return true;
  const measure = alert.annotations.measure ?? "";
  const at = measure.lastIndexOf("/");
  // A cluster is known by its id.
  if (alert.kind === "Cluster") subject.name = "";
  const line = { subject, group: measure.slice(0, at), series: measure.slice(at + 1), value: Number.NaN };
  return facts.window(line, windowMs) === undefined;
}
