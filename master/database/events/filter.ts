/** Events whose ids are in one bucket. */
export const bucketSize = 32_768;
const bits = bucketSize * 12;

/** A Bloom filter with 12 bits for each id and 4 hashes: about 1 of 140 ids that are not in it seems to be. */
export class Filter {
  readonly #bits = new Uint32Array(bits / 32);

  add(hash: number): void {
    const step = (hash / 2 ** 24) | 1;
    for (let n = 0, at = hash >>> 0; n < 4; n++, at = (at + step) >>> 0) {
      const bit = at % bits;
      this.#bits[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  has(hash: number): boolean {
    const step = (hash / 2 ** 24) | 1;
    for (let n = 0, at = hash >>> 0; n < 4; n++, at = (at + step) >>> 0) {
      const bit = at % bits;
      if ((this.#bits[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}
