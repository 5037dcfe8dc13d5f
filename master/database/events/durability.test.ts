import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../../../wire/event.ts";
import type { ProblemError } from "../../../wire/problem.ts";
import { type Database, openDatabase } from "../database.ts";
import { BucketLog } from "./open-buckets.ts";
import { createEventStore, type EventStore } from "./store.ts";

const forever = { retentionMs: 36_500 * 86_400_000, maxBytes: 2 ** 40 };

function folder() {
  const path = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function event(id: string, ts_ms = Date.now(), message = "Back-off restarting failed container"): Event {
  return { id, ts_ms, kind: "Pod", name: `web-${id}`, reason: "BackOff", severity: "warning", message };
}

const batch = (size: number, ts_ms?: number) =>
  Array.from({ length: size }, () => event(crypto.randomUUID(), ts_ms));

/** The full text index has one entry for each event and no other, and SQLite finds no fault. */
function checkWhole(db: Database, store: EventStore): void {
  const { events } = store.size();
  expect(store.search({ q: "restarting", limit: 1 }).total).toBe(Math.min(events, 10_000));
  const found = db.events
    .query<{ n: number }, []>(`SELECT count(*) AS n FROM event_text WHERE event_text MATCH 'restarting'`)
    .get()!.n;
  expect(found).toBe(events);
  // Each event has one id, in the table or in the log of those that are on their way there.
  const ids = new Set(db.events.query("SELECT bucket, hash, key FROM ids").values().map(String));
  for (const [bucket, open] of new BucketLog(db.events).read())
    for (const hash of open.hashes()) for (const key of open.of(hash)) ids.add(`${bucket},${hash},${key}`);
  expect(ids.size).toBe(events);
  expect(db.events.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
}

test("what was acknowledged before the process was killed is there exactly once, and searchable", async () => {
  using dir = folder();
  const acknowledged: string[] = [];
  for (let round = 0; round < 2; round++) {
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "appender.fixture.ts"), dir.path], {
      stdout: "pipe",
      stderr: "inherit",
    });
    let text = "";
    for await (const chunk of child.stdout) {
      text += new TextDecoder().decode(chunk);
      if (text.split("\n").length > 60 + round * 40) child.kill("SIGKILL");
    }
    await child.exited;
    // A line that the kill cut off was not said.
    acknowledged.push(...text.slice(0, text.lastIndexOf("\n")).split("\n"));
    const db = openDatabase(dir.path);
    const store = createEventStore(db, forever);
    for (const one of acknowledged)
      for (let at = 0; at < 20; at++) expect(store.get("a", `${one}-${at}`)).toBeDefined();
    const { distinct, all } = db.events
      .query<{ distinct: number; all: number }, []>(
        `SELECT count(DISTINCT id) AS "distinct", count(*) AS "all" FROM events`,
      )
      .get()!;
    expect(all).toBe(distinct);
    checkWhole(db, store);
    await store.close();
    db.close();
  }
}, 20_000);

test("events that were not yet indexed at the end are found after the next start", async () => {
  using dir = folder();
  const first = openDatabase(dir.path);
  await createEventStore(first, forever).append("a", [event("x")]);
  expect(first.events.query("SELECT count(*) AS n FROM pending").get()).toEqual({ n: 1 });
  first.close();
  const db = openDatabase(dir.path);
  const store = createEventStore(db, forever);
  expect(store.search({ q: "web-x" }).items.map((one) => one.cluster)).toEqual(["a"]);
  expect((await store.append("a", [event("x", 0)])).stored).toBe(0);
  await store.close();
  db.close();
});

test("the oldest go by age, those that are not over stay, and what is gone is not found", async () => {
  const db = openDatabase(":memory:");
  const now = Date.now();
  let removed = 0;
  const open: Event = { ...event("open", now - 90_000_000), origin: "diagnosis" };
  const pruned = Promise.withResolvers<void>();
  const store = createEventStore(db, {
    retentionMs: 86_400_000,
    maxBytes: 2 ** 40,
    pruned: (count) => {
      removed += count;
      pruned.resolve();
    },
  });
  await store.append("a", [...batch(1200, now - 90_000_000), open, ...batch(300, now - 1000)]);
  await pruned.promise;
  expect(removed).toBe(1200);
  expect(store.size().events).toBe(301);
  expect(store.open("a").map((one) => one.id)).toEqual(["open"]);
  checkWhole(db, store);
  await store.close();
});

test("the oldest go by size, while ingest goes on, and the space is used again", async () => {
  using dir = folder();
  const db = openDatabase(dir.path);
  const maxBytes = 3 * 2 ** 20;
  const faults: unknown[] = [];
  const store = createEventStore(db, { ...forever, maxBytes, failed: (_, error) => faults.push(error) });
  let largest = 0;
  for (let n = 0; n < 16; n++) {
    await Promise.all([store.append("a", batch(500)), store.append("b", batch(500))]);
    await Bun.sleep(0);
    largest = Math.max(largest, store.size().bytes);
  }
  const end = Date.now() + 15_000;
  while (store.size().bytes > maxBytes && Date.now() < end) await Bun.sleep(20);
  expect(store.size().bytes).toBeLessThanOrEqual(maxBytes);
  expect(largest).toBeLessThan(3 * maxBytes);
  expect(store.size().events).toBeGreaterThan(3000);
  expect(faults).toEqual([]);
  checkWhole(db, store);
  await store.close();
  db.close();
}, 20_000);

test("a full disk is said as 507 and leaves nothing half stored; with room again all goes on", async () => {
  using dir = folder();
  const db = openDatabase(dir.path);
  const store = createEventStore(db, { ...forever, failed: () => undefined });
  await store.append("a", batch(100));
  const { page_count: pages } = db.events.query<{ page_count: number }, []>("PRAGMA page_count").get()!;
  db.events.run(`PRAGMA max_page_count = ${pages + 5}`);
  const refused = await Promise.allSettled([
    store.append("a", batch(1000)),
    store.append("new", batch(1000)),
  ]);
  for (const one of refused)
    expect(((one as PromiseRejectedResult).reason as ProblemError).problem).toMatchObject({
      status: 507,
      retryAfterSeconds: 30,
    });
  expect(db.events.query("SELECT count(*) AS n FROM events").get()).toEqual({ n: 100 });
  db.events.run(`PRAGMA max_page_count = 1000000`);
  expect(await store.append("new", batch(1000))).toEqual({ stored: 1000, changed: 0 });
  checkWhole(db, store);
  await store.close();
  db.close();
});

test("a database that cannot be written is said as 503", async () => {
  using dir = folder();
  const db = openDatabase(dir.path);
  const store = createEventStore(db, { ...forever, failed: () => undefined });
  db.events.run("PRAGMA query_only = ON");
  const refused = await store.append("a", batch(1)).catch((error: ProblemError) => error.problem);
  expect(refused).toMatchObject({ status: 503 });
  db.close();
});
