import type { Grouping } from "../language/expression.ts";
import type { Labels } from "../names.ts";
import { drop, eachRow, emptyRow, keep, keyOf, type Row } from "./rows.ts";
import type { Budget } from "./source.ts";
import { quantile, Spread, Sum } from "./sums.ts";

/** What comes of the values of one group at one moment. */
type Fold = (values: Float64Array, param: number) => number;

const folds: Readonly<Record<string, Fold>> = {
  sum: sumOf,
  avg: (values) => sumOf(values) / values.length,
  min: (values) => extreme(values, (value, known) => value < known),
  max: (values) => extreme(values, (value, known) => value > known),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(varianceOf(values)),
  stdvar: varianceOf,
  quantile: (values, share) => quantile(share, values),
};

/** Values between two pauses. */
const slice = 50_000;

export function* aggregate(
  op: string,
  rows: readonly Row[],
  grouping: Grouping,
  param: Float64Array | undefined,
  budget: Budget,
): Generator<void, Row[]> {
  const groups = yield* groupsOf(rows, grouping);
  const found: Row[] = [];
  const count = rows[0]?.values.length ?? 0;
  const fold = folds[op];
  for (const { labels, members } of groups) {
    if (!fold) found.push(...(yield* highest(members, param!, op === "bottomk")));
    else {
      budget.takeValues(count);
      found.push(yield* folded(fold, emptyRow(labels, count), members, param));
    }
  }
  return fold ? found : byFirst(found, op === "bottomk");
}

function* groupsOf(rows: readonly Row[], { without, labels }: Grouping) {
  const groups = new Map<string, { labels: Labels; members: Row[] }>();
  yield* eachRow(rows, (row) => {
    const of = without ? drop(row.labels, [...labels, "__name__"]) : keep(row.labels, labels);
    const key = keyOf(of);
    const group = groups.get(key);
    if (group) group.members.push(row);
    else groups.set(key, { labels: of, members: [row] });
    return undefined;
  });
  return groups.values();
}

function* folded(
  fold: Fold,
  into: Row,
  members: readonly Row[],
  param: Float64Array | undefined,
): Generator<void, Row> {
  const values = new Float64Array(members.length);
  let work = 0;
  for (let step = 0; step < into.values.length; step++) {
    let length = 0;
    for (const { has, values: of } of members) if (has[step]) values[length++] = of[step]!;
    work += members.length;
    if (work > slice) {
      work = 0;
      yield;
    }
    if (length === 0) continue;
    into.has[step] = 1;
    into.values[step] = fold(values.subarray(0, length), param ? param[step]! : Number.NaN);
  }
  return into;
}

/** The rows of a group, each with its values only where they are among the highest, or the lowest. */
function* highest(members: readonly Row[], most: Float64Array, lowest: boolean): Generator<void, Row[]> {
  const chosen = members.map(({ labels, values }) => ({
    labels,
    values,
    has: new Uint8Array(values.length),
  }));
  let work = 0;
  for (let step = 0; step < most.length; step++) {
    const there: number[] = [];
    for (const [at, { has }] of members.entries()) if (has[step]) there.push(at);
    const limit = Math.trunc(most[step]!);
    if (limit < there.length)
      there.sort((a, b) => order(members[a]!.values[step]!, members[b]!.values[step]!, lowest));
    for (const at of there.slice(0, Math.max(0, limit || 0))) chosen[at]!.has[step] = 1;
    work += members.length * 8;
    if (work > slice) {
      work = 0;
      yield;
    }
  }
  return chosen.filter(({ has }) => has.includes(1));
}

/** As Prometheus sorts what it answers for one moment; with several it has no meaning. */
function byFirst(rows: Row[], lowest: boolean): Row[] {
  return rows.sort((a, b) => order(a.values[0]!, b.values[0]!, lowest));
}

/** What is no number comes last. */
export function order(a: number, b: number, ascending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return ascending ? a - b : b - a;
}

function sumOf(values: Float64Array): number {
  const sum = new Sum();
  for (const value of values) sum.add(value);
  return sum.value;
}

function varianceOf(values: Float64Array): number {
  const spread = new Spread();
  for (const value of values) spread.add(value);
  return spread.variance;
}

function extreme(values: Float64Array, beats: (value: number, known: number) => boolean): number {
  let known = values[0]!;
  for (const value of values) if (beats(value, known) || Number.isNaN(known)) known = value;
  return known;
}
