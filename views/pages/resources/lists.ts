import { type Html, html, nothing } from "../../html.ts";
import { empty } from "../../parts/empty.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { age } from "../../parts/time.ts";
import { clusterResources, kindResources, resourceHref } from "./address.ts";
import { problemPart, type Read } from "./object.ts";

export interface KindInfo {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  shortNames: string[];
}

export interface KindTable {
  namespaced: boolean;
  columns: { name: string; type: string; priority: number }[];
  rows: { cells: unknown[]; name: string; namespace: string; createdAt?: string }[];
  next?: string;
  remaining?: number;
}

/** Every kind of a cluster, by its API group. */
export function kindsPage(
  v: Viewing,
  cluster: string,
  read: Read<{ kinds: KindInfo[] }>,
): Record<string, Html> {
  const t = v.t.resources;
  const create = html`<a class="button" href="/create?cluster=${encodeURIComponent(cluster)}">${t.create}</a>`;
  const head = html`<header id="head" class="head"><h1>${t.title}</h1><p class="count">${t.of(clusterName(v, cluster))}</p><div class="commands">${v.can("ResourceApply", { cluster }) ? create : nothing}</div></header>`;
  if ("problem" in read) return { head, kinds: problemPart(v, "kinds", t.kinds, read) };
  const groups = new Map<string, KindInfo[]>();
  for (const one of read.data.kinds) groups.set(one.apiVersion, [...(groups.get(one.apiVersion) ?? []), one]);
  return {
    head,
    kinds: html`<div id="kinds" class="kinds">${[...groups].map(
      ([apiVersion, kinds]) =>
        html`<section class="panel"><h2 class="mono">${apiVersion}</h2><ul>${kinds
          .toSorted((a, b) => a.kind.localeCompare(b.kind))
          .map(
            (one) =>
              html`<li><a href="${kindResources(v, { cluster, ...one })}">${one.kind}</a>${one.shortNames.length > 0 ? html` <span class="soft small mono">${one.shortNames.join(", ")}</span>` : nothing}</li>`,
          )}</ul></section>`,
    )}</div>`,
  };
}

/** The objects of a kind, as the API server's own table shows them. */
export function kindPage(
  v: Viewing,
  one: { cluster: string; apiVersion: string; kind: string },
  read: Read<KindTable>,
): Record<string, Html> {
  const t = v.t.resources;
  const count = "data" in read ? read.data.rows.length + (read.data.remaining ?? 0) : undefined;
  const head = html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li><a href="${clusterResources(v, one.cluster)}">${t.title}</a></li><li>${clusterName(v, one.cluster)}</li><li class="mono">${one.apiVersion}</li></ol></nav><div class="title"><h1>${one.kind}</h1></div>${count === undefined ? nothing : html`<p class="count">${t.count(count)}</p>`}</header>`;
  if ("problem" in read) return { head, list: problemPart(v, "list", one.kind, read) };
  const { rows, columns, namespaced, next, remaining } = read.data;
  if (rows.length === 0) return { head, list: html`<div id="list">${empty(t.none)}</div>` };
  const shown = columns
    .map((column, at) => ({ ...column, at }))
    .filter((column) => column.priority === 0 && column.name !== "Age");
  const list = html`<div id="list"><table class="list any"><thead><tr>${namespaced ? html`<th scope="col">${v.t.column.namespace}</th>` : nothing}${shown.map((column) => html`<th scope="col">${column.name}</th>`)}<th scope="col" class="right">${t.age}</th></tr></thead><tbody>${rows.map(
    (row) => {
      const href = resourceHref(v, { ...one, namespace: row.namespace, name: row.name });
      return html`<tr data-href="${href}">${namespaced ? html`<td class="mono">${row.namespace}</td>` : nothing}${shown.map(
        ({ at, name }) =>
          html`<td class="${name === "Name" ? "name mono" : ""}">${name === "Name" ? html`<a href="${href}">${row.name}</a>` : cell(row.cells[at])}</td>`,
      )}<td class="right">${row.createdAt ? age(v, Date.parse(row.createdAt)) : nothing}</td></tr>`;
    },
  )}</tbody></table>${
    next
      ? html`<nav class="pager"><span>${remaining ? t.more(remaining) : nothing}</span><a class="button" rel="next" href="${kindResources(v, one, { continue: next })}">${t.next}</a></nav>`
      : nothing
  }</div>`;
  return { head, list };
}

const cell = (value: unknown): string =>
  value === null || value === undefined
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
