import type { Database as Sqlite, Statement } from "bun:sqlite";
import { tierCount } from "./blocks.ts";
import { firstKeyAt, keyOf, startOf, subjectOf } from "./key.ts";

export interface StoredAmounts {
  /** When and whose (key.ts). */
  key: number;
  data: Uint8Array;
}
/** With how it was spread, for those who ask for that, too; null in what was kept before there was any. */
export interface StoredSpreads extends StoredAmounts {
  spread: Uint8Array | null;
}

/** What each subject used in the time of each block, in few bytes, so that all of them can be read in a row. */
export class AmountTables {
  readonly #sqlite: Sqlite;
  readonly #tables;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.#tables = Array.from({ length: tierCount }, (_, tier) => ({
      get: sqlite.prepare<{ data: Uint8Array }, [number]>(`SELECT data FROM amounts${tier} WHERE key = ?`),
      both: sqlite.prepare<Omit<StoredSpreads, "key">, [number]>(
        `SELECT data, spread FROM amounts${tier} WHERE key = ?`,
      ),
      put: sqlite.prepare(`INSERT OR REPLACE INTO amounts${tier} (key, data, spread) VALUES (?, ?, ?)`),
      scan: sqlite.prepare<StoredAmounts, [number, number, number]>(
        `SELECT key, data FROM amounts${tier} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`,
      ),
      spreads: sqlite.prepare<StoredSpreads, [number, number, number]>(
        `SELECT key, data, spread FROM amounts${tier} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`,
      ),
      first: sqlite.prepare<{ key: number | null }, [number]>(
        `SELECT min(key) AS key FROM amounts${tier} WHERE key >= ?`,
      ),
      keys: sqlite.prepare<{ key: number }, [number, number]>(
        `SELECT key FROM amounts${tier} WHERE key >= ? AND key < ?`,
      ),
      remove: sqlite.prepare(`DELETE FROM amounts${tier} WHERE key = ?`),
      old: sqlite.prepare(
        `DELETE FROM amounts${tier} WHERE key IN (SELECT key FROM amounts${tier} WHERE key < ? ORDER BY key LIMIT ?)`,
      ),
      // They go with their blocks.
      prune: sqlite.prepare(
        `DELETE FROM amounts${tier} WHERE key < (SELECT key FROM blocks${tier} ORDER BY key LIMIT 1)`,
      ),
    }));
  }

  get(tier: number, start: number, subject: number): Uint8Array | undefined {
    return this.#tables[tier]!.get.get(keyOf(start, subject))?.data;
  }

  both(tier: number, start: number, subject: number): Omit<StoredSpreads, "key"> | undefined {
    return this.#tables[tier]!.both.get(keyOf(start, subject)) ?? undefined;
  }

  /** Part of the caller's transaction, as all that writes. */
  put(tier: number, start: number, subject: number, data: Uint8Array, spread: Uint8Array | null): void {
    this.#tables[tier]!.put.run(keyOf(start, subject), data, spread);
  }

  /** Everything of a time in the order of time, a page at a time. */
  pages(tier: number, from: number, to: number, size: number): Generator<StoredAmounts[]> {
    return pagesOf(this.#tables[tier]!.scan, from, to, size);
  }

  spreads(tier: number, from: number, to: number, size: number): Generator<StoredSpreads[]> {
    return pagesOf(this.#tables[tier]!.spreads, from, to, size);
  }

  /** Who has a piece that starts at a time. */
  subjects(tier: number, start: number): number[] {
    return this.#tables[tier]!.keys.all(firstKeyAt(start), firstKeyAt(start + 1)).map((row) =>
      subjectOf(row.key),
    );
  }

  /** The start of the first that there is at a time or later; undefined where there is none. */
  first(tier: number, from = 0): number | undefined {
    const key = this.#tables[tier]!.first.get(firstKeyAt(from))?.key ?? undefined;
    return key === undefined ? undefined : startOf(key);
  }

  /** Up to where pieces of each length were made, in seconds; undefined before the first time. */
  rolled(): (number | undefined)[] {
    return this.#sqlite
      .query<{ amounts: number | null }, []>("SELECT amounts FROM tiers ORDER BY tier")
      .all()
      .map((row) => row.amounts ?? undefined);
  }

  setRolled(tier: number, until: number): void {
    this.#sqlite.query("UPDATE tiers SET amounts = ? WHERE tier = ?").run(until, tier);
  }

  prune(tier: number): void {
    this.#tables[tier]!.prune.run();
  }

  /** Removes what starts before a time, `limit` rows at most. */
  pruneBefore(tier: number, seconds: number, limit: number): void {
    this.#tables[tier]!.old.run(firstKeyAt(seconds), limit);
  }

  removeKeys(tier: number, keys: readonly number[]): void {
    for (const key of keys) this.#tables[tier]!.remove.run(key);
  }
}

function* pagesOf<Row extends StoredAmounts>(
  scan: Statement<Row, [number, number, number]>,
  from: number,
  to: number,
  size: number,
): Generator<Row[]> {
  const end = firstKeyAt(to);
  for (let key = firstKeyAt(from); ; ) {
    const rows = scan.all(key, end, size);
    if (rows.length === 0) return;
    yield rows;
    if (rows.length < size) return;
    key = rows.at(-1)!.key + 1;
  }
}
