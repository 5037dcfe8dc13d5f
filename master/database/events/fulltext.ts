import type { Database as Sqlite } from "bun:sqlite";
import { backgroundTransaction } from "../background-transaction.ts";
import { mark } from "./match.ts";

/** Pages of the index that are written in one go in quiet moments: a few ms of work. */
const mergePages = 64;

/**
 * The full text of an event: its words, and each of its filters as one word that no user can type (mark.*).
 * Filters so use the same index as words do, which is merged in the background as b-trees cannot be: a b-tree
 * for each would cost more than the rest of storing an event.
 */
const text = `
  kind || ' ' || coalesce(namespace, '') || ' ' || name || ' ' || coalesce(node, '') || ' ' || reason || ' '
  || coalesce(message, '') || ' ${mark.cluster}' || cluster || ' ${mark.severity}' || severity
  || ' ${mark.kind}' || hex(kind) || ' ${mark.reason}' || hex(reason)
  || coalesce(' ${mark.namespace}' || hex(namespace), '') || coalesce(' ${mark.node}' || hex(node), '')
  || coalesce(' ${mark.origin}' || hex(origin), '')
  || iif(origin = 'diagnosis' AND resolved IS NULL, ' ${mark.open}', '')`;

/**
 * Keeps the full text index behind the table: what is to be indexed commits with the events, as lists of keys
 * in `pending`, and is indexed in larger portions, before any search at the latest. A crash loses nothing.
 */
export class FullText {
  readonly #sqlite: Sqlite;
  readonly #note;
  readonly #oldest;
  readonly #forget;
  readonly #index;
  readonly #clear;
  readonly #merge;
  readonly #changes;
  /** How many events wait to be indexed. */
  waiting: number;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.#note = sqlite.prepare("INSERT INTO pending (added, gone) VALUES (?, ?)");
    this.#oldest = sqlite.prepare<{ seq: number; size: number }, []>(
      "SELECT seq, json_array_length(added) + json_array_length(gone) AS size FROM pending ORDER BY seq",
    );
    this.#forget = sqlite.prepare(
      "DELETE FROM event_text WHERE rowid IN (SELECT value FROM pending, json_each(gone) WHERE seq <= ?)",
    );
    // In the order of keys: the index writes a segment whenever a key is smaller than the one before.
    this.#index = sqlite.prepare(
      `INSERT INTO event_text (rowid, text)
       SELECT key, ${text} FROM events
       WHERE key IN (SELECT value FROM pending, json_each(added) WHERE seq <= ?) ORDER BY key`,
    );
    this.#clear = sqlite.prepare("DELETE FROM pending WHERE seq <= ?");
    this.#merge = sqlite.prepare(`INSERT INTO event_text (event_text, rank) VALUES ('merge', ${mergePages})`);
    this.#changes = sqlite.prepare<{ n: number }, []>("SELECT total_changes() AS n");
    this.waiting = this.#oldest.all().reduce((sum, row) => sum + row.size, 0);
  }

  /**
   * Within the transaction that stores events: what is new by key, and which keys are no more. A key whose text
   * has changed is both.
   */
  note(added: readonly number[], gone: readonly number[]): void {
    if (added.length + gone.length > 0) this.#note.run(JSON.stringify(added), JSON.stringify(gone));
  }

  /** Indexes what is pending, about `most` events of it, in one transaction. */
  index(most = Number.POSITIVE_INFINITY): void {
    let upTo = 0;
    let size = 0;
    for (const row of this.#oldest.all()) {
      if (upTo > 0 && size + row.size > most) break;
      upTo = row.seq;
      size += row.size;
    }
    if (upTo > 0)
      backgroundTransaction(this.#sqlite, () => {
        this.#forget.run(upTo);
        this.#index.run(upTo);
        this.#clear.run(upTo);
      });
    this.waiting = Math.max(0, this.waiting - size);
  }

  /** Merges some pages of the index, so that searches have fewer parts to ask; false when there is nothing to do. */
  merge(): boolean {
    const changes = () => this.#changes.get()!.n;
    const before = changes();
    backgroundTransaction(this.#sqlite, () => this.#merge.run());
    // As FTS5 tells it: the command itself counts as one change.
    return changes() - before >= 2;
  }
}
