import type { Taken } from "../../history/taker.ts";
import { carried, slot, totalCpu, totalMemory } from "../../history/totals.ts";

const slotMs = slot * 100;
const carriedMs = carried * 100;
/** The pods of a workload are on several nodes, which send when they do: what comes later than this is not summed up. */
const waitMs = 2 * slotMs;

/** What a pod used last, of each of its columns. */
interface Last {
  ms: number;
  value: number;
}

/**
 * What workloads use with all of their pods, slot by slot, as the history sums it up when it is read: a pod that was
 * not heard in a slot uses what it used, for a while.
 */
export class WorkloadTotals {
  readonly #put: Taken;
  readonly #slots = new Map<number, Parameters<Taken>[]>();
  readonly #pods = new Map<number, Map<number, Last>>();
  #closedMs = 0;

  constructor(put: Taken) {
    this.#put = put;
  }

  /** Takes a row of pods' columns. */
  take(...row: Parameters<Taken>): void {
    const at = Math.floor(row[1] / slotMs) * slotMs;
    if (at <= this.#closedMs) return;
    const rows = this.#slots.get(at);
    if (rows) rows.push(row);
    else this.#slots.set(at, [row]);
  }

  /** Sums up what is complete by now. */
  close(nowMs: number): void {
    const due = [...this.#slots.keys()].filter((ms) => ms + slotMs + waitMs <= nowMs);
    for (const ms of due.sort((a, b) => a - b)) {
      this.#sum(ms, this.#slots.get(ms)!);
      this.#slots.delete(ms);
      this.#closedMs = ms;
    }
    for (const [subject, pods] of this.#pods) {
      for (const [id, last] of pods) if (this.#closedMs - last.ms > carriedMs) pods.delete(id);
      if (pods.size === 0) this.#pods.delete(subject);
    }
  }

  #sum(slotAt: number, rows: readonly Parameters<Taken>[]): void {
    const subjects = new Set<number>();
    for (const [subject, , ids, values] of rows) {
      subjects.add(subject);
      let pods = this.#pods.get(subject);
      if (!pods) {
        pods = new Map();
        this.#pods.set(subject, pods);
      }
      for (let at = 0; at < ids.length; at++) pods.set(ids[at]!, { ms: slotAt, value: values[at]! });
    }
    for (const subject of subjects) {
      let cpu = 0;
      let memory = 0;
      for (const [id, { ms, value }] of this.#pods.get(subject)!)
        if (slotAt - ms <= carriedMs) {
          if (id % 2 === 0) cpu += value;
          else memory += value;
        }
      this.#put(subject, slotAt, [totalCpu, totalMemory], [cpu, memory], true);
    }
  }
}
