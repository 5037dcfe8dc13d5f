import type { Database as Sqlite } from "bun:sqlite";

/**
 * An event's key is its time in ms times 4096 plus a counter: below 2^53, so exact as a number, until 2039.
 * Order by key is order by time, which makes the newest page, a time range and pruning plain range reads.
 */
const slots = 4096;
const latestMs = Math.floor(Number.MAX_SAFE_INTEGER / slots) - 1;

export const firstKeyAt = (ms: number): number => Math.min(Math.max(ms, 0), latestMs) * slots;
export const timeOfKey = (key: number): number => Math.floor(key / slots);

/** Gives out keys that are free. Only one process writes events, so what it knows of recent times holds. */
export class Keys {
  readonly #newest;
  #next = new Map<number, number>();

  constructor(sqlite: Sqlite) {
    this.#newest = sqlite.prepare<{ key: number | null }, [number, number]>(
      "SELECT max(key) AS key FROM events WHERE key >= ? AND key < ?",
    );
  }

  /**
   * A free key for a time. A time later than now counts as now: an agent whose clock is ahead cannot pin its
   * events to the top of the list, nor keep them from being pruned. More than 4096 events in one millisecond
   * go on in the next.
   */
  take(ms: number, nowMs: number): number {
    for (let at = Math.min(Math.max(0, ms), nowMs, latestMs); ; at++) {
      const start = at * slots;
      let next = this.#next.get(at);
      if (next === undefined) {
        const newest = this.#newest.get(start, start + slots)!.key;
        next = newest === null ? start : newest + 1;
      }
      if (this.#next.size > 20_000) this.#next.clear();
      this.#next.set(at, Math.min(next + 1, start + slots));
      if (next < start + slots) return next;
    }
  }

  /** After a transaction that was taken back. */
  clear(): void {
    this.#next.clear();
  }
}
