import { Database as Sqlite } from "bun:sqlite";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../kit/env.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { InUseError, openDatabase } from "../master/database/database.ts";
import { type Command, expectNoMore, UsageError } from "./command.ts";
import { readTar, type TarEntry, writeTar } from "./tar.ts";

const databases = ["atlhyper.db", "events.db", "metrics.db"];
const key = "audit.key";
const variables = { data: masterVariables.data };

/** A copy of everything that the master keeps, taken while it runs: each database as it is at one moment. */
export const backup: Command = {
  usage: "backup FILE | -",
  summary: "writes a copy of the master's data to a file (tar), or to standard output; the master may run",
  variables,
  async run([file, ...rest]: string[], environment: Environment) {
    if (file === undefined)
      throw new UsageError("where to write it is missing: a file, or - for standard output");
    expectNoMore(rest);
    const { data } = readMasterConfig(environment);
    if (!existsSync(join(data, databases[0]!)))
      throw new UsageError(`there is no data of a master in ${data}`);
    if (file !== "-" && existsSync(file)) throw new UsageError(`${file} is there already`);
    const work = mkdtempSync(join(data, "backup-"));
    try {
      const entries: TarEntry[] = [];
      for (const name of databases) {
        if (!existsSync(join(data, name))) continue;
        copy(join(data, name), join(work, name));
        entries.push(entryOf(join(work, name), name));
      }
      if (existsSync(join(data, key))) entries.push(entryOf(join(data, key), key));
      // Whole, or not there: a file that is cut short has another name.
      const part = `${file}.part`;
      const out = file === "-" ? Bun.stdout.writer() : Bun.file(part).writer();
      for await (const chunk of writeTar(entries)) {
        out.write(chunk);
        await out.flush();
      }
      await out.end();
      if (file !== "-") renameSync(part, file);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    process.stderr.write(
      `Done. It holds hashes of all passwords and tokens, and the key ${key}: keep it as safe as the master.\n`,
    );
    return 0;
  },
};

/** As SQLite copies a database that is in use: one transaction reads it all. */
function copy(from: string, to: string): void {
  const sqlite = new Sqlite(from, { readwrite: true, create: false });
  try {
    sqlite.run("PRAGMA busy_timeout = 10000");
    sqlite.run("VACUUM INTO ?", [to]);
  } finally {
    sqlite.close();
  }
}

function entryOf(path: string, name: string): TarEntry {
  const { size, mtimeMs } = statSync(path);
  return { name, size, mtime: mtimeMs / 1000, content: Bun.file(path).stream() };
}

/** Puts a backup into an empty data folder, or with --replace in the place of what is there; no master may run. */
export const restore: Command = {
  usage: "restore FILE | - [--replace]",
  summary: "puts a backup into the data folder; what is there stays unless --replace says otherwise",
  options: { "--replace": "what is there is moved aside, into a folder before-restore-…" },
  variables,
  async run(given: string[], environment: Environment) {
    const replace = given.includes("--replace");
    const [file, ...rest] = given.filter((one) => one !== "--replace");
    if (file === undefined) throw new UsageError("which backup is missing: a file, or - for standard input");
    expectNoMore(rest);
    const { data } = readMasterConfig(environment);
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const there = [...databases, key].filter((name) => existsSync(join(data, name)));
    if (there.length > 0 && !replace)
      throw new UsageError(
        `${data} holds ${there.join(", ")} already: --replace puts the backup in its place`,
      );
    if (there.includes(databases[0]!)) refuseRunning(data);
    const work = mkdtempSync(join(data, "restore-"));
    try {
      const names = await unpack(file, work);
      for (const name of databases) if (names.has(name)) check(join(work, name), name);
      if (!names.has(databases[0]!))
        throw new UsageError(`this is no backup: there is no ${databases[0]} in it`);
      if (there.length > 0) {
        const aside = join(data, `before-restore-${new Date().toISOString().replace(/[:.]/g, "-")}`);
        mkdirSync(aside, { mode: 0o700 });
        for (const name of databases)
          for (const more of ["", "-wal", "-shm"])
            if (existsSync(join(data, name + more)))
              renameSync(join(data, name + more), join(aside, name + more));
        if (existsSync(join(data, key))) renameSync(join(data, key), join(aside, key));
        process.stderr.write(`What was there is in ${aside}\n`);
      }
      for (const name of names) renameSync(join(work, name), join(data, name));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    process.stderr.write("Done.\n");
    return 0;
  },
};

function refuseRunning(data: string): void {
  const db = openDatabase(data);
  try {
    void db.events;
  } catch (error) {
    if (error instanceof InUseError)
      throw new UsageError("a master is running with this data folder: stop it first");
    throw error;
  } finally {
    db.close();
  }
}

async function unpack(file: string, folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  const source = file === "-" ? Bun.stdin.stream() : Bun.file(file).stream();
  try {
    await readTar(source, (name) => {
      // Nothing but these three, whatever a file says.
      if (![...databases, key].includes(name) || names.has(name))
        throw new UsageError(`this is no backup: ${JSON.stringify(name.slice(0, 50))} is in it`);
      names.add(name);
      const out = Bun.file(join(folder, name)).writer();
      return { write: (chunk) => void out.write(chunk), end: async () => void (await out.end()) };
    });
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
  return names;
}

function check(path: string, name: string): void {
  let said: string;
  try {
    const sqlite = new Sqlite(path, { readonly: true });
    said = sqlite.query<{ quick_check: string }, []>("PRAGMA quick_check").get()!.quick_check;
    sqlite.close();
  } catch (error) {
    said = (error as Error).message;
  }
  if (said !== "ok") throw new UsageError(`${name} of this backup is damaged: ${said}`);
}
