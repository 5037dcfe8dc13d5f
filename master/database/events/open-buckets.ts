import type { Database as Sqlite } from "bun:sqlite";

/** The keys of one bucket in memory by hash; different ids of the same hash are rare but possible. */
export class OpenBucket {
  readonly #keys = new Map<number, number | number[]>();

  get size(): number {
    return this.#keys.size;
  }

  hashes(): Float64Array {
    return Float64Array.from(this.#keys.keys());
  }

  of(hash: number): readonly number[] {
    const keys = this.#keys.get(hash);
    return keys === undefined ? none : typeof keys === "number" ? [keys] : keys;
  }

  add(hash: number, key: number): void {
    const keys = this.#keys.get(hash);
    if (keys === undefined) this.#keys.set(hash, key);
    else if (!this.of(hash).includes(key)) this.#keys.set(hash, [...this.of(hash), key]);
  }

  remove(hash: number, key: number): void {
    const left = this.of(hash).filter((one) => one !== key);
    if (left.length === 0) this.#keys.delete(hash);
    else this.#keys.set(hash, left);
  }
}

const none: readonly number[] = [];

/**
 * The log behind the open buckets: each transaction appends what it changed in them as one row for each, some
 * pages at its end, and after a start they are made again from it. An entry is hash and key, as two doubles; a
 * key that is gone is told as -1 - key.
 */
export class BucketLog {
  readonly #append;
  readonly #read;
  readonly #clear;
  readonly #entries = new Map<number, number[]>();

  constructor(sqlite: Sqlite) {
    this.#append = sqlite.prepare("INSERT INTO ids_log (bucket, entries) VALUES (?, ?)");
    this.#read = sqlite.prepare<{ bucket: number; entries: Uint8Array }, []>(
      "SELECT bucket, entries FROM ids_log ORDER BY seq",
    );
    this.#clear = sqlite.prepare("DELETE FROM ids_log WHERE bucket = ?");
  }

  added(bucket: number, hash: number, key: number): void {
    const entries = this.#entries.get(bucket);
    if (entries) entries.push(hash, key);
    else this.#entries.set(bucket, [hash, key]);
  }

  removed(bucket: number, hash: number, key: number): void {
    this.added(bucket, hash, -1 - key);
  }

  /** Within the transaction: writes what has changed. */
  write(): void {
    for (const [bucket, entries] of this.#entries)
      this.#append.run(bucket, new Uint8Array(Float64Array.from(entries).buffer));
    this.#entries.clear();
  }

  /** Within the transaction that has put the rest of a bucket where it stays. */
  clear(bucket: number): void {
    this.#clear.run(bucket);
  }

  /** The open buckets as the log tells them, oldest first; what was not written is forgotten. */
  read(): Map<number, OpenBucket> {
    this.#entries.clear();
    const buckets = new Map<number, OpenBucket>();
    for (const { bucket, entries } of this.#read.all()) {
      const open = buckets.get(bucket) ?? new OpenBucket();
      buckets.set(bucket, open);
      const numbers = new Float64Array(entries.slice().buffer);
      for (let at = 0; at < numbers.length; at += 2) {
        const [hash, key] = [numbers[at]!, numbers[at + 1]!];
        if (key < 0) open.remove(hash, -1 - key);
        else open.add(hash, key);
      }
    }
    return new Map([...buckets].sort(([a], [b]) => a - b));
  }
}
