import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { countSince, type Happening } from "../../datasource/values/happening.ts";
import type { ConditionType, Instance } from "./condition.ts";
import { inScope } from "./condition.ts";
import { globIn } from "./glob.ts";
import type { ConditionOf } from "./schema.ts";

type Events = ConditionOf<"events">;

interface Counted {
  count: number;
  newest: Happening;
}

/** Events that come often: those that match, counted within the time until now. */
export const eventsCondition: ConditionType<Events> = {
  find(rule, condition, facts) {
    const { count, windowMs } = condition;
    const groups = new Map<string, Counted>();
    const matches = matcher(condition, rule.scope.namespaces);
    const fromMs = facts.now - windowMs;
    for (const one of facts.events(windowMs) ?? []) {
      const times = countSince(one, fromMs);
      if (times === 0 || !matches(one)) continue;
      const key = keyOf(condition, one);
      const known = groups.get(key);
      if (!known) groups.set(key, { count: times, newest: one });
      else {
        known.count += times;
        if (one.atMs >= known.newest.atMs) known.newest = one;
      }
    }
    const found: Instance[] = [];
    for (const counted of groups.values()) {
      if (counted.count < count) continue;
      const one = instance(condition, facts, counted);
      if (inScope(rule, facts, one.kind, one.namespace, one.object)) found.push(one);
    }
    return found;
  },
  unknown: (_alert, facts, { windowMs }) => facts.events(windowMs) === undefined,
  everyMs: () => 5000,
};

function matcher(
  { kinds, reasons, severities = ["warning", "critical"], message }: Events,
  namespaces: readonly string[] | undefined,
) {
  const part = message?.toLowerCase();
  return (one: Happening): boolean =>
    severities.includes(one.severity) &&
    (!kinds || kinds.includes(one.kind)) &&
    (!reasons || reasons.includes(one.reason)) &&
    (!namespaces || namespaces.includes(one.namespace)) &&
    (part === undefined || globIn(part, one.lower, false));
}

function keyOf({ by }: Events, { kind, namespace, name }: Happening): string {
  if (by === "cluster") return "";
  return by === "namespace" ? namespace : `${kind}/${namespace}/${name}`;
}

function instance({ by, windowMs }: Events, facts: ClusterFacts, { count, newest }: Counted): Instance {
  const { kind, namespace, name, node, reason, message } = newest;
  const about =
    by === "object"
      ? { kind, namespace, object: name, node }
      : by === "namespace" && namespace !== ""
        ? { kind: "Namespace", namespace, object: namespace, node: "" }
        : { kind: "Cluster", namespace: "", object: facts.name, node: "" };
  return {
    ...about,
    // A cluster is known by its id: its name can change.
    subject: {
      cluster: facts.id,
      kind: about.kind,
      namespace: about.namespace,
      name: about.kind === "Cluster" ? "" : about.object,
    },
    reason,
    message: `${count} ${count === 1 ? "event" : "events"} within ${within(windowMs)}, the newest ${reason}: ${message}`,
    value: count,
    valueText: String(count),
  };
}

const within = (ms: number) => {
  const minutes = Math.round(ms / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
};
