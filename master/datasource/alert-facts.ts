import type { Node } from "../../wire/node.ts";
import { kindKeys, kinds } from "../../wire/kinds.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import type { ClusterViews } from "./cluster-views.ts";
import type { Clusters } from "./clusters.ts";
import type { Entry } from "./entry.ts";
import type { NodeMetricsStore } from "./nodes.ts";
import type { Objects } from "./objects.ts";
import type { Fault } from "./problems.ts";
import { putSeries } from "./series.ts";

/** A node's newest values: group → series → value. */
export type NodeValues = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface NodeFacts {
  node: string;
  values: NodeValues;
  /** Old values say nothing about now. */
  fresh: boolean;
}

/** What rules are judged by, of one cluster. */
export interface ClusterFacts {
  id: string;
  name: string;
  /** Whether what is known of it is of now: not while its agent is silent, nor before it told everything anew. */
  live: boolean;
  faults: readonly Fault[];
  nodes: readonly NodeFacts[];
  labelsOf(kind: string, namespace: string, name: string): Readonly<Record<string, string>>;
}

/** A probe pushes every 5 s; of what is older than this nobody knows whether it still holds. */
const freshMs = 60_000;
/** So long a cluster that is heard again may take to tell what there is; some kinds an agent may not read. */
const tellingMs = 30_000;

interface From {
  clusters: Clusters;
  objects: Objects;
  metrics: NodeMetricsStore;
  views: ClusterViews;
  now: () => number;
}

export class AlertFacts {
  readonly #values = new WeakMap<NodeMetricsSnapshot, NodeValues>();
  readonly #labels = new WeakMap<Entry, Record<string, string>>();
  readonly #heardMs = new Map<string, number>();

  readonly #from: From;

  constructor(from: From) {
    this.#from = from;
  }

  /** A message of a cluster has come since this master started. */
  heard(cluster: string, now: number): void {
    if (!this.#heardMs.has(cluster)) this.#heardMs.set(cluster, now);
  }

  forget(cluster: string): void {
    this.#heardMs.delete(cluster);
  }

  read(): ClusterFacts[] {
    const { clusters, objects, metrics, views, now } = this.#from;
    const time = now();
    return clusters.ids().map((id) => {
      const { record } = clusters.get(id)!;
      const nodes: NodeFacts[] = [];
      for (const [node, { snapshot, receivedMs }] of metrics.of(id))
        nodes.push({ node, values: this.#valuesOf(snapshot), fresh: time - receivedMs < freshMs });
      return {
        id,
        name: record.name,
        live: clusters.connection(id, time) === "connected" && this.#told(id, time),
        faults: views.faults(id),
        nodes,
        labelsOf: (kind, namespace, name) => {
          const key = kindKeys.find((one) => kinds[one].kind === kind);
          const entry = key && objects.tables[key].get(id, namespace === "" ? name : `${namespace}/${name}`);
          return entry ? this.#labelsOf(entry) : none;
        },
      };
    });
  }

  /** Faults of pods are shown under what owns them, which has to be there first. */
  #told(id: string, time: number): boolean {
    const heard = this.#heardMs.get(id);
    if (heard === undefined) return false;
    const { objects, clusters } = this.#from;
    if (objects.listed(id, "pod") && objects.listed(id, "job") && objects.listed(id, "node")) return true;
    return clusters.get(id)?.status?.flavour === "host" || time - heard > tellingMs;
  }

  #labelsOf(entry: Entry): Record<string, string> {
    let labels = this.#labels.get(entry);
    if (!labels) {
      labels = (JSON.parse(entry.text) as Pick<Node, "labels">).labels ?? {};
      this.#labels.set(entry, labels);
    }
    return labels;
  }

  #valuesOf(snapshot: NodeMetricsSnapshot): NodeValues {
    const known = this.#values.get(snapshot);
    if (known) return known;
    const values = nodeValues(snapshot);
    this.#values.set(snapshot, values);
    return values;
  }
}

const none = {};

/** Every series that charts show, and shares of what has a size. */
export function nodeValues(snapshot: NodeMetricsSnapshot): NodeValues {
  const values = new Map<string, Map<string, number>>();
  const put = (group: string, name: string, value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value)) return;
    const series = values.get(group);
    if (series) series.set(name, value);
    else values.set(group, new Map([[name, value]]));
  };
  putSeries(snapshot, (group, name, _unit, value) => put(group, name, value));
  const { cpu, memory } = snapshot;
  if (memory) put("memory", "share", memory.usage ?? memory.used / memory.total);
  if (memory?.swap?.total) put("swap", "share", memory.swap.used / memory.swap.total);
  if (cpu?.cores && cpu.load5 !== undefined) put("load", "per core", cpu.load5 / cpu.cores);
  for (const { mountPoint, used, total, usage, inodes } of snapshot.disk ?? []) {
    put(`disk ${mountPoint}`, "share", usage ?? used / total);
    if (inodes && inodes.total > 0) put(`disk ${mountPoint}`, "inodes", inodes.used / inodes.total);
  }
  return values;
}
