import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";

const defaultLifeMs = 10 * 60_000;

interface Entry {
  snapshot: NodeMetricsSnapshot;
  receivedMs: number;
  /** Grows with every put: what a reader has seen is what is not above its mark. */
  serial: number;
}

/** The latest snapshot of each node's metrics, for ten minutes. */
export class SnapshotStore {
  readonly #byNode = new Map<string, Entry>();
  readonly #lifeMs: number;
  readonly #now: () => number;
  #serial = 0;

  constructor(lifeMs = defaultLifeMs, now: () => number = Date.now) {
    this.#lifeMs = lifeMs;
    this.#now = now;
  }

  /** Grows with every put. */
  get serial(): number {
    return this.#serial;
  }

  /** Reports of collectors travel only now and then: those told last stand in a snapshot that has none. */
  put(node: string, snapshot: NodeMetricsSnapshot): void {
    this.#serial++;
    const collectors = snapshot.collectors ?? this.#byNode.get(node)?.snapshot.collectors;
    const whole = collectors ? { ...snapshot, collectors } : snapshot;
    this.#byNode.set(node, { snapshot: whole, receivedMs: this.#now(), serial: this.#serial });
  }

  putSnapshot(snapshot: NodeMetricsSnapshot): void {
    this.put(snapshot.nodeName, snapshot);
  }

  /** By node name; the map is the caller's. */
  getAllLatestCopy(): Map<string, NodeMetricsSnapshot> {
    this.#expire();
    return new Map([...this.#byNode].map(([node, { snapshot }]) => [node, snapshot]));
  }

  /** Those put after the one that was the store's `serial`, oldest first. */
  since(serial: number): { node: string; snapshot: NodeMetricsSnapshot; serial: number }[] {
    this.#expire();
    return [...this.#byNode]
      .filter(([, entry]) => entry.serial > serial)
      .map(([node, { snapshot, serial }]) => ({ node, snapshot, serial }))
      .sort((a, b) => a.serial - b.serial);
  }

  /** How many nodes have one. */
  len(): number {
    this.#expire();
    return this.#byNode.size;
  }

  #expire(): void {
    const oldest = this.#now() - this.#lifeMs;
    for (const [node, { receivedMs }] of this.#byNode) if (receivedMs < oldest) this.#byNode.delete(node);
  }
}
