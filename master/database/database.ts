import { Database as Sqlite } from "bun:sqlite";
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import { eventMigrations } from "./events/migrations.ts";
import { writeInParts } from "./parts.ts";
import { createSyncer, type Syncer } from "./syncer.ts";
import { metricsMigrations } from "./metrics/migrations.ts";
import { type Migration, migrate } from "./migrate.ts";
import { mainMigrations } from "./migrations.ts";
import { transactions } from "./transactions.ts";
import type { Tables } from "./schema.ts";

const defaultPageBytes = 4096;
const metricsPageBytes = 512;

/** Another process has the event history of this folder open. */
export class InUseError extends Error {}

/**
 * Three files, each with its own write-ahead log: `atlhyper.db` holds what people configure (any number of
 * processes may open it), `events.db` the event history and `metrics.db` that of metrics, so that none waits for the
 * others' writes.
 */
export interface Database {
  /** Within `transaction` it is that transaction's, wherever it is asked for. */
  readonly kysely: Kysely<Tables>;
  /**
   * Runs `work` as one transaction: everything that it and what it calls do through `kysely` is kept, or nothing
   * is, where it throws. Others wait meanwhile, so it should do nothing else. Transactions do not nest.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs parts of a large work as a transaction each, between which others get their turn; comes back once all is on
   * the disk. Where one throws, those before it stay.
   */
  inParts(parts: Iterable<() => Promise<void>>): Promise<void>;
  /** Whether this is asked within `transaction`. */
  inTransaction(): boolean;
  /** The connection below `kysely`. */
  main: Sqlite;
  /**
   * The event history; opened at the first use, since only the master needs it. One process has it at a time:
   * throws InUseError while another does.
   */
  readonly events: Sqlite;
  /** The metrics history; as `events`. */
  readonly metrics: Sqlite;
  /** Has what was committed to the metrics written down to the disk, in the background. */
  syncMetrics(): void;
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
  const { own, transaction, alone } = transactions(main, kysely);
  let lock: Sqlite | undefined;
  let events: Sqlite | undefined;
  let metrics: Sqlite | undefined;
  let syncer: Syncer | undefined;
  return {
    get kysely() {
      return own() ?? kysely;
    },
    transaction,
    inParts: (parts) =>
      writeInParts(main, folder === ":memory:" ? undefined : join(folder, "atlhyper.db"), alone, parts),
    inTransaction: () => own() !== undefined,
    main,
    get events() {
      lock ??= lockEvents(folder);
      events ??= openEvents(folder);
      return events;
    },
    get metrics() {
      lock ??= lockEvents(folder);
      if (!metrics) {
        metrics = openMetrics(folder);
        if (folder !== ":memory:") syncer = createSyncer(join(folder, "metrics.db-wal"));
      }
      return metrics;
    },
    syncMetrics: () => metrics && syncer?.(),
    close() {
      syncer?.close();
      for (const one of [metrics, events, main, lock]) one?.close();
    },
  };
}

/** A lock that the system takes back when the process ends, however it ends: an open transaction on a file. */
function lockEvents(folder: string): Sqlite | undefined {
  if (folder === ":memory:") return undefined;
  const path = join(folder, "events.lock");
  prepareFile(path);
  const lock = new Sqlite(path);
  try {
    lock.run("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== "SQLITE_BUSY") throw error;
    throw new InUseError(
      `another master is running with the data folder ${folder}: stop it, or give this one its own`,
    );
  }
  return lock;
}

function openEvents(folder: string): Sqlite {
  const sqlite = open(folder, "events.db", eventMigrations);
  // 8 MiB of cache: four times as much was no faster; the log is folded back every 16 MiB, since each folding syncs and seeks.
  sqlite.run(`
    PRAGMA cache_size = -8192;
    PRAGMA wal_autocheckpoint = 4096;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
  `);
  return sqlite;
}

/**
 * Small pages: most blocks are some hundred bytes to a few KiB, and a page is the least that anything takes. And no sync
 * as part of a commit: there is one each second, for which everything else would wait where a disk is slow (an SD card
 * takes up to seconds). A kill loses nothing by it; for the case that the power fails `syncMetrics` syncs beside.
 */
function openMetrics(folder: string): Sqlite {
  const sqlite = open(folder, "metrics.db", metricsMigrations, metricsPageBytes);
  sqlite.run(`
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -2048;
    PRAGMA wal_autocheckpoint = 4096;
    PRAGMA journal_size_limit = 16777216;
  `);
  return sqlite;
}

function open(
  folder: string,
  name: string,
  migrations: readonly Migration[],
  pageBytes = defaultPageBytes,
): Sqlite {
  const path = folder === ":memory:" ? folder : join(folder, name);
  if (path !== ":memory:") prepareFile(path);
  const sqlite = new Sqlite(path, { create: true, strict: true });
  try {
    sqlite.run("PRAGMA busy_timeout = 5000");
    if (path !== ":memory:" && statSync(path).size === 0) makeEmpty(sqlite, path, pageBytes);
    sqlite.run("PRAGMA journal_mode = WAL");
    sqlite.run("PRAGMA synchronous = FULL");
    migrate(sqlite, migrations, name);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return sqlite;
}

/**
 * Gives a new file the properties that its first write fixes. SQLite would sync eight times for it, which a
 * worn SD card makes seconds of; nothing is in the file yet, so once, at the end, is enough.
 */
function makeEmpty(sqlite: Sqlite, path: string, pageBytes: number): void {
  sqlite.run("PRAGMA synchronous = OFF");
  sqlite.run(`PRAGMA page_size = ${pageBytes}`);
  sqlite.run("PRAGMA auto_vacuum = INCREMENTAL");
  sqlite.run("PRAGMA journal_mode = WAL");
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}

/** SQLite gives its log files the mode of the database: it has to exist with the right one beforehand. */
function prepareFile(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

/** Kysely prepares anew for each query; `query` keeps statements prepared. */
function kyselyFace(sqlite: Sqlite): ConstructorParameters<typeof SqliteDialect>[0]["database"] {
  return {
    close: () => sqlite.close(),
    prepare: (sql: string) => sqlite.query(sql) as never,
  };
}
