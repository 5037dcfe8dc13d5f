import { fromStored } from "./precision.ts";
import { before, type Of, type Piece, type Query } from "./query.ts";

/** Which of a coarser value's figures is wanted; of samples as they are all are the same. */
export type Figure = "last" | "min" | "max" | "avg";

/** A series as points in time, rising. */
export interface Points {
  /** In ms. What stands for a while is told at the end of it. */
  times: Float64Array;
  values: Float64Array;
  /** How many samples each value stands for; absent: one each. */
  counts?: Float64Array;
  /** How long a while each value stands for, in ms, 0 for samples as they are; absent: all are. */
  spans?: Float64Array;
}

/** What is to be read of a subject: columns that take turns are of one line, and lines are told by their keys. */
export interface PointsWanted<K> {
  lines: ReadonlyMap<number, K>;
  /** What the stored numbers of a column are multiples of. */
  step(id: number): number;
  range: { fromMs: number; toMs: number };
  figure: Figure;
  /** The tier to read where it reaches far enough back and forth. */
  tier: number;
}

/** Held at once, in some 130 MB: two days of 200 series as they came. */
export const mostPoints = 8_000_000;

/** Who asks has to ask for less. */
export class TooManyPointsError extends Error {}

/** Values between two pauses, where a block has more. */
const slice = 10_000;

/** Reads points block by block, pausing after each; gives those lines that have any. */
export function* readPoints<K>(
  query: Query,
  of: Of,
  { lines, step, range, figure, tier }: PointsWanted<K>,
): Generator<void, Map<K, Points>> {
  const found = new Map<K, Growing>();
  let work = 0;
  let held = 0;
  const mean = figure === "avg";
  for (const piece of query.pieces(of, new Set(lines.keys()), { ...range, mean }, tier)) {
    for (const [id, values, counts] of columnsOf(piece, figure)) {
      const key = lines.get(id);
      if (key === undefined) continue;
      let line = found.get(key);
      if (!line) {
        line = new Growing();
        found.set(key, line);
      }
      held -= line.length;
      take(line, piece, values, counts, step(id), range);
      held += line.length;
      if (held > mostPoints)
        throw new TooManyPointsError(`more than ${mostPoints} samples of one subject at once`);
      work += values.length;
      if (work < slice) continue;
      work = 0;
      yield;
    }
    yield;
  }
  return new Map(
    [...found].filter(([, line]) => line.length > 0).map(([key, line]) => [key, line.finish(figure)]),
  );
}

function* columnsOf(
  { raw, rolled }: Piece,
  figure: Figure,
): Generator<[id: number, values: Float64Array, counts?: Float64Array]> {
  if (raw) yield* raw.columns;
  for (const [id, figures] of rolled?.columns ?? []) yield [id, figures[figure], figures.count];
}

function take(
  line: Growing,
  { start, until, raw, rolled }: Piece,
  values: Float64Array,
  counts: Float64Array | undefined,
  step: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): void {
  const { times } = (raw ?? rolled)!;
  const span = (rolled?.seconds ?? 0) * 1000;
  const earliest = fromMs - before * span;
  for (let row = 0; row < times.length; row++) {
    const value = values[row]!;
    const begin = start * 1000 + times[row]! * 100;
    const count = counts ? counts[row]! : 1;
    if (Number.isNaN(value) || count === 0 || begin >= until * 1000) continue;
    const at = begin + span;
    if (at >= earliest && at <= toMs) line.push(at, fromStored(value, step), count, span);
  }
}

/** Points of a line as they come. */
class Growing {
  length = 0;
  #times = new Float64Array(64);
  #values = new Float64Array(64);
  /** Only where there is something else than samples as they are. */
  #counts: Float64Array | undefined;
  #spans: Float64Array | undefined;
  #rising = true;

  push(time: number, value: number, count: number, span: number): void {
    const at = this.length++;
    if (at === this.#times.length) this.#grow();
    // What a step came to is told at its end, where the first of the samples after it may be: these are two.
    if (at > 0 && (time < this.#times[at - 1]! || this.#same(at - 1, time, span))) this.#rising = false;
    this.#times[at] = time;
    this.#values[at] = value;
    if (span > 0 && !this.#spans) {
      this.#spans = new Float64Array(this.#times.length);
      this.#counts = new Float64Array(this.#times.length).fill(1);
    }
    if (!this.#spans) return;
    this.#spans[at] = span;
    this.#counts![at] = count;
  }

  finish(figure: Figure): Points {
    if (!this.#rising) this.#sort(figure);
    const { length } = this;
    const [times, values] = [this.#times.subarray(0, length), this.#values.subarray(0, length)];
    if (!this.#spans) return { times, values };
    return {
      times,
      values,
      counts: this.#counts!.subarray(0, length),
      spans: this.#spans.subarray(0, length),
    };
  }

  #spanAt(at: number): number {
    return this.#spans ? this.#spans[at]! : 0;
  }

  #same(at: number, time: number, span: number): boolean {
    return this.#times[at] === time && this.#spanAt(at) === span;
  }

  #grow(): void {
    const longer = (all: Float64Array) => {
      const next = new Float64Array(all.length * 2);
      next.set(all);
      return next;
    };
    this.#times = longer(this.#times);
    this.#values = longer(this.#values);
    if (!this.#spans) return;
    this.#spans = longer(this.#spans);
    this.#counts = longer(this.#counts!);
  }

  /** Into the order of time; two of the same time, such as of a pod and of its successor, become one. */
  #sort(figure: Figure): void {
    const all = Array.from({ length: this.length }, (_, at) => ({
      time: this.#times[at]!,
      value: this.#values[at]!,
      count: this.#counts ? this.#counts[at]! : 1,
      span: this.#spanAt(at),
    })).sort((a, b) => a.time - b.time || b.span - a.span);
    this.length = 0;
    this.#rising = true;
    for (const one of all) {
      const at = this.length - 1;
      if (at < 0 || !this.#same(at, one.time, one.span)) this.push(one.time, one.value, one.count, one.span);
      else this.#join(at, one, figure);
    }
  }

  #join(
    at: number,
    { value, count, span }: { value: number; count: number; span: number },
    figure: Figure,
  ): void {
    const known = this.#values[at]!;
    const samples = this.#counts ? this.#counts[at]! : 1;
    if (figure === "min") this.#values[at] = Math.min(known, value);
    else if (figure === "max") this.#values[at] = Math.max(known, value);
    else if (figure === "avg" && span > 0)
      this.#values[at] = (known * samples + value * count) / (samples + count);
    else this.#values[at] = value;
    if (span > 0) this.#counts![at] = samples + count;
  }
}
