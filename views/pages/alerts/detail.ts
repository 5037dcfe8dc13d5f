import type { AlertView, DeliveryView, HistoryView, InEscalation, Muted } from "../../alert-model.ts";
import { type Html, html, nothing } from "../../html.ts";
import { field } from "../../parts/form.ts";
import { changedHref, kindHref, pageHref } from "../../parts/links.ts";
import { intervalText, momentText } from "../../parts/moment.ts";
import { mark, state } from "../../parts/state.ts";
import { age, until } from "../../parts/time.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { absent, facts, section } from "../detail/blocks.ts";
import { alertBadges, alertForm, alertText, hidden } from "./common.ts";
import { deliveriesTable } from "./deliveries.ts";
import { escalationPart } from "./escalations.ts";
import { alertHref, alertObject, healthOf } from "./list.ts";
import { silenceButtons, silenceFields } from "./silence-form.ts";

export interface AlertDetail {
  alert: AlertView;
  muted: Muted | undefined;
  history: readonly HistoryView[];
  /** Absent where the viewer administers no channel. */
  deliveries: readonly DeliveryView[] | undefined;
  mayAct: boolean;
  escalations: readonly InEscalation[];
  /** Names of channels that the viewer administers. */
  channels: ReadonlyMap<string, string>;
  /** Whose clocks count where the browser does not say its own. */
  zone: string;
}

export function alertPage(v: Viewing, data: AlertDetail): Record<string, Html> {
  return {
    head: head(v, data),
    take: act(v, data),
    escalation: escalationPart(v, data.escalations, data.channels),
    facts: section("facts", v.t.alerts.labels, labels(v, data)),
    history: section("history", v.t.alerts.history, history(v, data.history)),
    deliveries: data.deliveries
      ? section("deliveries", v.t.alerts.deliveries, deliveriesTable(v, data.deliveries, true))
      : absent("deliveries"),
  };
}

function head(v: Viewing, { alert, muted }: AlertDetail): Html {
  const t = v.t.alerts;
  const since = alert.state === "resolved" ? (alert.resolvedMs ?? 0) : alert.sinceMs;
  return html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li><a href="${pageHref(v, "/alerts")}">${t.title}</a></li>${
    alert.kind === "Cluster" ? nothing : html`<li>${clusterName(v, alert.cluster)}</li>`
  }<li>${alertObject(v, alert)}</li></ol></nav><div class="title"><h1>${alert.name}</h1></div><p class="verdict">${state(v, healthOf(alert), t.states[alert.state])} <span class="soft">${v.t.detail.since(age(v, since))}</span>${alertBadges(v, alert, muted)}</p><p class="why">${alertText(v, alert)}</p>${
    alert.annotations.description ? html`<p>${alert.annotations.description}</p>` : nothing
  }${
    muted?.by === "maintenance"
      ? html`<p class="soft"><a href="${pageHref(v, "/alerts/maintenance")}">${t.tabs.maintenance}</a>: ${muted.name} · ${muted.reason} · ${muted.who}</p>`
      : nothing
  }${muted?.by === "silence" ? html`<p class="soft"><a href="${pageHref(v, "/alerts/silences", { edit: muted.id })}#edit">${t.silence}</a>: ${muted.comment} · ${t.times.another} ${until(v, muted.endsMs)}</p>` : nothing}</header>`;
}

function act(v: Viewing, { alert, mayAct, zone }: AlertDetail): Html {
  const t = v.t.alerts;
  if (!mayAct || alert.state !== "firing") return absent("take");
  const id = hidden("id", alert.fingerprint);
  const took = alert.ack
    ? alertForm(
        v,
        "alerts",
        "release",
        html`${id}<p>${t.takenBy(alert.ack.by)} ${age(v, alert.ack.atMs)}${alert.ack.note ? html`: ${alert.ack.note}` : nothing}</p><div class="row"><button class="button">${t.release}</button></div>`,
      )
    : alertForm(
        v,
        "alerts",
        "acknowledge",
        html`${id}${field({ id: "ack-note", name: "note", label: t.note, hint: t.noteHint, maxlength: 500, autocomplete: "off" })}<div class="row"><button class="button primary">${t.acknowledge}</button></div>`,
      );
  return html`<section id="take" class="panel" hx-morph-skip>${took}<details class="fold"><summary>${t.silence}</summary>${alertForm(
    v,
    "silences",
    "put",
    html`${hidden("back", alertHref(v, alert))}${hidden("where", `cluster:${alert.cluster}`)}${hidden("namespace", alert.namespace)}${silenceFields(v, { matchers: matchersOf(alert) }, { zone })}${silenceButtons(v, 0)}`,
  )}</details></section>`;
}

/** What names this alert alone, and not another disk or interface of the same node. */
function matchersOf(alert: AlertView): string {
  const parts = ["mount", "device"].filter((name) => alert.labels[name]);
  return ["alertname", "kind", "name", ...parts]
    .map((name) => `${name}="${(alert.labels[name] ?? "").replace(/["\\]/g, "\\$&")}"`)
    .join("\n");
}

function labels(v: Viewing, { alert }: AlertDetail): Html {
  return facts([
    [
      v.t.alerts.rule,
      html`<a href="${pageHref(v, "/alerts/rules", { edit: alert.rule })}#edit">${alert.name}</a>`,
    ],
    [v.t.alerts.charts, chartsLink(v, alert)],
    ...Object.entries(alert.labels)
      .filter(([name]) => name !== "alertname" && name !== "rule")
      .map(([name, value]) => [name, html`<code>${value}</code>`] as const),
  ]);
}

/** So much of the time before it began is shown, and after. */
const beforeMs = 50 * 60_000;
const afterMs = 10 * 60_000;

/** The charts of what it is about, of the time in which it began. */
function chartsLink(v: Viewing, { cluster, kind, namespace, object, sinceMs }: AlertView): Html | undefined {
  const page =
    kind === "Cluster" ? pageHref(v, "/", { cluster }) : kindHref(v, kind, cluster, namespace, object);
  if (!page || !charted.has(kind)) return undefined;
  const href = changedHref(page, {
    range: intervalText({ fromMs: sinceMs - beforeMs, toMs: sinceMs + afterMs }),
    at: momentText(sinceMs),
    ...(kind === "Node" ? { tab: "metrics" } : {}),
  });
  return html`<a href="${href}">${v.t.alerts.chartsThen}</a>`;
}
const charted = new Set([
  "Cluster",
  "Node",
  "Pod",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
]);

function history(v: Viewing, entries: readonly HistoryView[]): Html {
  const t = v.t.alerts;
  if (entries.length === 0) return html`<p class="soft">${t.noHistory}</p>`;
  return html`<ol class="timeline">${entries.map(
    (one) =>
      html`<li>${mark(v, one.what === "resolved" ? "ok" : one.what === "acknowledged" ? "info" : "warning")}<div><p><strong>${t.what[one.what]}</strong>${one.by ? html` <span class="soft">${one.by}</span>` : nothing}</p>${one.note ? html`<p class="message">${one.what === "escalated" ? v.t.told(one.note) : one.note}</p>` : nothing}</div><span class="soft when">${age(v, one.atMs)}</span></li>`,
  )}</ol>`;
}
