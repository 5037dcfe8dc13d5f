import type { Database as Sqlite } from "bun:sqlite";

const bucketSize = 32_768;
const filterBits = bucketSize * 12;

/**
 * Finds an event by its cluster and id. An index over random ids writes a page of 4 KiB for nearly each new
 * one, which at a million events is most of what a commit writes. So ids go into buckets, one after the other:
 * what is written stays within the newest, and a Bloom filter in memory tells which of the others to ask.
 */
export class Ids {
  readonly #insert;
  readonly #keys;
  readonly #move;
  readonly #delete;
  readonly #hashes;
  readonly #buckets = new Map<number, Filter | undefined>();
  #current: number;
  #count: number;

  constructor(sqlite: Sqlite) {
    this.#insert = sqlite.prepare("INSERT INTO ids (bucket, hash, key) VALUES (?, ?, ?)");
    this.#keys = sqlite.prepare<{ key: number }, [number, number]>(
      "SELECT key FROM ids WHERE bucket = ? AND hash = ?",
    );
    this.#move = sqlite.prepare("UPDATE ids SET key = ? WHERE bucket = ? AND hash = ? AND key = ?");
    this.#delete = sqlite.prepare("DELETE FROM ids WHERE bucket = ? AND hash = ? AND key = ?");
    this.#hashes = sqlite.prepare<{ hash: number }, [number]>("SELECT hash FROM ids WHERE bucket = ?");
    // A loose index scan: SQLite has none of its own for DISTINCT on the first column of a key.
    const buckets = sqlite
      .query<{ bucket: number }, []>(
        `WITH RECURSIVE found (bucket) AS (
           SELECT min(bucket) FROM ids
           UNION ALL SELECT (SELECT min(bucket) FROM ids WHERE bucket > found.bucket) FROM found
           WHERE found.bucket IS NOT NULL
         ) SELECT bucket FROM found WHERE bucket IS NOT NULL ORDER BY bucket DESC`,
      )
      .all();
    // Newest first, as they are asked. Filters are made in idle moments; without one, a bucket is asked.
    for (const { bucket } of buckets) this.#buckets.set(bucket, undefined);
    this.#current = buckets[0]?.bucket ?? 0;
    this.#count = 0;
    if (buckets.length > 0) this.#count = this.#makeFilter(this.#current);
    else this.#buckets.set(0, new Filter());
  }

  /** Keys of events that may be the one with this hash. */
  find(hash: number): number[] {
    let found: number[] = [];
    for (const [bucket, filter] of this.#buckets) {
      if (filter && !filter.has(hash)) continue;
      const rows = this.#keys.all(bucket, hash);
      if (rows.length > 0) found = found.concat(rows.map((row) => row.key));
    }
    return found;
  }

  /** Adds one; gives the bucket it is in. */
  add(hash: number, key: number): number {
    if (this.#count >= bucketSize) {
      this.#current++;
      this.#count = 0;
      const older = [...this.#buckets];
      this.#buckets.clear();
      this.#buckets.set(this.#current, new Filter());
      for (const [bucket, filter] of older) this.#buckets.set(bucket, filter);
    }
    this.#count++;
    this.#buckets.get(this.#current)?.add(hash);
    this.#insert.run(this.#current, hash, key);
    return this.#current;
  }

  move(bucket: number, hash: number, from: number, to: number): void {
    this.#move.run(to, bucket, hash, from);
  }

  remove(bucket: number, hash: number, key: number): void {
    this.#delete.run(bucket, hash, key);
  }

  /** Makes one filter that is missing since the start; false when there is none left to make. */
  warm(): boolean {
    for (const [bucket, filter] of this.#buckets)
      if (!filter) {
        // A bucket that pruning has emptied needs to be asked no more.
        if (this.#makeFilter(bucket) === 0 && bucket !== this.#current) this.#buckets.delete(bucket);
        return true;
      }
    return false;
  }

  /** Forgets buckets that pruning has emptied. */
  dropEmpty(): void {
    for (const bucket of [...this.#buckets.keys()])
      if (bucket !== this.#current && this.#hashes.get(bucket) === null) this.#buckets.delete(bucket);
  }

  #makeFilter(bucket: number): number {
    const filter = new Filter();
    const hashes = this.#hashes.values(bucket) as number[][];
    for (const [hash] of hashes) filter.add(hash!);
    this.#buckets.set(bucket, filter);
    return hashes.length;
  }
}

/** 52 bits of a hash of cluster and id. */
export function idHash(cluster: number, id: string): number {
  return Number((Bun.hash.wyhash(id, BigInt(cluster)) as bigint) >> 12n);
}

/** A Bloom filter with 12 bits for each id and 4 hashes: about 1 of 140 ids that are not in it seems to be. */
class Filter {
  readonly #bits = new Uint32Array(filterBits / 32);

  add(hash: number): void {
    const step = (hash / 2 ** 24) | 1;
    for (let n = 0, at = hash >>> 0; n < 4; n++, at = (at + step) >>> 0) {
      const bit = at % filterBits;
      this.#bits[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  has(hash: number): boolean {
    const step = (hash / 2 ** 24) | 1;
    for (let n = 0, at = hash >>> 0; n < 4; n++, at = (at + step) >>> 0) {
      const bit = at % filterBits;
      if ((this.#bits[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}
