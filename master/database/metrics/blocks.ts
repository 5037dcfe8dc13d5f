import type { Database as Sqlite } from "bun:sqlite";
import { firstKeyAt, keyOf, startOf } from "./key.ts";

export const tierCount = 4;

export interface TierSize {
  blocks: number;
  bytes: number;
  /** The start of the oldest block, in seconds; absent where there is none. */
  oldest?: number;
}

/** The sealed blocks of all tiers, how much they are, and up to where each tier was made from the one below. */
export class Blocks {
  readonly #sqlite: Sqlite;
  readonly #tables;
  readonly #size;
  readonly #rolled;
  readonly #pages;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.#tables = Array.from({ length: tierCount }, (_, tier) => ({
      get: sqlite.prepare<{ data: Uint8Array }, [number]>(`SELECT data FROM blocks${tier} WHERE key = ?`),
      put: sqlite.prepare(`INSERT OR REPLACE INTO blocks${tier} (key, data) VALUES (?, ?)`),
      length: sqlite.prepare<{ n: number }, [number]>(
        `SELECT length(data) AS n FROM blocks${tier} WHERE key = ?`,
      ),
      keys: sqlite.prepare<{ key: number }, [number, number, number]>(
        `SELECT key FROM blocks${tier} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`,
      ),
      last: sqlite.prepare<{ key: number }, []>(`SELECT key FROM blocks${tier} ORDER BY key DESC LIMIT 1`),
      lengths: sqlite.prepare<{ key: number; n: number }, [number, number]>(
        `SELECT key, length(data) AS n FROM blocks${tier} WHERE key < ? ORDER BY key LIMIT ?`,
      ),
      remove: sqlite.prepare(`DELETE FROM blocks${tier} WHERE key = ?`),
    }));
    this.#size = sqlite.prepare("UPDATE tiers SET blocks = blocks + ?, bytes = bytes + ? WHERE tier = ?");
    this.#rolled = sqlite.prepare("UPDATE tiers SET rolled = ? WHERE tier = ?");
    this.#pages = sqlite.prepare<{ pages: number; free: number; size: number }, []>(
      `SELECT page_count AS pages, freelist_count AS free, page_size AS size
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    );
  }

  get(tier: number, start: number, subject: number): Uint8Array | undefined {
    return this.#tables[tier]!.get.get(keyOf(start, subject))?.data;
  }

  has(tier: number, start: number, subject: number): boolean {
    return this.#tables[tier]!.length.get(keyOf(start, subject)) !== null;
  }

  /** Puts a block in the place of the one that is there, if any. Part of the caller's transaction. */
  put(tier: number, start: number, subject: number, data: Uint8Array): void {
    const { length, put } = this.#tables[tier]!;
    const key = keyOf(start, subject);
    const before = length.get(key)?.n;
    put.run(key, data);
    this.#size.run(before === undefined ? 1 : 0, data.length - (before ?? 0), tier);
  }

  /** Keys of blocks from a time until before another, `limit` at most. */
  keys(tier: number, from: number, to: number, limit = 1e9): number[] {
    return this.#tables[tier]!.keys.all(firstKeyAt(from), firstKeyAt(to), limit).map((row) => row.key);
  }

  /** Keys from one on. */
  keysFrom(tier: number, key: number, limit: number): number[] {
    return this.#tables[tier]!.keys.all(key, Number.MAX_SAFE_INTEGER, limit).map((row) => row.key);
  }

  /** The start of the first block at a time or later. */
  firstStart(tier: number, from = 0): number | undefined {
    const key = this.keys(tier, from, 2 ** 40, 1)[0];
    return key === undefined ? undefined : startOf(key);
  }

  /** The start of the newest block; undefined where there is none. */
  lastStart(tier: number): number | undefined {
    const key = this.#tables[tier]!.last.get()?.key;
    return key === undefined ? undefined : startOf(key);
  }

  /** Removes the oldest blocks that start before a time, `limit` at most; gives how many. */
  removeBefore(tier: number, before: number, limit: number): number {
    const doomed = this.#tables[tier]!.lengths.all(firstKeyAt(before), limit);
    this.#remove(tier, doomed);
    return doomed.length;
  }

  removeKeys(tier: number, keys: readonly number[]): void {
    const { length } = this.#tables[tier]!;
    this.#remove(
      tier,
      keys.map((key) => ({ key, n: length.get(key)?.n ?? 0 })),
    );
  }

  /** Up to where a tier was made, in seconds; undefined before the first time. */
  rolled(): (number | undefined)[] {
    return this.#sqlite
      .query<{ rolled: number | null }, []>("SELECT rolled FROM tiers ORDER BY tier")
      .all()
      .map((row) => row.rolled ?? undefined);
  }

  setRolled(tier: number, until: number): void {
    this.#rolled.run(until, tier);
  }

  sizes(): TierSize[] {
    return this.#sqlite
      .query<{ blocks: number; bytes: number }, []>("SELECT blocks, bytes FROM tiers ORDER BY tier")
      .all()
      .map((size, tier) => {
        const oldest = this.firstStart(tier);
        return { ...size, ...(oldest === undefined ? {} : { oldest }) };
      });
  }

  /** Bytes of the file that hold something, and that hold nothing. */
  bytes(): { used: number; free: number } {
    const { pages, free, size } = this.#pages.get()!;
    return { used: (pages - free) * size, free: free * size };
  }

  /** Gives some free pages back to the file system. */
  shrink(pages: number): void {
    this.#sqlite.run(`PRAGMA incremental_vacuum(${pages})`);
  }

  #remove(tier: number, doomed: readonly { key: number; n: number }[]): void {
    let bytes = 0;
    let blocks = 0;
    for (const { key, n } of doomed) {
      const { changes } = this.#tables[tier]!.remove.run(key);
      if (changes === 0) continue;
      bytes += n;
      blocks++;
    }
    if (blocks > 0) this.#size.run(-blocks, -bytes, tier);
  }
}
