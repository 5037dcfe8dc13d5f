import { searchHead, searchResults } from "../../../views/pages/search.ts";
import { kindKeys } from "../../../wire/kinds.ts";
import type { Page } from "../page.ts";
import { queryOf, search } from "../search.ts";

const perKind = 8;

/** Looks through all kinds. */
export const searchPage: Page = {
  path: "/search",
  topics: kindKeys,
  load({ v, deps }) {
    const q = queryOf(v);
    return {
      title: v.t.search.title,
      fragments: { head: searchHead(v, q), list: searchResults(v, q, search(v, deps, q, perKind)) },
    };
  },
};
