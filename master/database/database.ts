import { Database as Sqlite } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync, openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import { eventMigrations } from "./events/migrations.ts";
import { migrate } from "./migrate.ts";
import { mainMigrations } from "./migrations.ts";
import type { Tables } from "./schema.ts";

/**
 * Two files, each with its own write-ahead log: `atlhyper.db` holds what people configure (any number of
 * processes may open it), `events.db` the event history, so that neither waits for the other's writes.
 */
export interface Database {
  kysely: Kysely<Tables>;
  /** The connection below `kysely`. */
  main: Sqlite;
  /** The event history; opened at the first use, since only the master needs it. */
  readonly events: Sqlite;
  close(): void;
}

/**
 * Opens the databases in a folder, which is made if need be, or in memory; brings them up to date.
 * Throws NewerDatabaseError, or SQLite's error where the files cannot be used.
 */
export function openDatabase(folder: string): Database {
  if (folder !== ":memory:") mkdirSync(folder, { recursive: true, mode: 0o700 });
  const main = open(folder, "atlhyper.db", mainMigrations);
  main.run("PRAGMA foreign_keys = ON");
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyFace(main) }) });
  let events: Sqlite | undefined;
  return {
    kysely,
    main,
    get events() {
      events ??= openEvents(folder);
      return events;
    },
    close() {
      for (const one of [events, main]) one?.close();
    },
  };
}

function openEvents(folder: string): Sqlite {
  const sqlite = open(folder, "events.db", 4096);
  // 32 MiB of cache; the log is folded back every 16 MiB, since each folding syncs and seeks.
  sqlite.run(`
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 4096;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
  `);
  migrate(sqlite, eventMigrations, "the event history events.db");
  return sqlite;
}

function open(folder: string, name: string, pageSize = 4096): Sqlite {
  const path = folder === ":memory:" ? folder : join(folder, name);
  // SQLite gives its log files the mode of the database: it has to exist with the right one beforehand.
  if (path !== ":memory:" && !existsSync(path)) closeSync(openSync(path, "a", 0o600));
  if (path !== ":memory:") chmodSync(path, 0o600);
  const sqlite = new Sqlite(path, { create: true, strict: true });
  sqlite.run("PRAGMA busy_timeout = 5000");
  // Both are fixed by the first write, so they come before it.
  sqlite.run(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = INCREMENTAL;`);
  sqlite.run("PRAGMA journal_mode = WAL");
  return sqlite;
}

/** Kysely prepares anew for each query; `query` keeps statements prepared. */
function kyselyFace(sqlite: Sqlite): ConstructorParameters<typeof SqliteDialect>[0]["database"] {
  return {
    close: () => sqlite.close(),
    prepare: (sql: string) => sqlite.query(sql) as never,
  };
}
