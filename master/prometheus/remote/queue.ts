/** As many samples as one request takes. */
export const mostInBatch = 2000;
const firstRoom = 128;
/** Of a row besides its values, and of a batch besides its rows. */
const rowBytes = 40;
const batchBytes = 256;

/** Rows that wait, in the order in which they came, as many as one request takes; `S` is what rows have in common. */
export class Batch<S> {
  readonly sets: S[] = [];
  readonly times: number[] = [];
  /** Up to which time all of a row's subject is in the batch with it: not to the row's where more of it follows. */
  readonly whole: number[] = [];
  /** The rows' stored numbers, one row after the other: whole numbers, that are small ones with few exceptions. */
  values: Int32Array | Float64Array = new Int32Array(firstRoom);
  samples = 0;
  readonly bornMs: number;

  constructor(bornMs: number) {
    this.bornMs = bornMs;
  }

  get bytes(): number {
    return batchBytes + this.values.byteLength + rowBytes * this.times.length;
  }

  /** Whether so many more fit. */
  takes(samples: number): boolean {
    return this.samples + samples <= mostInBatch;
  }

  add(set: S, ms: number, values: ArrayLike<number>, from: number, to: number): void {
    this.sets.push(set);
    this.times.push(ms);
    this.whole.push(to === values.length ? ms : ms - 1);
    this.#room(to - from);
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      if (value !== (value | 0) && this.values instanceof Int32Array)
        this.values = Float64Array.from(this.values);
      this.values[this.samples++] = value;
    }
  }

  #room(more: number): void {
    const { length } = this.values;
    if (this.samples + more <= length) return;
    const most = Math.max(this.samples + more, Math.min(mostInBatch, 2 * length));
    const values = this.values instanceof Int32Array ? new Int32Array(most) : new Float64Array(most);
    values.set(this.values);
    this.values = values;
  }
}

/** A lane's batches; the first one may be under way. */
interface Waiting<S> {
  batches: Batch<S>[];
  underWay: boolean;
}

/** What waits in all lanes together. Beyond its bounds it says so, once, until it was emptied. */
export class Queue<S> {
  readonly #lanes: Waiting<S>[];
  readonly #maxSamples: number;
  readonly #maxBytes: number;
  readonly #overflowed: () => void;
  #full = false;
  samples = 0;
  bytes = 0;

  constructor(
    lanes: number,
    limits: { samples: number; bytes: number },
    overflowed: () => void = () => undefined,
  ) {
    this.#lanes = Array.from({ length: lanes }, () => ({ batches: [], underWay: false }));
    this.#maxSamples = limits.samples;
    this.#maxBytes = limits.bytes;
    this.#overflowed = overflowed;
  }

  /** Adds a part of a row, which is not more than a batch takes. */
  add(
    lane: number,
    set: S,
    ms: number,
    nowMs: number,
    values: readonly number[],
    from = 0,
    to = values.length,
  ) {
    const { batches, underWay } = this.#lanes[lane]!;
    let last = batches.at(-1);
    if (!last || (underWay && batches.length === 1) || last.samples + to - from > mostInBatch) {
      last = new Batch<S>(nowMs);
      batches.push(last);
      this.bytes += last.bytes;
    }
    const before = last.bytes;
    last.add(set, ms, values, from, to);
    this.bytes += last.bytes - before;
    this.samples += to - from;
    if (this.#full || (this.samples <= this.#maxSamples && this.bytes <= this.#maxBytes)) return;
    this.#full = true;
    this.#overflowed();
  }

  /** When the oldest row of a lane came; undefined where none waits. */
  oldestMs(lane: number): number | undefined {
    return this.#lanes[lane]!.batches[0]?.bornMs;
  }

  /** Whether a lane has a batch that waits for nothing. */
  anyFull(lane: number): boolean {
    return this.#lanes[lane]!.batches.length > 1;
  }

  /** A lane's first batch, if it is full or came at a time or before; `done` when it has been dealt with. */
  next(lane: number, beforeMs: number): Batch<S> | undefined {
    const one = this.#lanes[lane]!;
    const [first, second] = one.batches;
    if (!first || (!second && first.samples < mostInBatch && first.bornMs > beforeMs)) return undefined;
    one.underWay = true;
    return first;
  }

  done(lane: number): void {
    const one = this.#lanes[lane]!;
    one.underWay = false;
    this.#gone(one.batches.shift());
  }

  /** Lets go of all that is not under way. */
  clear(): void {
    for (const { batches, underWay } of this.#lanes)
      for (const one of batches.splice(underWay ? 1 : 0)) this.#gone(one);
    this.#full = false;
  }

  #gone(batch: Batch<S> | undefined): void {
    if (!batch) return;
    this.samples -= batch.samples;
    this.bytes -= batch.bytes;
  }
}
