import { kinds } from "../../wire/kinds.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import type { Found } from "../pages/search.ts";
import { clusterName, manyClusters, type Viewing } from "../viewing.ts";
import { objectHref, pageHref } from "./links.ts";
import { mark } from "./state.ts";

/** What stands under the search box while one types: the best few of each kind, and the way to all of them. */
export function foundMenu(v: Viewing, query: string, found: readonly Found[]): Html {
  if (query === "") return nothing;
  const { t } = v;
  let at = 0;
  const option = (href: string, content: Content) =>
    html`<a role="option" id="found-${at++}" tabindex="-1" aria-selected="false" href="${href}">${content}</a>`;
  if (found.length === 0) return html`<p class="soft">${t.search.none}</p>`;
  return html`${found.map(
    (one) =>
      html`<div role="group" aria-label="${t.kind[one.kind]}"><p class="soft small" aria-hidden="true">${t.kind[one.kind]}</p>${one.rows.map(
        (row) => {
          const { name, namespace = "" } = row.item.summary;
          const where = [
            kinds[one.kind].namespaced && namespace,
            manyClusters(v) && clusterName(v, row.cluster),
          ];
          return option(
            objectHref(v, one.kind, row.cluster, namespace, name),
            html`${mark(v, row.health)}<span class="mono">${name}</span><span class="soft small">${where.filter(Boolean).join(" · ")}</span>`,
          );
        },
      )}</div>`,
  )}${option(pageHref(v, "/search", { q: query }), html`<span>${t.search.everything(query)}</span>`)}`;
}
