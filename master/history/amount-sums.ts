import type { Subject } from "../database/metrics/subjects.ts";

/** Of each column: stored numbers times seconds, for how long, and the most. */
const figures = 3;

/** What many used in all of a time, by their numbers: few bytes for each, and nothing for a collector to look through. */
export class AmountSums {
  /** How many columns each has. */
  readonly columns: number;
  readonly #rows = new Map<number, number>();
  readonly ids: number[] = [];
  readonly subjects: Subject[] = [];
  #data: Float64Array<ArrayBuffer>;

  constructor(columns: number) {
    this.columns = columns;
    this.#data = new Float64Array(64 * columns * figures);
  }

  get size(): number {
    return this.ids.length;
  }

  /** The row of a number, made where there is none. */
  row(id: number, subject: Subject): number {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const row = this.ids.push(id) - 1;
    this.subjects.push(subject);
    this.#rows.set(id, row);
    if (this.ids.length * this.columns * figures > this.#data.length) {
      const next = new Float64Array(this.#data.length * 2);
      next.set(this.#data);
      this.#data = next;
    }
    return row;
  }

  add(row: number, column: number, sum: number, seconds: number, max: number): void {
    // Of a later version there may be more.
    if (column >= this.columns) return;
    const at = (row * this.columns + column) * figures;
    const data = this.#data;
    data[at]! += sum;
    data[at + 1]! += seconds;
    if (max > data[at + 2]!) data[at + 2] = max;
  }

  sum(row: number, column: number): number {
    return this.#data[(row * this.columns + column) * figures]!;
  }

  /** 0 where nothing is known of it. */
  seconds(row: number, column: number): number {
    return this.#data[(row * this.columns + column) * figures + 1]!;
  }

  max(row: number, column: number): number {
    return this.#data[(row * this.columns + column) * figures + 2]!;
  }

  /** Of those that weigh most, half. */
  halved(weight: (row: number) => number): AmountSums {
    const weights = Float64Array.from(this.ids, (_, row) => weight(row));
    const middle = weights.slice().sort()[weights.length >> 1]!;
    const kept = new AmountSums(this.columns);
    for (const [row, id] of this.ids.entries()) {
      if (weights[row]! < middle) continue;
      const next = kept.row(id, this.subjects[row]!);
      for (let column = 0; column < this.columns; column++)
        kept.add(next, column, this.sum(row, column), this.seconds(row, column), this.max(row, column));
    }
    return kept;
  }
}
