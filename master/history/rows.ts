import type { NodeMetricsSnapshot, ProcessMetrics } from "../../wire/metrics.ts";
import type { SeriesNames } from "../database/metrics/series.ts";
import { putSeries, type Put } from "../datasource/series.ts";
import { stepOf, toStored } from "./precision.ts";
import { inOrderOfUse } from "./processes.ts";
import type { ProcessSample } from "./samples.ts";

/** Of one node; more cores, disks and interfaces than that are left out. */
const mostSeries = 2000;
const byCpu = 5;
const byMemory = 3;
/** Less of a core than this is no spike's cause. */
const leastPercent = 0.5;

/** Interfaces that come and go with pods, as the usual networks call them. They would be names without end. */
const ofPods = /^(veth|cali|lxc|tap|eni|gke|azv|cilium_)/;

export interface Row {
  ids: number[];
  values: number[];
}

/** What a snapshot tells, as stored numbers, by the numbers of the series' names. */
export function rowOf(snapshot: NodeMetricsSnapshot, names: SeriesNames): Row {
  const row: Row = { ids: [], values: [] };
  const put: Put = (group, name, unit, value) => {
    if (value === undefined || row.ids.length >= mostSeries) return;
    if (group.startsWith("net ") && ofPods.test(group.slice(4))) return;
    const stored = toStored(value, stepOf(group, unit));
    if (Number.isNaN(stored)) return;
    const series = names.take(group, name, unit);
    if (!series) return;
    row.ids.push(series.id);
    row.values.push(stored);
  };
  putSeries(snapshot, put);
  put("cpu", "peak", "share", snapshot.cpu?.peak);
  for (const { device, readsPerSecond, writesPerSecond } of snapshot.diskIO ?? []) {
    put(`io ${device}`, "reads", "1/s", readsPerSecond);
    put(`io ${device}`, "writes", "1/s", writesPerSecond);
  }
  for (const { mountPoint, inodes } of snapshot.disk ?? []) {
    put(`disk ${mountPoint}`, "inodes used", "count", inodes?.used);
    put(`disk ${mountPoint}`, "inodes", "count", inodes?.total);
  }
  return row;
}

/** The processes that used most CPU and most memory, each once, in the order of their CPU. */
export function topOf({ topCPUProcesses, topMemoryProcesses }: NodeMetricsSnapshot): ProcessSample[] {
  const found = new Map<number, ProcessSample>();
  const take = (all: readonly ProcessMetrics[] | undefined, most: number, least: number) => {
    for (const { pid, user, command, cpuPercent, memoryMB } of (all ?? []).slice(0, most)) {
      const cpu = Math.round(cpuPercent);
      const memory = Math.round(memoryMB);
      if (cpuPercent < least || !Number.isSafeInteger(cpu + memory) || !Number.isSafeInteger(pid) || pid < 0)
        continue;
      found.set(pid, { pid, user: user ?? "", command: command.slice(0, 200), cpu, memory });
    }
  };
  take(topCPUProcesses, byCpu, leastPercent);
  take(topMemoryProcesses, byMemory, 0);
  return [...found.values()].sort(inOrderOfUse);
}
