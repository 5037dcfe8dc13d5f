/** Bits in the order in which they are written, the highest of a byte first. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #held = 0;
  #count = 0;

  /** The lowest `count` bits of a number, up to 52. */
  bits(value: number, count: number): void {
    if (count > 24) {
      this.bits(Math.floor(value / 2 ** 24), count - 24);
      this.bits(value % 2 ** 24, 24);
      return;
    }
    // At most seven bits are held.
    this.#held = (this.#held << count) | (value & (2 ** count - 1));
    this.#count += count;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#held >>> this.#count) & 255);
    }
    this.#held &= 2 ** this.#count - 1;
  }

  /** So many ones, and a zero. */
  unary(value: number): void {
    let rest = value;
    for (; rest >= 16; rest -= 16) this.bits(0xffff, 16);
    this.bits(2 ** (rest + 1) - 2, rest + 1);
  }

  /** Fills the last byte up; gives how many there are. */
  align(): number {
    if (this.#count > 0) this.bits(0, 8 - this.#count);
    return this.#length;
  }

  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.align());
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const next = new Uint8Array(this.#length * 2);
      next.set(this.#bytes);
      this.#bytes = next;
    }
    this.#bytes[this.#length++] = value;
  }
}

/** Reads zeros beyond the end; `past` tells whether it did. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#at = from * 8;
    this.#end = to * 8;
  }

  get past(): boolean {
    return this.#at > this.#end;
  }

  bits(count: number): number {
    if (count > 24) return this.bits(count - 24) * 2 ** 24 + this.bits(24);
    if (count === 0) return 0;
    const value = this.#window() >>> (32 - count);
    this.#at += count;
    return value;
  }

  unary(): number {
    let value = 0;
    for (;;) {
      // Of the 32 bits the last seven may be missing.
      const ones = Math.clz32(~this.#window());
      if (ones < 25) {
        this.#at += ones + 1;
        return value + ones;
      }
      this.#at += 25;
      value += 25;
    }
  }

  /**
   * A number of `low` bits as they are behind less than `most` in unary; undefined where that is longer than can be
   * looked at in one go, or not less, and nothing was read.
   */
  short(low: number, most: number): number | undefined {
    const word = this.#window();
    const ones = Math.clz32(~word);
    const length = ones + 1 + low;
    if (length > 25 || ones >= most) return undefined;
    this.#at += length;
    return low === 0 ? ones : (ones << low) | ((word << (ones + 1)) >>> (32 - low));
  }

  #window(): number {
    const at = this.#at >>> 3;
    const bytes = this.#bytes;
    const word =
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) <<
      (this.#at & 7);
    return word;
  }
}
