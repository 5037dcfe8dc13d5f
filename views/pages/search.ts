import { type Content, type Html, html, nothing } from "../html.ts";
import type { Row } from "../model.ts";
import { empty } from "../parts/empty.ts";
import { folders, objectHref, pageHref } from "../parts/links.ts";
import { rowID } from "../parts/row.ts";
import { state } from "../parts/state.ts";
import { kinds, type KindKey } from "../../wire/kinds.ts";
import { clusterName, manyClusters, type Viewing } from "../viewing.ts";

export interface Found {
  kind: KindKey;
  rows: Row<{ summary: { name: string; namespace?: string } }>[];
  total: number;
}

export function searchHead(v: Viewing, query: string): Html {
  return html`<header id="head" class="head"><h1>${query ? v.t.search.results(query) : v.t.search.title}</h1></header>`;
}

/** A few of each kind, and the way to all of them. */
export function searchResults(v: Viewing, query: string, found: readonly Found[]): Html {
  if (query === "" || found.length === 0)
    return html`<div id="list">${empty(query === "" ? v.t.search.how : v.t.search.none, query === "" ? nothing : v.t.search.how)}</div>`;
  return html`<div id="list">${found.map((one) => group(v, query, one))}</div>`;
}

function group(v: Viewing, query: string, found: Found): Content {
  const { t } = v;
  const all = pageHref(v, `/${folders[found.kind]}`, { q: query });
  return html`<section class="group"><h2>${t.kind[found.kind]} ${found.total > found.rows.length ? html`<a class="small" href="${all}">${t.search.all(found.total)}</a>` : nothing}</h2><table class="list"><tbody>${found.rows.map(
    (row) => {
      const { name, namespace = "" } = row.item.summary;
      const href = objectHref(v, found.kind, row.cluster, namespace, name);
      return html`<tr id="${found.kind}-${rowID(row)}" data-href="${href}" data-kind="${kinds[found.kind].kind}" data-name="${name}" data-namespace="${namespace}"><td class="name a"><a href="${href}">${name}</a></td><td class="c">${namespace}</td>${manyClusters(v) ? html`<td class="p2">${clusterName(v, row.cluster)}</td>` : nothing}<td class="b">${state(v, row.health, row.state)}</td><td class="grow">${row.why && t.told(row.why)}</td></tr>`;
    },
  )}</tbody></table></section>`;
}
