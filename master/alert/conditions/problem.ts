import type { Fault } from "../../datasource/problems.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { type ConditionType, type Instance, inScope } from "./condition.ts";
import type { ConditionOf } from "./schema.ts";

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

/** What the agents diagnose, under what owns it: fifty pods of a Deployment that fail are one alert. */
export const problemCondition: ConditionType<ConditionOf<"problem">> = {
  find(rule, { kinds, reasons }, facts) {
    const index = indexed(facts.faults);
    const found = reasons ? reasons.flatMap((one) => index.get(one) ?? []) : facts.faults;
    if (found.length === 0) return [];
    const groups = new Map<string, Fault[]>();
    for (const fault of found) {
      if (kinds && !kinds.includes(fault.kind)) continue;
      const known = groups.get(fault.group);
      if (known) known.push(fault);
      else groups.set(fault.group, [fault]);
    }
    const instances: Instance[] = [];
    for (const [group, members] of groups) {
      const one = instance(facts, group, members);
      if (inScope(rule, facts, one.kind, one.namespace, one.object)) instances.push(one);
    }
    return instances;
  },
  unknown: () => false,
};

function instance(facts: ClusterFacts, group: string, members: readonly Fault[]): Instance {
  const [kind = "", namespace = "", ...rest] = group.split("/");
  const object = rest.join("/");
  const first = members.reduce((best, one) =>
    (rank[one.severity] - rank[best.severity] || one.sinceMs - best.sinceMs) < 0 ? one : best,
  );
  const pods = new Set(members.filter((one) => one.kind === "Pod").map((one) => one.name)).size;
  const nodes = new Set(members.map((one) => one.node));
  return {
    // A cluster is known by its id: its name can change.
    subject: { cluster: facts.id, kind, namespace, name: kind === "Cluster" ? "" : object },
    kind,
    namespace,
    object,
    node: kind === "Node" ? object : nodes.size === 1 ? [...nodes][0]! : "",
    message: pods > 1 ? `${pods} pods: ${first.message}` : first.message,
    reason: first.reason,
    sinceMs: Math.min(...members.map((one) => one.sinceMs)),
  };
}
