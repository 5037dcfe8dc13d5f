import type { Entry } from "./entry.ts";

export type Compare = (a: Entry, b: Entry) => number;

export function byValue(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What makes every order total: the name, then where it is. */
export const byName: Compare = (a, b) =>
  byValue(a.name, b.name) || byValue(a.cluster, b.cluster) || byValue(a.key, b.key);

/** Worst first, then the newest change, then the name. */
export const worstFirst: Compare = (a, b) => a.rank - b.rank || b.sinceMs - a.sinceMs || byName(a, b);

/** Two sorted lists as one; both stay as they are. */
export function merge(left: readonly Entry[], right: readonly Entry[], compare: Compare): Entry[] {
  const merged = new Array<Entry>(left.length + right.length);
  let l = 0;
  let r = 0;
  for (let at = 0; at < merged.length; at++) {
    if (r >= right.length || (l < left.length && compare(left[l]!, right[r]!) <= 0)) merged[at] = left[l++]!;
    else merged[at] = right[r++]!;
  }
  return merged;
}
