import type { RecentMetrics, Series } from "../../views/model.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { putSeries } from "./series.ts";

const windowMs = 15 * 60_000;
/** Samples closer than this share a slot, so that the ring reaches 15 minutes back however often one pushes. */
const leastMs = 4000;
const slots = 240;
const mostSeries = 400;

interface Line {
  group: string;
  name: string;
  unit: Series["unit"];
  values: Float32Array;
  seenMs: number;
}

/** One node's series of the last 15 minutes, at the push interval: 4 bytes a value, whatever the number of nodes. */
export class MetricsRing {
  readonly #times = new Float64Array(slots);
  readonly #lines = new Map<string, Line>();
  #next = 0;
  #count = 0;

  add(snapshot: NodeMetricsSnapshot, atMs: number): void {
    const last = (this.#next + slots - 1) % slots;
    const replaces = this.#count > 0 && atMs - this.#times[last]! < leastMs;
    const slot = replaces ? last : this.#next;
    if (!replaces) {
      this.#next = (this.#next + 1) % slots;
      this.#count = Math.min(this.#count + 1, slots);
      this.#times[slot] = atMs;
      for (const line of this.#lines.values()) line.values[slot] = Number.NaN;
    }
    putSeries(snapshot, (group, name, unit, value) => {
      if (value === undefined) return;
      const key = `${group}\n${name}`;
      let line = this.#lines.get(key);
      if (!line) {
        if (this.#lines.size >= mostSeries) return;
        line = { group, name, unit, values: new Float32Array(slots).fill(Number.NaN), seenMs: atMs };
        this.#lines.set(key, line);
      }
      line.values[slot] = value;
      line.seenMs = atMs;
    });
    // Series end (an unplugged disk, a pod's interface): their last value has left the window.
    for (const [key, line] of this.#lines) if (atMs - line.seenMs > windowMs) this.#lines.delete(key);
  }

  recent(now: number): RecentMetrics {
    const order: number[] = [];
    for (let back = this.#count; back >= 1; back--) {
      const slot = (this.#next + slots - back) % slots;
      if (now - this.#times[slot]! <= windowMs) order.push(slot);
    }
    const groups = new Map<string, Series[]>();
    for (const { group, name, unit, values } of this.#lines.values()) {
      const series = { name, unit, values: Float64Array.from(order, (slot) => values[slot]!) };
      const known = groups.get(group);
      if (known) known.push(series);
      else groups.set(group, [series]);
    }
    return {
      times: Float64Array.from(order, (slot) => this.#times[slot]!),
      groups: [...groups].map(([name, series]) => ({ name, series })),
    };
  }
}
