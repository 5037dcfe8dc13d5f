import type { Database as Sqlite } from "bun:sqlite";
import { backgroundTransaction } from "../background-transaction.ts";
import { bucketSize, Filter } from "./filter.ts";
import { BucketLog, OpenBucket } from "./open-buckets.ts";

/** Ids of a full bucket that go into the table in one transaction: a ms or two of work. */
const sliceIds = 2000;

/**
 * Finds an event by its cluster and id. An index over random ids writes a page of 4 KiB for nearly each new one,
 * which is most of what a commit would write. So ids go into buckets, one after the other. The newest is open: in
 * memory, with a log to make it again. A full one is sorted and put into the table in slices, where pages are
 * written once; a Bloom filter tells which of those in the table to ask.
 */
export class Ids {
  readonly #sqlite: Sqlite;
  readonly #insert;
  readonly #keys;
  readonly #move;
  readonly #delete;
  readonly #hashes;
  readonly #newest;
  readonly #log: BucketLog;
  /** Oldest first; all but the last are full and on their way into the table. */
  #open = new Map<number, OpenBucket>();
  /** Newest first, as they are asked. Filters are made in idle moments; without one, a bucket is asked. */
  #sealed = new Map<number, Filter | undefined>();
  #current = 0;
  /** What is not in the table yet of the oldest open bucket. */
  #sealing: { bucket: number; hashes: Float64Array; next: number } | undefined;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.#insert = sqlite.prepare("INSERT OR IGNORE INTO ids (bucket, hash, key) VALUES (?, ?, ?)");
    this.#keys = sqlite.prepare<{ key: number }, [number, number]>(
      "SELECT key FROM ids WHERE bucket = ? AND hash = ?",
    );
    this.#move = sqlite.prepare("UPDATE ids SET key = ? WHERE bucket = ? AND hash = ? AND key = ?");
    this.#delete = sqlite.prepare("DELETE FROM ids WHERE bucket = ? AND hash = ? AND key = ?");
    this.#hashes = sqlite.prepare<{ hash: number }, [number]>("SELECT hash FROM ids WHERE bucket = ?");
    this.#newest = sqlite.prepare<{ bucket: number | null }, []>("SELECT max(bucket) AS bucket FROM ids");
    this.#log = new BucketLog(sqlite);
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
    for (const { bucket } of buckets) this.#sealed.set(bucket, undefined);
    this.reset();
  }

  /** Keys of events that may be the one with this hash. */
  find(hash: number): number[] {
    const found: number[] = [];
    for (const open of this.#open.values()) found.push(...open.of(hash));
    for (const [bucket, filter] of this.#sealed) {
      if (filter && !filter.has(hash)) continue;
      for (const { key } of this.#keys.all(bucket, hash)) found.push(key);
    }
    return found;
  }

  /** Adds one; gives the bucket it is in. */
  add(hash: number, key: number): number {
    let open = this.#open.get(this.#current)!;
    if (open.size >= bucketSize) {
      open = new OpenBucket();
      this.#open.set(++this.#current, open);
    }
    open.add(hash, key);
    this.#log.added(this.#current, hash, key);
    return this.#current;
  }

  move(bucket: number, hash: number, from: number, to: number): void {
    const open = this.#open.get(bucket);
    if (open) {
      open.remove(hash, from);
      open.add(hash, to);
      this.#log.removed(bucket, hash, from);
      this.#log.added(bucket, hash, to);
    }
    // Of an open bucket, part may be in the table.
    if (bucket !== this.#current) this.#move.run(to, bucket, hash, from);
  }

  remove(bucket: number, hash: number, key: number): void {
    const open = this.#open.get(bucket);
    if (open) {
      open.remove(hash, key);
      this.#log.removed(bucket, hash, key);
    }
    if (bucket !== this.#current) this.#delete.run(bucket, hash, key);
  }

  /** Within the transaction that has added, moved or removed: makes that part of it. */
  write(): void {
    this.#log.write();
  }

  /** Makes the open buckets again, at the start and after a transaction that was taken back. */
  reset(): void {
    this.#sealing = undefined;
    this.#open = this.#log.read();
    // One that was on its way into the table is in both.
    for (const bucket of this.#open.keys()) this.#sealed.delete(bucket);
    this.#current = [...this.#open.keys()].at(-1) ?? (this.#newest.get()?.bucket ?? 0) + 1;
    if (this.#open.size === 0) this.#open.set(this.#current, new OpenBucket());
  }

  /** Whether a full bucket has to go into the table. */
  get full(): boolean {
    return this.#open.size > 1;
  }

  /** Puts a slice of the oldest full bucket into the table, in a transaction of its own. */
  seal(): void {
    const [[bucket, open] = [0, new OpenBucket()]] = this.#open;
    if (bucket === this.#current) return;
    this.#sealing ??= { bucket, hashes: open.hashes().sort(), next: 0 };
    const { hashes, next } = this.#sealing;
    const end = Math.min(next + sliceIds, hashes.length);
    backgroundTransaction(this.#sqlite, () => {
      for (let at = next; at < end; at++)
        for (const key of open.of(hashes[at]!)) this.#insert.run(bucket, hashes[at]!, key);
      if (end === hashes.length) this.#log.clear(bucket);
    });
    this.#sealing.next = end;
    if (end < hashes.length) return;
    const filter = new Filter();
    for (const hash of hashes) filter.add(hash);
    this.#sealing = undefined;
    this.#open.delete(bucket);
    this.#sealed = new Map([[bucket, filter], ...this.#sealed]);
  }

  /** Makes one filter that is missing since the start; false when there is none left to make. */
  warm(): boolean {
    for (const [bucket, filter] of this.#sealed)
      if (!filter) {
        const made = new Filter();
        const hashes = this.#hashes.values(bucket) as number[][];
        for (const [hash] of hashes) made.add(hash!);
        // A bucket that pruning has emptied needs to be asked no more.
        if (hashes.length === 0) this.#sealed.delete(bucket);
        else this.#sealed.set(bucket, made);
        return true;
      }
    return false;
  }

  /** Forgets buckets that pruning has emptied. */
  dropEmpty(): void {
    for (const bucket of [...this.#sealed.keys()])
      if (this.#hashes.get(bucket) === null) this.#sealed.delete(bucket);
  }
}

/** 52 bits of a hash of cluster and id. */
export function idHash(cluster: number, id: string): number {
  return Number((Bun.hash.wyhash(id, BigInt(cluster)) as bigint) >> 12n);
}
