import { type Static, Type as T } from "@sinclair/typebox";
import { measured } from "../../views/alert-model.ts";
import { Severity } from "../../wire/event.ts";
import { problem } from "../../wire/problem.ts";

const dayMs = 86_400_000;
const Words = T.Array(T.String({ minLength: 1, maxLength: 253 }), { maxItems: 100 });
const Texts = T.Record(
  T.String({ pattern: "^[A-Za-z_][A-Za-z0-9_./-]{0,99}$" }),
  T.String({ maxLength: 300 }),
);
const Name = T.String({ minLength: 1, maxLength: 100, pattern: "^[^\\x00-\\x1f]+$" });

/** The series that a condition over values looks at. */
const Line = {
  of: T.Optional(
    T.Union(
      measured.map((one) => T.Literal(one)),
      { description: "Whose series; absent: each node's." },
    ),
  ),
  group: T.String({
    minLength: 1,
    maxLength: 253,
    description: "A group of series; `disk *` is every disk. Pods and workloads have `usage`.",
  }),
  series: T.String({ minLength: 1, maxLength: 253 }),
};

/** What names a rule for ever; not a word that is an address of the API. */
export const RuleID = T.String({
  pattern: "^(?!(preview|import|files)$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
  description:
    "an id has letters, digits, . _ and -, begins with a letter or digit, and is not preview, import or files",
});

export const Condition = T.Union([
  T.Object(
    {
      type: T.Literal("problem"),
      kinds: T.Optional(Words),
      reasons: T.Optional(Words),
    },
    { description: "Something is wrong with an object: of these kinds, for these reasons; absent: any." },
  ),
  T.Object(
    {
      type: T.Literal("threshold"),
      ...Line,
      op: T.Union([T.Literal("above"), T.Literal("below")]),
      trigger: T.Number({ description: "Fires beyond this." }),
      clear: T.Number({ description: "Is over on the other side of this." }),
    },
    { description: "A value crosses a level." },
  ),
]);

/** A rule as it is stored and as the API takes it. */
export const Rule = T.Object({
  name: Name,
  enabled: T.Boolean(),
  severity: Severity,
  condition: Condition,
  forMs: T.Integer({ minimum: 0, maximum: 7 * dayMs }),
  keepMs: T.Integer({ minimum: 0, maximum: 7 * dayMs }),
  scope: T.Object({
    clusters: T.Optional(Words),
    namespaces: T.Optional(Words),
    labels: T.Optional(Texts),
  }),
  labels: Texts,
  annotations: T.Object({
    summary: T.String({ minLength: 1, maxLength: 500 }),
    description: T.String({ maxLength: 2000 }),
  }),
});

export type Condition = Static<typeof Condition>;
export type RuleBody = Static<typeof Rule>;
export interface Rule extends RuleBody {
  id: string;
  tenant?: string;
  /** The file that it comes from, where it does. */
  file?: string;
}

/** 422 where the levels contradict each other, or a label takes the place of one of ours. */
export function checkRule(rule: RuleBody): RuleBody {
  const { condition } = rule;
  if (condition.type === "threshold") {
    const { op, trigger, clear } = condition;
    if (op === "above" ? clear > trigger : clear < trigger)
      throw problem(
        422,
        `the level at which it is over has to lie ${op === "above" ? "below" : "above"} the other`,
        {
          pointer: "/clear",
        },
      );
  }
  const taken = Object.keys(rule.labels).find((one) => ownLabels.has(one));
  if (taken) throw problem(422, `the label ${taken} is set by AtlHyper itself`, { pointer: "/labels" });
  const { name, enabled, severity, forMs, keepMs, scope, labels, annotations } = rule;
  return { name: name.trim(), enabled, severity, condition, forMs, keepMs, scope, labels, annotations };
}

const ownLabels = new Set(["alertname", "severity", "cluster", "namespace", "kind", "name", "node", "rule"]);
