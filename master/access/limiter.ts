import { problem } from "../../wire/problem.ts";

/**
 * Counts attempts by key over a sliding window: the counts of this and the last interval, the last one weighted
 * by what of it is still within the window. Memory is bounded: with too many keys, the oldest are forgotten.
 */
export class Limiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #mostKeys: number;
  readonly #counts = new Map<string, { interval: number; now: number; before: number }>();

  constructor(limit: number, windowMs: number, mostKeys = 10_000) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#mostKeys = mostKeys;
  }

  /** Counts an attempt; 429 with Retry-After when there were too many, and then it counts not. */
  attempt(key: string, nowMs: number): void {
    const count = this.#at(key, nowMs);
    const passed = (nowMs % this.#windowMs) / this.#windowMs;
    if (count.before * (1 - passed) + count.now + 1 > this.#limit)
      throw problem(429, "too many attempts: wait a little, then try again", {
        retryAfterSeconds: this.#waitSeconds(count, passed),
      });
    count.now++;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > this.#mostKeys) this.#counts.delete(this.#counts.keys().next().value!);
  }

  /** Takes an attempt back that turned out well. */
  forgive(key: string): void {
    const count = this.#counts.get(key);
    if (count && count.now > 0) count.now--;
  }

  get size(): number {
    return this.#counts.size;
  }

  #at(key: string, nowMs: number) {
    const interval = Math.floor(nowMs / this.#windowMs);
    const found = this.#counts.get(key);
    if (!found || interval > found.interval + 1) return { interval, now: 0, before: 0 };
    if (interval === found.interval + 1) return { interval, now: 0, before: found.now };
    return found;
  }

  /** Until when the weighted sum has fallen far enough for one more attempt. */
  #waitSeconds(count: { now: number; before: number }, passed: number): number {
    const room = this.#limit - 1 - count.now;
    // Within this interval the last one's weight has to fall to `room`; else this one's, in the next.
    const intervals =
      room >= 0 && count.before > 0
        ? 1 - room / count.before - passed
        : 1 - passed + Math.max(0, 1 - (this.#limit - 1) / Math.max(1, count.now));
    return Math.max(1, Math.ceil((intervals * this.#windowMs) / 1000));
  }
}
