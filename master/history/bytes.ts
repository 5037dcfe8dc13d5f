/** A number of either sign as one from 0 on, small ones small whichever way they point; and back. */
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const zagzig = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Whole numbers up to 2^52 as bytes, seven bits in each, the lowest first (LEB128). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** A number from 0 on. */
  varint(value: number): void {
    if (this.length + 8 > this.#bytes.length) this.#grow(8);
    const bytes = this.#bytes;
    let rest = value;
    while (rest > 0x7fffffff) {
      bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[this.length++] = rest;
  }

  /** A number of either sign: small ones are short whichever way they point. */
  zigzag(value: number): void {
    this.varint(zigzag(value));
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written from an offset on; a view that the next write may change. */
  view(from = 0): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, this.length);
  }

  #grow(more: number): void {
    const next = new Uint8Array(Math.max(this.length + more, Math.ceil(this.#bytes.length * 1.5)));
    next.set(this.#bytes.subarray(0, this.length));
    this.#bytes = next;
  }
}

/** Bytes end in the middle of a number: they are not what a writer wrote. */
export class CutShortError extends Error {}

export class ByteReader {
  readonly #bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.at++]!;
    if (byte < 128) return this.#checked(byte);
    let value = byte & 127;
    let unit = 128;
    do {
      byte = bytes[this.at++]!;
      value += (byte & 127) * unit;
      unit *= 128;
    } while (byte > 127);
    return this.#checked(value);
  }

  zigzag(): number {
    const byte = this.#bytes[this.at]!;
    // Nearly always it is short.
    if (byte > 127 || this.at >= this.end) return zagzig(this.varint());
    this.at++;
    return (byte >>> 1) ^ -(byte & 1);
  }

  text(): string {
    return Buffer.from(this.raw(this.varint())).toString();
  }

  raw(length: number): Uint8Array {
    const from = this.at;
    this.at += length;
    if (this.at > this.end) throw new CutShortError("bytes are missing");
    return this.#bytes.subarray(from, this.at);
  }

  #checked(value: number): number {
    if (this.at > this.end) throw new CutShortError("bytes are missing");
    return value;
  }
}
