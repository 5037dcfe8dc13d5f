import { type Found, searchHead, searchResults } from "../../../views/pages/search.ts";
import { type KindKey, kindKeys } from "../../../wire/kinds.ts";
import type { Page } from "../page.ts";

const perKind = 8;

/** Looks through all kinds; what runs comes before what it is made from. */
const order: readonly KindKey[] = [
  ...new Set<KindKey>(["pod", "deployment", "statefulset", "daemonset", "node", "service", ...kindKeys]),
];

export const searchPage: Page = {
  path: "/search",
  topics: kindKeys,
  load({ v, deps }) {
    const q = (v.query.get("q") ?? "").trim().slice(0, 500);
    const found: Found[] = [];
    for (const kind of q === "" ? [] : order) {
      const page = deps.datasource.list(kind, { ...v.scope, q, limit: perKind });
      if (page.total > 0) found.push({ kind, rows: page.items as Found["rows"], total: page.total });
    }
    return {
      title: v.t.search.title,
      fragments: { head: searchHead(v, q), list: searchResults(v, q, found) },
    };
  },
};
