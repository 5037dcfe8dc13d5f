import type { Database as Sqlite } from "bun:sqlite";
import { backgroundTransaction } from "../background-transaction.ts";
import type { FullText } from "./fulltext.ts";
import { type Ids, idHash } from "./ids.ts";
import { firstKeyAt } from "./key.ts";

const sliceEvents = 500;
const slicePages = 256;

interface Limits {
  retentionMs: number;
  maxBytes: number;
}

type Doomed = { key: number; cluster: number; bucket: number; id: string };

/** Removes the oldest events in slices of a few ms each. Occurrences that are not over stay. */
export class Pruner {
  readonly #sqlite: Sqlite;
  readonly #ids: Ids;
  readonly #text: FullText;
  readonly #oldest;
  readonly #ofCluster;
  readonly #delete;
  readonly #pages;

  constructor(sqlite: Sqlite, ids: Ids, text: FullText) {
    this.#sqlite = sqlite;
    this.#ids = ids;
    this.#text = text;
    this.#oldest = sqlite.prepare<Doomed, [number]>(
      `SELECT key, cluster, bucket, id FROM events
       WHERE key < ? AND NOT (origin IS 'diagnosis' AND resolved IS NULL) ORDER BY key LIMIT ${sliceEvents}`,
    );
    this.#ofCluster = sqlite.prepare<Doomed, [string]>(
      `SELECT key, cluster, bucket, id FROM events WHERE key IN
       (SELECT rowid FROM event_text WHERE event_text MATCH ? LIMIT ${sliceEvents})`,
    );
    this.#delete = sqlite.prepare("DELETE FROM events WHERE key = ?");
    this.#pages = sqlite.prepare<{ pages: number; free: number; size: number }, []>(
      `SELECT page_count AS pages, freelist_count AS free, page_size AS size
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    );
  }

  /** Bytes that hold something, and bytes of the file that hold nothing. */
  bytes(): { used: number; free: number } {
    const { pages, free, size } = this.#pages.get()!;
    return { used: (pages - free) * size, free: free * size };
  }

  /** Removes one slice of what is too old or too much; gives how many. Zero when nothing is left to remove. */
  slice(limits: Limits, nowMs: number): number {
    const tooMuch = this.bytes().used > limits.maxBytes;
    const before = tooMuch ? Number.MAX_SAFE_INTEGER : firstKeyAt(nowMs - limits.retentionMs);
    return this.#remove(this.#oldest.all(before));
  }

  /** Removes one slice of a cluster's events, whose expression is given. */
  sliceOf(match: string): number {
    return this.#remove(this.#ofCluster.all(match));
  }

  /** Gives some free pages back to the file system, once there are many; false when there is no need. */
  shrink(): boolean {
    const { used, free } = this.bytes();
    // Some free pages are good to have: ingest takes them without making the file longer.
    if (free < 64 * 2 ** 20 || free < used / 4) return false;
    this.#sqlite.run(`PRAGMA incremental_vacuum(${slicePages})`);
    return true;
  }

  #remove(doomed: readonly Doomed[]): number {
    if (doomed.length === 0) return 0;
    const gone = doomed.map((event) => event.key);
    try {
      backgroundTransaction(this.#sqlite, () => this.#deleteAll(doomed, gone));
    } catch (error) {
      this.#ids.reset();
      throw error;
    }
    this.#text.waiting += gone.length;
    return doomed.length;
  }

  #deleteAll(doomed: readonly Doomed[], gone: readonly number[]): void {
    for (const { key, cluster, bucket, id } of doomed) {
      this.#delete.run(key);
      this.#ids.remove(bucket, idHash(cluster, id), key);
    }
    this.#ids.write();
    this.#text.note([], gone);
  }
}
