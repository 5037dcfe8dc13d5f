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

/** How many of the first of sorted entries come before a place: for those, `before` is true. */
export function countBefore(sorted: readonly Entry[], before: (entry: Entry) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Sorted entries without those that went and with those that came; nothing is compared that did neither. `gone`
 * may name some that are not there.
 */
export function updated(
  sorted: readonly Entry[],
  gone: readonly Entry[],
  come: readonly Entry[],
  compare: Compare,
): Entry[] {
  const place = (entry: Entry) => countBefore(sorted, (other) => compare(other, entry) < 0);
  const without = new Set<number>();
  for (const entry of gone) {
    const at = place(entry);
    if (sorted[at] === entry) without.add(at);
  }
  const fresh = [...come].sort(compare);
  const places = fresh.map(place);
  const result = new Array<Entry>(sorted.length - without.size + fresh.length);
  let next = 0;
  let to = 0;
  for (let from = 0; from <= sorted.length; from++) {
    while (next < fresh.length && places[next] === from) result[to++] = fresh[next++]!;
    if (from < sorted.length && !without.has(from)) result[to++] = sorted[from]!;
  }
  return result;
}
