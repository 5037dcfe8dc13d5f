/**
 * Top lists over a time, without HTTP: how long one takes and for how long others wait meanwhile. Prints
 * `name value unit`. `bun bench/tops.ts [pods] [hours] [seconds between samples]`, 500 pods for 24 hours by default; of
 * the last half hour every ten seconds, as probes send them.
 */
import { heapStats } from "bun:jsc";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../master/database/database.ts";
import { createMetricsHistory } from "../master/history/history.ts";

const pods = Number(process.argv[2] ?? 500);
const hours = Number(process.argv[3] ?? 24);
const everyMs = Number(process.argv[4] ?? 60) * 1000;
const podsOfNode = 50;
const podsOfWorkload = 4;
const hour = 3_600_000;
const end = Math.floor(Date.now() / (24 * hour)) * 24 * hour + 29 * 60_000;
const lately = end - hour / 2;

const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
const db = openDatabase(folder);
const clock = { now: end - hours * hour };
const history = createMetricsHistory(db, {
  keptMs: [2, 14, 90, 730].map((days) => days * 24 * hour),
  maxBytes: 2 ** 40,
  findPod(_cluster, _node, uid) {
    const number = Number(uid.slice(4));
    const workload = Math.floor(number / podsOfWorkload);
    const owner = `web-${workload}`;
    return { namespace: `ns-${workload % 20}`, name: `${owner}-${number}`, kind: "Deployment", owner };
  },
  now: () => clock.now,
  failed: (what, error) => console.error(what, error),
});
const print = (name: string, value: number, unit: string) =>
  console.log(`${name} ${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`);
const percentile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

for (let step = 0; clock.now < end; clock.now += clock.now < lately ? everyMs : 10_000, step++) {
  const timestamp = new Date(clock.now).toISOString();
  for (let node = 0; node * podsOfNode < pods; node++)
    history.take("c", [
      {
        nodeName: `node-${node}`,
        timestamp,
        cpu: { usage: 0.5, cores: 16 },
        memory: { total: 2 ** 36, used: 2 ** 34 },
        containers: Array.from({ length: Math.min(podsOfNode, pods - node * podsOfNode) }, (_, at) => ({
          id: `c-${node}-${at}`,
          podUID: `uid-${node * podsOfNode + at}`,
          cpuCores: 0.1 + ((node * 31 + at * 17 + step) % 97) / 100,
          memoryWorkingSet: 2 ** 27 + ((at + step) % 13) * 2 ** 20,
        })),
      },
    ]);
  if (clock.now % 600_000 < everyMs) history.settle();
}
history.settle();

/** The longest time for which nothing else could run. */
async function held<T>(work: () => Promise<T>): Promise<{ ms: number; longest: number }> {
  let longest = 0;
  let over = false;
  let last = performance.now();
  const watch = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) setImmediate(watch);
  };
  setImmediate(watch);
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  over = true;
  await Bun.sleep(1);
  return { ms, longest };
}

for (const [name, rangeMs, order] of [
  ["1h", hour, "mean"],
  ["24h", 24 * hour, "mean"],
  ["24h_by_p95", 24 * hour, "p95"],
] as const) {
  const first: number[] = [];
  const again: number[] = [];
  const longest: number[] = [];
  for (let times = 0; times < 40; times++) {
    // What was added up is held for a minute, but not when the clock goes back; so blocks in progress stay as long.
    clock.now -= 1000;
    for (const into of [first, again]) {
      const found = await held(() =>
        history.top({ of: "pods", by: "cpu", order, most: 50, rangeMs, lines: true }),
      );
      into.push(found.ms);
      longest.push(found.longest);
    }
  }
  print(`tops_${name}_p50`, percentile(first, 0.5), "ms");
  print(`tops_${name}_p99`, percentile(first, 0.99), "ms");
  print(`tops_${name}_held_p99`, percentile(again, 0.99), "ms");
  print(`tops_${name}_others_wait_p50`, percentile(longest, 0.5), "ms");
  print(`tops_${name}_others_wait_p99`, percentile(longest, 0.99), "ms");
}
// What one pass leaves behind, and what it takes on its way.
Bun.gc(true);
const before = heapStats().heapSize + heapStats().extraMemorySize;
clock.now -= 1000;
const pass = history.top({ of: "pods", by: "cpu", order: "mean", most: 50, rangeMs: 24 * hour });
await pass;
const after = heapStats().heapSize + heapStats().extraMemorySize;
Bun.gc(true);
print("tops_24h_pass_memory", (after - before) / 2 ** 20, "MiB");
print("tops_24h_kept_memory", (heapStats().heapSize + heapStats().extraMemorySize - before) / 2 ** 20, "MiB");
print("tops_bytes_per_pod_and_day", (amountBytes() / pods / hours) * 24, "B");

function amountBytes(): number {
  return [0, 1, 2, 3].reduce(
    (sum, tier) =>
      sum +
      (db.metrics
        .query<{ n: number | null }, []>(
          `SELECT sum(length(data) + coalesce(length(spread), 0)) AS n FROM amounts${tier}`,
        )
        .get()!.n ?? 0),
    0,
  );
}
history.close();
db.close();
rmSync(folder, { recursive: true });
