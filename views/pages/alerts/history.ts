import { type PastAlert, type PastPage, severities } from "../../alert-model.ts";
import { type Html, html, nothing } from "../../html.ts";
import { cursorPager } from "../../parts/cursor-pager.ts";
import { empty } from "../../parts/empty.ts";
import { formatDuration } from "../../parts/format.ts";
import { withQuery } from "../../parts/links.ts";
import { badge, mark } from "../../parts/state.ts";
import { minuteTime } from "../../parts/time.ts";
import { clusterName, manyClusters, type Viewing } from "../../viewing.ts";
import { alertsHead, hidden } from "./common.ts";
import { alertHref, alertObject } from "./list.ts";

const dayMs = 86_400_000;
/** How far back one looks; as long as history is kept. */
export const historyRanges = { "1d": dayMs, "7d": 7 * dayMs, "30d": 30 * dayMs, "90d": 90 * dayMs } as const;
export const usualRange = "7d";

const filterNames = ["severity", "rule", "q"];

/** What fired, also what is long over: what an on-call person reads in the morning. */
export function historyPage(v: Viewing, page: PastPage): Record<string, Html> {
  return { head: alertsHead(v, "history", undefined, filters(v)), list: list(v, page) };
}

function filters(v: Viewing): Html {
  const t = v.t.alerts;
  const choice = (name: string, label: string, options: (readonly [string, string])[], usual = "") =>
    html`<select name="${name}" id="history-${name}" aria-label="${label}">${options.map(
      ([one, text]) =>
        html`<option value="${one}"${one === (v.query.get(name) ?? usual) ? html` selected` : nothing}>${text}</option>`,
    )}</select>`;
  return html`<form class="filters" action="/alerts/history" method="get" hx-get="/alerts/history" hx-trigger="input delay:250ms, submit" hx-swap="none" hx-sync="this:replace" hx-indicator="#list">${[
    "cluster",
    "namespace",
    "rule",
  ].map((name) => (v.query.get(name) ? hidden(name, v.query.get(name)!) : nothing))}${choice(
    "range",
    t.past.range,
    Object.entries(t.past.ranges),
    usualRange,
  )}${choice("severity", v.t.column.severity, [
    ["", t.anySeverity],
    ...severities.map((one) => [one, v.t.health[one]] as const),
  ])}<input type="search" name="q" id="filter" value="${v.query.get("q") ?? ""}" placeholder="${v.t.list.filter}" aria-label="${v.t.list.filter}" maxlength="100" autocomplete="off" spellcheck="false"><noscript><button class="button">${v.t.frame.apply}</button></noscript></form>`;
}

function list(v: Viewing, { items, next }: PastPage): Html {
  const t = v.t.alerts;
  if (items.length === 0 && next === undefined) {
    const clear = withQuery("/alerts/history", new URLSearchParams(), v.scope);
    return html`<div id="list">${
      filterNames.some((name) => v.query.get(name))
        ? empty(t.none, nothing, html`<a class="button" href="${clear}">${v.t.list.clear}</a>`)
        : empty(t.past.nothing, t.past.nothingHow)
    }</div>`;
  }
  const many = manyClusters(v);
  return html`<div id="list"><table class="list"><thead><tr><th scope="col">${t.alert}</th><th scope="col">${v.t.column.object}</th>${
    many ? html`<th scope="col" class="p2">${v.t.column.cluster}</th>` : nothing
  }<th scope="col">${v.t.column.why}</th><th scope="col">${t.past.who}</th><th scope="col">${t.past.began}</th><th scope="col" class="right">${t.past.lasted}</th></tr></thead><tbody>${items.map((one) => row(v, one, many))}</tbody></table>${cursorPager(v, next, v.t.alerts.past)}</div>`;
}

function row(v: Viewing, one: PastAlert, many: boolean): Html {
  const { about, firedMs, resolvedMs, summary, takenBy } = one;
  const t = v.t.alerts;
  const href = alertHref(v, about);
  const known = v.clusters.some((one) => one.id === about.cluster);
  const cluster = known ? clusterName(v, about.cluster) : (about.labels.cluster ?? about.cluster);
  // What it is about stands beside it.
  const start = `${about.kind} ${about.object}: `;
  const said = v.t.told(summary.startsWith(start) ? summary.slice(start.length) : summary);
  const lasted = one.going
    ? badge(t.states.firing)
    : resolvedMs === undefined
      ? "–"
      : formatDuration(resolvedMs - firedMs);
  return html`<tr id="h${about.fingerprint}-${firedMs}" data-href="${href}" data-name="${about.name}"><td class="name a"><a href="${href}">${mark(v, about.severity)} ${about.name}</a></td><td class="object c">${alertObject(v, about)}${about.namespace ? html` <span class="soft small">${about.namespace}</span>` : nothing}</td>${
    many ? html`<td class="p2">${cluster}</td>` : nothing
  }<td class="grow"><span title="${said}">${said}</span></td><td>${takenBy ?? nothing}</td><td class="d">${minuteTime(firedMs)}</td><td class="right b">${lasted}</td></tr>`;
}
