import { expect, test } from "bun:test";
import { openDatabase } from "../database/database.ts";
import { createMetricsHistory } from "../history/history.ts";
import { HistorySource } from "./history-source.ts";
import { evaluate } from "./evaluate/evaluate.ts";
import { parseQuery, parseSelector } from "./language/parse.ts";
import { keyOf } from "./evaluate/rows.ts";
import type { Labels } from "./names.ts";

const begin = Date.UTC(2026, 0, 5);
const range = { fromMs: begin, toMs: begin + 60_000 };
const many = 600;

/** Two clusters, one of them with a workload of 600 pods, every tenth of which has a successor of its name. */
function filled() {
  const clock = { now: begin };
  const history = createMetricsHistory(openDatabase(":memory:"), {
    keptMs: [2, 14, 90, 730].map((days) => days * 86_400_000),
    maxBytes: 2 ** 40,
    findPod: (_cluster, _node, uid) =>
      // What an operator of databases calls a cluster is none of ours.
      uid === "pg"
        ? { namespace: "db", name: "pg-1", kind: "Cluster", owner: "pg" }
        : { namespace: "shop", name: `web-${Number(uid) % many}`, kind: "Deployment", owner: "web" },
    now: () => clock.now,
  });
  for (const [round, uids] of [
    Array.from({ length: many }, (_, at) => at),
    Array.from({ length: many }, (_, at) => (at % 10 === 0 ? at + many : at)),
  ].entries()) {
    clock.now = begin + round * 30_000 + 1000;
    for (const cluster of ["c1", "c2", "c3"])
      history.take(cluster, [
        {
          nodeName: "n1",
          timestamp: new Date(clock.now).toISOString(),
          cpu: { usage: 0.5, cores: 1 },
          disk: [{ mountPoint: `/of ${cluster}`, total: 8192, used: 4096 }],
          containers:
            cluster === "c1"
              ? [...uids, "pg"].map((uid) => ({
                  id: `${uid}`,
                  podUID: `${uid}`,
                  cpuCores: 1,
                  memoryWorkingSet: 0,
                }))
              : [],
        } as never,
      ]);
    history.takeCluster("c1", [{ group: "nodes", name: "ready", unit: "count", value: 1 }]);
  }
  return new HistorySource(history.plain, [
    { id: "c1", name: "home" },
    { id: "c2", name: "work" },
  ]);
}

const source = filled();

/** What a selector finds, with how many points. */
function selected(text: string, tier = 0): [Labels, number][] {
  const found: [Labels, number][] = [];
  const wanted = { ...range, figure: "last" as const, tier };
  for (const _ of source.select(parseSelector(text), wanted, (labels, { times }) => {
    found.push([labels, times.length]);
  }));
  return found;
}

const listed = (text: string) =>
  [...source.series(parseSelector(text), range)].filter((one) => one !== undefined);

test("every pod of a large workload is found once, and one with its successor is one series", () => {
  const pods = selected('atlhyper_pod_cpu_cores{namespace="shop"}');
  expect(pods).toHaveLength(many);
  expect(new Set(pods.map(([labels]) => labels.pod)).size).toBe(many);
  expect(pods.every(([, points]) => points === 2)).toBe(true);
  expect(selected('atlhyper_pod_cpu_cores{pod=~"web-1?0"}')).toHaveLength(2);
  expect(selected('atlhyper_workload_cpu_cores{workload!="pg"}').map(([labels]) => labels.workload)).toEqual([
    "web",
  ]);
});

test.each([
  ['{__name__!=""}', 2 * many + 2 + 4 + 1 + 2 * 3],
  ["atlhyper_cluster_nodes_ready", 1],
  ["atlhyper_node_disk_used_bytes", 2],
  ['atlhyper_node_disk_used_bytes{mount="/of c1"}', 1],
  ['atlhyper_node_disk_used_bytes{mount="/of c3"}', 0],
  ['atlhyper_node_disk_used_bytes{mount=""}', 0],
  ['atlhyper_node_cpu_usage_ratio{mount="",pod=""}', 2],
  ['{cluster="work"}', 3],
  ['{cluster_id="c3"}', 0],
  ['{node="n1",cluster!~"h.*"}', 3],
  ['{workload="web",pod="",__name__=~".+cores"}', 1],
  ["atlhyper_pod_cpu", 0],
  ['{workload_kind="Cluster",namespace="db"}', 4],
  ['{workload_kind="Cluster",workload="pg",pod=""}', 2],
])("%s finds %p, where points are read and where series are listed", (text, count) => {
  expect(selected(text)).toHaveLength(count);
  const keys = (all: Labels[]) => all.map(keyOf).sort();
  expect(keys(listed(text))).toEqual(keys(selected(text).map(([labels]) => labels)));
});

test("a node that goes is told for five minutes more, in steps of ten minutes until the end of those in which it went", () => {
  const clock = { now: begin };
  const history = createMetricsHistory(openDatabase(":memory:"), {
    keptMs: [2, 14, 90, 730].map((days) => days * 86_400_000),
    maxBytes: 2 ** 40,
    findPod: () => undefined,
    now: () => clock.now,
  });
  const minute = 60_000;
  // It goes in the first minute of ten.
  for (; clock.now < begin + 61 * minute; clock.now += 5000)
    history.take("c1", [
      { nodeName: "n1", timestamp: new Date(clock.now).toISOString(), cpu: { usage: 0.5 } } as never,
    ]);
  clock.now = begin + 5 * 60 * minute;
  history.settle();
  const of = new HistorySource(history.plain, [{ id: "c1", name: "home" }]);
  const told = (stepMinutes: number) => {
    const grid = { startMs: begin + 30 * minute, stepMs: stepMinutes * minute, count: 60 / stepMinutes + 1 };
    const steps = evaluate(parseQuery("count(atlhyper_node_cpu_usage_ratio)"), of, grid);
    for (;;) {
      const step = steps.next();
      if (!step.done) continue;
      if (step.value.type !== "vector") throw new Error("it is no vector");
      return 30 + step.value.rows[0]!.has.lastIndexOf(1) * stepMinutes;
    }
  };
  expect(told(1)).toBe(65);
  expect(told(10)).toBe(70);
});
