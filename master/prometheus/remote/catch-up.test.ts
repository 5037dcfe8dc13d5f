import { afterEach, expect, test } from "bun:test";
import { openDatabase } from "../../database/database.ts";
import { type RemoteWriteMark, RemoteWriteMarks } from "../../database/metrics/remote-write.ts";
import { createMetricsHistory, type MetricsHistory } from "../../history/history.ts";
import { Progress, type ProgressStore, targetOf } from "./progress.ts";
import { createRemoteWrite, type RemoteWrite } from "./remote-write.ts";
import { startStore } from "./testing.ts";

const everyMs = 5000;
const block = 600_000;
/** Half an hour ago, five minutes into a block. */
const begin = Math.floor(Date.now() / block) * block - 2 * block - block / 2;
const nodes = ["n1", "n2", "n3"];
const used: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of used.splice(0).reverse()) await end();
});

/** A history whose clock is told, and senders to a store that read from it. */
function lab(url: string) {
  const db = openDatabase(":memory:");
  const clock = { ms: begin };
  let remote: RemoteWrite | undefined;
  const history: MetricsHistory = createMetricsHistory(db, {
    keptMs: [2, 14, 90, 730].map((days) => days * 86_400_000),
    maxBytes: 2 ** 40,
    findPod: (_cluster, _node, uid) => ({ namespace: "shop", name: uid, kind: "Deployment", owner: "web" }),
    taken: (...row) => remote?.take(...row),
    now: () => clock.ms,
  });
  const marks: ProgressStore = new RemoteWriteMarks(db.metrics);
  marks.put({ target: targetOf(url), floorMs: begin - 1, subjects: new Uint8Array() });
  const told: string[] = [];
  used.push(() => db.close());
  used.push(() => history.close());
  return {
    history,
    marks,
    told,
    /** Samples of all nodes, each with ten cores and a pod, until a time. */
    take(toMs: number) {
      for (; clock.ms < toMs; clock.ms += everyMs) {
        const timestamp = new Date(clock.ms).toISOString();
        history.take(
          "c1",
          nodes.map((nodeName, at) => ({
            nodeName,
            timestamp,
            cpu: {
              usage: (clock.ms % 997) / 1000,
              perCore: Array.from({ length: 10 }, (_, core) => core / 10),
            },
            containers: [{ id: "c", podUID: `p${at}`, cpuCores: at + 1, memoryWorkingSet: 4096 * at }],
          })) as never,
        );
      }
    },
    start(more: Partial<Parameters<typeof createRemoteWrite>[0]> = {}) {
      const started = createRemoteWrite({
        settings: { url, headers: {}, secrets: [], clusters: new Set(), queueBytes: 2 ** 24 },
        column: history.column,
        clusters: () => new Map([["c1", "home"]]),
        rows: () => history.raw,
        keptMs: 2 * 86_400_000,
        progress: marks,
        events: {
          remoteWrite: (why) => told.push(why ?? "again"),
          remoteWriteRefused: (samples, why) => told.push(`refused ${samples} ${why}`),
          remoteWriteGone: (seconds) => told.push(`gone ${seconds}`),
          failed: (what, error) => told.push(`${what} ${error}`),
        },
        gatherMs: 5,
        backoffMs: { first: 5, longest: 20 },
        tickMs: 10,
        ...more,
      });
      remote = started;
      used.push(() => started.stop());
      started.start();
      return started;
    },
  };
}

async function until(what: () => boolean): Promise<void> {
  for (let at = 0; !what(); at++) {
    if (at > 5000) throw new Error(`not so within 10 s: ${what}`);
    await Bun.sleep(2);
  }
}

/** Of each node's series in the store: equal to what the history gives. */
function expectAllOf(history: MetricsHistory, store: ReturnType<typeof startStore>): number {
  let samples = 0;
  for (const name of nodes) {
    const range = { fromMs: begin, toMs: Date.now(), stepMs: 0 };
    const found = history.over(
      { cluster: "c1", kind: "Node", name },
      range,
      ({ group }) => group === "cores",
    )!;
    const { times, series } = found;
    expect(series).toHaveLength(10);
    for (const { name: core, values } of series) {
      const labels = `__name__=atlhyper_node_core_usage_ratio,cluster=home,cluster_id=c1,core=${core},node=${name}`;
      const theirs = store.samples.get(labels)!.filter(({ stale }) => !stale);
      expect(theirs.map(({ ms, value }) => [ms, value])).toEqual(
        Array.from(times, (ms, at) => [ms, values.last[at]!]),
      );
      samples += theirs.length;
    }
  }
  return samples;
}

test("what came in before the start is sent first, then what comes in, all of it once and in order", async () => {
  await using store = startStore();
  const one = lab(store.url);
  one.take(begin + 2 * block);
  one.history.settle();
  const remote = one.start();
  expect(remote.state().behindSinceMs).toBe(begin - 1);
  while (remote.state().behindSinceMs !== undefined) {
    one.take(Math.min(Date.now(), begin + 2 * block + 60_000));
    await Bun.sleep(1);
  }
  one.take(begin + 2 * block + 120_000);
  await until(() => remote.state().waiting.samples === 0);
  expect(expectAllOf(one.history, store)).toBe(3 * 10 * (240 + 24));
  expect(remote.state()).toMatchObject({ refused: 0, late: 0, goneMs: 0 });
  expect(one.told).toEqual([]);
  const sums = store.samples.get(
    "__name__=atlhyper_workload_cpu_cores,cluster=home,cluster_id=c1,namespace=shop,workload=web,workload_kind=Deployment",
  )!;
  expect(sums.length).toBeGreaterThanOrEqual(240);
  expect(new Set(sums.slice(1, 200).map(({ value }) => value))).toEqual(new Set([6]));
});

test("a kill between an answer and its note loses nothing, and stores nothing twice", async () => {
  let asked = 0;
  await using store = startStore(() => (++asked > 12 ? new Response("away", { status: 503 }) : undefined));
  const one = lab(store.url);
  one.take(begin + 2 * block);
  // As of a kill: the last note is of when three requests had been answered.
  const killed = one.start({
    progress: {
      get: () => one.marks.get(),
      put: (mark) => asked <= 3 && one.marks.put(mark),
    },
  });
  await until(() => killed.state().retries > 4);
  await killed.stop();
  const before = expectSome(store);
  asked = Number.NEGATIVE_INFINITY;
  const remote = one.start();
  await until(() => remote.state().behindSinceMs === undefined);
  expect(expectAllOf(one.history, store)).toBe(3 * 10 * 240);
  expect(before).toBeGreaterThan(1000);
  expect(remote.state().refused).toBe(0);
});

const expectSome = (store: ReturnType<typeof startStore>) =>
  [...store.samples.values()].reduce((sum, { length }) => sum + length, 0);

test("what does not fit in memory while a store is away comes from the history, when it is back", async () => {
  let away = true;
  await using store = startStore(() => (away ? new Response("away", { status: 503 }) : undefined));
  const one = lab(store.url);
  const remote = one.start({
    settings: { url: store.url, headers: {}, secrets: [], clusters: new Set(), queueBytes: 20_000 },
  });
  one.take(begin + 60_000);
  expect(remote.state().behindSinceMs).toBeUndefined();
  await until(() => remote.state().retries > 0);
  one.take(begin + 2 * block);
  expect(remote.state().behindSinceMs).toBeLessThanOrEqual(begin);
  expect(remote.state().waiting.bytes).toBeLessThan(30_000);
  away = false;
  await until(() => remote.state().behindSinceMs === undefined);
  one.take(begin + 2 * block + 60_000);
  await until(() => remote.state().waiting.samples === 0);
  expect(expectAllOf(one.history, store)).toBe(3 * 10 * (240 + 12));
  expect(remote.state()).toMatchObject({ refused: 0, late: 0 });
});

test("a store that refuses everything is not asked row by row", async () => {
  await using store = startStore(() => new Response("no such tenant", { status: 400 }));
  const one = lab(store.url);
  one.take(begin + 2 * block);
  one.marks.put(markOf(store.url));
  const remote = one.start();
  await until(() => remote.state().behindSinceMs === undefined);
  expect(remote.state().refused).toBeGreaterThan(3 * 11 * 240);
  expect(remote.state().sent).toBe(0);
  expect(store.attempts()).toBeLessThan(100);
});

test("a store that takes less at once gets the first requests after a start in parts, too", async () => {
  const most = 2500;
  await using store = startStore(({ headers }) =>
    Number(headers.get("content-length")) > most ? new Response("too large", { status: 413 }) : undefined,
  );
  const one = lab(store.url);
  one.take(begin + 2 * block);
  one.marks.put(markOf(store.url));
  const remote = one.start();
  await until(() => remote.state().behindSinceMs === undefined);
  expect(store.attempts()).toBeGreaterThan(store.requests.length);
  expect(remote.state().refused).toBe(0);
  expect(expectAllOf(one.history, store)).toBe(3 * 10 * 240);
});

/** All subjects are further than the floor, by nothing. */
const markOf = (url: string): RemoteWriteMark => ({
  target: targetOf(url),
  floorMs: begin - 1,
  subjects: new Uint8Array([1, 0, 1, 0, 1, 0, 1, 0]),
});

test("another store begins anew; of what was kept no longer it is said for how long", async () => {
  await using store = startStore();
  const one = lab(store.url);
  one.take(begin + block);
  one.marks.put({ target: "another", floorMs: 0, subjects: new Uint8Array() });
  const remote = one.start();
  await until(() => remote.state().behindSinceMs === undefined);
  expect(expectSome(store)).toBe(0);
  await remote.stop();
  one.marks.put({ target: targetOf(store.url), floorMs: begin - 3 * block, subjects: new Uint8Array() });
  const later = one.start({ keptMs: Date.now() - begin });
  await until(() => later.state().behindSinceMs === undefined);
  expect(one.told).toHaveLength(1);
  expect(later.state().goneMs).toBeWithin(2 * block, 3 * block + 10_000);
});

test("what is sent from beyond the time that it is kept for, since it is still there, is not told to be gone", async () => {
  await using store = startStore();
  const one = lab(store.url);
  one.take(begin + 2 * block);
  const remote = one.start({ keptMs: 0 });
  await until(() => remote.state().behindSinceMs === undefined);
  expect(expectAllOf(one.history, store)).toBe(3 * 10 * 240);
  expect(one.told).toEqual([]);
});

test("a note from a clock that was ahead does not keep what came since from being sent", async () => {
  await using store = startStore();
  const one = lab(store.url);
  one.marks.put({
    target: targetOf(store.url),
    floorMs: Date.now() + 86_400_000,
    subjects: new Uint8Array(),
  });
  const first = one.start();
  await until(() => (one.marks.get()?.floorMs ?? 0) <= Date.now());
  await first.stop();
  expect(one.marks.get()!.floorMs).toBeGreaterThan(begin);
});

test("a first sample in the tenth of a second in which all begins is sent", () => {
  let mark: RemoteWriteMark | undefined;
  const store: ProgressStore = { get: () => undefined, put: (one) => (mark = one) };
  expect(new Progress(store, "t", 1_795_792_169_320).of(1)).toBeLessThan(1_795_792_169_300);
  expect(mark!.floorMs).toBe(1_795_792_169_299);
});
