import type { RuleComparison, RuleDifference, RuleFault, RuleView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { Database } from "../database/database.ts";
import { textDifference } from "../difference.ts";
import { defaultRules } from "./defaults.ts";
import type { Engine } from "./engine.ts";
import { tenantNamesOf, writtenOf } from "./export.ts";
import { maxFileBytes } from "./files.ts";
import type { Rule } from "./rule.ts";
import { faultLine } from "./rule-faults.ts";
import { inSlices } from "./slices.ts";
import type { WrittenRule } from "./yaml/read.ts";

/** What rules in YAML would change, and the rules that would be put. */
export interface Compared extends RuleComparison {
  rules: Rule[];
}

interface From {
  database: Database;
  access: Pick<Access, "may">;
  engine: Engine;
}

/** What an import would do for somebody; `tenant` is whose those rules are that name none. */
export async function compareRules(
  { database, access, engine }: From,
  by: Principal,
  text: string,
  tenant: string | undefined,
): Promise<Compared> {
  if (Buffer.byteLength(text) > maxFileBytes)
    throw problem(413, `rules are at most ${maxFileBytes / 1024} KiB`);
  const { readRules } = await import("./yaml/read.ts");
  const { writeRule } = await import("./yaml/write.ts");
  const { value: read } = await inSlices(readRules(text));
  const names = await tenantNamesOf(database);
  const ids = new Map([...names].map(([id, name]) => [name.toLowerCase(), id]));
  const faults: RuleFault[] = [...read.faults];
  const rules: Rule[] = [];
  const different: RuleDifference[] = [];
  let same = 0;
  const at = (place: string | undefined) => (place === undefined ? {} : { tenant: place });

  function* compared(): Generator<void> {
    for (const written of read.rules) {
      judge(written);
      yield;
    }
  }

  function judge({ line, tenant: name, ...body }: WrittenRule & { line: number }): void {
    const fault = (path: string, message: string) =>
      faults.push({ line, column: 1, rule: body.id, path, message });
    const named = name === undefined ? undefined : ids.get(name.toLowerCase());
    if (name !== undefined && (named === undefined || !access.may(by, "viewer", { tenant: named })))
      return void fault("tenant", `there is no tenant named ${name}`);
    const before = engine.rules.find((one) => one.id === body.id);
    const byDefault = defaultRules.some((one) => one.id === body.id);
    if (before && !byDefault && !access.may(by, "viewer", at(before.tenant)))
      return void fault("id", "this id is taken: choose another");
    if (before?.file !== undefined)
      return void fault("id", `this rule is in the file ${before.file}: it is changed there`);
    if (before && named !== undefined && named !== before.tenant)
      return void fault("tenant", "a rule stays whose it is: take another id");
    const place = before ? before.tenant : (named ?? tenant);
    if (!access.may(by, "admin", at(place))) return void fault("", "this needs the role admin there");
    const rule: Rule = { ...body, ...at(place) };
    const [was, is] = [before, rule].map((one) => (one ? writeRule(writtenOf(one, names)) : ""));
    if (was === is) {
      same++;
      return;
    }
    rules.push(rule);
    const { id, name: called } = rule;
    different.push({ id, name: called, added: !before, lines: textDifference(was!, is!) });
  }

  if (faults.length === 0) await inSlices(compared());
  const state = JSON.stringify(different);
  return {
    faults,
    different,
    same,
    rules,
    state: new Bun.CryptoHasher("sha256").update(state).digest("hex").slice(0, 16),
  };
}

/** 422 with the first fault of a text, and how many there are more. */
export function refuseFaults({ faults }: Pick<RuleComparison, "faults">, name: string): void {
  const [first] = faults;
  if (!first) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  throw problem(422, `${faultLine(name, first)}${more}`);
}

/** The rules that an export has: all that somebody reads, or those that were made or changed here. */
export const exported = (rules: readonly RuleView[], all: boolean): RuleView[] =>
  rules.filter(({ origin }) => all || origin === "own" || origin === "changed");
