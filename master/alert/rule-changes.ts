import type { RuleComparison } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import type { Principal } from "../access/principal.ts";
import { actorOf } from "../audit/actor.ts";
import { putRule, removeRule } from "../database/alerts.ts";
import { randomId } from "../database/token.ts";
import type { Asker, Changing, ChangingOptions } from "./changing.ts";
import { demand } from "./demand.ts";
import { defaultRules } from "./defaults.ts";
import { compareRules, refuseFaults } from "./import.ts";
import { checkRule, type Rule, type RuleBody } from "./rule.ts";

export interface RuleChanges {
  /** Changes a rule, or adds one where no id is given. */
  putRule(who: Asker, id: string | undefined, body: RuleBody, tenant?: string): Promise<Rule>;
  /**
   * Removes a rule; one that comes with the program is as it came again, one that a file has stays, without what was
   * made here of the same id.
   */
  removeRule(who: Asker, id: string): Promise<void>;
  /** What rules in YAML would change. */
  compareRules(by: Principal, text: string, tenant?: string): Promise<RuleComparison>;
  /**
   * Takes rules in YAML: all of them or none. With the `state` of what was looked at it is refused with 409 where
   * that has changed since.
   */
  importRules(who: Asker, text: string, tenant?: string, state?: string): Promise<RuleComparison>;
}

export function ruleChanges(options: ChangingOptions, { change, checkPlace }: Changing): RuleChanges {
  const { database, access, engine } = options;
  const at = (tenant: string | undefined) => (tenant === undefined ? {} : { tenant });
  function mayRead(by: Principal, rule: Rule): boolean {
    return engine.originOf(rule) === "default" || access.may(by, "viewer", at(rule.tenant));
  }

  return {
    async putRule(who, id, body, tenant) {
      const before = engine.rules.find((one) => one.id === id);
      const place = at(before ? before.tenant : tenant);
      if (id !== undefined && (!before || !mayRead(who.by, before)))
        throw problem(404, "there is no such rule");
      demand(access, who.by, "admin", place);
      if (before?.file !== undefined)
        throw problem(409, `this rule is in the file ${before.file}: it is changed there`);
      await checkPlace(place);
      const rule: Rule = { ...checkRule(body), id: id ?? randomId(), ...place };
      const action = before ? "rule.change" : "rule.add";
      return change(
        who,
        () => ({
          action,
          ...place,
          object: `rule ${rule.name}`,
          detail: { rule: rule.id, enabled: rule.enabled },
        }),
        async () => {
          await putRule(database, rule);
          return rule;
        },
      );
    },

    async removeRule(who, id) {
      const found = engine.rules.find((one) => one.id === id);
      if (!found || !mayRead(who.by, found)) throw problem(404, "there is no such rule");
      demand(access, who.by, "admin", at(found.tenant));
      if (found.file !== undefined && !engine.isStored(id))
        throw problem(409, `this rule is in the file ${found.file}: it is removed there`);
      if (engine.originOf(found) === "default")
        throw problem(409, "this rule comes with AtlHyper: it can be switched off");
      const action = defaultRules.some((one) => one.id === id) ? "rule.reset" : "rule.remove";
      await change(
        who,
        () => ({ action, ...at(found.tenant), object: `rule ${found.name}`, detail: { rule: id } }),
        () => removeRule(database, id),
      );
    },

    async compareRules(by, text, tenant) {
      const { rules: _, ...comparison } = await compareRules(options, by, text, tenant);
      return comparison;
    },

    async importRules(who, text, tenant, state) {
      await checkPlace(at(tenant));
      return engine.serially(async () => {
        const { rules, ...comparison } = await compareRules(options, who.by, text, tenant);
        if (rules[0]) demand(access, who.by, "admin", at(rules[0].tenant));
        refuseFaults(comparison, "rules");
        if (state !== undefined && state !== comparison.state)
          throw problem(409, "these rules have changed since: look at the difference again");
        const added = new Set(comparison.different.filter((one) => one.added).map((one) => one.id));
        await database.transaction(async () => {
          for (const rule of rules) {
            await putRule(database, rule);
            await options.audit.record({
              actor: actorOf(who.by),
              address: who.address,
              action: added.has(rule.id) ? "rule.add" : "rule.change",
              ...at(rule.tenant),
              object: `rule ${rule.name}`,
              detail: { rule: rule.id, enabled: rule.enabled, import: true },
              result: "ok",
            });
          }
        });
        await engine.reload();
        options.changed();
        return comparison;
      });
    },
  };
}
