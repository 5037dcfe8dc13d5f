import { measureText } from "../../../views/parts/measure.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { lineAt } from "../../datasource/values/measured.ts";
import { type ConditionType, type Instance, rowsFor, type Was } from "./condition.ts";
import { checkLine } from "./check-line.ts";
import { checkLevels } from "./levels.ts";
import { instanceOf, lineInScope, subjectOf } from "./lines.ts";
import type { ConditionOf } from "./schema.ts";
import type { Rule } from "../rule.ts";

type Threshold = ConditionOf<"threshold">;

/** A value beyond a level: it fires at one and is over at another, so that it does not come and go between. */
export const thresholdCondition: ConditionType<Threshold> = {
  find(rule, condition, facts, was) {
    const found: Instance[] = [];
    const { of = "node", group, series, op, clear } = condition;
    const column = facts.column(of, group, series);
    const { values } = column;
    const above = op === "above";
    for (const [from, to] of rowsFor(rule, column))
      for (let row = from; row < to; row++) {
        const value = values[row]!;
        if (!(above ? value > clear : value < clear)) continue;
        const one = judged(rule, condition, facts, was, lineAt(column, row));
        if (one) found.push(one);
      }
    return found;
  },
  unknown: (alert, facts) => facts.silent({ ...alert, name: alert.object }),
  check(condition) {
    const { op, trigger, clear } = condition;
    checkLine(condition);
    checkLevels(trigger, clear, op === "above");
  },
};

/** Of a value that is not yet over again. */
function judged(
  rule: Rule,
  { op, trigger }: Threshold,
  facts: ClusterFacts,
  was: Was,
  line: ReturnType<typeof lineAt>,
): Instance | undefined {
  const { group, series, value, subject } = line;
  const fires = op === "above" ? value > trigger : value < trigger;
  if (!fires && !was.firing(subjectOf(facts, line))) return undefined;
  if (!lineInScope(rule, facts, subject)) return undefined;
  const valueText = measureText(group, series, value);
  return instanceOf(rule, facts, line, { message: `${group} ${series} is ${valueText}`, value, valueText });
}
