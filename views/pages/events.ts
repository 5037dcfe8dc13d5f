import { type Content, type Html, html, nothing } from "../html.ts";
import type { EventPage, StoredEvent } from "../event-model.ts";
import { cursorPager } from "../parts/cursor-pager.ts";
import { empty } from "../parts/empty.ts";
import { formatCount } from "../parts/format.ts";
import { kindHref, withQuery } from "../parts/links.ts";
import { momentWords, parseInterval } from "../parts/moment.ts";
import { badge, state } from "../parts/state.ts";
import { age } from "../parts/time.ts";
import { clusterName, manyClusters, type Viewing } from "../viewing.ts";

export const ranges = { "1h": 3_600_000, "6h": 21_600_000, "24h": 86_400_000, "7d": 604_800_000 };

/** Kinds that events are mostly about; others can stand in the URL. */
const kindChoices = [
  "Pod",
  "Node",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
  "Service",
  "PersistentVolumeClaim",
  "HorizontalPodAutoscaler",
];

export function eventsHead(v: Viewing, page: EventPage): Html {
  const { t } = v;
  const value = (name: string) => v.query.get(name) ?? "";
  const choice = (name: string, label: string, options: [string, string][]) => {
    const known = options.some(([one]) => one === value(name));
    return html`<select name="${name}" id="events-${name}" aria-label="${label}">${options.map(
      ([one, text]) =>
        html`<option value="${one}"${one === value(name) ? html` selected` : nothing}>${text}</option>`,
    )}${known ? nothing : html`<option value="${value(name)}" selected>${value(name)}</option>`}</select>`;
  };
  return html`<header id="head" class="head"><h1>${t.events.title}</h1><p class="count">${page.more ? t.events.more(page.total) : formatCount(page.total)}</p>
<form class="filters" action="/events" method="get" hx-get="/events" hx-trigger="input delay:250ms, submit" hx-swap="none" hx-sync="this:replace" hx-indicator="#list">${[
    "cluster",
    "namespace",
    "node",
    "name",
  ].map((name) =>
    v.query.get(name) ? html`<input type="hidden" name="${name}" value="${v.query.get(name)}">` : nothing,
  )}
<label class="tick"><input type="checkbox" name="open" value="1"${value("open") ? html` checked` : nothing}>${t.events.onlyOpen}</label>
${choice("severity", t.column.severity, [
  ["", t.events.severityAny],
  ["critical", t.health.critical],
  ["warning", t.health.warning],
  ["info", t.health.info],
])}
${choice("kind", t.column.type, [["", t.events.kindAny], ...kindChoices.map((one): [string, string] => [one, one])])}
${choice("range", t.events.range, [...Object.entries(t.events.ranges), ...ownRange(value("range"))])}
<input type="search" name="q" id="filter" value="${value("q")}" placeholder="${t.list.filter}" aria-label="${t.list.filter}" title="${t.events.search}" autocomplete="off" spellcheck="false"></form></header>`;
}

/** A time with both its ends, as charts lead here with. */
function ownRange(value: string): [string, string][] {
  const interval = parseInterval(value);
  if (!interval) return [];
  return [[value, `${momentWords(interval.fromMs)} – ${momentWords(interval.toMs)}`]];
}

export function eventsTable(v: Viewing, page: EventPage): Html {
  const { t } = v;
  if (page.items.length === 0) {
    const filtered = ["q", "severity", "kind", "range", "open", "node", "name"].some((name) =>
      v.query.get(name),
    );
    const clear = withQuery("/events", new URLSearchParams(), v.scope);
    return html`<div id="list">${filtered ? empty(t.events.none, nothing, html`<a class="button" href="${clear}">${t.list.clear}</a>`) : empty(t.events.nothing, t.events.nothingHow)}</div>`;
  }
  const many = manyClusters(v);
  const spaces = v.scope.namespace === undefined;
  return html`<div id="list"><table class="list"><thead><tr><th scope="col">${t.column.reason}</th><th scope="col">${t.column.object}</th>${many ? html`<th scope="col" class="p2">${t.column.cluster}</th>` : nothing}${spaces ? html`<th scope="col">${t.column.namespace}</th>` : nothing}<th scope="col">${t.column.message}</th><th scope="col" class="right p2">${t.column.count}</th><th scope="col" class="right">${t.column.last}</th></tr></thead><tbody>${page.items.map((one) => eventRow(v, one, many, spaces))}</tbody></table>${cursorPager(v, page.next, v.t.events)}</div>`;
}

function eventRow(v: Viewing, one: StoredEvent, many: boolean, spaces: boolean): Html {
  const href = kindHref(v, one.kind, one.cluster, one.namespace ?? "", one.name);
  const name = html`<span class="soft">${one.kind}</span> ${one.name}`;
  const message = v.t.told(one.message ?? "");
  const id = `e${Bun.hash.wyhash(`${one.cluster}/${one.id}`).toString(36)}`;
  return html`<tr id="${id}"${href ? html` data-href="${href}"` : nothing} data-name="${one.name}" data-kind="${one.kind}" data-namespace="${one.namespace ?? ""}"><td class="b">${severity(v, one)}</td><td class="name a">${href ? html`<a href="${href}">${name}</a>` : name}${
    one.container ? html` <span class="soft">· ${one.container}</span>` : nothing
  }</td>${many ? html`<td class="p2">${clusterName(v, one.cluster)}</td>` : nothing}${spaces ? html`<td>${one.namespace}</td>` : nothing}<td class="grow c"><span title="${message}">${message}</span></td><td class="right p2"><span data-glow>${(one.count ?? 1) > 1 ? v.t.events.times(one.count!) : nothing}</span></td><td class="right d">${age(v, one.ts_ms)}</td></tr>`;
}

/** An occurrence that is over keeps its words and loses its colour. */
function severity(v: Viewing, one: StoredEvent): Content {
  const over = one.resolved_ts_ms !== undefined;
  return html`${state(v, over ? "ok" : one.severity, one.reason)}${over ? html` ${badge(v.t.events.resolved)}` : nothing}`;
}
