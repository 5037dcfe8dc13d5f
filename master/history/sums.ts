/** The figures of each step of a range, in stored numbers; NaN where there was nothing. */
export interface Steps {
  min: Float64Array;
  max: Float64Array;
  avg: Float64Array;
  last: Float64Array;
}

/** Gathers the figures of each step. */
export class Sums {
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sum: Float64Array;
  readonly #last: Float64Array;
  readonly #count: Float64Array;

  constructor(length: number) {
    const missing = () => new Float64Array(length).fill(Number.NaN);
    this.#min = missing();
    this.#max = missing();
    this.#last = missing();
    this.#sum = new Float64Array(length);
    this.#count = new Float64Array(length);
  }

  add(step: number, min: number, max: number, sum: number, last: number, count: number): void {
    if (!(this.#min[step]! <= min)) this.#min[step] = min;
    if (!(this.#max[step]! >= max)) this.#max[step] = max;
    this.#sum[step]! += sum;
    this.#count[step]! += count;
    this.#last[step] = last;
  }

  finish(): Steps {
    const avg = this.#sum.map((sum, step) =>
      this.#count[step]! > 0 ? sum / this.#count[step]! : Number.NaN,
    );
    return { min: this.#min, max: this.#max, avg, last: this.#last };
  }
}
