import type { Database as Sqlite } from "bun:sqlite";

/** What is not in a sealed block yet, as it was taken. */
export class Journal {
  readonly #insert;
  readonly #starts;
  readonly #read;
  readonly #remove;

  constructor(sqlite: Sqlite) {
    this.#insert = sqlite.prepare("INSERT INTO journal (start, rows) VALUES (?, ?)");
    this.#starts = sqlite.prepare<{ start: number }, []>("SELECT DISTINCT start FROM journal ORDER BY start");
    this.#read = sqlite.prepare<{ rows: Uint8Array }, [number]>(
      "SELECT rows FROM journal WHERE start = ? ORDER BY seq",
    );
    this.#remove = sqlite.prepare("DELETE FROM journal WHERE start = ?");
  }

  /** Adds rows of blocks that start at a time. Part of the caller's transaction. */
  add(start: number, rows: Uint8Array): void {
    this.#insert.run(start, rows);
  }

  starts(): number[] {
    return this.#starts.all().map((row) => row.start);
  }

  /** In the order in which they were added. */
  rows(start: number): Uint8Array[] {
    return this.#read.all(start).map((row) => row.rows);
  }

  remove(start: number): void {
    this.#remove.run(start);
  }
}
