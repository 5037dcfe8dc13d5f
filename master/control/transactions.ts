import type { Database as Sqlite } from "bun:sqlite";
import type { Database } from "../database/database.ts";
import { databaseFault } from "../database/errors.ts";
import { ProblemError } from "../../wire/problem.ts";

interface Work {
  run: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** So many pieces of work share a transaction at most. */
const together = 200;

/** Puts the work of one turn of the event loop into one transaction: one sync to disk for all of it. */
export class Transactions {
  readonly #database: Database;
  readonly #sqlite: Sqlite;
  #waiting: Work[] = [];
  #scheduled = false;

  constructor(database: Database) {
    this.#database = database;
    this.#sqlite = database.main;
  }

  /** Comes back once what `work` wrote is on disk. What it throws takes back its own writes alone. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run: work, resolve: resolve as (value: never) => void, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => void this.#commit());
    });
  }

  async #commit(): Promise<void> {
    this.#scheduled = false;
    const group = this.#waiting.splice(0, together);
    if (this.#waiting.length > 0) {
      this.#scheduled = true;
      setImmediate(() => void this.#commit());
    }
    const done: (() => void)[] = [];
    try {
      // In turn with the transactions of others on this connection.
      await this.#database.transaction(async () => {
        for (const one of group) done.push(this.#one(one));
      });
    } catch (error) {
      for (const one of group) one.reject(error);
      return;
    }
    for (const tell of done) tell();
  }

  #one(work: Work): () => void {
    this.#sqlite.run("SAVEPOINT one");
    try {
      const value = work.run();
      this.#sqlite.run("RELEASE one");
      return () => work.resolve(value as never);
    } catch (error) {
      // A full disk takes the whole transaction back: that is everybody's fault to hear of.
      if (!this.#sqlite.inTransaction) throw error;
      this.#sqlite.run("ROLLBACK TO one; RELEASE one");
      const fault = error instanceof ProblemError ? error : databaseFault(error);
      return () => work.reject(fault);
    }
  }
}
