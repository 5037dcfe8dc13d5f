/** A sum that does not lose small summands beside large ones (Kahan, Neumaier), as Prometheus'. */
export class Sum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const next = this.#sum + value;
    if (Number.isFinite(next))
      this.#lost +=
        Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    else this.#lost = 0;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#lost;
  }
}

/** The mean and how far values are from it (Welford). */
export class Spread {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const from = value - this.#mean;
    this.#mean += from / this.#count;
    this.#squares += from * (value - this.#mean);
  }

  get variance(): number {
    return this.#squares / this.#count;
  }
}

/** Between the two values that are nearest to a share of all; sorts them. */
export function quantile(share: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  values.sort();
  // Here NaN is the least of all.
  const nan = values.findIndex((value) => Number.isNaN(value));
  const at = (rank: number) => {
    if (nan < 0) return values[rank]!;
    const missing = values.length - nan;
    return rank < missing ? Number.NaN : values[rank - missing]!;
  };
  const rank = share * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return at(lower) * (1 - weight) + at(upper) * weight;
}
