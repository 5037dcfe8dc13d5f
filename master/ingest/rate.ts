import { problem } from "../../wire/problem.ts";

/** How many messages a minute each cluster may send; a tenth of a minute's may come at once. */
export class Rate {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(perMinute: number, now: () => number = Date.now) {
    this.#perMs = perMinute / 60_000;
    this.#burst = Math.max(perMinute / 10, 1);
    this.#now = now;
  }

  /** Counts one message; throws 429 with the time after which one will be taken. */
  take(cluster: string): void {
    const now = this.#now();
    const bucket = this.#buckets.get(cluster) ?? { left: this.#burst, atMs: now };
    this.#buckets.set(cluster, bucket);
    bucket.left = Math.min(this.#burst, bucket.left + (now - bucket.atMs) * this.#perMs);
    bucket.atMs = now;
    if (bucket.left < 1)
      throw problem(429, "this cluster sends more messages than are taken", {
        retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.left) / this.#perMs / 1000)),
      });
    bucket.left--;
  }
}
