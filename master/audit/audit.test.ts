import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditTable } from "../database/audit.ts";
import { addCluster, listClusters } from "../database/clusters.ts";
import { openDatabase } from "../database/database.ts";
import type { AuditEntry } from "./audit.ts";
import { genesis, hashOf } from "./chain.ts";
import { auditKey } from "./key.ts";
import { AuditLog } from "./log.ts";
import { cutAudit } from "./retention.ts";
import { type AuditQuery, exportAudit, searchAudit, type Visible } from "./search.ts";
import { verifyAudit } from "./verify.ts";

const key = new Uint8Array(32).fill(7);
const dayMs = 86_400_000;

function entry(n: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    actor: { kind: "user", id: `u${n % 3}`, name: `ana ${n % 3}` },
    action: "user.add",
    object: `user ${n}`,
    result: "ok",
    detail: { n },
    ...more,
  };
}

async function filled(entries: number) {
  const db = openDatabase(":memory:");
  const log = new AuditLog(db, key);
  await Promise.all(Array.from({ length: entries }, (_, n) => log.record(entry(n))));
  return { db, log, sql: (text: string) => db.main.run(text), verify: () => verifyAudit(db, key) };
}

function temporary() {
  const path = mkdtempSync(join(tmpdir(), "atlhyper-audit-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test("entries follow each other in the order recorded, and the whole verifies", async () => {
  const { db, verify } = await filled(1500);
  const rows = auditTable(db.main).after(0, 2000);
  expect(rows.map((row) => row.object)).toEqual(Array.from({ length: 1500 }, (_, n) => `user ${n}`));
  expect(await verify()).toMatchObject({ entries: 1500, end: { seq: 1500, hash: rows.at(-1)!.hash } });
  expect((await verify()).fault).toBeUndefined();
});

test("an empty log verifies", async () => {
  expect(await (await filled(0)).verify()).toMatchObject({ entries: 0, end: genesis });
});

test("any change to any column of any entry is found, at it or at the one behind it", async () => {
  const columns =
    "at_ms actor_kind actor_id actor address action tenant cluster namespace object result detail hash";
  for (const column of columns.split(" "))
    for (const seq of [1, 5, 10]) {
      const { sql, verify } = await filled(10);
      sql(`UPDATE audit SET ${column} = ${column === "at_ms" ? "at_ms + 1" : `'x'`} WHERE seq = ${seq}`);
      expect([column, (await verify()).fault?.seq]).toEqual([column, seq]);
    }
});

test("an entry that was rewritten with a fitting hash is found by the one behind it, or by the anchor", async () => {
  for (const seq of [3, 10]) {
    const { db, verify } = await filled(10);
    const table = auditTable(db.main);
    const [before, row] = table.after(seq - 2, 2);
    const forged = { ...row!, actor: "somebody else" };
    db.main.run("UPDATE audit SET actor = ?, hash = ? WHERE seq = ?", [
      forged.actor,
      hashOf(before!.hash, forged),
      seq,
    ]);
    expect((await verify()).fault?.seq).toBe(seq === 10 ? 10 : seq + 1);
  }
});

test("a whole chain that was computed anew does not have the seal of its end", async () => {
  const { db, verify } = await filled(10);
  const table = auditTable(db.main);
  let before = genesis.hash;
  for (const row of table.after(0, 10)) {
    const hash = hashOf(before, { ...row, actor: "nobody" });
    db.main.run("UPDATE audit SET actor = 'nobody', hash = ? WHERE seq = ?", [hash, row.seq]);
    before = hash;
  }
  expect((await verify()).fault?.seq).toBe(10);
  table.setSealed("anchor", table.sealed("anchor")!.replace(/:[0-9a-f]{64}:/, `:${before}:`));
  expect((await verify()).fault).toEqual({
    seq: 10,
    what: "is the last, and the end is not sealed with this key",
  });
});

test("missing entries are named: at the beginning, in the middle, at the end", async () => {
  for (const [gone, first] of [
    ["= 1", 1],
    ["= 5", 5],
    ["IN (4, 5, 6)", 4],
    ["= 10", 10],
    ["> 3", 4],
    ["> 0", 1],
  ] as const) {
    const { sql, verify } = await filled(10);
    sql(`DELETE FROM audit WHERE seq ${gone}`);
    expect((await verify()).fault).toEqual({ seq: first, what: "is missing" });
  }
});

test("entries that changed places are found", async () => {
  const { sql, verify } = await filled(10);
  sql("UPDATE audit SET seq = 100 WHERE seq = 4");
  sql("UPDATE audit SET seq = 4 WHERE seq = 5");
  sql("UPDATE audit SET seq = 5 WHERE seq = 100");
  expect((await verify()).fault?.seq).toBe(4);
});

test("an end that was cut off stays missing when more is recorded", async () => {
  const { sql, log, verify } = await filled(10);
  sql("DELETE FROM audit WHERE seq > 7");
  await log.record(entry(10));
  expect((await verify()).fault).toEqual({ seq: 8, what: "is missing" });
});

test("a seal that was removed or made with another key is told, and stays told", async () => {
  for (const harm of [
    "DELETE FROM settings WHERE key = 'audit:anchor'",
    "UPDATE settings SET value = replace(value, ':', ':0') WHERE key = 'audit:anchor'",
  ]) {
    const { sql, log, verify } = await filled(10);
    sql(harm);
    expect((await verify()).fault?.seq).toBe(10);
    await log.record(entry(10));
    await log.record(entry(11));
    expect((await verify()).fault).toEqual({
      seq: 11,
      what: "says that the end of the log before it had been changed",
    });
  }
});

test("an entry that was put behind the end is told, before and after more is recorded", async () => {
  const { sql, log, verify } = await filled(3);
  sql(
    "INSERT INTO audit SELECT 4, at_ms, actor_kind, actor_id, actor, address, action, tenant, cluster, namespace, object, result, detail, hash FROM audit WHERE seq = 3",
  );
  expect((await verify()).fault).toEqual({ seq: 4, what: "was added behind the end" });
  await log.record(entry(1));
  expect((await verify()).fault?.seq).toBe(4);
});

test("a place that was noted down elsewhere shows that the whole log was replaced by an older one", async () => {
  const { db } = await filled(10);
  const end = (await verifyAudit(db, key)).end;
  expect((await verifyAudit(db, key, end)).fault).toBeUndefined();
  expect((await verifyAudit(db, key, { ...end, seq: 5 })).fault?.seq).toBe(5);
  expect((await verifyAudit(db, key, { ...end, seq: 11 })).fault).toEqual({ seq: 11, what: "is missing" });
  expect((await verifyAudit((await filled(10)).db, key, { seq: 10, hash: end.hash })).fault?.seq).toBe(10);
});

test("texts of any kind verify after they were stored, however long and odd", async () => {
  const { db, log } = await filled(0);
  const odd = [
    "\0a\0",
    "\ud800",
    "a\udfff",
    "\u2028",
    "'; DROP TABLE audit; --",
    "中文 🦊",
    "x".repeat(10_000),
  ];
  for (const one of odd)
    await log.record(
      entry(1, {
        actor: { kind: "user", id: one, name: one },
        address: one,
        object: one,
        namespace: one,
        detail: { [one]: one, nested: [one, null, 1.5, undefined] },
      }),
    );
  await log.record(entry(1, { detail: { long: "x".repeat(100_000) } }));
  expect((await verifyAudit(db, key)).fault).toBeUndefined();
  expect(auditTable(db.main).last()?.detail).toBe('{"omitted":"100011 characters"}');
});

test("whole old days are cut, the cut is an entry, and the rest verifies on", async () => {
  const db = openDatabase(":memory:");
  let now = 100 * dayMs;
  const log = new AuditLog(db, key, { now: () => now });
  for (let n = 0; n < 20; n++) {
    await log.record(entry(n));
    now += dayMs / 2;
  }
  // Ten days of two entries each; the last one is of 99.5 days.
  expect(await cutAudit(db, key, log, 4 * dayMs, now)).toBe(12);
  const table = auditTable(db.main);
  expect(table.after(0, 1)[0]?.seq).toBe(13);
  expect(table.last()).toMatchObject({ seq: 21, action: "audit.cut" });
  expect(await verifyAudit(db, key)).toMatchObject({ entries: 9, end: { seq: 21 } });
  expect((await verifyAudit(db, key)).fault).toBeUndefined();
  expect(await cutAudit(db, key, log, 4 * dayMs, now)).toBe(0);
  db.main.run("DELETE FROM audit WHERE seq = 13");
  expect((await verifyAudit(db, key)).fault).toEqual({ seq: 13, what: "is missing" });
  db.main.run("DELETE FROM settings WHERE key = 'audit:checkpoint'");
  expect((await verifyAudit(db, key)).fault).toEqual({ seq: 1, what: "is missing" });
});

test("retention does not cut what does not verify", async () => {
  const db = openDatabase(":memory:");
  const log = new AuditLog(db, key, { now: () => 5 * dayMs });
  for (let n = 0; n < 5; n++) await log.record(entry(n));
  db.main.run("UPDATE audit SET actor = 'x' WHERE seq = 3");
  expect(await cutAudit(db, key, log, dayMs, 100 * dayMs)).toBe(2);
  expect((await verifyAudit(db, key)).fault?.seq).toBe(3);
});

test("an entry that cannot be written is refused, and those after it are not", async () => {
  const { db, log, verify } = await filled(3);
  db.main.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
  await expect(log.record(entry(1))).rejects.toThrow();
  db.main.run("DROP TRIGGER full");
  await log.record(entry(2));
  expect(await verify()).toMatchObject({ entries: 4 });
});

test("an entry waits for a transaction of others on the same connection, and is not part of it", async () => {
  const { db, log, verify } = await filled(1);
  const began = Promise.withResolvers<void>();
  const others = db.transaction(async () => {
    began.resolve();
    await Bun.sleep(20);
    throw new Error("taken back");
  });
  await began.promise;
  const recorded = log.record(entry(1));
  await expect(others).rejects.toThrow("taken back");
  await recorded;
  expect(await verify()).toMatchObject({ entries: 2 });
});

test("what is done and recorded in one transaction is kept together or not at all", async () => {
  const { db, log, verify } = await filled(1);
  const add = async (name: string, then?: () => never) =>
    db.transaction(async () => {
      const { id } = await addCluster(db, name);
      await log.record(entry(1, { action: "cluster.add", cluster: id }));
      then?.();
    });
  await add("edge");
  expect((await listClusters(db)).length).toBe(1);
  await expect(add("edge")).rejects.toThrow("there is a cluster named edge already");
  await expect(
    add("home", () => {
      throw new Error("later");
    }),
  ).rejects.toThrow("later");
  db.main.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
  await expect(add("work")).rejects.toThrow();
  db.main.run("DROP TRIGGER full");
  expect((await listClusters(db)).map((one) => one.name)).toEqual(["edge"]);
  expect(await verify()).toMatchObject({ entries: 2 });
});

test("several processes make one chain", async () => {
  using folder = temporary();
  const dbs = [openDatabase(folder.path), openDatabase(folder.path), openDatabase(folder.path)];
  const logs = dbs.map((db) => new AuditLog(db, auditKey(folder.path, "")));
  for (let n = 0; n < 20; n++) await Promise.all(logs.map((log) => log.record(entry(n))));
  expect(await verifyAudit(dbs[0]!, auditKey(folder.path, ""))).toMatchObject({ entries: 60 });
  for (const db of dbs) db.close();
});

test("the key is made once, for its owner alone, and a broken one is told rather than replaced", () => {
  using folder = temporary();
  const made = auditKey(folder.path, "");
  expect(auditKey(folder.path, "")).toEqual(made);
  expect(auditKey(folder.path, "from the configuration")).not.toEqual(made);
  const path = join(folder.path, "audit.key");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8").trim()).toBe(Buffer.from(made).toString("hex"));
  writeFileSync(path, "short");
  expect(() => auditKey(folder.path, "")).toThrow("no key of 64 hexadecimal digits");
});

test("ten thousand entries take no more than a few seconds", async () => {
  using folder = temporary();
  const db = openDatabase(folder.path);
  const log = new AuditLog(db, key);
  const start = performance.now();
  await Promise.all(Array.from({ length: 10_000 }, (_, n) => log.record(entry(n))));
  expect(performance.now() - start).toBeLessThan(5000);
  expect(await verifyAudit(db, key)).toMatchObject({ entries: 10_000 });
  db.close();
});

async function searched(entries: AuditEntry[], from = 0) {
  const db = openDatabase(":memory:");
  let now = from;
  const log = new AuditLog(db, key, { now: () => now++ });
  for (const one of entries) await log.record(one);
  const all = () => true;
  return {
    db,
    find: async (query: AuditQuery, visible: Visible = all) =>
      (await searchAudit(db, { limit: 100, ...query }, visible)).items.map((one) => one.seq),
    page: (query: AuditQuery & { before?: number; limit: number }) => searchAudit(db, query, all),
    async lines(query: AuditQuery, visible: Visible = all) {
      let text = "";
      for await (const part of exportAudit(db, query, visible)) text += part;
      return text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    },
  };
}

const some: AuditEntry[] = [
  entry(0, {
    action: "session.begin",
    actor: { kind: "nobody", name: "ana" },
    result: "refused",
    address: "10.0.0.9",
  }),
  entry(1, { action: "session.begin", actor: { kind: "user", name: "Ana" } }),
  entry(2, { action: "sessions", cluster: "c1", tenant: "t1", namespace: "shop" }),
  entry(3, { action: "command.end", cluster: "c2", result: "failed", object: "Deployment shop/web 100%_x" }),
  entry(4, { detail: { replicas: 3, note: "ünïcode" } }),
];

test("entries are found by who, what, where, result, time and any text, newest first", async () => {
  const { find } = await searched(some, 1000);
  expect(await find({})).toEqual([5, 4, 3, 2, 1]);
  expect(await find({ actor: "ana" })).toEqual([5, 4, 3, 2, 1]);
  expect(await find({ actor: "ana 2" })).toEqual([3]);
  expect(await find({ action: "session" })).toEqual([2, 1]);
  expect(await find({ action: "session.begin", result: "refused" })).toEqual([1]);
  expect(await find({ cluster: "c2" })).toEqual([4]);
  expect(await find({ q: "SHOP" })).toEqual([4, 3]);
  expect(await find({ q: "0%_x" })).toEqual([4]);
  expect(await find({ q: "_" })).toEqual([4]);
  expect(await find({ q: "10.0.0" })).toEqual([1]);
  expect(await find({ q: '"replicas":3' })).toEqual([5]);
  expect(await find({ q: "nothing" })).toEqual([]);
  expect(await find({ fromMs: 1001, toMs: 1003 })).toEqual([4, 3, 2]);
  expect(await find({ fromMs: 2000 })).toEqual([]);
  expect(await find({ toMs: 999 })).toEqual([]);
});

test("nobody finds or exports what they may not see, however it is asked for", async () => {
  const { find, lines } = await searched(some);
  const visible: Visible = (one) => one.tenant === "t1";
  for (const query of [{}, { q: "a" }, { result: "ok" as const }, { fromMs: 0 }])
    expect(await find(query, visible)).toEqual([3]);
  expect((await lines({}, visible)).map((one) => one.seq)).toEqual([3]);
});

test("pages follow each other without gaps or repetitions while entries are added", async () => {
  const { db, page } = await searched(Array.from({ length: 45 }, (_, n) => entry(n)));
  const log = new AuditLog(db, key);
  const seen: number[] = [];
  let before: number | undefined;
  do {
    const found = await page({ limit: 10, ...(before === undefined ? {} : { before }) });
    seen.push(...found.items.map((one) => one.seq));
    before = found.next;
    await log.record(entry(99));
  } while (before !== undefined);
  expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => 45 - n));
});

test("an export can be verified by itself: each line names the hash before it", async () => {
  const { lines } = await searched(Array.from({ length: 1200 }, (_, n) => entry(n)));
  const all = await lines({});
  expect(all.length).toBe(1200);
  expect(all[0]).toMatchObject({ seq: 1, prev: genesis.hash, actor: { kind: "user" }, detail: { n: 0 } });
  for (let n = 1; n < all.length; n++) expect(all[n].prev).toBe(all[n - 1].hash);
  expect((await lines({ q: "user 7" })).every((one) => one.prev === all[one.seq - 2]!.hash)).toBe(true);
});
