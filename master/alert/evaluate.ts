import type { AlertView } from "../../views/alert-model.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import { isUnknown } from "./conditions.ts";
import type { Was } from "./conditions/condition.ts";
import { fingerprint } from "./labels.ts";
import { Paced } from "./paced.ts";
import type { Rule } from "./rule.ts";
import { atOnce } from "./slices.ts";
import { hold, release, resolve } from "./state.ts";

export type Alerts = ReadonlyMap<string, AlertView>;

/** What an evaluation starts from; it changes nothing of it. */
export interface Given {
  alerts: Alerts;
  rules: readonly Rule[];
  facts: readonly ClusterFacts[];
  /** Whose each cluster is. */
  owners: ReadonlyMap<string, string>;
  now: number;
  /** What was found lately, where time goes on from one evaluation to the next; absent: everything is looked at. */
  paced?: Paced;
}

/** How long one that is over is still shown, and counts for flapping. */
export const rememberMs = 3_600_000;

/** About what it is does not change: what names it is computed once. */
const names = new Map<string, string>();

/** Of what was found before and is the same object. */
const named = new WeakMap<Record<string, string>, { rule: string; name: string }>();

function nameOf(rule: string, subject: Record<string, string>): string {
  const before = named.get(subject);
  if (before?.rule === rule) return before.name;
  const name = nameFor(rule, subject);
  named.set(subject, { rule, name });
  return name;
}

function nameFor(rule: string, subject: Record<string, string>): string {
  const key = `${rule}\n${subject.cluster}\n${subject.kind}\n${subject.namespace ?? ""}\n${subject.name}\n${subject.series ?? ""}`;
  let name = names.get(key);
  if (name === undefined) {
    if (names.size > 100_000) names.clear();
    name = fingerprint(rule, subject);
    names.set(key, name);
  }
  return name;
}

/** Whether a rule is for a cluster at all. */
export function reaches(
  rule: Rule,
  facts: Pick<ClusterFacts, "id" | "name">,
  owner: string | undefined,
): boolean {
  if (rule.tenant !== undefined && rule.tenant !== owner) return false;
  const { clusters } = rule.scope;
  return !clusters || clusters.includes(facts.id) || clusters.includes(facts.name);
}

/**
 * Judges every rule in every cluster: pure, from what was and what is known to what is. Gives itself up between alerts,
 * so that whoever runs it can let others in.
 */
export function* evaluation(given: Given): Generator<void, Map<string, AlertView>> {
  const { alerts, facts, owners, now, paced = new Paced() } = given;
  const next = new Map<string, AlertView>();
  const rules = new Map<string, Rule>();
  const skipped = new Set<string>();
  const byRule = heldByRule(alerts);
  if (given.rules.some(overPods)) for (const cluster of facts) yield* cluster.ready?.() ?? [];
  paced.begin();
  for (const rule of given.rules) {
    if (!rule.enabled) continue;
    rules.set(rule.id, rule);
    for (const cluster of facts) {
      if (!reaches(rule, cluster, owners.get(cluster.id))) continue;
      const was = wasOf(rule, cluster, alerts, byRule);
      const found = yield* paced.find(rule, cluster, was);
      if (!found) skipped.add(`${rule.id}\n${cluster.id}`);
      for (const one of found ?? []) {
        yield;
        // Of a cluster that is silent, that it is silent is all that is known.
        if (!cluster.live && one.kind !== "Cluster") continue;
        const name = nameOf(rule.id, one.subject);
        next.set(name, hold(alerts.get(name), name, rule, cluster, one, now));
      }
    }
    yield;
  }
  const clusters = new Map(facts.map((one) => [one.id, one]));
  for (const [name, alert] of alerts) {
    yield;
    if (next.has(name)) continue;
    const left = skipped.has(`${alert.rule}\n${alert.cluster}`)
      ? alert
      : without(alert, rules.get(alert.rule), clusters.get(alert.cluster), owners, now);
    if (left && !(left.state === "resolved" && now - (left.resolvedMs ?? 0) > rememberMs))
      next.set(name, left);
  }
  return next;
}

const overPods = ({ enabled, condition }: Rule) =>
  enabled && "of" in condition && (condition.of === "pod" || condition.of === "workload");

function heldByRule(alerts: Alerts): Map<string, AlertView[]> {
  const byRule = new Map<string, AlertView[]>();
  for (const one of alerts.values()) {
    if (one.state === "resolved") continue;
    const same = byRule.get(one.rule);
    if (same) same.push(one);
    else byRule.set(one.rule, [one]);
  }
  return byRule;
}

function wasOf(
  rule: Rule,
  { id }: ClusterFacts,
  alerts: Alerts,
  byRule: ReadonlyMap<string, readonly AlertView[]>,
): Was {
  return {
    firing: (subject) => byRule.has(rule.id) && alerts.get(nameFor(rule.id, subject))?.state === "firing",
    held: () => (byRule.get(rule.id) ?? []).filter(({ cluster }) => cluster === id),
  };
}

/** What becomes of an alert whose rule did not find it again. */
function without(
  alert: AlertView,
  rule: Rule | undefined,
  cluster: ClusterFacts | undefined,
  owners: ReadonlyMap<string, string>,
  now: number,
): AlertView | undefined {
  if (alert.state === "resolved") return alert;
  // Its rule was removed or switched off, its cluster removed or let out of the scope.
  if (!rule || !cluster || !reaches(rule, cluster, owners.get(cluster.id)))
    return alert.state === "firing" ? resolve(alert, now) : undefined;
  // Only time in which one would have seen it is quiet; and what was before a start is not over because of it.
  const unseen = cluster.starting || (!cluster.live && alert.kind !== "Cluster");
  if (unseen || isUnknown(rule, alert, cluster)) return { ...alert, lastMs: now };
  return release(alert, rule.keepMs, now);
}

/** The whole of it at once. */
export const evaluate = (given: Given): Map<string, AlertView> => atOnce(evaluation(given));
