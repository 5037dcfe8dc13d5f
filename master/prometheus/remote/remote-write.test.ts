import { expect, test } from "bun:test";
import type { ColumnInfo } from "../../history/column-info.ts";
import { createRemoteWrite, type RemoteWriteOptions } from "./remote-write.ts";
import { startTestMaster } from "../../harness.ts";
import type { Rows } from "./backlog.ts";
import { retryAfter } from "./deliver.ts";
import type { RemoteWriteSettings } from "./settings.ts";
import { startStore } from "./testing.ts";

/** Subject 1 is a node with series by their ids, 2 a Deployment with pods. */
function column(subject: number, id: number): ColumnInfo | undefined {
  const of = { id: subject, cluster: "c1", seen: 0 };
  if (subject === 2) {
    const usage = id % 2 === 0 ? "cpu" : "memory";
    const web = { ...of, kind: "Deployment", namespace: "shop", name: "web" };
    // The numbers 5 and 6 are pods of one name, as a stateful set has them.
    const name = `web-${Math.min(5, Math.floor(id / 2))}`;
    return { subject: web, step: usage === "cpu" ? 0.001 : 4096, usage, ...(id < 2 ? {} : { pod: name }) };
  }
  const node = { ...of, kind: "Node", namespace: "", name: `n${subject}` };
  return { subject: node, step: 0.001, series: { group: "cpu", name: `s${id}`, unit: "share" } };
}

/** A history that keeps nothing. */
const noRows: Rows = {
  span: 600,
  next: () => undefined,
  isLast: () => true,
  subjects: () => [],
  read: () => undefined,
};

function lab(
  url: string,
  more: Omit<Partial<RemoteWriteOptions>, "settings"> & { settings?: Partial<RemoteWriteSettings> } = {},
) {
  const told: string[] = [];
  const remote = createRemoteWrite({
    column,
    clusters: () => new Map([["c1", "home"]]),
    rows: () => noRows,
    keptMs: 172_800_000,
    progress: { get: () => undefined, put: () => undefined },
    events: {
      remoteWrite: (why) => told.push(why ?? "again"),
      remoteWriteRefused: (samples, why) => told.push(`refused ${samples} ${why}`),
      remoteWriteGone: (seconds) => told.push(`gone ${seconds}`),
      failed: (what, error) => told.push(`${what} ${error}`),
    },
    gatherMs: 5,
    backoffMs: { first: 5, longest: 20 },
    ...more,
    settings: { url, headers: {}, secrets: [], clusters: new Set(), queueBytes: 2 ** 24, ...more.settings },
  });
  remote.start();
  return { remote, told, [Symbol.asyncDispose]: () => remote.stop() };
}

async function until(what: () => boolean): Promise<void> {
  for (let at = 0; !what(); at++) {
    if (at > 2000) throw new Error(`not so within 4 s: ${what}`);
    await Bun.sleep(2);
  }
}

const now = Date.now();
const usage = "__name__=atlhyper_node_cpu_s1_ratio,cluster=home,cluster_id=c1,node=n1";

test("samples arrive as the protocol has it: headers, sorted labels, values and times", async () => {
  await using store = startStore();
  await using one = lab(store.url, {
    settings: { headers: { authorization: "Bearer t", "X-Scope-OrgID": "a" } },
  });
  one.remote.take(1, now, [1, 2], [500, 1], false);
  one.remote.take(1, now + 5000, [1, 2], [501, 2], false);
  await until(() => one.remote.state().sent === 4);
  expect(store.samples.get(usage)).toEqual([
    { value: 0.5, ms: now, stale: false },
    { value: 0.501, ms: now + 5000, stale: false },
  ]);
  expect(store.requests).toHaveLength(1);
  expect(store.requests[0]!.series).toHaveLength(2);
  expect(Object.fromEntries(store.requests[0]!.headers)).toMatchObject({
    "content-encoding": "snappy",
    "content-type": "application/x-protobuf",
    "x-prometheus-remote-write-version": "0.1.0",
    "user-agent": expect.stringMatching(/^AtlHyper\//),
    authorization: "Bearer t",
    "x-scope-orgid": "a",
  });
  expect(one.remote.state()).toMatchObject({ newestMs: now + 5000, waiting: { samples: 0 }, refused: 0 });
});

test("nothing is lost, doubled or out of order while a store is away, slow, or has enough", async () => {
  const answers = [
    new Response("later", { status: 503 }),
    new Response(null, { status: 500 }),
    new Response(null, { status: 429 }),
  ];
  await using store = startStore(() => answers.shift());
  await using one = lab(store.url);
  const ids = Array.from({ length: 300 }, (_, at) => at);
  for (let at = 0; at < 100; at++)
    one.remote.take(
      1,
      now + at * 5000,
      ids,
      ids.map((id) => id + at),
      false,
    );
  await until(() => one.remote.state().failingSinceMs !== undefined);
  await until(() => one.remote.state().sent === 30_000);
  expect(one.remote.state()).toMatchObject({ retries: 3, refused: 0, goneMs: 0, late: 0 });
  expect(one.remote.state().failingSinceMs).toBeUndefined();
  expect(one.told).toEqual(["503: later", "again"]);
  expect(store.samples.size).toBe(300);
  for (const samples of store.samples.values()) expect(samples).toHaveLength(100);
  for (const { series } of store.requests)
    expect(series.reduce((sum, { samples }) => sum + samples.length, 0)).toBeLessThanOrEqual(2000);
});

test("a store that says when is not asked before", async () => {
  expect(retryAfter("120", now)).toBe(120_000);
  expect(retryAfter(new Date(now + 7000).toUTCString(), now)).toBeWithin(6000, 7001);
  expect(retryAfter("99999999", now)).toBe(300_000);
  for (const none of [null, "", "soon", "-1", "0"]) expect(retryAfter(none, now)).toBeUndefined();
  const asked: number[] = [];
  await using one = lab("http://127.0.0.1:1", {
    async deliver() {
      asked.push(performance.now());
      return asked.length === 1
        ? { outcome: "again", text: "429", retryAfterMs: 80 }
        : { outcome: "taken", text: "200" };
    },
  });
  one.remote.take(1, now, [1], [500], false);
  await until(() => one.remote.state().sent === 1);
  expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(78);
});

test("a store that is not there at all is tried until it is", async () => {
  const gone = startStore();
  const { url, port } = gone;
  await gone[Symbol.asyncDispose]();
  await using one = lab(url);
  one.remote.take(1, now, [1], [500], false);
  await until(() => one.remote.state().retries > 2);
  expect(one.remote.state().error?.text).toBe("the connection failed: ECONNREFUSED");
  let taken = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch() {
      taken++;
      return new Response();
    },
  });
  await until(() => taken === 1 && one.remote.state().sent === 1);
  await server.stop(true);
});

test("what a store refuses is dropped and counted, and what comes after it is sent", async () => {
  const answers = [new Response("no such tenant: hunter22", { status: 400 })];
  await using store = startStore(() => answers.shift());
  await using one = lab(store.url, { settings: { secrets: ["hunter22"] } });
  one.remote.take(1, now, [1], [1], false);
  await until(() => one.remote.state().refused === 1);
  expect(one.remote.state().error?.text).toBe("400: no such tenant: …");
  expect(one.told).toEqual(["refused 1 400: no such tenant: …"]);
  one.remote.take(1, now + 1, [1, 2], [1, 1], false);
  await until(() => one.remote.state().sent === 2);
  expect(one.remote.state().retries).toBe(0);
});

test("one sample that is refused takes no others with it; a store that refuses all is not asked in parts again", async () => {
  await using store = startStore();
  await using one = lab(store.url);
  const ids = Array.from({ length: 500 }, (_, at) => at);
  // The store has a newer one of another sender.
  store.samples.set(usage, [{ value: 1, ms: now + 60_000, stale: false }]);
  one.remote.take(1, now, ids, ids, false);
  await until(() => one.remote.state().sent + one.remote.state().refused === 500);
  expect(one.remote.state().refused).toBe(1);
  expect(store.attempts()).toBeLessThan(34);
  let asked = 0;
  await using other = startStore(() => {
    asked++;
    return new Response("no", { status: 400 });
  });
  await using two = lab(other.url);
  two.remote.take(1, now, ids, ids, false);
  await until(() => two.remote.state().refused === 500);
  expect(asked).toBeLessThan(34);
  asked = 0;
  two.remote.take(1, now + 5000, ids, ids, false);
  await until(() => two.remote.state().refused === 1000);
  expect(asked).toBe(1);
});

test("credentials do not follow a redirect, and samples wait meanwhile", async () => {
  await using elsewhere = startStore();
  await using store = startStore(() => Response.redirect(elsewhere.url, 307));
  await using one = lab(store.url, { settings: { headers: { authorization: "Bearer t" } } });
  one.remote.take(1, now, [1], [1], false);
  await until(() => one.remote.state().retries > 1);
  expect(elsewhere.attempts()).toBe(0);
  expect(one.remote.state().error?.text).toStartWith("307 (a redirect is not followed)");
  expect(one.remote.state().waiting.samples).toBe(1);
});

test("a late sample is left out, so that its request is not refused", async () => {
  await using store = startStore();
  await using one = lab(store.url);
  one.remote.take(1, now, [1, 2], [1, 1], false);
  one.remote.take(1, now - 5000, [1, 2], [2, 2], false);
  one.remote.take(1, now + 5000, [1], [3], false);
  await until(() => one.remote.state().sent === 3);
  expect(one.remote.state()).toMatchObject({ late: 2, refused: 0 });
});

test("while a store is away what waits stays within its bounds, and taking it costs no more", async () => {
  await using store = startStore(() => new Response(null, { status: 503 }));
  // Something is kept, of which nothing is read before the store answers for what is under way.
  const rows = () => ({ ...noRows, next: () => 0 });
  await using one = lab(store.url, { rows, maxSamples: 20_000, settings: { queueBytes: 2 ** 20 } });
  const ids = Array.from({ length: 100 }, (_, at) => at);
  for (let at = 0; at < 2000; at++) one.remote.take(1 + (at % 2) * 2, now + at, ids, ids, false);
  await until(() => one.remote.state().retries > 0);
  await until(() => one.remote.state().behindSinceMs !== undefined);
  expect(one.remote.state().waiting.samples).toBeLessThanOrEqual(20_000);
});

test("pods are sent each, those of one name as one series", async () => {
  await using store = startStore();
  await using one = lab(store.url);
  const slot = Math.ceil((Date.now() + 1) / 5000) * 5000;
  one.remote.take(2, slot, [4, 5, 6, 7], [100, 10, 200, 20], true);
  one.remote.take(2, slot, [10, 11], [7, 1], true);
  one.remote.take(2, slot + 5000, [12, 13], [8, 1], true);
  await until(() => one.remote.state().sent === 8);
  const pods = [...store.samples.keys()].filter((key) => key.includes("atlhyper_pod_cpu_cores"));
  expect(pods.map((key) => /pod=([^,]+)/.exec(key)![1]!).sort()).toEqual(["web-2", "web-3", "web-5"]);
  const [turns] = [...store.samples].filter(([key]) => /pod_cpu.*pod=web-5/.test(key));
  expect(turns![1].map(({ value }) => value)).toEqual([0.007, 0.008]);
});

test("only clusters and metrics that are asked for are sent", async () => {
  await using store = startStore();
  await using one = lab(store.url, { settings: { metrics: /^(?:atlhyper_node_cpu_s2_ratio)$/ } });
  await using none = lab(store.url, { settings: { clusters: new Set(["other"]) } });
  await using byName = lab(store.url, { settings: { clusters: new Set(["home"]) } });
  one.remote.take(1, now, [1, 2], [1, 1], false);
  none.remote.take(1, now, [1, 2], [1, 1], false);
  byName.remote.take(3, now, [1], [1], false);
  await until(() => one.remote.state().sent + byName.remote.state().sent === 2);
  await until(() => none.remote.state().waiting.samples === 0);
  expect([...store.samples.keys()].map((key) => key.split(",")[0]!).sort()).toEqual([
    "__name__=atlhyper_node_cpu_s1_ratio",
    "__name__=atlhyper_node_cpu_s2_ratio",
  ]);
  expect(none.remote.state().sent).toBe(0);
});

test("a series that has ended is marked as stale, once, and goes on when it comes again", async () => {
  await using store = startStore();
  await using one = lab(store.url);
  one.remote.take(1, now, [1, 2], [1, 1], false);
  one.remote.take(1, now + 70_000, [2], [1], false);
  await until(() => (store.samples.get(usage)?.length ?? 0) === 2);
  expect(store.samples.get(usage)![1]).toMatchObject({ ms: now + 1, stale: true });
  one.remote.take(1, now + 90_000, [1, 2], [1, 1], false);
  await until(() => one.remote.state().sent === 5);
  expect(store.samples.get(usage)).toHaveLength(3);
  expect(one.remote.state().refused).toBe(0);
});

test("a cluster that is renamed goes on under its new name, and ends under the old one", async () => {
  await using store = startStore();
  let name = "home";
  await using one = lab(store.url, { tickMs: 5, clusters: () => new Map([["c1", name]]) });
  one.remote.take(1, now, [1], [1], false);
  await until(() => one.remote.state().sent === 1);
  name = "lab";
  await until(() => store.samples.get(usage)?.length === 2);
  expect(store.samples.get(usage)![1]).toMatchObject({ ms: now + 1, stale: true });
  one.remote.take(1, now + 5000, [1], [1], false);
  await until(() => one.remote.state().sent === 2);
  expect(store.samples.get(usage.replace("cluster=home", "cluster=lab"))).toHaveLength(1);
});

test("workloads are sent as the sums of their pods, once their slot is over", async () => {
  await using store = startStore();
  await using one = lab(store.url, { tickMs: 5 });
  // A slot that ended long enough ago.
  const slot = Math.floor(now / 5000) * 5000 - 20_000;
  one.remote.take(2, slot + 100, [4, 5], [100, 10], true);
  one.remote.take(2, slot + 4000, [6, 7], [20, 1], true);
  await until(() => one.remote.state().sent === 6);
  const workload = "cluster=home,cluster_id=c1,namespace=shop,workload=web,workload_kind=Deployment";
  expect(store.samples.get(`__name__=atlhyper_workload_cpu_cores,${workload}`)).toEqual([
    { value: 0.12, ms: slot, stale: false },
  ]);
  expect(store.samples.get(`__name__=atlhyper_workload_memory_bytes,${workload}`)![0]!.value).toBe(11 * 4096);
});

test("stopping sends what waits, and does not hang at a store that does not answer", async () => {
  await using store = startStore();
  const one = lab(store.url, { gatherMs: 60_000 });
  one.remote.take(1, now, [1], [1], false);
  await one.remote.stop();
  expect(one.remote.state()).toMatchObject({ sent: 1, waiting: { samples: 0 } });
  await using away = startStore(() => new Response(null, { status: 503 }));
  const other = lab(away.url, { gatherMs: 60_000 });
  other.remote.take(1, now, [1, 2], [1, 1], false);
  await other.remote.stop();
  expect(other.remote.state()).toMatchObject({ sent: 0, waiting: { samples: 2 } });
});

test("a master sends on what its agents send, and says so on its page and in its metrics", async () => {
  await using store = startStore();
  await using master = await startTestMaster({
    remoteWriteUrl: `${store.url}?key=hunter22`,
    remoteWritePassword: "hunter22",
    remoteWriteUsername: "me",
  });
  const cluster = await master.addCluster("home");
  const snapshot = { nodeName: "n1", timestamp: new Date().toISOString(), cpu: { usage: 0.25, cores: 4 } };
  await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots: [snapshot] });
  const metrics = await fetch(`${master.url}/metrics`, {
    headers: { authorization: `Bearer ${await master.apiToken()}` },
  });
  expect(await metrics.text()).toMatch(/^atlhyper_remote_write_waiting_samples [1-9]/m);
  // What waits is sent as the master stops.
  await master.stop();
  const [usage] = [...store.samples].find(([key]) => key.includes("atlhyper_node_cpu_usage_ratio"))!;
  expect(usage).toBe(`__name__=atlhyper_node_cpu_usage_ratio,cluster=home,cluster_id=${cluster.id},node=n1`);
  expect(store.samples.get(usage)![0]!.value).toBe(0.25);
  expect(master.parts.remoteWrite!.state().target).toBe(new URL(store.url).origin);
  expect(JSON.stringify([master.lines, master.parts.remoteWrite!.state()])).not.toContain("hunter22");
});
