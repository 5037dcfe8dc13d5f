/**
 * Side by side: the same trace in our metrics history and in Debian's Prometheus, sent there by our remote write, all of
 * its blocks compacted. Prints for both the bytes on disk for each sample, and how long a chart of 24 h of one node, all
 * eight cores, takes over HTTP, each from its own process. `bun bench/prometheus.ts [nodes] [hours]`, 3 nodes and 24 hours by default.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Prometheus, prometheus, startPrometheus } from "../e2e/lib/prometheus.ts";
import { addCluster } from "../master/database/clusters.ts";
import { openDatabase } from "../master/database/database.ts";
import { createToken } from "../master/database/tokens.ts";
import { createMetricsHistory } from "../master/history/history.ts";
import { createRemoteWrite } from "../master/prometheus/remote/remote-write.ts";
import { percentile, print } from "./samples/print.ts";
import { NodeTrace } from "./samples/trace.ts";

if (!prometheus) {
  console.log("skipped: prometheus is not installed");
  process.exit(0);
}
const nodes = Number(process.argv[2] ?? 3);
const hours = Number(process.argv[3] ?? 24);
const everyMs = 5000;
const day = 86_400_000;
const end = Math.floor(Date.now() / day) * day;
const begin = end - hours * 3_600_000;
const port = 19_091;
const asked = 100;
const warming = 20;
/** Prometheus looks once a minute whether blocks are to be compacted, and then goes on until none is. */
const compactedMs = { most: 120_000, quiet: 10_000 };

const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
/** How to stop what has been started. */
const running: (() => unknown)[] = [];
const flags = ["--storage.tsdb.retention.time=3650d", "--web.enable-admin-api"];
const sizeOf = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, one) => sum + sizeOf(join(path, one)), 0)
    : statSync(path).size;

/** Writes the trace to both; gives the number of samples, and what is needed to ask ours. */
async function fill(store: Prometheus) {
  const db = openDatabase(join(folder, "ours"));
  const { id } = await addCluster(db, "home");
  const token = await createToken(db, { name: "bench", role: "viewer" });
  const clock = { now: begin };
  const history = createMetricsHistory(db, {
    keptMs: [2, 14, 90, 730].map((days) => days * day),
    maxBytes: 2 ** 40,
    findPod: () => undefined,
    taken: (...row) => remote.take(...row),
    now: () => clock.now,
    failed: (what, error) => console.error(what, error),
  });
  const remote = createRemoteWrite({
    settings: {
      url: `${store.url}/api/v1/write`,
      headers: {},
      secrets: [],
      clusters: new Set(),
      queueBytes: 2 ** 30,
    },
    column: (subject, column) => history.column(subject, column),
    clusters: () => new Map([[id, "home"]]),
    rows: () => history.raw,
    keptMs: 2 * day,
    progress: { get: () => undefined, put: () => undefined },
    events: {
      remoteWrite: (why) => why && console.error(why),
      remoteWriteRefused: (samples, why) => console.error(samples, why),
      remoteWriteGone: (seconds) => console.error(seconds),
      failed: (what, error) => console.error(what, error),
    },
    gatherMs: 50,
  });
  remote.start();
  const traces = Array.from({ length: nodes }, (_, number) => new NodeTrace(number));
  for (let at = 0; at < (hours * 3_600_000) / everyMs; at++) {
    clock.now = begin + at * everyMs;
    history.take(
      id,
      traces.map((one) => one.at(clock.now)),
    );
    if (at % 120 !== 119) continue;
    history.settle();
    // Prometheus takes nothing that is an hour older than its newest: no series may run ahead.
    while (remote.state().waiting.samples > 0) await Bun.sleep(1);
  }
  clock.now += 3_600_000;
  history.settle();
  await remote.stop();
  const { sent, refused } = remote.state();
  const samples = history.taken();
  if (sent !== samples || refused > 0) throw new Error(`sent ${sent} of ${samples}, refused ${refused}`);
  history.close();
  db.metrics.run("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  return { samples, token };
}

/** A copy of its data in which what was in memory is in blocks, too, with a server that has compacted them. */
async function compacted(store: Prometheus): Promise<Prometheus> {
  const answer = await fetch(`${store.url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
  const { data } = (await answer.json()) as { data: { name: string } };
  await store.stop();
  mkdirSync(join(folder, "compacted"));
  renameSync(join(folder, "prometheus/data/snapshots", data.name), join(folder, "compacted/data"));
  const served = await startPrometheus(join(folder, "compacted"), port, flags);
  const before = blocks().join();
  let last = { blocks: before, atMs: Date.now() };
  const until = Date.now() + compactedMs.most;
  while (Date.now() < until) {
    await Bun.sleep(1000);
    const now = blocks().join();
    if (now !== last.blocks) last = { blocks: now, atMs: Date.now() };
    else if (now !== before && Date.now() - last.atMs > compactedMs.quiet) break;
  }
  return served;
}

/** Folders of its blocks, that are whole. */
const blocks = () =>
  readdirSync(join(folder, "compacted/data"))
    .filter((name) => /^[0-9A-Z]{26}$/.test(name))
    .map((name) => join(folder, "compacted/data", name));
const samplesIn = async (block: string): Promise<number> =>
  (await Bun.file(join(block, "meta.json")).json()).stats.numSamples;

type Ask = (node: string, toMs: number) => Promise<number>;

/**
 * Asks both for charts of one node after the other that end at different moments, in turns, so that what else the
 * machine does meets both; a few first that do not count.
 */
async function charts(name: string, sides: Record<string, Ask>): Promise<void> {
  const times = new Map(Object.keys(sides).map((side) => [side, [] as number[]]));
  for (let at = 0; at < warming + asked; at++)
    for (const [side, ask] of Object.entries(sides)) {
      const start = performance.now();
      const lines = await ask(`node-${at % nodes}`, end - at * 10_000);
      if (lines === 0) throw new Error(`${side} has no lines for ${name}`);
      if (at >= warming) times.get(side)!.push(performance.now() - start);
    }
  for (const [side, all] of times) {
    print(`${side}_${name}_p50`, percentile(all, 0.5), "ms");
    print(`${side}_${name}_p99`, percentile(all, 0.99), "ms");
  }
}

async function run(): Promise<void> {
  mkdirSync(join(folder, "prometheus"));
  const store = await startPrometheus(join(folder, "prometheus"), port, flags);
  running.push(store.stop);
  const { samples, token } = await fill(store);
  const theirs = await compacted(store);
  running.push(theirs.stop);
  const stored = (await Promise.all(blocks().map(samplesIn))).reduce((sum, one) => sum + one, 0);
  if (stored !== samples) throw new Error(`Prometheus has ${stored} of ${samples} samples`);

  const metrics = join(folder, "ours/metrics.db");
  print("side_by_side_samples", samples, "samples");
  print("history_bytes_per_sample", statSync(metrics).size / samples, "B");
  print("prometheus_bytes_per_sample", blocks().reduce((sum, one) => sum + sizeOf(one), 0) / samples, "B");
  print("prometheus_blocks", blocks().length, "blocks");

  const master = Bun.spawn(
    [process.execPath, join(import.meta.dir, "../master/control/master.fixture.ts"), join(folder, "ours")],
    { stdout: "pipe" },
  );
  running.push(() => master.kill());
  const url = new TextDecoder().decode((await master.stdout.getReader().read()).value).trim();
  const authorization = `Bearer ${token}`;
  async function ours(node: string, toMs: number, step: number): Promise<number> {
    const query = new URLSearchParams({
      cluster: "home",
      kind: "Node",
      name: node,
      series: "cores",
      from: String(toMs - day),
      to: String(toMs),
      step: String(step),
    });
    const answer = await fetch(`${url}/api/v1/query_range?${query}`, {
      headers: { authorization, "accept-encoding": "identity" },
    });
    return ((await answer.json()) as { series: unknown[] }).series.length;
  }
  async function prom(node: string, toMs: number, step: number, query: (selector: string) => string) {
    const found = await theirs.ask<{ result: unknown[] }>("/api/v1/query_range", {
      query: query(`atlhyper_node_core_usage_ratio{node="${node}"}`),
      start: String((toMs - day) / 1000),
      end: String(toMs / 1000),
      step: String(step),
    });
    return found.result.length;
  }
  // Prometheus gives 11,000 points of a series at most, which 24 h at 5 s are not.
  await charts("http_24h_10s", {
    history: (node, toMs) => ours(node, toMs, 10),
    prometheus: (node, toMs) => prom(node, toMs, 10, (one) => one),
  });
  await charts("http_24h_5min_avg", {
    history: (node, toMs) => ours(node, toMs, 300),
    prometheus: (node, toMs) => prom(node, toMs, 300, (one) => `avg_over_time(${one}[5m])`),
  });
}

try {
  await run();
} finally {
  for (const stop of running) await stop();
  rmSync(folder, { recursive: true });
}
process.exit(0);
