import { BitReader, BitWriter } from "./bits.ts";

/**
 * How a column's values lie, so that many pieces of time can be put together and a percentile be told of all: for how
 * many seconds it was in each bucket, these as wide as 9 % (a DDSketch). Kept as what share of the time is in a bucket
 * or above, from that of the most downwards, finest near the twentieth that the 95th percentile is about.
 */
export type Spread = Map<number, number>;

const bucketsOfDouble = 8;
/** Zero is alone; stored numbers are whole. */
export const bucketOf = (value: number): number =>
  value < 1 ? 0 : 1 + Math.floor(Math.log2(value) * bucketsOfDouble);
/** The most that a bucket holds: what is told of is at most that much, and at most 9 % less. */
export const mostOf = (bucket: number): number =>
  bucket === 0 ? 0 : Math.ceil(2 ** (bucket / bucketsOfDouble)) - 1;

/** In thousandths. */
const steps = [0, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 100, 120, 150, 200, 260, 340, 440, 570, 750, 1000];
const whole = steps.length - 1;
const shares = Float64Array.from(steps, (step) => step / 1000);
/** For each thousandth the nearest step. */
const nearest = Uint8Array.from({ length: 1001 }, (_, at) => {
  let best = 0;
  for (const [step, thousandth] of steps.entries())
    if (Math.abs(thousandth - at) < Math.abs(steps[best]! - at)) best = step;
  return best;
});

export function spreadOf(values: Float64Array): Spread {
  const spread: Spread = new Map();
  let before = Number.NaN;
  let bucket = 0;
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!(value >= 0)) continue;
    if (value !== before) {
      before = value;
      const next = bucketOf(value);
      if (next !== bucket) {
        if (count > 0) spread.set(bucket, (spread.get(bucket) ?? 0) + count);
        bucket = next;
        count = 0;
      }
    }
    count++;
  }
  if (count > 0) spread.set(bucket, (spread.get(bucket) ?? 0) + count);
  return spread;
}

/** Columns one after the other, most of them some bits; what stands still is one. */
export class SpreadWriter {
  readonly #bits = new BitWriter();

  /** `max` is the most of what is spread. */
  add(spread: Spread, max: number): void {
    const top = bucketOf(max);
    let all = 0;
    for (const seconds of spread.values()) all += seconds;
    let above = 0;
    let told = 0;
    let at = top;
    let first = true;
    for (const bucket of [...spread.keys()].sort((a, b) => b - a)) {
      above += spread.get(bucket)!;
      const step = nearest[Math.round((above / all) * 1000)]!;
      if (step === told) continue;
      if (first) {
        const still = bucket === top && step === whole;
        this.#bits.bits(still ? 1 : 0, 1);
        if (still) return;
      }
      this.#gamma(at - bucket + (first ? 1 : 0));
      this.#gamma(step - told);
      first = false;
      told = step;
      at = bucket;
      if (step === whole) return;
    }
    // Of nothing.
    if (first) this.#bits.bits(1, 1);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bits.view().slice();
  }

  /** A number from 1 on in twice as many bits as it has (Elias). */
  #gamma(value: number): void {
    const length = Math.floor(Math.log2(value));
    this.#bits.unary(length);
    this.#bits.bits(value % 2 ** length, length);
  }
}

export class SpreadReader {
  readonly #bits: BitReader;
  /** Of the column that was read last: its buckets from the top, and the share of the time in each. */
  readonly buckets: number[] = [];
  readonly shares: number[] = [];

  constructor(bytes: Uint8Array) {
    this.#bits = new BitReader(bytes);
  }

  next(max: number): void {
    let at = bucketOf(max);
    this.buckets.length = 0;
    this.shares.length = 0;
    if (this.#bits.bits(1) === 1) {
      this.buckets.push(at);
      this.shares.push(1);
      return;
    }
    for (let told = 0; told < whole && !this.#bits.past; ) {
      at -= this.#gamma() - (this.buckets.length === 0 ? 1 : 0);
      const step = Math.min(whole, told + this.#gamma());
      this.buckets.push(Math.max(0, at));
      this.shares.push(shares[step]! - shares[told]!);
      told = step;
    }
  }

  #gamma(): number {
    // Bytes that are none of these may say anything.
    const length = Math.min(20, this.#bits.unary());
    return 2 ** length + this.#bits.bits(length);
  }
}
