import { severities } from "../../../views/alert-model.ts";
import { problem } from "../../../wire/problem.ts";
import { decode } from "../../../wire/check.ts";
import { parseMatchers } from "../../alert/labels.ts";
import { parseWeekTimes } from "../../alert/times/weekly.ts";
import type { Answer } from "../../notify/channel.ts";
import { ChannelBody } from "../../notify/channels.ts";
import { channelType } from "../../notify/registry.ts";
import type { Action, ActionContext } from "../action.ts";
import { durationOf, knownCluster, placeOfForm, wordsIn, zoneOf, idOf, who } from "../alerting.ts";
import { seenBy } from "../deps.ts";

const hourMs = 3_600_000;

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
