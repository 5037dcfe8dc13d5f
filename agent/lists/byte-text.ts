const encoder = new TextEncoder();

/**
 * Text written straight into bytes. A list of thousands of items is put together here once and compressed from
 * here: as strings it would be in memory four times over.
 */
export class ByteText {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    // A UTF-16 unit becomes three bytes at most.
    const most = this.#length + text.length * 3;
    if (most > this.#bytes.length && this.#length + Buffer.byteLength(text) > this.#bytes.length)
      this.#grow(most);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** Back to an earlier length. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A hash of what was written since an earlier length; 52 bits, so that it is a number. */
  hashFrom(start: number): number {
    return Number(BigInt(Bun.hash(this.#bytes.subarray(start, this.#length))) & 0xf_ffff_ffff_ffffn);
  }

  /** What was written; valid until the next write. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  toString(): string {
    return new TextDecoder().decode(this.bytes());
  }

  #grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, atLeast));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
