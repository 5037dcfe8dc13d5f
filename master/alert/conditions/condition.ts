import type { AlertView } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Rule } from "../rule.ts";

/** One thing that a rule holds for. */
export interface Instance {
  /** What it is about: these alone, with the rule, name the alert. */
  subject: Record<string, string>;
  kind: string;
  namespace: string;
  object: string;
  /** The node it is on, where there is one. */
  node: string;
  /** In words, for the templates. */
  message: string;
  reason: string;
  /** Since when, where it is known. */
  sinceMs?: number;
  value?: number;
  /** As the templates show it. */
  valueText?: string;
  /** The series that it is of, `group/series`. */
  measure?: string;
  /** Further labels that receivers see. */
  labels?: Record<string, string>;
}

/** One kind of condition: adding one is adding a file and a line in `conditions.ts`. */
export interface ConditionType<C> {
  /** What of a cluster it holds for. `firing` tells whether it fires for a subject until now. */
  find(
    rule: Rule,
    condition: C,
    facts: ClusterFacts,
    firing: (subject: Record<string, string>) => boolean,
  ): Instance[];
  /** Whether nobody knows at present how it is with what an alert is about, which so stays as it is. */
  unknown(alert: AlertView, facts: ClusterFacts): boolean;
}

/** Whether a rule's scope takes in an object. */
export function inScope(
  { scope }: Rule,
  facts: ClusterFacts,
  kind: string,
  namespace: string,
  name: string,
): boolean {
  const { namespaces, labels } = scope;
  if (namespaces && !namespaces.includes(namespace)) return false;
  if (!labels) return true;
  const has = facts.labelsOf(kind, namespace, name);
  return Object.entries(labels).every(([label, value]) => has[label] === value);
}
