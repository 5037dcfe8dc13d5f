import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { prometheus, promtool } from "./lib/prometheus.ts";
import { type SideBySide, startSideBySide } from "./lib/side-by-side.ts";

const missing = !prometheus || !promtool;
if (missing) console.log("skipped: the same queries to a real Prometheus: prometheus is not installed");

const hours = 6;
const [cpu, inodes, disk] = [
  "atlhyper_node_cpu_usage_ratio",
  "atlhyper_node_disk_inodes_used",
  "atlhyper_node_disk_used_bytes",
];
const [core, memory, pod] = [
  "atlhyper_node_core_usage_ratio",
  "atlhyper_node_memory_used_bytes",
  "atlhyper_pod_cpu_cores",
];
const received = "atlhyper_node_net_received_bytes_per_second";

const queries = [
  cpu,
  `${cpu}{node="n1"}`,
  `${cpu}{node!="n1"}`,
  `${cpu}{node=~"n[12]"}`,
  `${cpu}{node!~"n1|n2",cluster="home"}`,
  `{__name__=~"atlhyper_node_(cpu|core)_usage_ratio",node="n1"}`,
  `${cpu} offset 17m`,
  `${cpu} offset -3m`,
  `rate(${inodes}[5m])`,
  `rate(${inodes}[1h])`,
  `irate(${inodes}[2m])`,
  `increase(${inodes}[30m])`,
  `delta(${disk}[15m])`,
  `idelta(${disk}[1m])`,
  `deriv(${disk}[20m])`,
  `predict_linear(${disk}[1h], 4 * 3600)`,
  `resets(${inodes}[3h])`,
  `changes(${core}[10m])`,
  `avg_over_time(${cpu}[7m])`,
  `sum_over_time(${cpu}[3m])`,
  `min_over_time(${received}[11m])`,
  `max_over_time(${received}[11m])`,
  `count_over_time(${cpu}[13m])`,
  `last_over_time(${cpu}[20m])`,
  `quantile_over_time(0.9, ${cpu}[20m])`,
  `stddev_over_time(${cpu}[20m])`,
  `sum(${core})`,
  `sum by (node) (${core})`,
  `avg without (core) (${core})`,
  `min(${core}) by (core)`,
  `max by (cluster) (${memory})`,
  `count(${core}) by (node)`,
  `stddev(${core})`,
  `quantile(0.3, ${core})`,
  `topk(2, ${memory})`,
  `bottomk(1, avg_over_time(${core}[10m])) by (node)`,
  `${memory} / atlhyper_node_memory_total_bytes`,
  `100 * (1 - ${cpu})`,
  `${cpu} > 0.5`,
  `${cpu} > bool 0.5`,
  `0.5 < ${cpu}`,
  `${core} / on (node) group_left ${cpu}`,
  `${core} - ignoring (core) group_left () ${cpu}`,
  `${cpu} and ${cpu} > 0.4`,
  `${cpu} > 0.6 or ${cpu} < 0.3`,
  `${cpu} unless on (node) ${core} > 0.9`,
  `abs(${cpu} - 0.5)`,
  `ceil(${cpu} * 10) + floor(${cpu} * 10)`,
  `round(${cpu}, 0.05)`,
  `clamp(${cpu}, 0.3, 0.6)`,
  `clamp_min(${cpu}, 0.5) + clamp_max(${cpu}, 0.5)`,
  `scalar(${cpu}{node="n1"}) + 1`,
  "vector(time())",
  `time() - timestamp(${cpu})`,
  `label_replace(${cpu}, "host", "$1-x", "node", "n(.*)")`,
  `label_join(${cpu}, "all", "/", "cluster", "node")`,
  `sort_desc(${core})`,
  `absent(${cpu}{node="nobody"})`,
  `absent_over_time(${cpu}{node="n2"}[5m])`,
  `max_over_time(rate(${inodes}[5m])[30m:1m])`,
  `avg_over_time(sum(${core})[20m:90s])`,
  `2 ^ 3 ^ 2 % 5 - -${cpu}`,
  `${cpu} / ${cpu} offset 10m`,
  `${cpu} - -${cpu} offset 10m * 2 ^ -1`,
  `-1 ^ 2 + ${cpu}`,
  "1 + 2 * 3 / 4",
  `sum by (namespace, workload) (delta(${pod}[5m]))`,
  `sum by (namespace) (${pod})`,
  `topk(1, avg_over_time(${pod}[10m])) by (workload)`,
];

describe.skipIf(missing)("the same samples in a real Prometheus", () => {
  let both: SideBySide;
  beforeAll(async () => {
    both = await startSideBySide(19_095, hours);
  }, 300_000);
  afterAll(() => both?.[Symbol.asyncDispose]());

  // Samples are 2.0 to 2.8 s after whole steps of 5 s, and these moments 3: none is on the edge of a window, which
  // Prometheus took in until its version 3.
  test.each(queries)("%s", async (query) => {
    const { beginMs, endMs } = both.seeded;
    let found = 0;
    for (const ms of [beginMs + 5_403_000, beginMs + 3 * 3_600_000 + 13_000, endMs - 57_000]) {
      const { data } = await both.compare("query", { query, time: String(ms / 1000) });
      found += (data.result as unknown[]).length;
    }
    for (const [start, end, step] of [
      [beginMs - 60_000 + 3000, endMs + 600_000, 95],
      [beginMs + 3_600_000 + 3000, beginMs + 2 * 3_600_000, 15],
    ] as const) {
      const range = { start: String(start / 1000), end: String(end / 1000), step: `${step}` };
      const { data } = await both.compare("query_range", { query, ...range });
      found += (data.result as unknown[]).length;
    }
    expect(found).toBeGreaterThan(0);
  });

  // Whole minutes are answered from what is kept of each minute: means to the precision of what they are of.
  test.each([
    [cpu, 0],
    [`max_over_time(${cpu}[10m])`, 0],
    [`min_over_time(${received}[1h])`, 0],
    [`count_over_time(${cpu}[5m])`, 0],
    [`avg_over_time(${cpu}[10m])`, 0.0005],
    [`avg_over_time(${memory}[10m])`, 2048],
  ])("%s at whole minutes, within %p", async (query, within) => {
    const { beginMs, endMs } = both.seeded;
    for (const step of [60, 600, 3600])
      await both.compare(
        "query_range",
        { query, start: `${beginMs / 1000 + 3600}`, end: `${endMs / 1000 - 7200}`, step: `${step}` },
        within,
      );
  });

  test("samples as they are, series, labels and their values", async () => {
    const { beginMs, endMs } = both.seeded;
    await both.compare("query", { query: `{node="n2"}[10m]`, time: `${endMs / 1000}` });
    const range = { start: `${beginMs / 1000}`, end: `${endMs / 1000}` };
    for (const [path, match] of [
      ["series", `{__name__=~"atlhyper_node_c.+"}`],
      ["series", `${pod}{namespace="shop"}`],
      ["labels", `{node="n1",__name__=~"atlhyper_node_(cpu|core|disk_used).*"}`],
      ["label/core/values", core],
      ["label/pod/values", pod],
      ["label/node/values", cpu],
    ] as const) {
      const sorted = async (whom: "mine" | "theirs") => {
        const { data } = await both.ask(whom, "GET", path, { ...range, "match[]": match });
        return (data as never as unknown[]).map((one) => JSON.stringify(one)).sort();
      };
      const mine = await sorted("mine");
      expect([path, mine]).toEqual([path, await sorted("theirs")]);
      expect(mine.length).toBeGreaterThan(0);
    }
  });

  test("faults have the same status and kind", async () => {
    for (const [path, parameters] of [
      ["query", { query: "sum(" }],
      ["query", { query: "foo(1)" }],
      ["query", { query: "" }],
      ["query", { query: `rate(${cpu})` }],
      ["query", { query: `${cpu} + on (node) ${core}`, time: `${both.seeded.endMs / 1000 - 57}` }],
      ["query", { query: cpu, time: "noon" }],
      ["query_range", { query: cpu, start: "2", end: "1", step: "1" }],
      ["query_range", { query: cpu, start: "1", end: "2", step: "0" }],
      ["query_range", { query: cpu, start: "0", end: "100000", step: "1" }],
      ["query_range", { query: `${cpu}[5m]`, start: "1", end: "2", step: "1" }],
      [
        "query",
        {
          query: `label_replace(${cpu}, "node", "x", "node", ".*")`,
          time: `${both.seeded.endMs / 1000 - 57}`,
        },
      ],
      ["series", {}],
    ] as const) {
      const told = async (whom: "mine" | "theirs") => {
        const { http, status, errorType } = await both.ask(
          whom,
          "GET",
          path,
          parameters as Record<string, string>,
        );
        return [path, parameters, http, status, errorType];
      };
      expect(await told("mine")).toEqual(await told("theirs"));
    }
  });

  test("figures", () => both.printSpent());
});
