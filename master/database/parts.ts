import { Database as Sqlite } from "bun:sqlite";
import { fdatasync, fstatSync, openSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { databaseFault } from "./errors.ts";

/** SQLite's own measure: so many pages in the log, and they are folded back into the file. */
const foldPages = 1000;
/** Ours, in parts: folding what these wrote holds others up for some ms. */
const foldEvery = 3;

/** Runs `work` within a transaction of its own on the one connection, on which nobody else is meanwhile. */
export type Alone = <T>(
  before: () => void,
  work: () => Promise<T>,
  after: () => void | Promise<void>,
) => Promise<T>;

/**
 * Writes much, a part after the other, each kept whole or not at all: others get their turn between parts. The system's
 * threads do the syncing, of the log and of the file that it is folded back into, which as part of a commit would hold
 * everything up for tens of ms, seconds on an SD card. It comes back once all is on the disk; where a part throws, those
 * after it are not run, and those before it stay.
 */
export async function writeInParts(
  sqlite: Sqlite,
  path: string | undefined,
  alone: Alone,
  parts: Iterable<() => Promise<void>>,
): Promise<void> {
  if (path === undefined) {
    for (const part of parts) await alone(none, part, none);
    return;
  }
  const relaxed = () => {
    sqlite.run("PRAGMA wal_autocheckpoint = 0");
    sqlite.run("PRAGMA synchronous = NORMAL");
  };
  const strict = () => {
    sqlite.run("PRAGMA synchronous = FULL");
    sqlite.run(`PRAGMA wal_autocheckpoint = ${foldPages}`);
  };
  let count = 0;
  for (const part of parts) {
    const folds = ++count % foldEvery === 0;
    await alone(relaxed, part, async () => {
      strict();
      if (folds) await fold(sqlite, path);
    });
  }
  await syncLog(path).catch((error) => Promise.reject(databaseFault(error)));
}

const none = () => {};
const sync = promisify(fdatasync);

async function syncLog(path: string): Promise<void> {
  const log = await open(`${path}-wal`, "r");
  try {
    await log.datasync();
  } finally {
    await log.close();
  }
}

/**
 * Folds the log back into the file with the syncs beside it: the log's before, the file's after. Until that is through a
 * reader holds on to the log, so that nobody begins it anew from the start: what is not surely in the file stays in it.
 */
async function fold(sqlite: Sqlite, path: string): Promise<void> {
  await syncLog(path);
  const reader = new Sqlite(path, { readonly: true });
  try {
    reader.run("BEGIN");
    reader.query("SELECT count(*) FROM sqlite_schema").get();
    sqlite.run("PRAGMA synchronous = OFF");
    try {
      sqlite.query("PRAGMA wal_checkpoint(PASSIVE)").get();
    } finally {
      sqlite.run("PRAGMA synchronous = FULL");
    }
    await sync(handleOf(path));
  } finally {
    reader.close();
  }
}

const handles = new Map<string, number>();

/**
 * The file itself, to sync it. Never closed, and so one for each file: POSIX takes all of a process' locks on a file back
 * when any of its handles on that is closed, SQLite's among them.
 */
function handleOf(path: string): number {
  const { dev, ino } = statSync(path);
  const key = `${dev} ${ino}`;
  let handle = handles.get(key);
  if (handle === undefined) {
    handle = openSync(path, "r");
    const opened = fstatSync(handle);
    handles.set(`${opened.dev} ${opened.ino}`, handle);
  }
  return handle;
}
