import { execution } from "../fault.ts";
import type { Labels } from "../names.ts";

/** The moments that an expression is evaluated at. */
export interface Grid {
  startMs: number;
  stepMs: number;
  count: number;
}

/** One series of a vector over all moments. NaN is a value like others, so whether there is one is told apart. */
export interface Row {
  labels: Labels;
  values: Float64Array;
  has: Uint8Array;
}

export type Value =
  | { type: "scalar"; values: Float64Array }
  | { type: "string"; value: string }
  | { type: "vector"; rows: Row[] };

/** So many rows are looked at between two pauses, where their values are not. */
const fewRows = 256;

/** Makes one row of each, or none, with a pause after some; `weight` is how much there is to do beside the values. */
export function* eachRow(
  rows: readonly Row[],
  make: (row: Row) => Row | undefined,
  weight = 100,
): Generator<void, Row[]> {
  const made: Row[] = [];
  let work = 0;
  for (const row of rows) {
    const one = make(row);
    if (one) made.push(one);
    work += weight + row.values.length;
    if (work < 20_000) continue;
    work = 0;
    yield;
  }
  return made;
}

export const emptyRow = (labels: Labels, count: number): Row => ({
  labels,
  values: new Float64Array(count),
  has: new Uint8Array(count),
});

/** Sets of labels that are the same have the same key. */
export function keyOf(labels: Labels): string {
  let key = "";
  for (const name in labels) key += `${name}\u0000${labels[name]}\u0001`;
  return key;
}

/** Labels in their order, without those that are empty. */
export function sorted(labels: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== "")
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export function keep(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

export function drop(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export const withoutName = (labels: Labels): Labels => drop(labels, ["__name__"]);

/**
 * Rows whose labels have come to be the same, as one: they may take turns. At one moment no two of them may have a
 * value.
 */
export function* unique(rows: readonly Row[]): Generator<void, Row[]> {
  const byKey = new Map<string, Row>();
  for (const [number, row] of rows.entries()) {
    if (number % fewRows === 0) yield;
    const key = keyOf(row.labels);
    const known = byKey.get(key);
    if (!known) {
      byKey.set(key, row);
      continue;
    }
    const merged = { ...known, values: known.values.slice(), has: known.has.slice() };
    for (let at = 0; at < row.has.length; at++) {
      if (!row.has[at]) continue;
      if (merged.has[at])
        throw execution(`vector cannot contain metrics with the same labelset: ${labelText(row.labels)}`);
      merged.has[at] = 1;
      merged.values[at] = row.values[at]!;
    }
    byKey.set(key, merged);
  }
  return [...byKey.values()];
}

export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(", ").slice(0, 500)}}`;
}
