import type { ChannelField, ChannelView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import { pageHref } from "../../parts/links.ts";
import { durationText } from "../../../wire/duration.ts";
import type { Viewing } from "../../viewing.ts";
import type { ChannelsData, ChannelTypeView } from "./channels.ts";
import {
  type AlertForm,
  alertForm,
  faultAt,
  hidden,
  matchersText,
  severityTicks,
  wholeFault,
} from "./common.ts";
import { standingBadge, timesText, zoneField } from "./times.ts";

/** Which type a new channel is of, or the form of one. */
export function editor(v: Viewing, data: ChannelsData, form?: AlertForm): Html {
  const t = v.t.alerts.channels;
  const posted = form?.do === "put" ? form.values : undefined;
  const channel = data.channels.find((one) => one.id === (posted?.id ?? v.query.get("edit")));
  const wanted = channel?.type ?? posted?.type ?? v.query.get("new");
  const type = data.types.find((one) => one.type === wanted);
  if (!type)
    return html`<section id="edit" class="panel"><h2>${t.add}</h2><p class="soft">${t.addHow}</p><div class="row">${data.types.map(
      (one) =>
        html`<a class="button" href="${pageHref(v, "/alerts/channels", { new: one.type })}#edit">${one.name}</a>`,
    )}</div></section>`;
  const values = posted ?? (channel ? valuesOf(channel) : fresh());
  return html`<section id="edit" class="panel" hx-morph-skip><h2>${channel ? t.editTitle(channel.name) : t.addTitle(type.name)}</h2>${alertForm(v, "channels", "put", fields(v, type, values, data, channel, form))}${
    channel?.type === "email"
      ? alertForm(
          v,
          "channels",
          "digest",
          html`${hidden("id", channel.id)}<button class="button">${t.digestNow}</button><span class="soft">${t.digestNowHow}</span>`,
          "row",
        )
      : nothing
  }${
    channel
      ? html`<details class="fold"><summary>${t.remove}</summary><p class="soft">${t.removeHow}</p>${alertForm(v, "channels", "remove", html`${hidden("id", channel.id)}<button class="button danger">${t.remove}</button>`, "row")}</details>`
      : nothing
  }</section>`;
}

function fields(
  v: Viewing,
  type: ChannelTypeView,
  values: Record<string, string>,
  data: ChannelsData,
  channel: ChannelView | undefined,
  form?: AlertForm,
): Content {
  const t = v.t.alerts.channels;
  const text = (name: string, label: string, hint?: string) =>
    field({
      id: `channel-${name}`,
      name,
      label,
      value: values[name] ?? "",
      maxlength: 500,
      autocomplete: "off",
      fault: faultAt(v, form, "put", name),
      ...(hint ? { hint } : {}),
    });
  const own = [
    "name",
    "matchers",
    "groupWait",
    "groupInterval",
    "repeat",
    "times",
    "zone",
    ...type.fields.map((one) => one.name),
  ];
  const places = data.places.map(({ value, name }): [string, string] => [
    value,
    value === "" ? v.t.alerts.rules.everywhere : v.t.alerts.rules.tenant(name),
  ]);
  return html`${hidden("id", channel?.id ?? "")}${hidden("type", type.type)}${wholeFault(v, form, "put", own)}${text("name", v.t.column.name)}${
    channel
      ? nothing
      : places.length < 2
        ? hidden("where", places[0]?.[0] ?? "")
        : selectField("where", v.t.alerts.rules.whose, places, values.where ?? "", "channel-where")
  }${settings(v, type, values, channel, form)}${severityTicks(v, values)}${areaField({ id: "channel-matchers", name: "matchers", label: t.matchers, value: values.matchers ?? "", rows: 2, hint: v.t.alerts.silences.matchersHint, fault: faultAt(v, form, "put", "matchers") })}${text("groupBy", t.groupBy, t.groupByHint)}${text("groupWait", t.groupWait, t.groupWaitHint)}${text("groupInterval", t.groupInterval)}${text("repeat", t.repeat)}${activeTimes(v, values, data, channel, form)}<label class="tick"><input type="checkbox" name="sendResolved" value="1"${values.sendResolved === "1" ? html` checked` : nothing}> ${t.sendResolved}</label><label class="tick"><input type="checkbox" name="enabled" value="1"${values.enabled === "1" ? html` checked` : nothing}> ${t.enabled}</label><div class="row"><button class="button primary">${v.t.alerts.rules.save}</button><a class="button" href="${pageHref(v, "/alerts/channels")}">${v.t.common.cancel}</a></div>`;
}

function activeTimes(
  v: Viewing,
  values: Record<string, string>,
  data: ChannelsData,
  channel: ChannelView | undefined,
  form?: AlertForm,
): Html {
  const t = v.t.alerts.times;
  const now = channel?.activeTimes ? data.standing(channel) : undefined;
  const hint = html`${t.activeTimesHint}${now ? html` ${t.nowIs}${standingBadge(v, channel?.activeTimes, now)}` : nothing}`;
  const fault = (name: string) => faultAt(v, form, "put", name);
  return html`${areaField({ id: "channel-times", name: "times", label: t.activeTimes, value: values.times ?? "", rows: 2, hint, fault: fault("times") })}${zoneField(v, "channel-zone", values.zone || data.zone, fault("zone"))}`;
}

/** The settings of a type; those of a part stand folded away, unless one of them is in use or wrong. */
function settings(
  v: Viewing,
  type: ChannelTypeView,
  values: Record<string, string>,
  channel: ChannelView | undefined,
  form?: AlertForm,
): Content {
  const shown = (one: ChannelField) => setting(v, type, one, values, channel, form);
  const parted = type.fields.filter((one) => one.part);
  const own = type.fields.filter((one) => !one.part).map(shown);
  if (parted.length === 0) return own;
  const inUse = parted.some(
    ({ name, fallback }) => faultAt(v, form, "put", name) || (values[`set-${name}`] ?? fallback) !== fallback,
  );
  return html`${own}<details class="fold"${inUse ? html` open` : nothing}><summary>${v.t.alerts.channels.digest}</summary><div class="form">${parted.map(shown)}</div></details>`;
}

/** A secret is never written back into the page, not even what was just entered. */
function setting(
  v: Viewing,
  { type }: ChannelTypeView,
  one: ChannelField,
  values: Record<string, string>,
  channel: ChannelView | undefined,
  form?: AlertForm,
): Html {
  const t = v.t.alerts.channels;
  const name = `set-${one.name}`;
  const label = t.fields[one.name] ?? one.name;
  const kept = one.secret && channel?.secrets.includes(one.name);
  const hint = kept ? t.kept : (t.hints[`${type}.${one.name}`] ?? t.hints[one.name]);
  const more = { fault: faultAt(v, form, "put", one.name), ...(hint ? { hint } : {}) };
  const value = values[name] ?? one.fallback ?? "";
  if (one.kind === "choice")
    return selectField(
      name,
      label,
      (one.choices ?? []).map((of) => [of, t.choices[of] ?? of] as const),
      value,
      `channel-${name}`,
      false,
      more,
    );
  if (one.kind === "lines") return areaField({ id: `channel-${name}`, name, label, value, rows: 3, ...more });
  return field({
    id: `channel-${name}`,
    name,
    label,
    maxlength: 2000,
    autocomplete: "off",
    // The datalist of the field of active times.
    ...(one.kind === "zone" ? { list: "zones" } : {}),
    ...(one.secret ? { type: "password" as const, autocomplete: "new-password" } : { value }),
    required: one.required === true && !kept,
    ...more,
  });
}

function valuesOf(channel: ChannelView): Record<string, string> {
  return {
    name: channel.name,
    ...Object.fromEntries(Object.entries(channel.settings).map(([name, value]) => [`set-${name}`, value])),
    ...Object.fromEntries(channel.severities.map((one) => [`severity-${one}`, "1"])),
    matchers: matchersText(channel.matchers),
    groupBy: channel.groupBy.join(", "),
    groupWait: durationText(channel.groupWaitMs),
    groupInterval: durationText(channel.groupIntervalMs),
    repeat: durationText(channel.repeatMs),
    sendResolved: channel.sendResolved ? "1" : "",
    enabled: channel.enabled ? "1" : "",
    times: timesText(channel.activeTimes?.times ?? []),
    zone: channel.activeTimes?.zone ?? "",
  };
}

const fresh = () => ({
  groupBy: "cluster, namespace",
  groupWait: "30s",
  groupInterval: "5m",
  repeat: "4h",
  sendResolved: "1",
  enabled: "1",
});
