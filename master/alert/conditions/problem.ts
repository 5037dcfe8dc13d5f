import type { Fault } from "../../datasource/problems.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Rule } from "../rule.ts";
import { type ConditionType, type Instance, inScope } from "./condition.ts";
import type { ConditionOf } from "./schema.ts";

type Problem = ConditionOf<"problem">;

const rank = { critical: 0, warning: 1, info: 2 };
const byReasons = new WeakMap<readonly Fault[], Map<string, Fault[]>>();

/** The faults of a cluster by their reason: a thousand rules each look at their own. */
function indexed(faults: readonly Fault[]): Map<string, Fault[]> {
  let index = byReasons.get(faults);
  if (!index) {
    index = new Map();
    for (const one of faults) {
      const same = index.get(one.reason);
      if (same) same.push(one);
      else index.set(one.reason, [one]);
    }
    byReasons.set(faults, index);
  }
  return index;
}

const instances = new WeakMap<readonly Fault[], Map<string, readonly Instance[]>>();
const texts = new WeakMap<Problem, string>();

/** What the agents diagnose, under what owns it: fifty pods of a Deployment that fail are one alert. */
export const problemCondition: ConditionType<Problem> = {
  find(rule, condition, facts) {
    const known = knownOf(facts);
    const text = textOf(condition);
    const all = known.get(text);
    return all ? within(rule, facts, all) : looking(rule, facts, condition, known);
  },
  unknown: () => false,
};

/** Finds what other rules that ask for the same will then find at once. */
function* looking(
  rule: Rule,
  facts: ClusterFacts,
  condition: Problem,
  known: Map<string, readonly Instance[]>,
): Generator<Instance | undefined, undefined> {
  const all = yield* find(condition, facts);
  known.set(textOf(condition), all);
  yield* within(rule, facts, all);
}

function within(rule: Rule, facts: ClusterFacts, all: readonly Instance[]): readonly Instance[] {
  const { namespaces, labels } = rule.scope;
  if (!namespaces && !labels) return all;
  return all.filter((one) => inScope(rule, facts, one.kind, one.namespace, one.object));
}

/** Many rules ask for the same, each in its own scope. */
function knownOf(facts: ClusterFacts): Map<string, readonly Instance[]> {
  let found = instances.get(facts.faults);
  if (!found) {
    found = new Map();
    instances.set(facts.faults, found);
  }
  return found;
}

function textOf(condition: Problem): string {
  let text = texts.get(condition);
  if (text === undefined) {
    text = JSON.stringify([condition.kinds, condition.reasons]);
    texts.set(condition, text);
  }
  return text;
}

function* find({ kinds, reasons }: Problem, facts: ClusterFacts): Generator<undefined, Instance[]> {
  const index = indexed(facts.faults);
  const groups = new Map<string, Fault[]>();
  for (const fault of reasons ? reasons.flatMap((one) => index.get(one) ?? []) : facts.faults) {
    if (kinds && !kinds.includes(fault.kind)) continue;
    const known = groups.get(fault.group);
    if (known) known.push(fault);
    else groups.set(fault.group, [fault]);
  }
  const found: Instance[] = [];
  for (const [group, members] of groups) {
    yield;
    found.push(instance(facts, group, members));
  }
  return found;
}

function instance(facts: ClusterFacts, group: string, members: readonly Fault[]): Instance {
  const [kind = "", namespace = "", ...rest] = group.split("/");
  const object = rest.join("/");
  const first = members.reduce((best, one) =>
    (rank[one.severity] - rank[best.severity] || one.sinceMs - best.sinceMs) < 0 ? one : best,
  );
  // Most are one fault alone.
  const alone = members.length === 1;
  const pods = alone ? 1 : new Set(members.filter((one) => one.kind === "Pod").map((one) => one.name)).size;
  const node = alone || members.every((one) => one.node === first.node) ? first.node : "";
  return {
    // A cluster is known by its id: its name can change.
    subject: { cluster: facts.id, kind, namespace, name: kind === "Cluster" ? "" : object },
    kind,
    namespace,
    object,
    node: kind === "Node" ? object : node,
    message: pods > 1 ? `${pods} pods: ${first.message}` : first.message,
    reason: first.reason,
    sinceMs: Math.min(...members.map((one) => one.sinceMs)),
  };
}
