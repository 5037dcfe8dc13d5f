import { problem } from "../../../wire/problem.ts";
import type { AlertView } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Missing } from "../../datasource/values/measured.ts";
import { checkLine } from "./check-line.ts";
import type { ConditionType } from "./condition.ts";
import { globsOf } from "./glob.ts";
import { instanceOf, lineInScope, nameOf } from "./lines.ts";
import type { ConditionOf } from "./schema.ts";

type Absence = ConditionOf<"absence">;

/** What was there and is not: since it was seen last. How long it has to be away is the rule's own time. */
export const absenceCondition: ConditionType<Absence> = {
  *find(rule, condition, facts, was) {
    const names = globsOf(condition.names);
    // After a restart, what was missed before is still looked for.
    for (const one of missing(condition, facts, [...was.held()].map(heldAs))) {
      // Others get their turn.
      if (!one) {
        yield;
        continue;
      }
      const { subject, lastMs } = one;
      if (condition.kinds && !condition.kinds.includes(subject.kind)) continue;
      if (names && !names(subject.name)) continue;
      if (rule.scope.namespaces && !rule.scope.namespaces.includes(subject.namespace)) continue;
      // The labels of what is gone are not known.
      if (condition.what === "values" && !lineInScope(rule, facts, subject)) continue;
      const what = condition.what === "object" ? "the object is not there any more" : noValues(one);
      yield instanceOf(rule, facts, one, { message: what, sinceMs: lastMs, tells: "message" });
    }
  },
  unknown: () => false,
  everyMs: () => 5000,
  check(condition) {
    const { what, of, group, series, kinds, names } = condition;
    checkLine(condition);
    if ((group === undefined) !== (series === undefined))
      throw problem(422, "a series has a group and a name", {
        pointer: group === undefined ? "/group" : "/series",
      });
    if (what === "values") return;
    if (!kinds) throw problem(422, "say which kinds of objects are missed", { pointer: "/kinds" });
    if (kinds.some((one) => passing.has(one)))
      throw problem(422, "objects of this kind come and go", { pointer: "/kinds" });
    if (!names) throw problem(422, "say which objects are missed", { pointer: "/names" });
    if (of !== undefined || group !== undefined)
      throw problem(422, "an object that is missed has no values", { pointer: "/what" });
  },
};

/** Others like them take their places. */
const passing = new Set(["Pod", "ReplicaSet", "Job"]);

function* missing(
  { what, of = "node", group, series, kinds = [] }: Absence,
  facts: ClusterFacts,
  held: Missing[],
) {
  if (what === "values") yield* facts.missing(of, group ?? anyOf(of), series ?? "", held);
  else for (const kind of kinds) yield* facts.gone(kind, held);
}

/** What has to be remembered for a condition, by the names that the memory of values has for it. */
export const rememberedFor = ({ what, of = "node", group, series, kinds = [] }: Absence): string[] =>
  what === "values"
    ? [`values\n${of}\n${group ?? anyOf(of)}\n${series ?? ""}`]
    : kinds.map((kind) => `object\n${kind}`);

/** Pods and workloads have one group. */
export const anyOf = (of: string) => (of === "pod" || of === "workload" ? "usage" : "");

const noValues = (one: Missing) =>
  one.series === "" ? "no values come of it any more" : `no values of ${nameOf(one)} come any more`;

function heldAs({ kind, namespace, object, sinceMs, annotations, labels }: AlertView): Missing {
  const measure = annotations.measure ?? "/";
  const at = measure.lastIndexOf("/");
  return {
    subject: { kind, namespace, name: kind === "Cluster" ? "" : object, node: labels.node ?? "" },
    group: measure.slice(0, at),
    series: measure.slice(at + 1),
    lastMs: sinceMs,
  };
}
