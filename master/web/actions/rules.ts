import { previewRanges, type PreviewRange } from "../../../views/rule-preview.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import { decode } from "../../../wire/check.ts";
import { Rule, type RuleBody } from "../../alert/rule.ts";
import type { Action } from "../action.ts";
import { durationOf, pairsIn, placeOfForm, wordsIn, idOf, who } from "../alerting.ts";
import { conditionOf } from "../alert-condition.ts";

/** A form's line ends and colons are three characters each: some 100 KiB of YAML. */
const mostImportBytes = 256 * 1024;

export const rulePut: Action = {
  path: "/alerts/rules",
  do: "put",
  role: "admin",
  async run(ctx) {
    // The button that was pressed comes behind the field that stands in the form for Enter.
    if (ctx.form.getAll("do").includes("preview")) return rulePreview.run(ctx);
    const { form, deps } = ctx;
    const body = ruleOf(form);
    await deps.alerting.putRule(who(ctx), idOf(ctx) || undefined, body, placeOfForm(form).tenant);
    return { to: "/alerts/rules" };
  },
};

/** Shows what the rule of the form would have done, and the form as it was. */
export const rulePreview: Action = {
  path: "/alerts/rules",
  do: "preview",
  // It reads, and nothing else.
  role: "viewer",
  async run({ form, deps, user, request }) {
    const range = previewRange(form.get("range"));
    const rule = deps.alerting.rules(user).find((one) => one.id === form.get("id"));
    if (!rule && !form.has("type")) throw problem(404, "there is no such rule");
    const { tenant } = rule ?? placeOfForm(form);
    const found = await deps.alerting.preview(user, {
      // One of a file is tried out as it stands there.
      body: form.has("type") || !rule ? ruleOf(form) : rule,
      tenant,
      id: rule?.id,
      range,
      signal: request.signal,
    });
    const kept = Object.fromEntries([...form].filter(([name]) => name !== "_csrf" && name !== "do"));
    return { shown: { ...kept, range, preview: JSON.stringify(found) } };
  },
};

const previewRange = (given: string | null): PreviewRange =>
  given !== null && Object.hasOwn(previewRanges, given) ? (given as PreviewRange) : "7d";

/** The rule that a form was posted with. */
function ruleOf(form: URLSearchParams): RuleBody {
  const clusters = wordsIn(form, "clusters");
  const namespaces = wordsIn(form, "namespaces");
  const labels = pairsIn(form, "scopeLabels");
  return decode(Rule, {
    name: (form.get("name") ?? "").trim(),
    enabled: form.get("enabled") === "1",
    severity: form.get("severity"),
    condition: conditionOf(form),
    forMs: durationOf(form, "for"),
    keepMs: durationOf(form, "keep"),
    scope: {
      ...(clusters ? { clusters } : {}),
      ...(namespaces ? { namespaces } : {}),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    labels: pairsIn(form, "labels"),
    annotations: {
      summary: (form.get("summary") ?? "").trim(),
      description: (form.get("description") ?? "").trim(),
    },
  });
}

/** Switches a rule on or off. */
export const ruleSwitch: Action = {
  path: "/alerts/rules",
  do: "switch",
  role: "admin",
  async run(ctx) {
    const found = ctx.deps.alerting.rules(ctx.user).find((one) => one.id === idOf(ctx));
    if (!found) throw problem(404, "there is no such rule");
    await ctx.deps.alerting.putRule(who(ctx), found.id, { ...found, enabled: !found.enabled });
    return { to: "/alerts/rules" };
  },
};

/** Shows what rules in YAML would change. */
export const ruleCompare: Action = {
  path: "/alerts/rules/import",
  do: "compare",
  role: "admin",
  mostBytes: mostImportBytes,
  async run({ deps, user, form }) {
    const yaml = form.get("yaml") ?? "";
    const where = form.get("where") ?? "";
    const compared = await deps.alerting.compareRules(user, yaml, placeOfForm(form).tenant);
    return { shown: { yaml, where, compared: JSON.stringify(compared) } };
  },
};

/** Takes what was looked at. */
export const ruleImport: Action = {
  path: "/alerts/rules/import",
  do: "take",
  role: "admin",
  mostBytes: mostImportBytes,
  async run(ctx) {
    const { form, deps } = ctx;
    const yaml = form.get("yaml") ?? "";
    try {
      await deps.alerting.importRules(who(ctx), yaml, placeOfForm(form).tenant, form.get("state") ?? "");
    } catch (error) {
      // Shown beside the difference as it is now, and with the whole text.
      if (!(error instanceof ProblemError)) throw error;
      const again = await ruleCompare.run(ctx);
      return "shown" in again ? { shown: { ...again.shown, said: error.message } } : again;
    }
    return { to: "/alerts/rules" };
  },
};

export const ruleRemove: Action = {
  path: "/alerts/rules",
  do: "remove",
  role: "admin",
  async run(ctx) {
    await ctx.deps.alerting.removeRule(who(ctx), idOf(ctx));
    return { to: "/alerts/rules" };
  },
};
