import type { ItemOf, KindKey } from "../../wire/kinds.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import type { ListQuery, Page, Row } from "../model.ts";
import type { Text } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";
import { dotsHead } from "./dots.ts";
import { withQuery } from "./links.ts";
import { tableRow } from "./row.ts";
import { icon } from "./svg.ts";

/** A column of a list. Cells get the row and give text or markup. */
export interface Column<T> {
  /** The datasource's name for sorting by it, unless `sort` is false. */
  key: string;
  label: keyof Text["column"];
  cell(row: Row<T>, v: Viewing): Content;
  sort?: false;
  /** Right-aligned, and sorted largest first at the first click. */
  numeric?: boolean;
  /** Classes of the cell: `name`, `mono`, `grow` (takes what is left), `usage`. */
  className?: string;
  /** 2 goes below 1100 px of width, 3 below 1500. */
  priority?: 2 | 3;
  /** Its place on a phone's card: line 1 left (a) and right (b), line 2 left (c) and right (d). */
  card?: "a" | "b" | "c" | "d";
  /**
   * The cell is the same for as long as the object, its health, state and why are, to everybody with the same
   * language and scope: it is drawn once. Nothing of time, of usage or of other objects may be in it.
   */
  steady?: true;
  /** Left out where this says no. */
  when?(v: Viewing): boolean;
}

export interface List<K extends KindKey> {
  kind: K;
  columns: Column<ItemOf[K]>[];
}

export const pageSize = 100;
export const statuses = ["attention", "critical", "warning", "unknown", "info", "ok"] as const;

/** What a list page's URL asks for. Anything that makes no sense counts as not said. */
export function listQuery(v: Viewing): ListQuery {
  const text = (name: string) => v.query.get(name)?.slice(0, 500) || undefined;
  const offset = Number(v.query.get("from") ?? 1) - 1;
  return {
    cluster: v.scope.cluster,
    namespace: v.scope.namespace,
    node: text("node"),
    status: text("status"),
    q: text("q"),
    sort: text("sort"),
    limit: pageSize,
    offset: Number.isInteger(offset) && offset > 0 && offset < 1e7 ? offset : 0,
  };
}

/** The head of a list page: title, how many, filters, and tabs where kinds share a page. */
export function listHead(v: Viewing, title: string, page: Page<unknown>, tabs: Content = nothing): Html {
  return html`<header id="head" class="head"><h1>${title}</h1>
<p class="count">${v.t.list.count(page.total)}${
    page.attention > 0
      ? html` · <a href="${withQuery(v.path, v.query, { status: "attention", from: undefined })}" hx-boost="swap:none"><strong data-glow>${v.t.list.attention(page.attention)}</strong></a>`
      : nothing
  }</p>${filters(v)}${tabs}</header>`;
}

function filters(v: Viewing): Html {
  const status = v.query.get("status") ?? "";
  const option = (value: string, label: string) =>
    html`<option value="${value}"${value === status ? html` selected` : nothing}>${label}</option>`;
  const known = status === "" || (statuses as readonly string[]).includes(status);
  return html`<form class="filters" action="${v.path}" method="get" hx-get="${v.path}" hx-trigger="input delay:200ms, submit" hx-swap="none" hx-sync="this:replace" hx-indicator="#list">
${["cluster", "namespace", "node", "sort"].map((name) =>
  v.query.get(name) ? html`<input type="hidden" name="${name}" value="${v.query.get(name)}">` : nothing,
)}<select name="status" aria-label="${v.t.list.status}" id="status">${option("", v.t.list.statusAll)}${option("attention", v.t.list.statusAttention)}${statuses.slice(1).map((one) => option(one, v.t.health[one as keyof Text["health"]]))}${known ? nothing : option(status, status)}</select>
<input type="search" name="q" id="filter" value="${v.query.get("q") ?? ""}" placeholder="${v.t.list.filter}" aria-label="${v.t.list.filter}" title="${v.t.list.filterHint} (f)" autocomplete="off" spellcheck="false">
</form>`;
}

/** The table of a list with its pager, or what stands there when it is empty. */
export function listTable<K extends KindKey>(
  v: Viewing,
  list: List<K>,
  page: Page<ItemOf[K]>,
  empty: () => Content,
): Html {
  if (page.items.length === 0)
    return html`<div id="list">${filtered(v) ? noMatch(v) : empty()}${page.total > 0 ? pager(v, page) : nothing}</div>`;
  const columns = list.columns.filter((column) => column.when?.(v) ?? true);
  return html`<div id="list"><table class="list"><thead><tr><th class="check p2"><span class="sr">${v.t.list.actions}</span></th>${columns.map((column) => heading(v, column))}${dotsHead(v)}</tr></thead>
<tbody>${page.items.map((row) => tableRow(v, list.kind, columns, row))}</tbody></table>${pager(v, page)}</div>`;
}

function heading<T>(v: Viewing, column: Column<T>): Html {
  const label = v.t.column[column.label];
  const classes = [column.numeric ? "right" : "", column.priority ? `p${column.priority}` : ""]
    .join(" ")
    .trim();
  if (column.sort === false) return html`<th class="${classes}" scope="col">${label}</th>`;
  const sort = v.query.get("sort") ?? "";
  const first = column.numeric ? `-${column.key}` : column.key;
  const second = column.numeric ? column.key : `-${column.key}`;
  const next = sort === first ? second : sort === second ? undefined : first;
  const direction = sort === column.key ? "ascending" : sort === `-${column.key}` ? "descending" : undefined;
  return html`<th class="${classes}" scope="col"${direction ? html` aria-sort="${direction}"` : nothing}><a href="${withQuery(v.path, v.query, { sort: next, from: undefined })}" hx-boost="swap:none" hx-indicator="#list" title="${next ? v.t.list.sortBy(label) : v.t.list.worstFirst}">${label}</a></th>`;
}

function pager(v: Viewing, page: Page<unknown>): Html {
  if (page.total <= pageSize && page.items.length === page.total) return nothing;
  const from = (listQuery(v).offset ?? 0) + 1;
  const to = from + page.items.length - 1;
  const link = (label: string, target: number, name: "previous" | "next", there: boolean) =>
    there
      ? html`<a class="button" id="pager-${name}" rel="${name === "next" ? "next" : "prev"}" href="${withQuery(v.path, v.query, { from: target > 1 ? target : undefined })}" hx-boost="swap:none" data-top hx-indicator="#list">${name === "previous" ? icon("previous") : nothing}${label}${name === "next" ? icon("next") : nothing}</a>`
      : html`<span class="button" aria-disabled="true">${name === "previous" ? icon("previous") : nothing}${label}${name === "next" ? icon("next") : nothing}</span>`;
  return html`<nav class="pager" aria-label="${v.t.list.pages}"><span>${page.items.length > 0 ? v.t.list.range(from, to, page.total) : v.t.list.count(page.total)}</span>${link(v.t.list.previous, Math.max(1, from - pageSize), "previous", from > 1)}${link(v.t.list.next, to + 1, "next", to < page.total)}</nav>`;
}

function filtered(v: Viewing): boolean {
  return ["q", "status", "node"].some((name) => v.query.get(name));
}

function noMatch(v: Viewing): Html {
  const clear = withQuery(v.path, v.query, {
    q: undefined,
    status: undefined,
    node: undefined,
    from: undefined,
  });
  return html`<div class="empty"><p>${v.t.list.none}</p><a class="button" href="${clear}">${v.t.list.clear}</a></div>`;
}
