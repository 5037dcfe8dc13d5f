import type { Database as Sqlite } from "bun:sqlite";
import { AsyncLocalStorage } from "node:async_hooks";
import type { Kysely } from "kysely";
import { databaseFault } from "./errors.ts";
import type { Tables } from "./schema.ts";

interface Transaction {
  kysely: Kysely<Tables>;
  over: boolean;
}

const none = () => {};

/**
 * Transactions over Kysely's one connection that whoever is called within finds by itself, so that a repository
 * function need not know whether it stands alone.
 */
export function transactions(sqlite: Sqlite, kysely: Kysely<Tables>) {
  const current = new AsyncLocalStorage<Transaction>();
  /** A timer that was set within a transaction fires after it, and has none. */
  function own(): Kysely<Tables> | undefined {
    const store = current.getStore();
    return store && !store.over ? store.kysely : undefined;
  }

  const transaction = <T>(work: () => Promise<T>): Promise<T> => alone(none, work, none);

  /** A transaction, with what is to be done before and after it while nobody else has the connection. */
  function alone<T>(
    before: () => void,
    work: () => Promise<T>,
    after: () => void | Promise<void>,
  ): Promise<T> {
    if (own()) throw new Error("transactions do not nest");
    return kysely.connection().execute(async (connection) => {
      const store: Transaction = { kysely: connection, over: false };
      before();
      try {
        return await within(store, work);
      } finally {
        await after();
      }
    });
  }

  async function within<T>(store: Transaction, work: () => Promise<T>): Promise<T> {
    sqlite.run("BEGIN IMMEDIATE");
    try {
      const done = await current.run(store, work);
      sqlite.run("COMMIT");
      return done;
    } catch (error) {
      // SQLite itself takes a transaction back when the disk is full.
      if (sqlite.inTransaction) sqlite.run("ROLLBACK");
      throw databaseFault(error);
    } finally {
      store.over = true;
    }
  }
  return { own, transaction, alone };
}
