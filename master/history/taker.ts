import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import type { ClusterValue } from "../datasource/values/clusters.ts";
import type { Clocks } from "./clocks.ts";
import { type Heads, msOf, placeOf } from "./heads.ts";
import type { Names } from "./names.ts";
import { stepOf, toStored } from "./precision.ts";
import { type Row, rowOf, topOf } from "./rows.ts";
import { cpuOf, memoryOf, podStep, slot } from "./totals.ts";

/** The pod behind a UID, and what it belongs to at the top; for a pod that nothing owns, itself. */
export interface PodOwner {
  namespace: string;
  name: string;
  kind: string;
  owner: string;
}
/** Looks a pod on a node up by its UID; undefined while nobody knows it. */
export type FindPod = (cluster: string, node: string, uid: string) => PodOwner | undefined;

/**
 * Told of each row that is taken: the stored numbers of a subject's columns at a moment, in ms. `ids` and `values` are
 * as long as each other, and nobody writes to them afterwards. `ofPods`: the columns are pods of a workload,
 * and the moment is when they were measured, not that of the slot which they count to.
 */
export type Taken = (
  subject: number,
  ms: number,
  ids: readonly number[],
  values: readonly number[],
  ofPods: boolean,
) => void;

/** Puts what comes in into the blocks in progress. Nothing here waits, and nothing is refused. */
export class Taker {
  readonly #heads: Heads;
  readonly #names: Names;
  readonly #clocks: Clocks;
  readonly #findPod: FindPod;
  readonly #taken: Taken | undefined;
  samples = 0;

  constructor(heads: Heads, names: Names, clocks: Clocks, findPod: FindPod, taken?: Taken) {
    this.#heads = heads;
    this.#names = names;
    this.#clocks = clocks;
    this.#findPod = findPod;
    this.#taken = taken;
  }

  take(cluster: string, snapshot: NodeMetricsSnapshot, now: number): void {
    const seconds = Math.floor(now / 1000);
    const { nodeName } = snapshot;
    const subject = this.#names.subjects.take(cluster, "Node", "", nodeName, seconds);
    const told = Date.parse(snapshot.timestamp);
    // An agent sends the newest again while a probe is silent.
    if (this.#clocks.again(subject.id, told)) return;
    const ms = this.#clocks.timeOf(subject.id, told, now);
    const { start, time } = placeOf(ms);
    if (this.#heads.get(start, subject.id)?.has(time)) return;
    const { ids, values } = rowOf(snapshot, this.#names.series);
    if (ids.length === 0) return;
    const head = this.#heads.open(start, subject.id);
    head.add(time, ids, values);
    this.#taken?.(subject.id, msOf(start, time), ids, values, false);
    this.samples += ids.length;
    const top = topOf(snapshot);
    if (top.length > 0) head.addProcesses(time, top);
    this.#takePods(cluster, snapshot, ms, seconds);
  }

  takeCluster(cluster: string, all: readonly ClusterValue[], now: number): void {
    const subject = this.#names.subjects.take(cluster, "Cluster", "", "", Math.floor(now / 1000));
    const row: Row = { ids: [], values: [] };
    for (const { group, name, unit, value } of all) {
      const stored = toStored(value, stepOf(group, unit));
      const series = this.#names.series.take(`cluster ${group}`, name, unit);
      if (!series || Number.isNaN(stored)) continue;
      row.ids.push(series.id);
      row.values.push(stored);
    }
    const { start, time } = placeOf(now);
    const head = this.#heads.open(start, subject.id);
    if (row.ids.length === 0 || head.has(time)) return;
    head.add(time, row.ids, row.values);
    this.#taken?.(subject.id, msOf(start, time), row.ids, row.values, false);
  }

  /** What the pods of a node use: with the workloads that they belong to, all nodes at the same moments. */
  #takePods(
    cluster: string,
    { nodeName, containers }: NodeMetricsSnapshot,
    ms: number,
    seconds: number,
  ): void {
    if (!containers || containers.length === 0) return;
    const pods = new Map<string, { cpu: number; memory: number }>();
    for (const { podUID, cpuCores, memoryWorkingSet } of containers) {
      const sum = pods.get(podUID);
      if (sum) {
        sum.cpu += cpuCores;
        sum.memory += memoryWorkingSet;
      } else pods.set(podUID, { cpu: cpuCores, memory: memoryWorkingSet });
    }
    const rows = new Map<number, Row>();
    for (const [uid, { cpu, memory }] of pods) {
      const pod = this.#podOf(cluster, nodeName, uid, seconds);
      const storedCpu = toStored(cpu, podStep.cpu);
      const storedMemory = toStored(memory, podStep.memory);
      if (!pod || Number.isNaN(storedCpu) || Number.isNaN(storedMemory)) continue;
      let row = rows.get(pod.subject);
      if (!row) {
        row = { ids: [], values: [] };
        rows.set(pod.subject, row);
      }
      row.ids.push(cpuOf(pod.id), memoryOf(pod.id));
      row.values.push(storedCpu, storedMemory);
    }
    const { start, time } = placeOf(ms);
    const at = Math.floor(time / slot) * slot;
    for (const [subject, { ids, values }] of rows) {
      this.#heads.open(start, subject).add(at, ids, values);
      this.#taken?.(subject, msOf(start, time), ids, values, true);
      this.samples += ids.length;
    }
  }

  #podOf(cluster: string, node: string, uid: string, seconds: number) {
    const { pods, subjects } = this.#names;
    const known = pods.known(cluster, uid, seconds);
    if (known) {
      const subject = subjects.byID(known.subject);
      if (subject) subjects.take(cluster, subject.kind, subject.namespace, subject.name, seconds);
      return known;
    }
    const found = this.#findPod(cluster, node, uid);
    if (!found) return undefined;
    const subject = subjects.take(cluster, found.kind, found.namespace, found.owner, seconds);
    return pods.take(cluster, subject.id, uid, found.name, seconds);
  }
}
