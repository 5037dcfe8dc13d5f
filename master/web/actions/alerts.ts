import { severities } from "../../../views/alert-model.ts";
import { decode } from "../../../wire/check.ts";
import { parseMatchers } from "../../alert/labels.ts";
import { parseWeekTimes } from "../../alert/times/weekly.ts";
import type { Answer } from "../../notify/channel.ts";
import { ChannelBody } from "../../notify/channels.ts";
import { channelType } from "../../notify/registry.ts";
import type { Action, ActionContext } from "../action.ts";
import { safeBack } from "../back.ts";
import { durationOf, placeOfForm, wordsIn, zoneOf, idOf, who } from "../alerting.ts";

export const alertAcknowledge: Action = {
  path: "/alerts",
  do: "acknowledge",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.acknowledge(who(ctx), idOf(ctx), ctx.form.get("note") ?? "");
    // Who goes through the list stays in it.
    return { to: ctx.form.has("back") ? safeBack(ctx.form.get("back")) : `/alerts/${idOf(ctx)}` };
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
