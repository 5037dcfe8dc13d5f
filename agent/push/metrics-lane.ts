import { partBytes } from "../../wire/limits.ts";
import { metricsRoute } from "../../wire/routes.ts";
import type { SnapshotStore } from "../store/snapshots.ts";
import { envelope, type Lane, type Message } from "./lane.ts";

/** Node metrics: every 5 s those that are newer than what was sent. Never queued: the newest one wins. */
export class MetricsLane implements Lane {
  readonly name = "metrics";
  readonly #clusterId: () => string;
  readonly #store: SnapshotStore;
  readonly #everyMs: number;
  #sentSerial = 0;
  #underWay = 0;
  #lastMs = 0;
  #more = false;
  #flushing = false;

  constructor(clusterId: () => string, store: SnapshotStore, everyMs: number) {
    this.#clusterId = clusterId;
    this.#store = store;
    this.#everyMs = everyMs;
  }

  dueMs(): number {
    if (this.#store.serial <= this.#sentSerial) return Number.POSITIVE_INFINITY;
    return this.#more || this.#flushing ? 0 : this.#lastMs + this.#everyMs;
  }

  next(): Message | undefined {
    const snapshots = this.#store.since(this.#sentSerial);
    const texts: string[] = [];
    let size = 0;
    this.#underWay = this.#store.serial;
    this.#more = false;
    for (const { snapshot, serial } of snapshots) {
      const text = JSON.stringify(snapshot);
      size += text.length;
      if (texts.length > 0 && size > partBytes) {
        this.#underWay = serial - 1;
        this.#more = true;
        break;
      }
      texts.push(text);
    }
    if (texts.length === 0) {
      this.#sentSerial = this.#underWay;
      return undefined;
    }
    const payload = `{"snapshots":[${texts.join(",")}]}`;
    const head = { cluster_id: this.#clusterId(), source: "metrics_snapshot" };
    return { route: metricsRoute, body: envelope(head, payload, Date.now()) };
  }

  sent(): void {
    this.#sentSerial = this.#underWay;
    this.#lastMs = Date.now();
  }

  failed(status: number): void {
    this.#more = false;
    // What the master does not take now it will not take later; what comes next is another matter.
    if (status >= 400 && status !== 401 && status !== 403) this.sent();
  }

  flush(): void {
    this.#flushing = true;
  }
}
