import { Database as Sqlite } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProblemError } from "../../wire/problem.ts";
import {
  addCluster,
  bindCluster,
  clusterSeen,
  findCluster,
  listClusters,
  removeCluster,
  renameCluster,
} from "./clusters.ts";
import { InUseError, openDatabase } from "./database.ts";
import { eventMigrations } from "./events/migrations.ts";
import { migrate, NewerDatabaseError } from "./migrate.ts";
import { mainMigrations } from "./migrations.ts";
import { looksLikeToken, tokenHash } from "./token.ts";
import { createClusterToken, createToken, findToken, listTokens, rotateClusterToken } from "./tokens.ts";

function folder() {
  const path = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("a folder that is not there is made, and nobody else can read what is in it", () => {
  using dir = folder();
  const path = join(dir.path, "a", "data");
  const db = openDatabase(path);
  db.events.run("INSERT INTO clusters (name) VALUES ('a')");
  db.main.run("INSERT INTO settings VALUES ('a', '1')");
  expect(statSync(path).mode & 0o777).toBe(0o700);
  for (const name of [
    "atlhyper.db",
    "atlhyper.db-wal",
    "atlhyper.db-shm",
    "events.db",
    "events.db-wal",
    "events.db-shm",
  ])
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
  db.close();
});

test("both databases are kept as is promised: synced at each commit, with foreign keys", () => {
  using dir = folder();
  const db = openDatabase(dir.path);
  const pragma = (sqlite: Sqlite, name: string) =>
    Object.values(sqlite.query(`PRAGMA ${name}`).get() as object)[0];
  for (const sqlite of [db.main, db.events])
    expect([
      pragma(sqlite, "journal_mode"),
      pragma(sqlite, "synchronous"),
      pragma(sqlite, "auto_vacuum"),
    ]).toEqual(["wal", 2, 2]);
  expect(pragma(db.main, "foreign_keys")).toBe(1);
  expect(pragma(db.main, "busy_timeout")).toBe(5000);
  db.close();
});

test("opening again changes nothing and loses nothing", async () => {
  using dir = folder();
  const first = openDatabase(dir.path);
  const { id } = await addCluster(first, "production");
  const schema = (sqlite: Sqlite) => sqlite.query("SELECT name, sql FROM sqlite_master ORDER BY name").all();
  const before = [schema(first.main), schema(first.events)];
  first.close();
  const again = openDatabase(dir.path);
  expect([schema(again.main), schema(again.events)]).toEqual(before);
  expect((await listClusters(again)).map((cluster) => cluster.id)).toEqual([id]);
  again.close();
});

test("a migration that fails leaves the database as it was, and is made up later", () => {
  const sqlite = new Sqlite(":memory:");
  const good = { name: "good", sql: "CREATE TABLE a (x); INSERT INTO a VALUES (1);" };
  const bad = { name: "bad", sql: "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);" };
  expect(() => migrate(sqlite, [good, bad], "it")).toThrow("nowhere");
  expect(sqlite.query("SELECT count(*) AS n FROM sqlite_master").get()).toEqual({ n: 0 });
  migrate(sqlite, [good], "it");
  migrate(sqlite, [good], "it");
  migrate(sqlite, [good, { name: "next", sql: "INSERT INTO a VALUES (2)" }], "it");
  expect(sqlite.query("SELECT x FROM a").values()).toEqual([[1], [2]]);
});

test("a database of a newer version is refused in words and not touched", () => {
  using dir = folder();
  openDatabase(dir.path).close();
  const newer = new Sqlite(join(dir.path, "atlhyper.db"));
  newer.run(`PRAGMA user_version = ${mainMigrations.length + 1}`);
  newer.close();
  expect(() => openDatabase(dir.path)).toThrow(NewerDatabaseError);
  expect(() => openDatabase(dir.path)).toThrow(/newer version of AtlHyper/);
  expect(eventMigrations.length).toBeGreaterThan(0);
});

test("the event history has one master at a time, while the rest may be used by others", async () => {
  using dir = folder();
  const master = openDatabase(dir.path);
  master.events.run("INSERT INTO clusters (name) VALUES ('a')");
  const other = openDatabase(dir.path);
  await addCluster(other, "added beside the master");
  expect(() => other.events).toThrow(InUseError);
  expect(await listClusters(master)).toHaveLength(1);
  master.close();
  expect(other.events.query("SELECT name FROM clusters").values()).toEqual([["a"]]);
  other.close();
});

test("processes that start at once on an empty folder all find a whole database", async () => {
  using dir = folder();
  const script = `
    import { openDatabase } from ${JSON.stringify(join(import.meta.dir, "database.ts"))};
    import { addCluster } from ${JSON.stringify(join(import.meta.dir, "clusters.ts"))};
    const db = openDatabase(${JSON.stringify(dir.path)});
    for (let n = 0; n < 10; n++) await addCluster(db, process.pid + "-" + n);
    db.close();`;
  const children = Array.from({ length: 4 }, () =>
    Bun.spawn([process.execPath, "-e", script], { stderr: "inherit", stdout: "ignore" }),
  );
  const db = openDatabase(dir.path);
  await addCluster(db, "ours");
  expect(await Promise.all(children.map((child) => child.exited))).toEqual([0, 0, 0, 0]);
  expect(await listClusters(db)).toHaveLength(41);
  db.close();
});

test("a cluster keeps what its agent told, its name is its own, and its tokens go with it", async () => {
  const db = openDatabase(":memory:");
  const { id, token } = await addCluster(db, " production ");
  const status = { name: "ctx", flavour: "demo" as const, run: "r", agentVersion: "2.0.0", startedAt_ms: 5 };
  await clusterSeen(db, id, 1234, status);
  expect(await findCluster(db, { name: "PRODUCTION" })).toMatchObject({
    id,
    name: "production",
    flavour: "demo",
    lastSeenMs: 1234,
    status,
    clusterID: undefined,
  });
  expect(await bindCluster(db, id, "uid")).toBe(true);
  expect((await findCluster(db, { clusterID: "uid" }))?.id).toBe(id);
  const refused = async (promise: Promise<unknown>) =>
    (await promise.then(
      () => undefined,
      (error: ProblemError) => error.problem,
    ))!.status;
  expect(await refused(addCluster(db, "Production"))).toBe(409);
  for (const name of ["", "  ", "x".repeat(254), "a\u202eb", "a\nb"])
    expect(await refused(addCluster(db, name))).toBe(422);
  const other = await addCluster(db, "other");
  expect(await refused(renameCluster(db, other.id, "production"))).toBe(409);
  expect(await renameCluster(db, other.id, "staging")).toBe(true);
  expect(await removeCluster(db, id)).toBe(true);
  expect(await removeCluster(db, id)).toBe(false);
  expect(await findToken(db, tokenHash(token), 0)).toBeUndefined();
});

test("tokens are told apart by their prefix and listed without their text", async () => {
  const db = openDatabase(":memory:");
  const cluster = await addCluster(db, "a");
  const second = await createClusterToken(db, cluster.id);
  const api = await createToken(db, { name: "ci", role: "viewer" });
  expect([
    looksLikeToken("cluster", second),
    looksLikeToken("api", api),
    looksLikeToken("api", second),
  ]).toEqual([true, true, false]);
  expect(await listTokens(db)).toHaveLength(3);
  expect(await listTokens(db, { cluster: cluster.id })).toHaveLength(2);
  const api_tokens = await listTokens(db, { kind: "api" });
  expect(api_tokens).toMatchObject([{ name: "ci", role: "viewer" }]);
  expect(JSON.stringify(api_tokens)).not.toContain(api.slice(5));
});

test("a cluster's new token is good beside the old one, until that ends", async () => {
  const db = openDatabase(":memory:");
  const { id, token } = await addCluster(db, "rotating");
  const { token: fresh, endsMs } = await rotateClusterToken(db, id, 60_000);
  const good = async (one: string, at: number) => (await findToken(db, tokenHash(one), at)) !== undefined;
  expect([await good(token, Date.now()), await good(fresh, Date.now())]).toEqual([true, true]);
  expect([await good(token, endsMs + 1), await good(fresh, endsMs + 1)]).toEqual([false, true]);
  const { token: newest } = await rotateClusterToken(db, id, 0);
  const now = Date.now() + 1;
  expect([await good(token, now), await good(fresh, now), await good(newest, now)]).toEqual([
    false,
    false,
    true,
  ]);
  db.close();
});
