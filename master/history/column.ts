import { CutShortError } from "./bytes.ts";
import { type Pen, readNumbers, type Source, writeNumbers } from "./numbers.ts";

/** A column's values over time: which rows have one, then the values. */
export function writeColumn(to: Pen, values: Float64Array): void {
  writePresence(to, values);
  writeNumbers(to, present(values));
}

export function readColumn(from: Source, rows: number): Float64Array {
  const values = new Float64Array(rows);
  const count = readPresence(from, values);
  fill(from, values, count);
  return values;
}

/** One column of a tier above the raw one: for each row the figures of the samples that it stands for. */
export interface Figures {
  min: Float64Array;
  max: Float64Array;
  avg: Float64Array;
  last: Float64Array;
  /** How many samples; 0 where there is none, and the others NaN. */
  count: Float64Array;
}

/** The average as it is, the others by what they differ from it: of a column that stands still they are all zero. */
export function writeFigures(to: Pen, { min, max, avg, last, count }: Figures): void {
  writePresence(to, avg);
  const mean = present(avg);
  const less = (values: Float64Array) => present(values).map((one, at) => one - mean[at]!);
  writeNumbers(to, mean);
  const counts: number[] = [];
  for (let row = 0; row < avg.length; row++) if (!Number.isNaN(avg[row]!)) counts.push(count[row]!);
  writeNumbers(to, counts);
  writeNumbers(to, less(min));
  writeNumbers(to, less(max));
  writeNumbers(to, less(last));
}

/** With `mean`, the others are the average too: most charts draw nothing else. */
export function readFigures(from: Source, rows: number, mean = false): Figures {
  const avg = new Float64Array(rows);
  const length = readPresence(from, avg);
  const empty = avg.slice();
  const count = avg.slice();
  fill(from, avg, length);
  fill(from, count, length);
  for (let row = 0; row < rows; row++) if (Number.isNaN(count[row]!)) count[row] = 0;
  if (mean) return { min: avg, max: avg, avg, last: avg, count };
  const [min, max, last] = [empty, empty.slice(), empty.slice()];
  for (const one of [min, max, last]) {
    fill(from, one, length);
    for (let row = 0; row < rows; row++) one[row]! += avg[row]!;
  }
  return { min, max, avg, last, count };
}

function present(values: Float64Array): number[] {
  const found: number[] = [];
  for (const value of values) if (!Number.isNaN(value)) found.push(value);
  return found;
}

/** Runs of rows with and without a value by turns; no run at all where every row has one. */
function writePresence({ bytes }: Pen, values: Float64Array): void {
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
  bytes.varint(runs.length);
  for (const one of runs) bytes.varint(one);
}

/** Leaves 0 where a value follows, NaN elsewhere; gives how many follow. */
function readPresence({ bytes }: Source, values: Float64Array): number {
  const runs = bytes.varint();
  let at = 0;
  let count = 0;
  for (let number = 0; number <= runs; number++) {
    const end = number === runs ? values.length : at + bytes.varint();
    if (end > values.length) throw new CutShortError("more values than rows");
    if (number % 2 === 1) values.fill(Number.NaN, at, end);
    else count += end - at;
    at = end;
  }
  return count;
}

function fill(from: Source, values: Float64Array, count: number): void {
  let row = 0;
  readNumbers(from, count, (value) => {
    while (Number.isNaN(values[row]!)) row++;
    values[row++] = value;
  });
}
