import type { ChannelField, ChannelView, DeliveryView, HeartbeatView } from "../../alert-model.ts";
import { type Html, html, nothing } from "../../html.ts";
import { empty } from "../../parts/empty.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { badge, state } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Standing } from "../../schedule-model.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, section } from "../detail/blocks.ts";
import { editor } from "./channel-form.ts";
import { type AlertForm, alertForm, alertsHead, hidden, matchersText, wholeFault } from "./common.ts";
import { deliveriesTable } from "./deliveries.ts";
import { standingBadge, timesShown } from "./times.ts";

/** A type of channel as the form needs it. */
export interface ChannelTypeView {
  type: string;
  name: string;
  fields: readonly ChannelField[];
}

export interface ChannelsData {
  channels: readonly ChannelView[];
  /** Ids of those whose receiver did not take what it was sent last. */
  failing: ReadonlySet<string>;
  types: readonly ChannelTypeView[];
  deliveries: readonly DeliveryView[];
  /** Where a new channel can be for. */
  places: readonly PlaceView[];
  /** Whether somebody outside hears of the master's end; undefined where the viewer may not know. */
  heartbeat: HeartbeatView | undefined;
  /** Whether a channel is told something now. */
  standing(channel: ChannelView): Standing;
  /** The time zone that is taken where none is chosen. */
  zone: string;
}

export function channelsPage(v: Viewing, data: ChannelsData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "channels", data.channels.length),
    tested: tested(v, data, form),
    list: table(v, data, form),
    edit: editor(v, data, form),
    deliveries:
      data.channels.length === 0
        ? absent("deliveries")
        : section("deliveries", v.t.alerts.deliveries, deliveriesTable(v, data.deliveries, false)),
    heartbeat: data.heartbeat
      ? section("heartbeat", v.t.alerts.heartbeat.title, heartbeat(v, data.heartbeat))
      : absent("heartbeat"),
  };
}

/** Who would tell of the end of what tells of everything else. */
function heartbeat(v: Viewing, { on, atMs, why }: HeartbeatView): Html {
  const t = v.t.alerts.heartbeat;
  if (!on) return html`<p class="soft">${t.off} <code>ATLHYPER_HEARTBEAT_URL</code></p>`;
  if (atMs === undefined) return html`<p class="soft">${t.waiting}</p>`;
  return html`<p>${state(v, why === undefined ? "ok" : "critical", why === undefined ? t.heard : t.unheard)} ${age(v, atMs)}${why === undefined ? nothing : html` <code>${v.t.told(why)}</code>`}</p>`;
}

/** What the receiver really said. */
function tested(v: Viewing, { channels }: ChannelsData, form?: AlertForm): Html {
  const { id, ok, answer = "" } = form?.shown ?? {};
  const channel = channels.find((one) => one.id === id);
  if (!channel || ok === undefined) return absent("tested");
  return html`<section id="tested" class="panel" role="status"><h2>${channel.name}: ${v.t.alerts.channels.tested}</h2><p>${state(v, ok ? "ok" : "critical", ok ? v.t.alerts.delivery.sent : v.t.alerts.channels.refused)} <code>${v.t.told(answer)}</code></p></section>`;
}

function table(v: Viewing, data: ChannelsData, form?: AlertForm): Html {
  const t = v.t.alerts.channels;
  if (data.channels.length === 0) return html`<div id="list">${empty(t.nothing, t.nothingHow)}</div>`;
  const nameOf = (type: string) => data.types.find((one) => one.type === type)?.name ?? type;
  return html`<div id="list">${wholeFault(v, form?.do === "test" || form?.do === "digest" || form?.do === "remove" ? form : undefined, form?.do ?? "", [])}<table class="list"><thead><tr><th scope="col">${v.t.column.name}</th><th scope="col">${t.type}</th><th scope="col">${t.events}</th><th scope="col"><span class="sr">${v.t.common.actions}</span></th></tr></thead><tbody>${data.channels.map(
    (one) => {
      const href = pageHref(v, "/alerts/channels", { edit: one.id });
      const { each, digest } = one.settings;
      const mailed = digest && digest !== "off" ? html` ${badge(t.digests[digest] ?? digest)}` : nothing;
      const what = [...one.severities.map((severity) => v.t.health[severity]), matchersText(one.matchers)];
      const when = one.activeTimes
        ? html` <span class="soft small">${timesShown(v, one.activeTimes)}</span>`
        : nothing;
      return html`<tr id="ch${one.id}" data-href="${href}" data-name="${one.name}"><td class="name a"><a href="${href}">${one.name}</a>${one.enabled ? standingBadge(v, one.activeTimes, data.standing(one)) : html` ${badge(t.disabled)}`}${data.failing.has(one.id) ? html` <a href="#deliveries">${badge(t.failing, "warning")}</a>` : nothing}</td><td class="b">${nameOf(one.type)}</td><td class="grow c">${each === "no" ? nothing : what.filter(Boolean).join(" · ") || t.all}${mailed}${when}</td><td class="right d">${alertForm(v, "channels", "test", html`${hidden("id", one.id)}<button class="button">${t.test}</button>`, "inline")}</td></tr>`;
    },
  )}</tbody></table></div>`;
}
