import type { Database as Sqlite } from "bun:sqlite";

export interface Migration {
  name: string;
  /** Statements that run together in one transaction. */
  sql: string;
}

/** The database was made by a newer version of the program. */
export class NewerDatabaseError extends Error {}

/**
 * Brings a database to the newest shape. Its version is the number of migrations it has had, in
 * `user_version`; each commits together with its number. Processes that start at once wait for each other.
 */
export function migrate(sqlite: Sqlite, migrations: readonly Migration[], what: string): void {
  const version = () => sqlite.query<{ user_version: number }, []>("PRAGMA user_version").get()!.user_version;
  if (version() === migrations.length) return;
  sqlite.run("BEGIN IMMEDIATE");
  try {
    const from = version();
    if (from > migrations.length)
      throw new NewerDatabaseError(
        `${what} was written by a newer version of AtlHyper (its format is ${from}, this version knows ` +
          `${migrations.length}): start that version, or a copy of the data folder from before the update`,
      );
    for (const migration of migrations.slice(from)) sqlite.run(migration.sql);
    sqlite.run(`PRAGMA user_version = ${migrations.length}`);
    sqlite.run("COMMIT");
  } catch (error) {
    if (sqlite.inTransaction) sqlite.run("ROLLBACK");
    throw error;
  }
}
