import type { Guide } from "./guide.ts";
import { type ByteReader, type ByteWriter, CutShortError } from "./bytes.ts";
import { type Pen, planOf, readNumbers, type Source, writePlan } from "./numbers.ts";

/** One column of a tier above the raw one: for each row the figures of the samples that it stands for. */
export interface Figures {
  min: Float64Array;
  max: Float64Array;
  avg: Float64Array;
  last: Float64Array;
  /** How many samples; 0 where there is none, and the others NaN. */
  count: Float64Array;
}

/** A column taken apart: which rows have a value, and lists that are as long as these are many. */
export interface Parts {
  /** Rows with and without a value by turns; none at all where every row has one. */
  runs: number[];
  lists: Float64Array[];
}

/** What kinds of columns there are, and what they are taken apart into. */
export interface Kind<C> {
  apart(column: C): Parts;
  together(rows: number, runs: readonly number[], lists: readonly Float64Array[]): C;
  /** How many lists, and the first so many where only means are wanted. */
  lists: number;
  meanLists: number;
  /** What resembles each list in a column that goes the other way: the least is the other's greatest, times -1. */
  opposite: readonly Likeness[];
}

interface Likeness {
  list: number;
  by: 1 | -1;
}

export const rawKind: Kind<Float64Array> = {
  apart(values) {
    return { runs: runsOf(values), lists: [present(values)] };
  },
  together: (rows, runs, [values]) => spread(rows, runs, values!, Number.NaN),
  lists: 1,
  meanLists: 1,
  opposite: [{ list: 0, by: -1 }],
};

/** The average as it is, the others by what they differ from it: of a column that stands still they are all zero. */
export const figuresKind: Kind<Figures> = {
  apart({ min, max, avg, last, count }) {
    const mean = present(avg);
    const less = (values: Float64Array) => present(values).map((one, at) => one - mean[at]!);
    return {
      runs: runsOf(avg),
      lists: [mean, count.filter((_, row) => !Number.isNaN(avg[row]!)), less(min), less(max), less(last)],
    };
  },
  together(rows, runs, [mean, counts, ...less]) {
    const avg = spread(rows, runs, mean!, Number.NaN);
    const count = spread(rows, runs, counts!, 0);
    // Most charts draw nothing but the mean: the others are not read then.
    const [min = avg, max = avg, last = avg] = less.map((one) =>
      spread(
        rows,
        runs,
        one.map((by, at) => mean![at]! + by),
        Number.NaN,
      ),
    );
    return { min, max, avg, last, count };
  },
  lists: 5,
  meanLists: 2,
  opposite: [
    { list: 0, by: -1 },
    { list: 1, by: 1 },
    { list: 3, by: -1 },
    { list: 2, by: -1 },
    { list: 4, by: -1 },
  ],
};

function present(values: Float64Array): Float64Array {
  return values.some(Number.isNaN) ? values.filter((value) => !Number.isNaN(value)) : values;
}

export function runsOf(values: Float64Array): number[] {
  const runs: number[] = [];
  let has = true;
  let run = 0;
  for (const value of values) {
    if (Number.isNaN(value) === has) {
      runs.push(run);
      run = 0;
      has = !has;
    }
    run++;
  }
  return runs;
}

/** Puts a list's numbers in the rows that have one, and `nothing` in the others. */
export function spread(
  rows: number,
  runs: readonly number[],
  list: Float64Array,
  nothing: number,
): Float64Array {
  if (runs.length === 0) return list;
  const values = new Float64Array(rows).fill(nothing);
  let at = 0;
  let taken = 0;
  for (let number = 0; number <= runs.length; number++) {
    const end = number === runs.length ? rows : at + runs[number]!;
    if (number % 2 === 0) {
      values.set(list.subarray(taken, taken + end - at), at);
      taken += end - at;
    }
    at = end;
  }
  return values;
}

export function writeRuns(to: ByteWriter, runs: readonly number[]): void {
  to.varint(runs.length);
  for (const one of runs) to.varint(one);
}

/** And how many rows have a value. */
export function readRuns(from: ByteReader, rows: number): { runs: number[]; count: number } {
  const length = from.varint();
  if (length > rows + 1) throw new CutShortError("more values than rows");
  const runs = Array.from({ length }, () => from.varint());
  let at = 0;
  let count = 0;
  for (const [number, run] of runs.entries()) {
    at += run;
    if (number % 2 === 0) count += run;
  }
  if (at > rows) throw new CutShortError("more values than rows");
  return { runs, count: runs.length % 2 === 0 ? count + rows - at : count };
}

/** Ways of a list (numbers.ts) that say what it differs from that of another column, or from its opposite. */
const likeOther = 61;
const unlikeOther = 62;
/** What saying so costs, in bits. */
const sayingSo = 16;

export function writeParts<C>(kind: Kind<C>, to: Pen, { runs, lists }: Parts, guide?: Guide): void {
  writeRuns(to.bytes, runs);
  for (const [at, list] of lists.entries()) {
    if (list.length === 0) continue;
    const own = planOf(list);
    if (guide && own.cost > sayingSo) {
      const { list: other, by } = likenessOf(kind, at, guide.unlike);
      const theirs = guide.lists[other]!;
      const related = planOf(list.map((one, row) => one - by * theirs[row]!));
      if (related.cost + sayingSo < own.cost) {
        to.bytes.varint(guide.unlike ? unlikeOther : likeOther);
        to.bytes.varint(guide.back);
        writePlan(to, related);
        continue;
      }
    }
    writePlan(to, own);
  }
}

const likenessOf = <C>({ opposite }: Kind<C>, at: number, unlike: boolean): Likeness =>
  unlike ? opposite[at]! : { list: at, by: 1 };

/** Reads the lists of a column; `listsBack` gives those of the column so many before it. */
export function readParts<C>(
  kind: Kind<C>,
  from: Source,
  rows: number,
  mean: boolean,
  listsBack: (back: number) => readonly Float64Array[],
): Parts {
  const { runs, count } = readRuns(from.bytes, rows);
  const lists: Float64Array[] = [];
  for (let at = 0; at < (mean ? kind.meanLists : kind.lists); at++)
    lists.push(count === 0 ? new Float64Array(0) : readList(kind, from, count, at, listsBack));
  return { runs, lists };
}

function readList<C>(
  kind: Kind<C>,
  from: Source,
  count: number,
  at: number,
  listsBack: (back: number) => readonly Float64Array[],
): Float64Array {
  const way = from.bytes.varint();
  if (way !== likeOther && way !== unlikeOther) return readNumbers(from, count, way);
  const { list: other, by } = likenessOf(kind, at, way === unlikeOther);
  const theirs = listsBack(from.bytes.varint())[other];
  const list = readNumbers(from, count);
  if (theirs?.length !== count) throw new CutShortError("a column is written by one of another length");
  for (let row = 0; row < count; row++) list[row]! += by * theirs[row]!;
  return list;
}
