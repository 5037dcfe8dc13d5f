import type { Content } from "../../views/html.ts";
import { emptyKind } from "../../views/parts/empty.ts";
import { folders } from "../../views/parts/links.ts";
import { type List, listHead, listQuery, listTable } from "../../views/parts/list.ts";
import type { NavKey } from "../../views/layout.ts";
import type { Viewing } from "../../views/viewing.ts";
import { type KindKey, kinds } from "../../wire/kinds.ts";
import type { Page, PageContext, Topic } from "./page.ts";

/** The page of a kind's list: head with filters, and the table. */
export function listPage<K extends KindKey>(
  list: List<K>,
  nav: NavKey,
  more: { topics?: readonly Topic[]; tabs?: (v: Viewing, ctx: PageContext) => Content } = {},
): Page {
  return {
    path: `/${folders[list.kind]}`,
    nav,
    topics: [list.kind, ...(more.topics ?? [])],
    load(ctx) {
      const { v, deps } = ctx;
      const query = listQuery(v);
      // Nodes and namespaces are in no namespace: the scope must not hide them.
      if (!kinds[list.kind].namespaced) query.namespace = undefined;
      const page = deps.datasource.list(list.kind, query);
      const title = v.t.kind[list.kind];
      return {
        title: page.attention > 0 ? `(${page.attention}) ${title}` : title,
        fragments: {
          head: listHead(v, title, page, more.tabs?.(v, ctx)),
          list: listTable(v, list, page, () => emptyKind(v, list.kind)),
        },
      };
    },
  };
}
