/** What the pages show: the shapes that the master's datasource gives and the views render. */

import type { Severity } from "../wire/event.ts";
import type { ItemOf, KindKey } from "../wire/kinds.ts";
import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import type { AgentStatus } from "../wire/status.ts";

/** How well an object is, worst first as a number so that lists sort by it. */
export type Health = "critical" | "warning" | "unknown" | "info" | "ok";
export const healthRank: Record<Health, number> = { critical: 0, warning: 1, unknown: 2, info: 3, ok: 4 };

/** What a pod, workload or node uses now, and over the last 15 minutes (30 points of 30 s, NaN where unknown). */
export interface UsageView {
  cpuCores: number;
  memoryBytes: number;
  cpuHistory: Float32Array;
  memoryHistory: Float32Array;
}

/** One object of a list, with what the master knows about it. */
export interface Row<T> {
  /** The cluster's id. */
  cluster: string;
  /** `namespace/name` or `name`. */
  key: string;
  item: T;
  health: Health;
  /** The state in one word, as kubectl shows it: `CrashLoopBackOff`, `Running`, `NotReady`, `2/3`. */
  state: string;
  /** Why, in words; empty when all is well. */
  why: string;
  /** Since when the state holds, in ms; 0 where it is not known. */
  sinceMs: number;
  createdMs: number;
  usage?: UsageView;
}

/** A list's filters, all optional. They stand in the URL of pages and of the REST API under the same names. */
export interface ListQuery {
  cluster?: string;
  namespace?: string;
  node?: string;
  /** A health (`critical`, `warning`, …, or `attention` for the worst three) or a state, compared without case. */
  status?: string;
  /** Words that must all occur in the name, namespace, node, state, labels, images. */
  q?: string;
  /** A column, `-` before it for descending. Default: worst first, then the newest change, then the name. */
  sort?: string;
  /** 1 to 1000, 100 by default. */
  limit?: number;
  cursor?: string;
  /** How many to skip, instead of a cursor: the pages' "101–200 of 10,000" can be gone to directly. */
  offset?: number;
}

export interface Page<T> {
  items: Row<T>[];
  /** How many match in all. */
  total: number;
  /** How many of those that match need attention (critical, warning, unknown). */
  attention: number;
  /** Where the next page begins; absent on the last. */
  next?: string;
}

export interface Ref {
  cluster: string;
  namespace?: string;
  name: string;
}

/** The lists that have not come of a cluster since the master started, or since its agent was heard first. */
export interface AwaitedLists {
  sinceMs: number;
  /** Whether it is the master that started. */
  started: boolean;
  kinds: readonly KindKey[];
  /** Whether not enough is known to say how the cluster is. */
  whole: boolean;
}

/** A cluster as its agent tells of it and as the master sees its agent. */
export interface ClusterView {
  id: string;
  /** What its agent says it is: the UID of the kube-system namespace. Absent until it was heard. */
  clusterID?: string;
  name: string;
  flavour: "kubernetes" | "host" | "demo";
  /** `waiting`: added, its agent has never been heard; `silent`: nothing for longer than 90 s. */
  connection: "waiting" | "connected" | "silent";
  lastSeenMs: number;
  status?: AgentStatus;
  awaited?: AwaitedLists;
  /** How many agents ask for its commands, where that is more than the one that there should be. */
  agents?: number;
  health: Health;
  /** The namespaces of it that the viewer may see, where it is not all: nothing is said of the rest, nor of nodes. */
  only?: readonly string[];
  counts: {
    nodes: number;
    nodesReady: number;
    pods: number;
    podsAttention: number;
    workloads: number;
    workloadsAttention: number;
    namespaces: number;
  };
  /** Sums over nodes with metrics: cores and bytes. */
  usage: { cpuCores: number; cpuTotal: number; memoryBytes: number; memoryTotal: number };
}

/** What a cluster's nodes can give to pods together, what these ask for, and what is used (NaN where not measured). */
export interface ClusterCapacity {
  cluster: string;
  cpuAllocatable: number;
  cpuRequested: number;
  cpuUsed: number;
  memoryAllocatable: number;
  memoryRequested: number;
  memoryUsed: number;
}

/** One thing that is wrong now. */
export interface ProblemView {
  cluster: string;
  kind: string;
  namespace: string;
  name: string;
  node: string;
  reason: string;
  message: string;
  severity: Severity;
  sinceMs: number;
  lastMs: number;
  count: number;
  /** The event that tells of it, where it comes from one. */
  eventID?: string;
  /** What is wrong with the pods below it, where it tells of something else. */
  cause?: string;
  /** What changed just before, in words: `image changed to web:1.4 2m before`. */
  changedBefore?: string;
}

/** A series of the last 15 minutes at the push interval: times in ms, values NaN where there is a gap. */
export interface Series {
  name: string;
  /** `share` 0–1, `bytes`, `bytes/s`, `cores`, `celsius`, `count`, `1/s`. */
  unit: "share" | "bytes" | "bytes/s" | "cores" | "celsius" | "count" | "1/s";
  values: Float64Array;
}
export interface RecentMetrics {
  times: Float64Array;
  /** What is drawn, where it is another time than the last 15 minutes. */
  span?: { ms: number; toMs: number };
  /** How far apart values of that time are kept, where that is further than they would be drawn. */
  keptMs?: number;
  /** Grouped for charts: cpu (by mode), memory, swap, load, pressure, temperature, `disk <mount>`, `io <device>`, `net <interface>`. */
  groups: { name: string; series: Series[] }[];
  /** The same of an earlier time, moved to where it is compared. */
  before?: Pick<RecentMetrics, "times" | "groups">;
}

/** What changed, so that a page can tell whether it is concerned. */
export interface ChangeNotice {
  cluster: string;
  /** Kinds of lists, and the sources that are none. */
  topics: ReadonlySet<
    KindKey | "metrics" | "events" | "status" | "clusters" | "audit" | "commands" | "alerts"
  >;
}

/** The views on the hub, kept by subscription. Every read answers from memory. */
export interface Datasource {
  /** Grows with every change of anything; pages compare it to know whether to render again. */
  readonly revision: number;
  clusters(): ClusterView[];
  cluster(id: string): ClusterView | undefined;
  list<K extends KindKey>(kind: K, query: ListQuery): Page<ItemOf[K]>;
  get<K extends KindKey>(kind: K, ref: Ref): Row<ItemOf[K]> | undefined;
  /** When an object of that name disappeared, if it did while this master looked; in ms. */
  removedMs(kind: KindKey, ref: Ref): number | undefined;
  /** Names of namespaces, sorted, of one cluster or of all. */
  namespaces(cluster?: string): string[];
  /** Pods matched by an owner (through all levels), a node, or a label selector. */
  podsOf(
    cluster: string,
    by: {
      owner?: { kind: string; namespace: string; name: string };
      node?: string;
      selector?: { namespace: string; labels: Record<string, string> };
    },
  ): Row<ItemOf["pod"]>[];
  problems(query: { cluster?: string; namespace?: string }): ProblemView[];
  latestMetrics(
    cluster: string,
    node: string,
  ): { snapshot: NodeMetricsSnapshot; receivedMs: number } | undefined;
  allLatestMetrics(
    cluster?: string,
  ): { cluster: string; snapshot: NodeMetricsSnapshot; receivedMs: number }[];
  recentMetrics(cluster: string, node: string): RecentMetrics | undefined;
  /** Calls back at most every 100 ms with what changed since; returns how to stop it. */
  subscribe(callback: (notice: ChangeNotice[]) => void): () => void;
}
