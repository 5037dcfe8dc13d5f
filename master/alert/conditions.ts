import type { AlertView } from "../../views/alert-model.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import { absenceCondition } from "./conditions/absence.ts";
import { certificateCondition } from "./conditions/certificate.ts";
import type { ConditionType, Instance, Was } from "./conditions/condition.ts";
import { eventsCondition } from "./conditions/events.ts";
import { forecastCondition } from "./conditions/forecast.ts";
import { problemCondition } from "./conditions/problem.ts";
import { rateCondition } from "./conditions/rate.ts";
import type { Condition, ConditionOf } from "./conditions/schema.ts";
import { thresholdCondition } from "./conditions/threshold.ts";
import type { Rule } from "./rule.ts";

const types: { [K in Condition["type"]]: ConditionType<ConditionOf<K>> } = {
  problem: problemCondition,
  threshold: thresholdCondition,
  rate: rateCondition,
  forecast: forecastCondition,
  absence: absenceCondition,
  events: eventsCondition,
  certificate: certificateCondition,
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

export function isUnknown({ condition }: Rule, alert: AlertView, facts: ClusterFacts): boolean {
  return typeOf(condition).unknown(alert, facts, condition);
}

/** 422 where a condition contradicts itself. */
export function checkCondition(condition: Condition): void {
  typeOf(condition).check?.(condition);
}
