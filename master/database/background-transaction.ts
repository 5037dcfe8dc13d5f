import type { Database as Sqlite } from "bun:sqlite";

/**
 * Runs what nobody waits for in one transaction, without a sync of its own: a loss of power may take it back,
 * whole, and then it is done again. What is acknowledged to somebody never goes this way.
 */
export function backgroundTransaction(sqlite: Sqlite, work: () => void): void {
  sqlite.run("PRAGMA synchronous = NORMAL");
  try {
    sqlite.run("BEGIN IMMEDIATE");
    work();
    sqlite.run("COMMIT");
  } catch (error) {
    if (sqlite.inTransaction) sqlite.run("ROLLBACK");
    throw error;
  } finally {
    sqlite.run("PRAGMA synchronous = FULL");
  }
}
