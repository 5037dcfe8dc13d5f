import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import type { Node } from "../../wire/node.ts";
import type { Noted } from "../history/marks.ts";
import type { Changes } from "./changes.ts";
import { ownerKey, type Standing } from "./entry.ts";
import { warning } from "./health/facts.ts";
import { MetricsRing } from "./rings.ts";

export interface NodeMetrics {
  /** Without its containers: each is an object of its own, more than all the rest, and hardly anybody asks for them. */
  snapshot: NodeMetricsSnapshot;
  /** These, as JSON. */
  containers: string | undefined;
  receivedMs: number;
  ring: MetricsRing;
}

/** So long after its last metrics a node's are let go of. */
const forgetMs = 15 * 60_000;
/** The same boot, told twice: uptimes are whole seconds, and messages take their time. */
const sameBootMs = 120_000;
const fullDisk = 0.9;
const fullMemory = 0.95;

/** The newest metrics of each node, and its last 15 minutes. */
export class NodeMetricsStore {
  readonly #clusters = new Map<string, Map<string, NodeMetrics>>();
  readonly #changes: Changes;
  readonly #note: (one: Noted) => void;

  constructor(changes: Changes, note: (one: Noted) => void = () => undefined) {
    this.#changes = changes;
    this.#note = note;
  }

  /** False for a snapshot that is here already: agents send the latest again while a probe is silent. */
  put(cluster: string, snapshot: NodeMetricsSnapshot, now: number): boolean {
    let nodes = this.#clusters.get(cluster);
    if (!nodes) {
      nodes = new Map();
      this.#clusters.set(cluster, nodes);
    }
    const before = nodes.get(snapshot.nodeName);
    if (before?.snapshot.timestamp === snapshot.timestamp) return false;
    this.#noteReboot(cluster, before?.snapshot, snapshot, now);
    const ring = before?.ring ?? new MetricsRing();
    // The probe's time, unless its clock is off: then ours.
    const told = Date.parse(snapshot.timestamp);
    ring.add(snapshot, Math.abs(told - now) < 30_000 ? told : now);
    const { containers } = snapshot;
    nodes.set(snapshot.nodeName, {
      snapshot: withoutContainers(snapshot),
      containers: containers && JSON.stringify(containers),
      receivedMs: now,
      ring,
    });
    return true;
  }

  get(cluster: string, node: string): NodeMetrics | undefined {
    return this.#clusters.get(cluster)?.get(node);
  }

  of(cluster: string): ReadonlyMap<string, NodeMetrics> {
    return this.#clusters.get(cluster) ?? new Map();
  }

  clusters(): string[] {
    return [...this.#clusters.keys()];
  }

  sweep(now: number): void {
    for (const [cluster, nodes] of this.#clusters) {
      for (const [name, node] of nodes) if (now - node.receivedMs > forgetMs) nodes.delete(name);
      if (nodes.size === 0) this.#clusters.delete(cluster);
    }
  }

  removeCluster(cluster: string): void {
    this.#clusters.delete(cluster);
  }

  #noteReboot(
    cluster: string,
    before: NodeMetricsSnapshot | undefined,
    after: NodeMetricsSnapshot,
    now: number,
  ): void {
    const { bootID, uptimeSeconds } = after.system ?? {};
    if (uptimeSeconds === undefined || (before && before.system?.bootID === bootID)) return;
    const atMs = now - uptimeSeconds * 1000;
    const node = { cluster, kind: "Node", namespace: "", name: after.nodeName };
    this.#note({ ...node, what: "reboot", atMs: Math.round(atMs), ref: "", detail: {}, nearMs: sameBootMs });
    if (before || now - atMs < forgetMs)
      this.#changes.add(cluster, {
        atMs,
        subject: ownerKey("Node", "", after.nodeName),
        text: `node ${after.nodeName} rebooted`,
      });
  }
}

export function withoutContainers({ containers: _, ...rest }: NodeMetricsSnapshot): NodeMetricsSnapshot {
  return rest;
}

/** What came of a node last, all of it. */
export function wholeSnapshot({ snapshot, containers }: NodeMetrics): NodeMetricsSnapshot {
  return containers === undefined ? snapshot : { ...snapshot, containers: JSON.parse(containers) };
}

/** What a node's metrics say about its health; undefined when they say nothing bad. */
export function metricsVerdict(snapshot: NodeMetricsSnapshot): Standing | undefined {
  for (const disk of snapshot.disk ?? []) {
    const share = disk.usage ?? (disk.total > 0 ? disk.used / disk.total : 0);
    if (share >= fullDisk) return warning("DiskFull", `${disk.mountPoint} is ${percent(share)} full`);
  }
  const { memory } = snapshot;
  if (!memory || memory.total <= 0) return undefined;
  const share = memory.usage ?? memory.used / memory.total;
  return share >= fullMemory ? warning("MemoryFull", `memory is ${percent(share)} used`) : undefined;
}

/** Floored to steps, so that the words do not change with every sample. */
const percent = (share: number) => `over ${Math.floor((share * 100) / 5) * 5} %`;

/** How busy a node is at its busiest: CPU, memory, fullest disk; as shares. */
export function loads(snapshot: NodeMetricsSnapshot): { cpu: number; memory: number; disk: number } {
  const { cpu, memory, disk } = snapshot;
  return {
    cpu: cpu?.usage ?? Number.NaN,
    memory: memory ? (memory.usage ?? memory.used / memory.total) : Number.NaN,
    disk: Math.max(Number.NEGATIVE_INFINITY, ...(disk ?? []).map((one) => one.usage ?? one.used / one.total)),
  };
}

/** The Node of a machine without Kubernetes, from its metrics, so that it stands in the list as any other. */
export function hostNode(snapshot: NodeMetricsSnapshot): Node {
  const { cpu, memory, system } = snapshot;
  return {
    summary: { name: snapshot.nodeName, roles: ["host"], ready: "True", schedulable: true },
    capacity: {
      ...(cpu?.cores ? { cpu: String(cpu.cores) } : {}),
      ...(memory ? { memory: String(memory.total) } : {}),
    },
    ...(system?.kernel ? { info: { kernelVersion: system.kernel } } : {}),
  };
}
