import type { ClusterView } from "../../views/model.ts";
import type { AgentStatus } from "../../wire/status.ts";
import type { ClusterRecord } from "../database/clusters.ts";

interface Known {
  record: ClusterRecord;
  lastSeenMs: number;
  status: AgentStatus | undefined;
}

/** The clusters as the database knows them, with what their agents have told since. */
export class Clusters {
  readonly #known = new Map<string, Known>();
  readonly #silentAfterMs: number;
  readonly #noneSilentBeforeMs: number;

  /** Until `noneSilentBeforeMs` an agent may not have noticed yet that the master is there again. */
  constructor(silentAfterMs: number, noneSilentBeforeMs = 0) {
    this.#silentAfterMs = silentAfterMs;
    this.#noneSilentBeforeMs = noneSilentBeforeMs;
  }

  /** Takes the database's list; gives the ids of clusters that came, changed their name, or went. */
  refresh(records: readonly ClusterRecord[]): { changed: string[]; removed: string[] } {
    const changed: string[] = [];
    const left = new Set(this.#known.keys());
    for (const record of records) {
      left.delete(record.id);
      const known = this.#known.get(record.id);
      if (!known) {
        this.#known.set(record.id, {
          record,
          lastSeenMs: record.lastSeenMs ?? 0,
          status: record.status,
        });
        changed.push(record.id);
      } else {
        if (known.record.name !== record.name) changed.push(record.id);
        known.record = record;
      }
    }
    for (const id of left) this.#known.delete(id);
    return { changed, removed: [...left] };
  }

  ids(): string[] {
    return [...this.#known.keys()];
  }

  get(id: string): Known | undefined {
    return this.#known.get(id);
  }

  find(text: string): string | undefined {
    if (this.#known.has(text)) return text;
    for (const { record } of this.#known.values())
      if (record.name === text || record.clusterID === text) return record.id;
    return undefined;
  }

  seen(id: string, ms: number): void {
    const known = this.#known.get(id);
    if (known) known.lastSeenMs = ms;
  }

  setStatus(id: string, status: AgentStatus): void {
    const known = this.#known.get(id);
    if (known) known.status = status;
  }

  connection(id: string, now: number): ClusterView["connection"] {
    const lastSeenMs = this.#known.get(id)?.lastSeenMs ?? 0;
    if (lastSeenMs === 0) return "waiting";
    return now - lastSeenMs > this.#silentAfterMs && now >= this.#noneSilentBeforeMs ? "silent" : "connected";
  }

  /** Whether the cluster's agent judges by itself what is wrong; AtlHyper 1.x agents do not, and send no status. */
  diagnoses(id: string): boolean {
    return this.#known.get(id)?.status !== undefined;
  }
}
