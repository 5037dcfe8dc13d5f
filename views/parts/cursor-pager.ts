import { type Content, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { withQuery } from "./links.ts";
import { icon } from "./svg.ts";

/** To the newest and to older ones, for lists that are gone through by a cursor; nothing where all is on one page. */
export function cursorPager(
  v: Viewing,
  next: string | number | undefined,
  words: { newest: string; older: string },
): Content {
  const cursor = v.query.get("cursor");
  if (!cursor && next === undefined) return nothing;
  const link = (content: Content, to: string | number | undefined, there: boolean) =>
    there
      ? html`<a class="button" href="${withQuery(v.path, v.query, { cursor: to })}" hx-boost="swap:none" data-top hx-indicator="#list">${content}</a>`
      : html`<span class="button" aria-disabled="true">${content}</span>`;
  return html`<nav class="pager" aria-label="${v.t.list.pages}">${link(html`${icon("previous")}${words.newest}`, undefined, cursor !== null)}${link(html`${words.older}${icon("next")}`, next, next !== undefined)}</nav>`;
}
