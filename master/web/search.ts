import type { Found } from "../../views/pages/search.ts";
import type { Viewing } from "../../views/viewing.ts";
import { type KindKey, kindKeys } from "../../wire/kinds.ts";
import type { SeenDeps } from "./deps.ts";

/** What runs comes before what it is made from. */
const order: readonly KindKey[] = [
  ...new Set<KindKey>(["pod", "deployment", "statefulset", "daemonset", "node", "service", ...kindKeys]),
];

/** The words of a search box. */
export function queryOf(v: Viewing): string {
  return (v.query.get("q") ?? "").trim().slice(0, 500);
}

/** Looks through all kinds within the scope: up to `perKind` objects of each that has any. */
export function search(v: Viewing, { datasource }: SeenDeps, q: string, perKind: number): Found[] {
  const found: Found[] = [];
  for (const kind of q === "" ? [] : order) {
    const page = datasource.list(kind, { ...v.scope, q, limit: perKind });
    if (page.total > 0) found.push({ kind, rows: page.items as Found["rows"], total: page.total });
  }
  return found;
}

/** The best `most` of what was found: of each kind in turn one more, those first whose names are nearest. */
export function best(found: readonly Found[], q: string, most: number): Found[] {
  const shares = found.map(() => 0);
  for (let left = most, before = -1; left > 0 && left !== before; ) {
    before = left;
    for (const [at, one] of found.entries())
      if (left > 0 && shares[at]! < one.rows.length) {
        shares[at]!++;
        left--;
      }
  }
  return found
    .map((one, at) => ({
      ...one,
      rows: [...one.rows].sort((a, b) => distance(a, q) - distance(b, q)).slice(0, shares[at]),
    }))
    .filter((one) => one.rows.length > 0);
}

/** How far a name is from what was typed: the name itself, begins with it, holds it, has it elsewhere. */
function distance(row: Found["rows"][number], q: string): number {
  const name = row.item.summary.name.toLowerCase();
  const at = name.indexOf(q.toLowerCase());
  return at < 0 ? 3 : at > 0 ? 2 : name.length > q.length ? 1 : 0;
}
