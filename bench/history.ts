/**
 * The metrics history alone: what a day of nodes takes on disk and in time, and how long charts take, without HTTP.
 * Prints `name value unit`. `bun bench/history.ts [nodes] [hours]`, 5 nodes and 24 hours by default; figures of 100
 * nodes for a day are those of these nodes, scaled.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../master/database/database.ts";
import { createMetricsHistory } from "../master/history/history.ts";
import { NodeTrace } from "./samples/trace.ts";
import { percentile, print } from "./samples/print.ts";

const nodes = Number(process.argv[2] ?? 5);
const hours = Number(process.argv[3] ?? 24);
const podsOfNode = Number(process.argv[4] ?? 0);
const everyMs = 5000;
const end = Math.floor(Date.now() / 604_800_000) * 604_800_000;
const begin = end - hours * 3_600_000;

const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
const db = openDatabase(folder);
const clock = { now: begin };
const history = createMetricsHistory(db, {
  keptMs: [2, 14, 90, 730].map((days) => days * 86_400_000),
  maxBytes: 2 ** 40,
  findPod: (_cluster, _node, uid) => ({
    namespace: "shop",
    name: `pod-${uid}`,
    kind: "Deployment",
    owner: `web-${Number(uid.split("-").at(-1)) % 5}`,
  }),
  now: () => clock.now,
  failed: (what, error) => console.error(what, error),
});

const traces = Array.from({ length: nodes }, (_, number) => new NodeTrace(number, podsOfNode));
let taking = 0;
let flushing = 0;
let keeping = 0;
const flushes: number[] = [];
for (let at = 0; at < (hours * 3_600_000) / everyMs; at++) {
  clock.now = begin + at * everyMs;
  const snapshots = traces.map((one) => one.at(clock.now));
  let start = performance.now();
  history.take("c", snapshots);
  taking += performance.now() - start;
  // Each round of all nodes is committed by itself, with a sync, as agents send every 5 s.
  start = performance.now();
  history.flush();
  flushes.push(performance.now() - start);
  flushing += flushes.at(-1)!;
  if (at % 60 === 0) {
    start = performance.now();
    history.settle();
    keeping += performance.now() - start;
  }
}
clock.now += 3_600_000;
const last = performance.now();
history.settle();
keeping += performance.now() - last;
const samples = history.taken();
print("history_series_per_node", samples / ((hours * 3_600_000) / everyMs) / nodes, "series");
print("history_ingest", (samples / (taking + flushing)) * 1000, "samples/s");
print("history_ingest_and_keep", (samples / (taking + flushing + keeping)) * 1000, "samples/s");
print("history_flush_p50", percentile(flushes, 0.5), "ms");
print("history_flush_p99", percentile(flushes, 0.99), "ms");
const sizes = history.sizes();
for (const { seconds, bytes, blocks } of sizes.tiers)
  if (blocks > 0) print(`history_bytes_per_block_${seconds || "raw"}`, bytes / blocks, "B");
print("history_raw_bytes_per_sample", sizes.tiers[0]!.bytes / samples, "B");
print("history_bytes_per_sample", sizes.bytes / samples, "B");
db.metrics.run("PRAGMA wal_checkpoint(TRUNCATE)");
print("history_file_bytes_per_sample", statSync(join(folder, "metrics.db")).size / samples, "B");
print(
  "history_100_nodes_day_scaled",
  ((statSync(join(folder, "metrics.db")).size * (100 / nodes) * 24) / hours) * 1e-6,
  "MB",
);

function charts(
  name: string,
  of: { kind: string; namespace?: string; name: string },
  days: number,
  stepMs: number,
  group: string,
) {
  const times = Array.from({ length: 60 }, (_, at) => {
    const start = performance.now();
    const toMs = end - at;
    const ref = { cluster: "c", ...of, name: of.name.replace("0", String(at % nodes)) };
    const found = history.over(
      ref,
      { fromMs: toMs - days * 86_400_000, toMs, stepMs },
      (one) => one.group === group,
    );
    if (!found || found.series.length === 0) throw new Error(`${name} has no series`);
    return performance.now() - start;
  });
  print(`history_chart_${name}_p50`, percentile(times, 0.5), "ms");
  print(`history_chart_${name}_p99`, percentile(times, 0.99), "ms");
}
const node = { kind: "Node", name: "node-0" };
charts("24h_5s", node, 1, 0, "cpu");
charts("24h_5s_memory", node, 1, 0, "memory");
charts("24h_5min", node, 1, 300_000, "cpu");
charts("2y", node, 730, 6 * 3_600_000, "cpu");

history.close();
db.close();
rmSync(folder, { recursive: true });
