import { type Static, Type as T } from "@sinclair/typebox";
import { Severity } from "../../wire/event.ts";
import { problem } from "../../wire/problem.ts";
import { checkSpaces } from "./conditions/check-line.ts";
import { checkCondition } from "./conditions.ts";
import { Condition, Words } from "./conditions/schema.ts";

const dayMs = 86_400_000;
const Texts = T.Record(
  T.String({ pattern: "^[A-Za-z_][A-Za-z0-9_./-]{0,99}$" }),
  T.String({ maxLength: 300 }),
);
const Name = T.String({ minLength: 1, maxLength: 100, pattern: "^[^\\x00-\\x1f]+$" });

/** What names a rule for ever; not a word that is an address of the API. */
export const RuleID = T.String({
  pattern: "^(?!(preview|import|files)$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
  description:
    "an id has letters, digits, . _ and -, begins with a letter or digit, and is not preview, import or files",
});

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

export type RuleBody = Static<typeof Rule>;
export interface Rule extends RuleBody {
  id: string;
  tenant?: string;
  /** The file that it comes from, where it does. */
  file?: string;
}

/** 422 where a condition contradicts itself, or a label takes the place of one of ours. */
export function checkRule(rule: RuleBody): RuleBody {
  const { condition } = rule;
  checkCondition(condition);
  checkSpaces(condition, rule.scope.namespaces);
  const taken = Object.keys(rule.labels).find((one) => ownLabels.has(one));
  if (taken) throw problem(422, `the label ${taken} is set by AtlHyper itself`, { pointer: "/labels" });
  const { name, enabled, severity, forMs, keepMs, scope, labels, annotations } = rule;
  return { name: name.trim(), enabled, severity, condition, forMs, keepMs, scope, labels, annotations };
}

const ownLabels = new Set(["alertname", "severity", "cluster", "namespace", "kind", "name", "node", "rule"]);
