import type { RuleView } from "../../views/alert-model.ts";
import type { Database } from "../database/database.ts";
import { listTenants } from "../database/tenants.ts";
import type { Rule } from "./rule.ts";
import { inSlices } from "./slices.ts";
import type { WrittenRule } from "./yaml/read.ts";

/** A rule as files have it: its tenant by name, and nothing of where it is from. */
export function writtenOf(rule: Rule | RuleView, tenants: ReadonlyMap<string, string>): WrittenRule {
  const { id, tenant, name, enabled, severity, condition, forMs, keepMs, scope, labels, annotations } = rule;
  return {
    id,
    ...(tenant === undefined ? {} : { tenant: tenants.get(tenant) ?? tenant }),
    name,
    enabled,
    severity,
    condition,
    forMs,
    keepMs,
    scope,
    labels,
    annotations,
  };
}

/** Tenants' names by their ids. */
export async function tenantNamesOf(database: Database): Promise<Map<string, string>> {
  return new Map((await listTenants(database)).map((one) => [one.id, one.name]));
}

/** Rules as YAML, in the form in which they are read again as the same. */
export async function yamlOf(database: Database, rules: readonly (Rule | RuleView)[]): Promise<string> {
  const tenants = await tenantNamesOf(database);
  const { writeRules } = await import("./yaml/write.ts");
  return (await inSlices(writeRules(rules.map((one) => writtenOf(one, tenants))))).value;
}
