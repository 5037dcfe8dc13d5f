import type { AlertView } from "../../views/alert-model.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import type { ConditionType, Instance, Was } from "./conditions/condition.ts";
import { problemCondition } from "./conditions/problem.ts";
import { thresholdCondition } from "./conditions/threshold.ts";
import type { Condition, Rule } from "./rule.ts";

const types: { [K in Condition["type"]]: ConditionType<Extract<Condition, { type: K }>> } = {
  problem: problemCondition,
  threshold: thresholdCondition,
};

const typeOf = (condition: Condition) => types[condition.type] as ConditionType<Condition>;

/** What of a cluster a rule holds for; undefined where others may be let in. */
export function findInstances(rule: Rule, facts: ClusterFacts, was: Was): Iterable<Instance | undefined> {
  return typeOf(rule.condition).find(rule, rule.condition, facts, was);
}

/** How often it is enough to look at a condition, in ms; 0 for each time. */
export function everyMs(condition: Condition): number {
  return typeOf(condition).everyMs?.(condition) ?? 0;
}

export function isUnknown(rule: Rule, alert: AlertView, facts: ClusterFacts): boolean {
  return typeOf(rule.condition).unknown(alert, facts);
}
