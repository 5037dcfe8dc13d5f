import { isMap, type Node } from "yaml";
import { type Static, Type as T } from "@sinclair/typebox";
import { decode } from "../../../wire/check.ts";
import { ProblemError } from "../../../wire/problem.ts";
import type { RuleFault } from "../../../views/alert-model.ts";
import { checkRule, Rule, RuleID } from "../rule.ts";
import { type Composed, compose } from "./compose.ts";
import { usual } from "./shape.ts";
import { Values } from "./values.ts";

/** A rule as files have it; a tenant by its name. */
export const WrittenRule = T.Composite([
  T.Object({ id: RuleID, tenant: T.Optional(T.String({ minLength: 1, maxLength: 100 })) }),
  Rule,
]);
export type WrittenRule = Static<typeof WrittenRule>;

export interface Read {
  /** Empty where there is a fault: a file counts as a whole or not at all. */
  rules: (WrittenRule & { line: number })[];
  faults: RuleFault[];
}

export const maxRules = 1000;
const mostFaults = 20;

/** The rules that a text in YAML has, or everything that is wrong with it. In small steps. */
export function* readRules(text: string): Generator<void, Read> {
  const { items, faults, place } = yield* compose(text);
  const rules: Read["rules"] = [];
  const found: RuleFault[] = faults.map(({ offset, message }) => ({ ...place(offset), message }));
  if (items.length > maxRules)
    found.push({ line: 1, column: 1, message: `a file has at most ${maxRules} rules` });
  const lines = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    if (faults.length > 0 || found.length >= mostFaults || items.length > maxRules) break;
    const { rule, faults: within } = readOne(item, place);
    const name = idOf(item) ?? `#${at + 1}`;
    for (const { line, column, path, message } of within)
      found.push({ line, column, rule: name, path, message });
    if (rule) {
      const before = lines.get(rule.id);
      if (before !== undefined)
        found.push({
          line: rule.line,
          column: 1,
          rule: name,
          path: "id",
          message: `the rule in line ${before} has this id, too`,
        });
      lines.set(rule.id, rule.line);
      rules.push(rule);
    }
    yield;
  }
  found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return found.length > 0 ? { rules: [], faults: found.slice(0, mostFaults) } : { rules, faults: [] };
}

function readOne(item: Node, place: Composed["place"]) {
  const id = idOf(item);
  const values = new Values({ ...usual, "/name": id ?? "" });
  const read = values.read(WrittenRule, item, "");
  if (values.faults.length === 0)
    try {
      const { id, tenant, ...body } = decode(WrittenRule, read);
      const { line } = place(item.range?.[0] ?? 0);
      const rule = { id, ...(tenant === undefined ? {} : { tenant }), ...checkRule(body), line };
      return { rule, faults: [] };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { pointer = "", detail = error.message } = error.problem;
      values.fault(values.known(pointer), detail);
    }
  return { faults: values.faults.map(({ offset, ...rest }) => ({ ...place(offset), ...rest })) };
}

function idOf(item: Node): string | undefined {
  const id = isMap(item) ? item.get("id") : undefined;
  return typeof id === "string" ? id.slice(0, 100) : undefined;
}
