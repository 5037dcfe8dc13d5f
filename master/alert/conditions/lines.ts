import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Line, Subject } from "../../datasource/values/measured.ts";
import type { Rule } from "../rule.ts";
import { type Instance, inScope } from "./condition.ts";

/** What names an alert about a line: nothing that changes while it lasts. */
export const subjectOf = (
  facts: Pick<ClusterFacts, "id">,
  { subject: { kind, namespace, name }, group, series }: Pick<Line, "subject" | "group" | "series">,
): Record<string, string> => ({ cluster: facts.id, kind, namespace, name, series: `${group}/${series}` });

export const lineInScope = (rule: Rule, facts: ClusterFacts, { kind, namespace, name }: Subject): boolean =>
  inScope(rule, facts, kind, namespace, name);

/** What a rule holds for, that is about a line. */
export function instanceOf(
  rule: Rule,
  facts: Pick<ClusterFacts, "id" | "name">,
  line: Pick<Line, "subject" | "group" | "series">,
  told: Pick<Instance, "message"> & Partial<Instance>,
): Instance {
  const { subject, group, series } = line;
  const rest = group.includes(" ") ? group.slice(group.indexOf(" ") + 1) : "";
  return {
    subject: subjectOf(facts, line),
    kind: subject.kind,
    namespace: subject.namespace,
    // A cluster is known by its id: its name can change.
    object: subject.kind === "Cluster" ? facts.name : subject.name,
    node: subject.node,
    reason: rule.name,
    ...(group === "" && series === "" ? {} : { measure: `${group}/${series}` }),
    labels: rest === "" ? {} : group.startsWith("disk ") ? { mount: rest } : { device: rest },
    ...told,
  };
}

/** What a line is called: the group alone where the value says that it is a share of it. */
export const nameOf = ({ group, series }: Pick<Line, "group" | "series">): string =>
  [group === "usage" ? "" : group, /^(share|usage)$/.test(series) ? "" : series].filter(Boolean).join(" ");
