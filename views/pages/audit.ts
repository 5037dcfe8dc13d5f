import { type Html, html, nothing } from "../html.ts";
import { cursorPager } from "../parts/cursor-pager.ts";
import { empty } from "../parts/empty.ts";
import { csrfField } from "../parts/form.ts";
import { badge, state } from "../parts/state.ts";
import { age } from "../parts/time.ts";
import { clusterName, type Viewing } from "../viewing.ts";
import { ranges } from "./events.ts";

export interface AuditItem {
  seq: number;
  at_ms: number;
  actor: { kind: "user" | "token" | "cluster" | "system" | "cli" | "nobody"; id?: string; name: string };
  address?: string;
  action: string;
  tenant?: string;
  cluster?: string;
  namespace?: string;
  object?: string;
  result: "ok" | "refused" | "failed";
  detail?: Record<string, unknown>;
  hash: string;
}
export interface AuditPage {
  items: readonly AuditItem[];
  next?: number;
}
export interface Verified {
  atMs: number;
  end: { seq: number };
  fault?: { seq: number; what: string };
}

const filters = ["q", "actor", "action", "result", "range"];

export function auditHead(v: Viewing, exportHref: string): Html {
  const { t } = v;
  const value = (name: string) => v.query.get(name) ?? "";
  const choice = (name: string, label: string, options: [string, string][]) => {
    const known = options.some(([one]) => one === value(name));
    return html`<select name="${name}" id="audit-${name}" aria-label="${label}">${options.map(
      ([one, text]) =>
        html`<option value="${one}"${one === value(name) ? html` selected` : nothing}>${text}</option>`,
    )}${known ? nothing : html`<option value="${value(name)}" selected>${value(name)}</option>`}</select>`;
  };
  return html`<header id="head" class="head"><h1>${t.audit.title}</h1>
<form class="filters" action="/audit" method="get" hx-get="/audit" hx-trigger="input delay:250ms, submit" hx-swap="none" hx-sync="this:replace" hx-indicator="#list">${[
    "cluster",
    "namespace",
  ].map((name) =>
    v.query.get(name) ? html`<input type="hidden" name="${name}" value="${v.query.get(name)}">` : nothing,
  )}
<input type="search" name="actor" id="audit-actor" value="${value("actor")}" placeholder="${t.audit.who}" aria-label="${t.audit.who}" autocomplete="off" spellcheck="false">
${choice("action", t.audit.what, [["", t.audit.anything], ...Object.entries(t.audit.areas)])}
${choice("result", t.audit.result, [["", t.audit.anyResult], ...Object.entries(t.audit.results)])}
${choice("range", t.events.range, Object.entries(t.events.ranges))}
<input type="search" name="q" id="filter" value="${value("q")}" placeholder="${t.list.filter}" aria-label="${t.list.filter}" title="${t.audit.search}" autocomplete="off" spellcheck="false">
<a class="button" href="${exportHref}" download="atlhyper-audit.jsonl" title="${t.audit.exportHow}">${t.audit.export}</a></form></header>`;
}

/** Whether the chain holds, as of when, and how to look again. */
export function auditVerified(v: Viewing, last: Verified | undefined): Html {
  const { t } = v;
  const said = !last
    ? html`<p class="soft">${t.audit.notVerified}</p>`
    : last.fault
      ? html`<p class="fault" role="alert">${state(v, "critical", t.audit.broken(last.fault.seq, last.fault.what))} · ${age(v, last.atMs)}</p><p class="soft">${t.audit.brokenHow}</p>`
      : html`<p class="soft">${last.end.seq === 0 ? t.audit.verifiedEmpty : t.audit.verified(last.end.seq)} · ${age(v, last.atMs)}</p>`;
  return html`<div id="verified" class="verified"><div>${said}</div><form method="post" action="/audit">${csrfField(v.csrf)}<input type="hidden" name="do" value="verify"><button class="button">${t.audit.verify}</button></form></div>`;
}

export function auditTable(v: Viewing, page: AuditPage): Html {
  const { t } = v;
  if (page.items.length === 0) {
    const filtered = v.scope.cluster !== undefined || filters.some((name) => v.query.get(name));
    const clear = html`<a class="button" href="/audit">${t.list.clear}</a>`;
    return html`<div id="list">${filtered ? empty(t.audit.none, nothing, clear) : empty(t.audit.nothing, t.audit.nothingHow)}${cursorPager(v, page.next, v.t.events)}</div>`;
  }
  return html`<div id="list"><table class="list audit"><thead><tr><th scope="col">${t.audit.what}</th><th scope="col">${t.audit.who}</th><th scope="col">${t.audit.object}</th><th scope="col" class="p2">${t.column.cluster}</th><th scope="col" class="p2">${t.audit.from}</th><th scope="col" class="right">${t.audit.when}</th></tr></thead><tbody>${page.items.map((one) => row(v, one))}</tbody></table>${cursorPager(v, page.next, v.t.events)}</div>`;
}

const health = { ok: "ok", refused: "warning", failed: "critical" } as const;

function row(v: Viewing, one: AuditItem): Html {
  const { t } = v;
  const { kind, name } = one.actor;
  const results =
    one.result === "ok" ? nothing : html` ${badge(t.audit.results[one.result], health[one.result])}`;
  const where = one.cluster === undefined ? nothing : clusterName(v, one.cluster);
  return html`<tr id="audit-${one.seq}"><td class="name a">${state(v, health[one.result], one.action)}${results}</td><td class="b">${name || t.audit.kinds[kind]}${kind === "user" || name === "" ? nothing : html` ${badge(t.audit.kinds[kind])}`}</td><td class="grow c">${one.object} <details id="audit-more-${one.seq}"><summary class="soft">${t.audit.entry(one.seq)}</summary><pre tabindex="0"><code>${JSON.stringify(one, null, 2)}</code></pre></details></td><td class="p2">${where}${one.namespace ? html` <span class="soft">${one.namespace}</span>` : nothing}</td><td class="p2 mono">${one.address}</td><td class="right d">${age(v, one.at_ms)}</td></tr>`;
}

/** The time range that the page's URL names; undefined for any time. */
export function rangeOf(v: Viewing): number | undefined {
  return ranges[v.query.get("range") as keyof typeof ranges];
}
