import type { AlertView } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Column } from "../../datasource/values/measured.ts";
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
  /** What pages tell: the series and its value, in words of their own, or the message. */
  tells?: "message";
  /** Further texts for the templates, by their names. */
  texts?: Record<string, string>;
  /** Further labels that receivers see. */
  labels?: Record<string, string>;
}

/** How a rule's alerts are until now. */
export interface Was {
  firing(subject: Record<string, string>): boolean;
  /** Those that are pending or fire. */
  held(): Iterable<AlertView>;
}

/** What a generator of instances returns that could not look at all, as something is still being read. */
export const soonAgain = Symbol("soon again");

/** One kind of condition: adding one is adding a file and a line in `conditions.ts`. */
export interface ConditionType<C> {
  /** What of a cluster it holds for; undefined where others may be let in, between thousands. */
  find(rule: Rule, condition: C, facts: ClusterFacts, was: Was): Iterable<Instance | undefined>;
  /** Whether nobody knows at present how it is with what an alert is about, which so stays as it is. */
  unknown(alert: AlertView, facts: ClusterFacts, condition: C): boolean;
  /** How often it is enough to look, in ms; where it does not say, each time. */
  everyMs?(condition: C): number;
  /** Refuses with 422 what a schema cannot say. */
  check?(condition: C): void;
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

/** The rows of a column that are in a rule's namespaces, from and to. */
export function rowsFor(
  { scope: { namespaces } }: Rule,
  { spaces, subjects }: Column,
): readonly (readonly [from: number, to: number])[] {
  if (!namespaces) return [[0, subjects.length]];
  // What is in no namespace is in none of these.
  return namespaces.flatMap((one) => {
    const rows = spaces?.get(one);
    return rows ? [rows] : [];
  });
}
