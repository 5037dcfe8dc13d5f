import { type Entry, ownerKey } from "../entry.ts";
import { columnNames } from "../facts.ts";
import { type Objects, usageID } from "../objects.ts";
import type { Current, UsageStore } from "../usage.ts";
import type { Column, Subject } from "./measured.ts";
import { boundOf } from "./stored.ts";

/** What a pod used so long ago is not what it uses now. */
const freshUsageMs = 60_000;
const computedForMs = 2000;
/** So many pods are put into rows between turns of others. */
const atOnce = 500;
const phase = columnNames("pod").indexOf("phase");

type Space = readonly [from: number, to: number];

/** The pods of a cluster in rows, those of a namespace together, and the workloads that they belong to. */
interface Rows {
  made: string;
  entries: Entry[];
  usage: (Current | undefined)[];
  pods: Subject[];
  podSpaces: Map<string, Space>;
  workloads: Subject[];
  workloadSpaces: Map<string, Space>;
  /** The row of its workload, of each pod. */
  ofPod: number[];
}

/** What pods and workloads use, of all of a cluster's at once: rules without number look at ten thousand pods each second. */
export class PodValues {
  readonly #cluster: string;
  readonly #objects: Objects;
  readonly #usage: UsageStore;
  #rows: Rows | undefined;
  readonly #columns = new Map<string, Column>();
  #heard = -1;
  #computedMs = Number.NaN;
  /** The judgement that rows were made for: what changed since it began is in the next. */
  #readyMs = Number.NaN;

  constructor(cluster: string, objects: Objects, usage: UsageStore) {
    this.#cluster = cluster;
    this.#objects = objects;
    this.#usage = usage;
  }

  column(of: "pod" | "workload", series: string, now: number): Column {
    const rows = this.#current(now);
    const key = `${of} ${series}`;
    const known = this.#columns.get(key);
    if (known) return known;
    const column =
      of === "pod"
        ? {
            series,
            groups: "usage",
            subjects: rows.pods,
            values: podValues(rows, series, now),
            spaces: rows.podSpaces,
          }
        : {
            series,
            groups: "usage",
            subjects: rows.workloads,
            values: workloadValues(rows, series, now),
            spaces: rows.workloadSpaces,
          };
    this.#columns.set(key, column);
    return column;
  }

  /** Makes the rows for a judgement, in steps between which others get their turn. */
  *ready(now: number): Generator<undefined, void> {
    const made = this.#revision();
    if (this.#rows?.made !== made) {
      this.#rows = yield* this.#making(made);
      this.#columns.clear();
    }
    this.#readyMs = now;
  }

  /** Whether it is there and its pods run, or one of them. */
  runs(kind: string, namespace: string, name: string): boolean {
    for (const one of this.#podsOf(kind, namespace, name)) if (one.columns[phase] === "Running") return true;
    return false;
  }

  /** Whether values of its pods came until lately, or will once their nodes are heard, and none does now. */
  silent(
    kind: string,
    namespace: string,
    name: string,
    now: number,
    heard: (node: string) => boolean,
  ): boolean {
    let known = false;
    for (const pod of this.#podsOf(kind, namespace, name)) {
      const used = this.#usage.find(this.#cluster, usageID(pod));
      if (used && now - used.seenMs < freshUsageMs) return false;
      known ||= used !== undefined || !heard(pod.node);
    }
    return known;
  }

  #podsOf(kind: string, namespace: string, name: string): Iterable<Entry> {
    const { tables } = this.#objects;
    if (kind === "Pod") {
      const pod = tables.pod.get(this.#cluster, `${namespace}/${name}`);
      return pod ? [pod] : [];
    }
    if (kind === "CronJob")
      return this.#objects.podsOf("cronjob", { cluster: this.#cluster, namespace, name });
    return tables.pod.byOwner.get(this.#cluster, ownerKey(kind, namespace, name));
  }

  /** Made again where a pod came, changed or went, or one's usage was heard of for the first time. */
  #current(now: number): Rows {
    const made = this.#rows && now === this.#readyMs ? this.#rows.made : this.#revision();
    const heard = this.#usage.heardOf(this.#cluster);
    // Values are others once something was heard, and get old by themselves.
    if (
      this.#rows?.made !== made ||
      heard !== this.#heard ||
      !(Math.abs(now - this.#computedMs) < computedForMs)
    ) {
      this.#columns.clear();
      this.#heard = heard;
      this.#computedMs = now;
    }
    if (this.#rows?.made !== made) this.#rows = atOnceOf(this.#making(made));
    return this.#rows;
  }

  #revision(): string {
    return `${this.#objects.tables.pod.revisionOf(this.#cluster)} ${this.#usage.revisionOf(this.#cluster)}`;
  }

  *#making(made: string): Generator<undefined, Rows> {
    const spaces = new Map<string, Entry[]>();
    for (const entry of this.#objects.tables.pod.of(this.#cluster).values()) {
      const space = spaces.get(entry.namespace);
      if (space) space.push(entry);
      else spaces.set(entry.namespace, [entry]);
    }
    const rows: Rows = {
      made,
      entries: [],
      usage: [],
      pods: [],
      podSpaces: new Map(),
      workloads: [],
      workloadSpaces: new Map(),
      ofPod: [],
    };
    for (const [namespace, entries] of spaces) {
      const [pod, workload] = [rows.pods.length, rows.workloads.length];
      const known = new Map<string, number>();
      for (const entry of entries) {
        if (rows.pods.length % atOnce === 0) yield;
        rows.ofPod[rows.pods.length] = this.#workloadOf(entry, known, rows.workloads);
        rows.entries.push(entry);
        rows.usage.push(this.#usage.find(this.#cluster, usageID(entry)));
        rows.pods.push({ kind: "Pod", namespace, name: entry.name, node: entry.node });
      }
      rows.podSpaces.set(namespace, [pod, rows.pods.length]);
      rows.workloadSpaces.set(namespace, [workload, rows.workloads.length]);
    }
    return rows;
  }

  #workloadOf(entry: Entry, known: Map<string, number>, workloads: Subject[]): number {
    const top = this.#objects.topOwner(entry);
    if (top === undefined) return -1;
    let row = known.get(top);
    if (row === undefined) {
      row = workloads.length;
      known.set(top, row);
      const [kind = "", namespace = "", ...name] = top.split("/");
      workloads.push({ kind, namespace, name: name.join("/"), node: "" });
    }
    return row;
  }
}

function atOnceOf<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}

function podValues(rows: Rows, series: string, now: number): Float64Array {
  const share = boundOf(series);
  const of = share?.of ?? series;
  const values = new Float64Array(rows.pods.length).fill(Number.NaN);
  const freshMs = now - freshUsageMs;
  for (let row = 0; row < values.length; row++) {
    const used = rows.usage[row];
    if (!used || used.seenMs <= freshMs) continue;
    if (of === "cpu") values[row] = used.cpuCores;
    else if (of === "memory") values[row] = used.memoryBytes;
    else if (of === "") values[row] = 1;
  }
  if (share)
    for (let row = 0; row < values.length; row++)
      if (!Number.isNaN(values[row]!))
        values[row]! /= rows.entries[row]!.resources?.[share.of][share.bound] ?? Number.NaN;
  return values;
}

/** The sum over the pods that are measured; of a share, of those together whose bound is known, if it is of all. */
function workloadValues(rows: Rows, series: string, now: number): Float64Array {
  const share = boundOf(series);
  const used = podValues(rows, share?.of ?? series, now);
  const values = new Float64Array(rows.workloads.length).fill(Number.NaN);
  const bounds = share && new Float64Array(values.length);
  for (let pod = 0; pod < used.length; pod++) {
    const row = rows.ofPod[pod]!;
    const value = used[pod]!;
    if (row < 0 || Number.isNaN(value)) continue;
    values[row] = Number.isNaN(values[row]!) ? value : series === "" ? 1 : values[row]! + value;
    if (bounds) bounds[row]! += rows.entries[pod]!.resources?.[share.of][share.bound] ?? Number.NaN;
  }
  return bounds ? values.map((value, row) => value / bounds[row]!) : values;
}
