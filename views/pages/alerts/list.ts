import { type AlertView, type Muted, severities } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { ProblemView } from "../../model.ts";
import { empty } from "../../parts/empty.ts";
import { pageHref, withQuery } from "../../parts/links.ts";
import { badge, mark, state } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import { clusterName, manyClusters, type Viewing } from "../../viewing.ts";
import { absent, objectLink } from "../detail/blocks.ts";
import {
  type AlertForm,
  alertBadges,
  alertForm,
  alertsHead,
  alertText,
  hidden,
  wholeFault,
} from "./common.ts";

export interface AlertsData {
  alerts: readonly AlertView[];
  /** Of how many, and from which on these are. */
  total: number;
  from: number;
  muted(fingerprint: string): Muted | undefined;
  firing: number;
  /** Whether anybody is told of anything; undefined where the viewer may not know. */
  channels: number | undefined;
  mayAct(alert: AlertView): boolean;
}

/** On one page of the list. */
export const alertsPerPage = 100;
const states = ["firing", "pending", "resolved"] as const;

export const alertHref = (v: Viewing, one: Pick<AlertView, "fingerprint">): string =>
  pageHref(v, `/alerts/${one.fingerprint}`);

export function alertsPage(v: Viewing, data: AlertsData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "alerts", data.total, filters(v)),
    list: list(v, data, form),
  };
}

function filters(v: Viewing): Html {
  const t = v.t.alerts;
  const choice = (name: string, label: string, options: (readonly [string, string])[]) =>
    html`<select name="${name}" id="alerts-${name}" aria-label="${label}">${options.map(
      ([one, text]) =>
        html`<option value="${one}"${one === (v.query.get(name) ?? "") ? html` selected` : nothing}>${text}</option>`,
    )}</select>`;
  return html`<form class="filters" action="/alerts" method="get" hx-get="/alerts" hx-trigger="input delay:250ms, submit" hx-swap="none" hx-sync="this:replace" hx-indicator="#list">${[
    "cluster",
    "namespace",
    "rule",
  ].map((name) => (v.query.get(name) ? hidden(name, v.query.get(name)!) : nothing))}${choice(
    "state",
    t.stateFilter,
    [["", t.anyState], ...states.map((one) => [one, t.states[one]] as const)],
  )}${choice("severity", v.t.column.severity, [
    ["", t.anySeverity],
    ...severities.map((one) => [one, v.t.health[one]] as const),
  ])}<input type="search" name="q" id="filter" value="${v.query.get("q") ?? ""}" placeholder="${v.t.list.filter}" aria-label="${v.t.list.filter}" maxlength="100" autocomplete="off" spellcheck="false"><noscript><button class="button">${v.t.frame.apply}</button></noscript></form>`;
}

function list(v: Viewing, data: AlertsData, form?: AlertForm): Html {
  const t = v.t.alerts;
  const fault = wholeFault(v, form, form?.do ?? "", []);
  const channel =
    data.channels === 0
      ? html`<p class="banner-note" id="no-channel">${t.noChannel} <a href="${pageHref(v, "/alerts/channels")}">${t.addChannel}</a></p>`
      : nothing;
  if (data.alerts.length === 0) {
    const filtered = ["state", "severity", "rule", "q"].some((name) => v.query.get(name));
    const clear = withQuery("/alerts", new URLSearchParams(), v.scope);
    return html`<div id="list">${fault}${channel}${
      filtered
        ? empty(t.none, nothing, html`<a class="button" href="${clear}">${v.t.list.clear}</a>`)
        : empty(
            t.quiet,
            t.quietHow,
            html`<a class="button" href="${pageHref(v, "/alerts/history")}">${t.past.link}</a>`,
          )
    }</div>`;
  }
  const many = manyClusters(v);
  return html`<div id="list">${fault}${channel}<table class="list"><thead><tr><th scope="col">${t.alert}</th><th scope="col">${v.t.column.object}</th>${
    many ? html`<th scope="col" class="p2">${v.t.column.cluster}</th>` : nothing
  }<th scope="col">${v.t.column.why}</th><th scope="col">${t.who}</th><th scope="col" class="right">${t.since}</th></tr></thead><tbody>${data.alerts.map((one) => row(v, one, data, many))}</tbody></table>${pager(v, data)}</div>`;
}

function pager(v: Viewing, { alerts, total, from }: AlertsData): Content {
  if (total <= alerts.length) return nothing;
  const to = from + alerts.length;
  const link = (label: string, target: number, there: boolean) =>
    there
      ? html`<a class="button" href="${withQuery(v.path, v.query, { from: target > 0 ? target + 1 : undefined })}" hx-boost="swap:none" data-top hx-indicator="#list">${label}</a>`
      : html`<span class="button" aria-disabled="true">${label}</span>`;
  return html`<nav class="pager" aria-label="${v.t.list.pages}"><span>${v.t.list.range(from + 1, to, total)}</span>${link(v.t.list.previous, Math.max(0, from - alertsPerPage), from > 0)}${link(v.t.list.next, to, to < total)}</nav>`;
}

/** How bad it is while it lasts; what is pending or over is quiet. */
export const healthOf = (one: AlertView) =>
  one.state === "firing" ? one.severity : one.state === "pending" ? "info" : "ok";

function row(v: Viewing, one: AlertView, data: AlertsData, many: boolean): Html {
  const t = v.t.alerts;
  const href = alertHref(v, one);
  const muted = data.muted(one.fingerprint);
  const acts = one.state === "firing" && !one.ack && data.mayAct(one);
  return html`<tr id="a${one.fingerprint}" data-href="${href}" data-name="${one.name}"><td class="name a"><a href="${href}">${state(v, healthOf(one), one.name)}</a>${
    one.state === "firing" ? nothing : html` ${badge(t.states[one.state])}`
  }</td><td class="object c">${alertObject(v, one)}${one.namespace ? html` <span class="soft small">${one.namespace}</span>` : nothing}</td>${
    many ? html`<td class="p2">${clusterName(v, one.cluster)}</td>` : nothing
  }<td class="grow"><span title="${alertText(v, one)}">${alertText(v, one)}</span>${alertBadges(v, { ...one, ack: undefined } as AlertView, muted)}</td><td class="d">${
    one.ack
      ? html`<span title="${one.ack.note}">${one.ack.by}</span>`
      : acts
        ? alertForm(
            v,
            "alerts",
            "acknowledge",
            html`${hidden("id", one.fingerprint)}${hidden("back", withQuery(v.path, v.query, {}))}<button class="button">${t.acknowledge}</button>`,
            "inline",
          )
        : nothing
  }</td><td class="right b">${age(v, one.state === "resolved" ? (one.resolvedMs ?? 0) : one.sinceMs)}</td></tr>`;
}

export function alertObject(
  v: Viewing,
  one: Pick<AlertView, "kind" | "cluster" | "namespace" | "object">,
): Content {
  return one.kind === "Cluster"
    ? html`<a class="mono" href="${pageHref(v, "/", { cluster: one.cluster })}">${clusterName(v, one.cluster)}</a>`
    : html`${objectLink(v, one.cluster, { kind: one.kind, namespace: one.namespace, name: one.object })} <span class="soft small">${one.kind}</span>`;
}

const mostOnOverview = 8;

/** The same for an object's alerts and its problem. */
export const placeOfProblem = ({
  cluster,
  kind,
  namespace,
  name,
}: Pick<ProblemView, "cluster" | "kind" | "namespace" | "name">): string =>
  kind === "Cluster" ? `${cluster}/${kind}` : `${cluster}/${kind}/${namespace}/${name}`;
export const placeOfAlert = (one: AlertView): string => placeOfProblem({ ...one, name: one.object });

/** What fires, since when, who has it, and what changed just before, for the overview. */
export function firingPart(v: Viewing, alerts: readonly AlertView[], problems: readonly ProblemView[]): Html {
  if (alerts.length === 0) return absent("firing");
  const t = v.t.alerts;
  const all = pageHref(v, "/alerts", { state: "firing" });
  const changes = new Map(problems.map((one) => [placeOfProblem(one), one.changedBefore]));
  // What stands above with its object is not said again.
  const what = (one: AlertView) =>
    changes.has(placeOfAlert(one)) ? nothing : html`<p class="before">${alertText(v, one)}</p>`;
  const before = (one: AlertView) => {
    const changed = changes.get(placeOfAlert(one));
    return changed
      ? html`<p class="before soft">${v.t.detail.changedBefore} ${v.t.told(changed)}</p>`
      : nothing;
  };
  return html`<section id="firing" class="panel" aria-label="${t.title}"><h2><a href="${all}">${t.firingNow(alerts.length)}</a></h2><ul class="firing">${alerts
    .slice(0, mostOnOverview)
    .map(
      (one) =>
        html`<li>${mark(v, one.severity)}<a href="${alertHref(v, one)}">${one.name}</a> <span>${alertObject(v, one)}</span> <span class="soft">${
          one.ack ? t.takenBy(one.ack.by) : nothing
        } ${age(v, one.sinceMs)}</span>${what(one)}${before(one)}</li>`,
    )}</ul>${alerts.length > mostOnOverview ? html`<p class="more"><a href="${all}">${t.allAlerts(alerts.length)}</a></p>` : nothing}</section>`;
}
