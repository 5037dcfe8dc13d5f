/**
 * Remote-Write 1.0's message, as prometheus/prompb/remote.proto and types.proto define it:
 * WriteRequest { repeated TimeSeries timeseries = 1 }, TimeSeries { repeated Label labels = 1; repeated Sample samples = 2 },
 * Label { string name = 1; string value = 2 }, Sample { double value = 1; int64 timestamp = 2 }.
 */
const lengthDelimited = 2;
const fixed64 = 1;
const tag = (field: number, type: number) => (field << 3) | type;
const timeseriesTag = tag(1, lengthDelimited);
const labelTag = tag(1, lengthDelimited);
const nameTag = tag(1, lengthDelimited);
const valueTag = tag(2, lengthDelimited);
const samplesTag = tag(2, lengthDelimited);
const doubleTag = tag(1, fixed64);
const timestampTag = tag(2, 0);
/** Six groups of seven bits are milliseconds until the year 2109. */
const timestampBytes = 6;
const sampleLength = 1 + 8 + 1 + timestampBytes;
const sampleBytes = 2 + sampleLength;
const headMost = 1 + 5;

/** `StaleNaN` of Prometheus (model/value/value.go): says that a series has ended. */
const stale = { low: 0x00000002, high: 0x7ff00000 };

/** Where labels are put together, so that each series costs one array of its own. */
let scratch = Buffer.alloc(4096);

/** Labels of a series as they stand in its TimeSeries; they have to be in the order of their names. */
export function labelBytes(labels: Readonly<Record<string, string>>): Uint8Array {
  let at = 0;
  for (const name in labels) {
    const value = labels[name]!;
    const names = Buffer.byteLength(name);
    const values = Buffer.byteLength(value);
    const inner = 1 + varintLength(names) + names + 1 + varintLength(values) + values;
    if (at + inner + headMost > scratch.length) {
      const before = scratch;
      scratch = Buffer.alloc(2 * (at + inner + headMost));
      scratch.set(before);
    }
    scratch[at++] = labelTag;
    at = putVarint(scratch, at, inner);
    scratch[at++] = nameTag;
    at = putVarint(scratch, at, names);
    at += scratch.write(name, at);
    scratch[at++] = valueTag;
    at = putVarint(scratch, at, values);
    at += scratch.write(value, at);
  }
  return new Uint8Array(scratch.subarray(0, at));
}

function putVarint(into: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) into[at++] = (rest & 0x7f) | 0x80;
  into[at++] = rest;
  return at;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length++;
  return length;
}

/** A WriteRequest as it grows; its memory is used again after `clear`. */
export class WriteRequest {
  #bytes = new Uint8Array(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Where each series begins, and its samples. */
  readonly #begins: number[] = [];
  readonly #samples: number[] = [];

  /** How many series there are. */
  get count(): number {
    return this.#begins.length;
  }

  /** Some of the series as a request of their own, good until the next change. */
  part(from = 0, to = this.count): { bytes: Uint8Array; samples: number } {
    let samples = 0;
    for (let at = from; at < to; at++) samples += this.#samples[at]!;
    return {
      bytes: this.#bytes.subarray(this.#begins[from] ?? 0, this.#begins[to] ?? this.#length),
      samples,
    };
  }

  clear(): void {
    this.#length = 0;
    this.#begins.length = 0;
    this.#samples.length = 0;
  }

  /** Begins a series; so many samples, in the order of their time, have to follow. */
  series(labels: Uint8Array, samples: number): void {
    const length = labels.length + samples * sampleBytes;
    this.#room(headMost + length);
    this.#begins.push(this.#length);
    this.#samples.push(samples);
    this.#bytes[this.#length++] = timeseriesTag;
    this.#length = putVarint(this.#bytes, this.#length, length);
    this.#bytes.set(labels, this.#length);
    this.#length += labels.length;
  }

  sample(value: number, ms: number): void {
    this.#view.setFloat64(this.#head(), value, true);
    this.#tail(ms);
  }

  /** The end of a series, at a time after its last sample. */
  stale(ms: number): void {
    const at = this.#head();
    // By its bits: arithmetic on it may give another NaN.
    this.#view.setUint32(at, stale.low, true);
    this.#view.setUint32(at + 4, stale.high, true);
    this.#tail(ms);
  }

  #head(): number {
    const bytes = this.#bytes;
    bytes[this.#length++] = samplesTag;
    bytes[this.#length++] = sampleLength;
    bytes[this.#length++] = doubleTag;
    return this.#length;
  }

  #tail(ms: number): void {
    const bytes = this.#bytes;
    let at = this.#length + 8;
    bytes[at++] = timestampTag;
    const low = ms % 2 ** 28;
    bytes[at++] = (low & 0x7f) | 0x80;
    bytes[at++] = ((low >>> 7) & 0x7f) | 0x80;
    bytes[at++] = ((low >>> 14) & 0x7f) | 0x80;
    bytes[at++] = ((low >>> 21) & 0x7f) | 0x80;
    const high = Math.floor(ms / 2 ** 28);
    bytes[at++] = (high & 0x7f) | 0x80;
    bytes[at++] = (high >>> 7) & 0x7f;
    this.#length = at;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.#length + more, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
