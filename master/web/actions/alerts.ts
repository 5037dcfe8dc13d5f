import { severities } from "../../../views/alert-model.ts";
import { previewRanges, type PreviewRange } from "../../../views/rule-preview.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import { decode } from "../../../wire/check.ts";
import { Rule, type RuleBody } from "../../alert/rule.ts";
import { parseMatchers } from "../../alert/labels.ts";
import { parseWeekTimes } from "../../alert/times/weekly.ts";
import type { Answer } from "../../notify/channel.ts";
import { ChannelBody } from "../../notify/channels.ts";
import { channelType } from "../../notify/registry.ts";
import type { Action, ActionContext } from "../action.ts";
import { durationOf, knownCluster, pairsIn, placeOfForm, wordsIn, zoneOf } from "../alerting.ts";
import { conditionOf } from "../alert-condition.ts";
import { seenBy } from "../deps.ts";

const who = ({ user, origin }: ActionContext) => ({ by: user, address: origin.address });
const idOf = ({ form }: ActionContext) => form.get("id") ?? "";
const hourMs = 3_600_000;
/** A form's line ends and colons are three characters each: some 100 KiB of YAML. */
const mostImportBytes = 256 * 1024;

export const alertAcknowledge: Action = {
  path: "/alerts",
  do: "acknowledge",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.acknowledge(who(ctx), idOf(ctx), ctx.form.get("note") ?? "");
    return { to: `/alerts/${idOf(ctx)}` };
  },
};

export const alertRelease: Action = {
  path: "/alerts",
  do: "release",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.release(who(ctx), idOf(ctx));
    return { to: `/alerts/${idOf(ctx)}` };
  },
};

export const silenceAdd: Action = {
  path: "/alerts/silences",
  do: "add",
  role: "operator",
  async run(ctx) {
    // The button that was pressed comes behind the field that stands in the form for Enter.
    if (ctx.form.getAll("do").includes("preview")) return silencePreview.run(ctx);
    const { form, deps } = ctx;
    const place = placeOfForm(form);
    await knownCluster(deps, place.cluster);
    const hours = Number(form.get("hours"));
    if (!(hours > 0)) throw problem(422, "say for how long", { pointer: "/hours" });
    await deps.alerting.addSilence(who(ctx), {
      ...place,
      matchers: parseMatchers(form.get("matchers") ?? ""),
      comment: form.get("comment") ?? "",
      startsMs: 0,
      endsMs: Date.now() + hours * hourMs,
    });
    return { to: "/alerts/silences" };
  },
};

/** Shows what a silence would hide, and the form as it was. */
export const silencePreview: Action = {
  path: "/alerts/silences",
  do: "preview",
  role: "operator",
  async run({ deps, user, form }) {
    const matchers = parseMatchers(form.get("matchers") ?? "");
    const hidden = seenBy(deps, user).alerts.hidden({ ...placeOfForm(form), matchers });
    const kept = Object.fromEntries([...form].filter(([name]) => name !== "_csrf" && name !== "do"));
    return { shown: { ...kept, preview: hidden.map((one) => one.fingerprint).join(" ") || "-" } };
  },
};

export const silenceEnd: Action = {
  path: "/alerts/silences",
  do: "end",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.endSilence(who(ctx), idOf(ctx));
    return { to: "/alerts/silences" };
  },
};

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
  role: "admin",
  async run({ form, deps, user, request }) {
    const range = previewRange(form.get("range"));
    const rule = deps.alerting.rules(user).find((one) => one.id === form.get("id"));
    const { tenant } = rule ?? placeOfForm(form);
    const found = await deps.alerting.preview(user, {
      body: ruleOf(form),
      tenant,
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
    const { id, tenant: _, origin: _o, ...body } = found;
    await ctx.deps.alerting.putRule(who(ctx), id, { ...body, enabled: !body.enabled });
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

export const channelPut: Action = {
  path: "/alerts/channels",
  do: "put",
  role: "admin",
  async run(ctx) {
    const { form, deps } = ctx;
    const type = form.get("type") ?? "";
    const settings: Record<string, string> = {};
    for (const { name } of channelType(type)?.fields ?? []) {
      const value = form.get(`set-${name}`);
      if (value) settings[name] = value;
    }
    const body = decode(ChannelBody, {
      name: (form.get("name") ?? "").trim(),
      type,
      enabled: form.get("enabled") === "1",
      settings,
      severities: severities.filter((one) => form.get(`severity-${one}`) === "1"),
      matchers: parseMatchers(form.get("matchers") ?? ""),
      groupBy: wordsIn(form, "groupBy") ?? [],
      groupWaitMs: durationOf(form, "groupWait"),
      groupIntervalMs: durationOf(form, "groupInterval"),
      repeatMs: durationOf(form, "repeat"),
      sendResolved: form.get("sendResolved") === "1",
      activeTimes: {
        times: parseWeekTimes(form.get("times") ?? "", "/times"),
        ...zoneOf(form),
      },
    });
    const { tenant } = placeOfForm(form);
    await deps.alerting.putChannel(who(ctx), idOf(ctx) || undefined, body, tenant);
    return { to: "/alerts/channels" };
  },
};

export const channelRemove: Action = {
  path: "/alerts/channels",
  do: "remove",
  role: "admin",
  async run(ctx) {
    await ctx.deps.alerting.removeChannel(who(ctx), idOf(ctx));
    return { to: "/alerts/channels" };
  },
};

/** Shows what the receiver really said. */
const answered = (ctx: ActionContext, { ok, text }: Answer) => ({
  shown: { id: idOf(ctx), answer: text, ok: ok ? "1" : "" },
});

export const channelTest: Action = {
  path: "/alerts/channels",
  do: "test",
  role: "admin",
  run: async (ctx) => answered(ctx, await ctx.deps.alerting.testChannel(who(ctx), idOf(ctx))),
};

export const channelDigest: Action = {
  path: "/alerts/channels",
  do: "digest",
  role: "admin",
  run: async (ctx) => answered(ctx, await ctx.deps.alerting.sendDigest(who(ctx), idOf(ctx))),
};
