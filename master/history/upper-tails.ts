import { mostOf } from "./spread.ts";

/** The 95th percentile: what a twentieth of the time is above. */
const above = 0.05;
/** A twentieth of the time is seldom in more buckets than these; where it is, two in which it hardly was are one. */
const most = 40;

/** Of many, the buckets in which the upper twentieth of their time lies: all that the 95th percentile needs. */
export class UpperTails {
  readonly #enough: Float64Array;
  readonly #buckets: Uint16Array;
  readonly #seconds: Float32Array;
  readonly #counts: Uint8Array;
  /** What is below is not in it. */
  readonly #floors: Uint16Array;

  /** For how many seconds there is something of each. */
  constructor(seconds: Float64Array) {
    this.#enough = seconds.map((one) => one * above);
    this.#buckets = new Uint16Array(seconds.length * most);
    this.#seconds = new Float32Array(seconds.length * most);
    this.#counts = new Uint8Array(seconds.length);
    this.#floors = new Uint16Array(seconds.length);
  }

  add(row: number, bucket: number, seconds: number): void {
    if (bucket < this.#floors[row]!) return;
    const begin = row * most;
    const count = this.#counts[row]!;
    let at = begin;
    while (at < begin + count && this.#buckets[at] !== bucket) at++;
    if (at < begin + count) {
      this.#seconds[at]! += seconds;
      return;
    }
    this.#buckets[at] = bucket;
    this.#seconds[at] = seconds;
    this.#counts[row] = count + 1;
    if (count + 1 === most) this.#cut(row);
  }

  /** In stored numbers; NaN where there was nothing. */
  percentile(row: number): number {
    if (this.#counts[row] === 0) return Number.NaN;
    const sorted = this.#sorted(row);
    let sum = 0;
    for (const { bucket, seconds } of sorted) {
      sum += seconds;
      if (sum >= this.#enough[row]!) return mostOf(bucket);
    }
    return mostOf(sorted.at(-1)!.bucket);
  }

  #sorted(row: number): { bucket: number; seconds: number }[] {
    const begin = row * most;
    return Array.from({ length: this.#counts[row]! }, (_, at) => ({
      bucket: this.#buckets[begin + at]!,
      seconds: this.#seconds[begin + at]!,
    })).sort((a, b) => b.bucket - a.bucket);
  }

  #cut(row: number): void {
    const kept: { bucket: number; seconds: number }[] = [];
    let sum = 0;
    for (const one of this.#sorted(row)) {
      kept.push(one);
      sum += one.seconds;
      if (sum >= this.#enough[row]!) {
        this.#floors[row] = one.bucket;
        break;
      }
    }
    if (kept.length === most) joinLeast(kept);
    for (const [at, { bucket, seconds }] of kept.entries()) {
      this.#buckets[row * most + at] = bucket;
      this.#seconds[row * most + at] = seconds;
    }
    this.#counts[row] = kept.length;
  }
}

/** Makes one of the two neighbours that are least together, at the place of the larger. */
function joinLeast(sorted: { bucket: number; seconds: number }[]): void {
  const together = (at: number) => sorted[at]!.seconds + sorted[at + 1]!.seconds;
  let least = 0;
  for (let at = 1; at + 1 < sorted.length; at++) if (together(at) < together(least)) least = at;
  const [one, other] = [sorted[least]!, sorted[least + 1]!];
  const { bucket } = one.seconds > other.seconds ? one : other;
  sorted.splice(least, 2, { bucket, seconds: one.seconds + other.seconds });
}
