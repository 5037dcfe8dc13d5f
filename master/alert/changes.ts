import type { AlertView, MatcherView, RuleComparison, SilenceView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import type { Principal } from "../access/principal.ts";
import { sees } from "../access/sight.ts";
import { actorOf } from "../audit/actor.ts";
import { addSilence, endSilence, putRule, removeRule } from "../database/alerts.ts";
import { randomId } from "../database/token.ts";
import { placeOf } from "./alerts.ts";
import { type ChannelChanges, channelChanges, type ChannelChangesOptions } from "./channel-changes.ts";
import { type Asker, changing } from "./changing.ts";
import { demand } from "./demand.ts";
import { defaultRules } from "./defaults.ts";
import { compareRules, refuseFaults } from "./import.ts";
import { checkMatchers, matcherText } from "./labels.ts";
import { type EscalationChanges, escalationChanges } from "./escalation.ts";
import { type MaintenanceChanges, maintenanceChanges } from "./maintenance-changes.ts";
import { checkRule, type Rule, type RuleBody } from "./rule.ts";

export interface SilenceBody {
  tenant?: string | undefined;
  cluster?: string | undefined;
  namespace?: string | undefined;
  matchers: MatcherView[];
  comment: string;
  startsMs: number;
  endsMs: number;
}

/** What people change. Each is recorded with who did it, asks for the role at its place, and throws ProblemErrors. */
export interface AlertChanges extends MaintenanceChanges, EscalationChanges, ChannelChanges {
  acknowledge(who: Asker, fingerprint: string, note: string): Promise<AlertView>;
  /** Takes an acknowledgement back. */
  release(who: Asker, fingerprint: string): Promise<AlertView>;
  addSilence(who: Asker, body: SilenceBody): Promise<SilenceView>;
  endSilence(who: Asker, id: string): Promise<SilenceView>;
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

const yearMs = 366 * 86_400_000;

export function createChanges(options: ChannelChangesOptions): AlertChanges {
  const { access, database, engine, now } = options;
  const at = (tenant: string | undefined) => (tenant === undefined ? {} : { tenant });
  const means = changing(options);
  const { audited, change, checkPlace } = means;

  /** An alert that is seen, and that somebody may act on. */
  function actedOn(who: Asker, fingerprint: string): AlertView {
    const found = engine.alerts.get(fingerprint);
    if (!found || !sees(access.sight(who.by), found.cluster, found.namespace))
      throw problem(404, "there is no such alert");
    demand(access, who.by, "operator", whereOf(found));
    if (found.state !== "firing") throw problem(409, "this alert does not fire");
    return found;
  }

  const ack = (who: Asker, fingerprint: string, note: string | undefined): Promise<AlertView> =>
    engine.serially(async () => {
      const { ack: _, ...found } = actedOn(who, fingerprint);
      const atMs = now();
      const by = actorOf(who.by).name;
      const alert: AlertView = note === undefined ? found : { ...found, ack: { by, atMs, note } };
      const action = note === undefined ? "alert.release" : "alert.acknowledge";
      const deed = { action, ...whereOf(found), object: `alert ${found.name} ${found.object}` };
      const said = note === undefined ? "released" : note;
      await audited(who, { ...deed, detail: { fingerprint, ...(note ? { note } : {}) } }, () =>
        engine.put(alert, { fingerprint, atMs, what: "acknowledged", by, note: said }),
      );
      engine.took(alert);
      return alert;
    });

  return {
    ...maintenanceChanges(options, means),
    ...escalationChanges(options, means),
    ...channelChanges(options, means),
    acknowledge: (who, fingerprint, note) => ack(who, fingerprint, note.trim().slice(0, 500)),
    release: (who, fingerprint) => ack(who, fingerprint, undefined),

    async addSilence(who, body) {
      const place = placeOf(body);
      // Of a place that cannot be seen nothing is said, not even that it is there.
      if (body.cluster !== undefined && !access.may(who.by, "viewer", place))
        throw problem(404, "there is no such place");
      demand(access, who.by, "operator", place);
      await checkPlace(place);
      const comment = body.comment.trim();
      if (comment === "") throw problem(422, "say why", { pointer: "/comment" });
      if (body.matchers.length === 0 && !body.cluster && !body.namespace)
        throw problem(422, "a silence has a matcher, or holds in one cluster or namespace", {
          pointer: "/matchers",
        });
      const atMs = now();
      if (!(body.endsMs > Math.max(body.startsMs, atMs)) || body.endsMs - atMs > yearMs)
        throw problem(422, "a silence ends after it begins, and within a year", { pointer: "/ends" });
      const silence: SilenceView = {
        id: randomId(),
        ...place,
        matchers: checkMatchers(body.matchers),
        comment: comment.slice(0, 500),
        by: actorOf(who.by).name,
        createdMs: atMs,
        startsMs: Math.max(body.startsMs, atMs),
        endsMs: body.endsMs,
      };
      const detail = {
        matchers: silence.matchers.map(matcherText),
        comment: silence.comment,
        until: new Date(silence.endsMs).toISOString(),
      };
      return change(
        who,
        () => ({ action: "silence.add", ...place, object: `silence ${silence.id}`, detail }),
        async () => {
          await addSilence(database, silence);
          return silence;
        },
      );
    },

    async endSilence(who, id) {
      const found = engine.silences.find((one) => one.id === id);
      if (!found || !access.may(who.by, "viewer", placeOf(found)))
        throw problem(404, "there is no such silence");
      demand(access, who.by, "operator", placeOf(found));
      const atMs = now();
      if (found.endsMs <= atMs) throw problem(409, "this silence is over");
      return change(
        who,
        () => ({ action: "silence.end", ...placeOf(found), object: `silence ${id}` }),
        async () => {
          await endSilence(database, id, atMs);
          return { ...found, endsMs: atMs };
        },
      );
    },

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

  function mayRead(by: Principal, rule: Rule): boolean {
    return engine.originOf(rule) === "default" || access.may(by, "viewer", at(rule.tenant));
  }
}

const whereOf = ({ cluster, namespace }: AlertView) => ({ cluster, ...(namespace ? { namespace } : {}) });
