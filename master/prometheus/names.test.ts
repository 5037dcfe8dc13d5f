import { expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { putSeries } from "../datasource/series.ts";
import { metricOf, nodeLabels, type OwnName, seriesOf, usageLabels } from "./names.ts";

const home = { id: "c1", name: "home" };
const units = ["share", "bytes", "bytes/s", "cores", "celsius", "count", "1/s"] as const;

test.each<[group: string, name: string, unit: OwnName["unit"], metric: string, labels: object]>([
  ["cpu", "usage", "share", "atlhyper_node_cpu_usage_ratio", {}],
  ["load", "load15", "count", "atlhyper_node_load15", {}],
  ["memory", "used", "bytes", "atlhyper_node_memory_used_bytes", {}],
  ["swap", "in", "bytes/s", "atlhyper_node_swap_in_bytes_per_second", {}],
  ["pressure", "io full", "share", "atlhyper_node_pressure_io_full_ratio", {}],
  ["disk /data", "used", "bytes", "atlhyper_node_disk_used_bytes", { mount: "/data" }],
  ["disk /a b", "inodes used", "count", "atlhyper_node_disk_inodes_used", { mount: "/a b" }],
  ["io sda", "reads", "1/s", "atlhyper_node_io_reads_per_second", { device: "sda" }],
  ["net eth0", "sent", "bytes/s", "atlhyper_node_net_sent_bytes_per_second", { device: "eth0" }],
  ["cores", "11", "share", "atlhyper_node_core_usage_ratio", { core: "11" }],
  ["temperature", "NVMe 1", "celsius", "atlhyper_node_temperature_celsius", { sensor: "NVMe 1" }],
  ["processes", "all", "count", "atlhyper_node_processes_all", {}],
])("%s:%s in %s is %s", (group, name, unit, metric, labels) => {
  expect(metricOf("node", { group, name, unit })).toEqual({ metric, labels: labels as never });
});

test.each<[group: string, name: string, unit: OwnName["unit"]]>([
  // Each would have the name of another one.
  ["cpu", "user_time", "share"],
  ["cpu", "used bytes", "count"],
  ["memory", "used bytes", "1/s"],
  ["disk", "used", "bytes"],
  ["core", "usage", "share"],
  ["cpu_a", "b", "count"],
  ["", "", "count"],
  ["température", "é", "count"],
  ["__proto__", "constructor", "bytes"],
])("%p:%p in %s is told by labels", (group, name, unit) => {
  const { metric, labels } = metricOf("cluster", { group, name, unit });
  expect(metric).toStartWith("atlhyper_cluster_other");
  expect(labels).toEqual({ group, name });
});

test("every name is a metric's by Prometheus' rules, and reads back as the series that it was", () => {
  const parts = ["cpu", "disk", "load", "load1", "cores", "core", "usage", "other", "bytes", "per second"];
  parts.push("ratio", "temperature", " ", "_", "/", "a", "Z", "é", "\n", '"', "9", "total", "");
  let seed = 1;
  const any = () => {
    seed = (seed * 48271) % 2147483647;
    return parts[seed % parts.length]!;
  };
  const seen = new Map<string, string>();
  for (let round = 0; round < 20_000; round++) {
    const series = { group: any() + any() + any(), name: any() + any() + any(), unit: units[round % 7]! };
    const { metric, labels } = metricOf("node", series);
    expect(metric).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    expect(seriesOf(metric, labels)).toEqual(series);
    const key = JSON.stringify([metric, labels]);
    const mine = JSON.stringify(series);
    expect(seen.get(key) ?? mine).toBe(mine);
    seen.set(key, mine);
  }
});

test("what probes send has a name of its own each", () => {
  const snapshot = {
    cpu: { usage: 0.1, load1: 1, load5: 1, load15: 1, modes: { user: 0.1, iowait: 0.1 }, perCore: [0.1] },
    memory: { used: 1, cached: 1, buffers: 1, available: 1, total: 1, swap: { used: 1, total: 1 } },
    pressure: { cpu: { some10: 0.1, full10: 0.1 } },
    temperature: { cpuDegrees: 40, sensors: [{ name: "package id 0", degrees: 40 }] },
    disk: [{ mountPoint: "/", used: 1, total: 2 }],
    diskIO: [{ device: "sda", readPerSecond: 1, writtenPerSecond: 1, busy: 0.1 }],
    network: [{ interface: "eth0", rxKBps: 1, txKBps: 1 }],
    system: { processes: 1, running: 1, blocked: 0 },
  };
  let count = 0;
  putSeries(snapshot as unknown as NodeMetricsSnapshot, (group, name, unit, value) => {
    if (value === undefined) return;
    count++;
    expect(metricOf("node", { group, name, unit }).metric).not.toContain("other");
  });
  expect(count).toBe(28);
});

test("labels say where a series is, in their order, and none is empty", () => {
  const series = { group: "disk ", name: "used", unit: "bytes" } as const;
  expect(Object.entries(nodeLabels(home, { kind: "Node", name: "n1" }, series))).toEqual([
    ["__name__", "atlhyper_node_disk_used_bytes"],
    ["cluster", "home"],
    ["cluster_id", "c1"],
    ["node", "n1"],
  ]);
  expect(
    nodeLabels(home, { kind: "Cluster", name: "" }, { group: "cpu", name: "used", unit: "cores" }),
  ).toEqual({ __name__: "atlhyper_cluster_cpu_used_cores", cluster: "home", cluster_id: "c1" });
  const web = { kind: "Deployment", namespace: "shop", name: "web" };
  const place = { cluster: "home", cluster_id: "c1", namespace: "shop" };
  const workload = { workload: "web", workload_kind: "Deployment" };
  expect(usageLabels(home, web, "cpu", "web-1")).toEqual({
    __name__: "atlhyper_pod_cpu_cores",
    pod: "web-1",
    ...place,
    ...workload,
  });
  expect(usageLabels(home, web, "memory")).toEqual({
    __name__: "atlhyper_workload_memory_bytes",
    ...place,
    ...workload,
  });
});
