import { expect, test } from "bun:test";
import type { Event } from "../../../wire/event.ts";
import type { ProblemError } from "../../../wire/problem.ts";
import { openDatabase } from "../database.ts";
import { createEventStore, type EventStoreOptions } from "./store.ts";

const start = 1_800_000_000_000;
const day = 86_400_000;

function setUp(options: Partial<EventStoreOptions> = {}) {
  const clock = { ms: start };
  const db = openDatabase(":memory:");
  const faults: unknown[] = [];
  const store = createEventStore(db, {
    retentionMs: 30 * day,
    maxBytes: 2 ** 30,
    now: () => clock.ms,
    failed: (_what, error) => faults.push(error),
    ...options,
  });
  return { db, store, clock, faults };
}

let made = 0;
function event(given: Partial<Event> = {}): Event {
  return {
    id: `event-${made++}`,
    ts_ms: start - 60_000,
    kind: "Pod",
    namespace: "default",
    name: "web-1",
    reason: "BackOff",
    severity: "warning",
    message: "Back-off restarting failed container",
    origin: "kubernetes",
    ...given,
  };
}

test("an event comes back as it was sent", async () => {
  const { store } = setUp();
  const full = event({
    first_ts_ms: start - 90_000,
    count: 3,
    resolved_ts_ms: start,
    uid: "uid",
    container: "web",
    node: "node-1",
    category: "workload",
    message: "ünï ✓ 简体 \u0000 \" ' %",
  });
  const bare: Event = { id: "bare", ts_ms: 0, kind: "Node", name: "n", reason: "Ready", severity: "info" };
  expect(await store.append("a", [full, bare])).toEqual({ stored: 2, changed: 0 });
  expect(store.search({}).items).toEqual([
    { cluster: "a", ...full },
    { cluster: "a", ...bare },
  ]);
  expect(store.get("a", "bare")).toEqual({ cluster: "a", ...bare });
  expect(store.get("b", "bare")).toBeUndefined();
});

test("the same event sent again, also in the same batch or at the same time, is stored once", async () => {
  const { store } = setUp();
  const one = event();
  const results = await Promise.all([
    store.append("a", [one, one]),
    store.append("a", [one]),
    store.append("b", [one]),
  ]);
  expect(results.map((result) => result.stored)).toEqual([1, 0, 1]);
  expect(await store.append("a", [one])).toEqual({ stored: 0, changed: 0 });
  expect(store.search({}).total).toBe(2);
  expect(store.search({ q: "restarting" }).total).toBe(2);
});

test("an occurrence grows, moves to its newest time, and is found by what it says now only", async () => {
  const { store, clock } = setUp();
  const first = event({ count: 1, origin: "diagnosis", message: "restarted once" });
  await store.append("a", [first, event({ ts_ms: start - 30_000, name: "other" })]);
  expect(store.search({}).items[0]!.name).toBe("other");
  clock.ms += 1000;
  const later = {
    ...first,
    ts_ms: start,
    count: 7,
    severity: "critical" as const,
    message: "restarted often",
  };
  expect(await store.append("a", [later])).toEqual({ stored: 0, changed: 1 });
  expect(store.search({}).items.map((one) => one.name)).toEqual(["web-1", "other"]);
  expect(store.search({ q: "once" }).total).toBe(0);
  expect(store.search({ q: "often", severity: "critical" }).items).toEqual([
    { cluster: "a", ...later, first_ts_ms: first.ts_ms },
  ]);
  expect(store.search({ severity: "warning" }).total).toBe(1);
  expect(store.search({}).total).toBe(2);
});

test("nothing goes backwards: an older message changes nothing but an earlier beginning", async () => {
  const { store } = setUp();
  const now = event({ id: "x", ts_ms: start - 1000, first_ts_ms: start - 5000, count: 5, message: "new" });
  await store.append("a", [now]);
  expect(await store.append("a", [{ ...now, ts_ms: start - 2000, count: 9, message: "old" }])).toEqual({
    stored: 0,
    changed: 0,
  });
  expect((await store.append("a", [{ ...now, count: 4, message: "fewer" }])).changed).toBe(0);
  expect((await store.append("a", [{ ...now, ts_ms: start - 900, count: 2 }])).changed).toBe(1);
  expect(
    (await store.append("a", [{ ...now, ts_ms: start - 3000, first_ts_ms: start - 9000 }])).changed,
  ).toBe(1);
  expect(store.get("a", "x")).toEqual({
    cluster: "a",
    ...now,
    ts_ms: start - 900,
    first_ts_ms: start - 9000,
  });
});

test("an occurrence ends, stays ended when the last message comes again, and opens when it is seen anew", async () => {
  const { store } = setUp();
  const one = event({ id: "x", origin: "diagnosis", ts_ms: start - 9000 });
  await store.append("a", [one, event({ origin: "kubernetes" })]);
  await store.append("b", [one]);
  expect(store.open("a").map((open) => open.id)).toEqual(["x"]);
  expect(store.open()).toHaveLength(2);
  expect(store.search({ open: true, cluster: "a" }).total).toBe(1);
  await store.append("a", [{ ...one, resolved_ts_ms: start - 8000 }]);
  expect(store.open("a")).toEqual([]);
  expect(store.search({ open: true, cluster: "a" }).total).toBe(0);
  await store.append("a", [one]);
  expect(store.open("a")).toEqual([]);
  await store.append("a", [{ ...one, ts_ms: start - 5000 }]);
  expect(store.open("a").map((open) => open.resolved_ts_ms)).toEqual([undefined]);
  expect(store.open("unknown")).toEqual([]);
});

test("every filter is exact, and all of them hold together", async () => {
  const { store } = setUp();
  const wanted = event({ namespace: "shop", name: "web-1", node: "n-1", reason: "Back Off!", kind: "Pod" });
  await store.append("a", [
    wanted,
    event({ namespace: "shop-2", name: "web-1-x", node: "n-11", reason: "BackOff2", kind: "Pods" }),
    event({
      namespace: "not-shop",
      name: "x-web-1",
      node: "n",
      reason: "Back Off",
      kind: "A Pod",
      origin: "other",
    }),
    event({
      namespace: undefined,
      name: "web 1",
      node: undefined,
      severity: "info",
      message: "shop web-1 n-1",
    }),
  ]);
  await store.append("b", [{ ...wanted, id: "elsewhere", severity: "critical" }]);
  const { namespace, name, node, reason, kind } = wanted;
  for (const query of [
    { namespace },
    { name },
    { node },
    { reason },
    { namespace, name, node, reason, kind },
  ])
    expect(store.search({ cluster: "a", ...query }).items.map((one) => one.id)).toEqual([wanted.id]);
  expect(store.search({ name }).total).toBe(2);
  expect(store.search({ severity: "critical" }).items.map((one) => one.cluster)).toEqual(["b"]);
  expect(store.search({ origin: "other" }).total).toBe(1);
  expect(store.search({ cluster: "nobody" })).toEqual({ items: [], total: 0, more: false });
  expect(store.search({ namespace: "nowhere" }).total).toBe(0);
  expect(store.search({ name: "***" }).total).toBe(0);
});

test("words may stand anywhere and be cut short, phrases not", async () => {
  const { store } = setUp();
  await store.append("a", [
    event({ name: "checkout-7d4f", node: "worker-3", message: "Liveness probe failed: connection refused" }),
    event({ name: "cart", message: "Failed to pull image" }),
  ]);
  const total = (q: string) => store.search({ q }).total;
  expect(total("probe failed")).toBe(1);
  expect(total("FAIL")).toBe(2);
  expect(total("conn liveness checkout worker")).toBe(1);
  expect(total('"probe failed"')).toBe(1);
  expect(total('"failed probe"')).toBe(0);
  expect(total("checkout-7d4f")).toBe(1);
  expect(total("checkout-7d")).toBe(1);
  expect(total("fa")).toBe(0);
  expect(total("failed cart checkout")).toBe(0);
});

test("a word that begins more words than can be named is still found, whole and cut short", async () => {
  const { store } = setUp();
  const names = Array.from({ length: 300 }, (_, n) => `web-${(36 ** 3 + n * 7).toString(36)}`);
  await store.append("a", [
    ...names.map((name) => event({ name, message: `1${name.slice(4)}` })),
    event({ name: "1000x", message: "alone" }),
  ]);
  expect(store.search({ q: "100" }).total).toBeGreaterThan(5);
  expect(store.search({ q: "1000x" }).total).toBe(1);
  expect(store.search({ q: "web-1" }).total).toBe(300);
  expect(store.search({ q: names[7]! }).items.map((one) => one.name)).toEqual([names[7]!]);
  expect(store.search({ q: names[7]!.slice(0, -1) }).total).toBeGreaterThan(1);
});

test("any text is a legal search and none of it is an operator", async () => {
  const { store } = setUp();
  await store.append("a", [event({ name: "web", message: "alpha beta NOT gamma" })]);
  const hostile = [
    '"',
    '""',
    '"""',
    "'",
    "*",
    "**",
    "a*b",
    "(",
    ")",
    "((((",
    "^",
    "-",
    "+",
    ":",
    "text:alpha",
    "{text}:alpha",
    "NEAR(a b)",
    "AND",
    "OR",
    "NOT",
    "alpha AND",
    "NOT alpha",
    "\0",
    "alpha\0beta",
    "\ud800",
    "\udfff\ud800",
    "\ue000",
    "\ue0001",
    "；",
    "😀",
    "%",
    "_",
    "\\",
    "'; DROP TABLE events; --",
    "x".repeat(100_000),
    "a ".repeat(5000),
    `"${'" "'.repeat(2000)}`,
    "简体中文",
    "é",
    "NEAR/2",
    "alpha NEAR beta",
    "rowid:1",
    "event_text",
    "\u{10ffff}",
    "\u202e",
  ];
  for (const q of hostile) expect(() => store.search({ q })).not.toThrow();
  for (let n = 0; n < 2000; n++) {
    const q = Array.from({ length: n % 12 }, () =>
      String.fromCharCode(Math.floor(Math.random() * 0x3000)),
    ).join("");
    expect(() => store.search({ q, name: q, namespace: q, reason: q })).not.toThrow();
  }
  expect(store.search({ q: "NOT alpha" }).total).toBe(1);
  expect(store.search({ q: "alpha OR delta" }).total).toBe(0);
  expect(store.search({ q: "***" })).toEqual({ items: [], total: 0, more: false });
  expect(store.search({ q: "  " }).total).toBe(1);
  // What stands for a filter cannot be typed.
  expect(store.search({ q: "\ue0011" }).total).toBe(0);
});

test("pages follow each other without gap or repetition while new events come in", async () => {
  const { store } = setUp();
  const ids = Array.from({ length: 57 }, (_, n) => `e${n}`);
  await store.append(
    "a",
    ids.map((id, n) => event({ id, ts_ms: start - 1000 + Math.floor(n / 9) })),
  );
  for (const query of [{}, { q: "restarting", namespace: "default" }]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = store.search({ ...query, limit: 10, ...(cursor ? { cursor } : {}) });
      expect(page.total).toBeGreaterThanOrEqual(57);
      seen.push(
        ...page.items.map((one) => one.id).filter((id) => id.startsWith("e") && !id.startsWith("event")),
      );
      cursor = page.next;
      await store.append("a", [event({ ts_ms: start })]);
    } while (cursor);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen.sort()).toEqual([...ids].sort());
  }
  const up = store.search({ sort: "ts", limit: 5 });
  expect(up.items.map((one) => one.ts_ms)).toEqual([...up.items.map((one) => one.ts_ms)].sort());
  expect(store.search({ sort: "ts", limit: 5, cursor: up.next! }).items[0]!.id).not.toBe(up.items[4]!.id);
});

test("a cursor or an order that is none is refused in words", () => {
  const { store } = setUp();
  for (const query of [{ cursor: "!" }, { cursor: "zzzzzzzzzzzzzz" }, { cursor: "' OR 1" }, { sort: "name" }])
    try {
      store.search(query);
      expect.unreachable();
    } catch (error) {
      expect((error as ProblemError).problem.status).toBe(422);
    }
});

test("a time range holds its ends", async () => {
  const { store } = setUp();
  await store.append(
    "a",
    [1, 2, 3, 4].map((n) => event({ id: `t${n}`, ts_ms: start - 10 + n })),
  );
  const ids = (query: { fromMs?: number; toMs?: number }) => store.search(query).items.map((one) => one.id);
  expect(ids({ fromMs: start - 8, toMs: start - 7 })).toEqual(["t3", "t2"]);
  expect(ids({ fromMs: start - 7 })).toEqual(["t4", "t3"]);
  expect(ids({ toMs: start - 9 })).toEqual(["t1"]);
  expect(store.search({ q: "restarting", toMs: start - 9 }).total).toBe(1);
});

test("thousands of events of one millisecond keep apart, and the count stops at 10,000", async () => {
  const { store } = setUp();
  for (let n = 0; n < 3; n++)
    await store.append(
      "a",
      Array.from({ length: 4000 }, () => event({ ts_ms: start - 500 })),
    );
  expect(store.search({ limit: 1 })).toMatchObject({ total: 10_000, more: true });
  expect(store.search({ q: "restarting", limit: 1 })).toMatchObject({ total: 10_000, more: true });
  expect(store.size().events).toBe(12_000);
});

test("an event from the future does not stay on top, and keeps the time that it told", async () => {
  const { store, clock } = setUp();
  await store.append("a", [event({ id: "future", ts_ms: Number.MAX_SAFE_INTEGER })]);
  clock.ms += 10_000;
  await store.append("a", [event({ id: "now", ts_ms: clock.ms })]);
  expect(store.search({}).items.map((one) => one.id)).toEqual(["now", "future"]);
  expect(store.get("a", "future")!.ts_ms).toBe(Number.MAX_SAFE_INTEGER);
});

test("the newest warnings leave out what is only information", async () => {
  const { store } = setUp();
  await store.append("a", [
    event({ id: "w", ts_ms: start - 30 }),
    event({ id: "i", severity: "info" }),
    event({ id: "c", ts_ms: start - 20, severity: "critical", namespace: "shop" }),
  ]);
  await store.append("b", [event({ id: "b", ts_ms: start - 10 })]);
  const ids = (scope?: { cluster?: string; namespace?: string }) =>
    store.recentWarnings(2, scope).map((one) => one.id);
  expect(ids()).toEqual(["b", "c"]);
  expect(ids({ cluster: "a" })).toEqual(["c", "w"]);
  expect(ids({ cluster: "a", namespace: "shop" })).toEqual(["c"]);
  expect(ids({ cluster: "nobody" })).toEqual([]);
});

test("a cluster that is removed takes its events along", async () => {
  const { store } = setUp();
  await store.append(
    "a",
    Array.from({ length: 700 }, () => event()),
  );
  await store.append("b", [event({ id: "stays" })]);
  await store.forget("a");
  expect(store.search({}).items.map((one) => one.id)).toEqual(["stays"]);
  expect(store.search({ q: "restarting" }).total).toBe(1);
});

test("ids are found again over many buckets", async () => {
  const { store } = setUp();
  const all = Array.from({ length: 40_000 }, () => event({ ts_ms: start - Math.floor(Math.random() * 1e6) }));
  for (let n = 0; n < all.length; n += 4000) await store.append("a", all.slice(n, n + 4000));
  const again = await Promise.all(
    Array.from({ length: 10 }, (_, n) => store.append("a", all.slice(n * 4000, (n + 1) * 4000))),
  );
  expect(again.reduce((sum, one) => sum + one.stored + one.changed, 0)).toBe(0);
});

test("one append that cannot be stored leaves those beside it alone", async () => {
  const { store } = setUp();
  const bad = { ...event(), kind: undefined } as unknown as Event;
  const results = await Promise.allSettled([
    store.append("a", [event({ id: "before" })]),
    store.append("a", [event({ id: "half" }), bad]),
    store.append("new", [event({ id: "after" })]),
  ]);
  expect(results.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(
    store
      .search({})
      .items.map((one) => one.id)
      .sort(),
  ).toEqual(["after", "before"]);
});
