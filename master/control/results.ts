/** What reading commands read: it may be anything, logs and manifests, so it is held in memory only. */
const keptMs = 5 * 60_000;
const mostBytes = 64 * 2 ** 20;

export class Results {
  readonly #kept = new Map<string, { data: unknown; bytes: number; untilMs: number }>();
  readonly #now: () => number;
  #bytes = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(id: string, data: unknown): void {
    const bytes = typeof data === "string" ? data.length * 2 : JSON.stringify(data).length * 2;
    this.#drop(id);
    this.#kept.set(id, { data, bytes, untilMs: this.#now() + keptMs });
    this.#bytes += bytes;
    for (const [oldest, one] of this.#kept) {
      if (this.#bytes <= mostBytes && one.untilMs > this.#now()) break;
      if (oldest !== id) this.#drop(oldest);
    }
  }

  get(id: string): unknown {
    const one = this.#kept.get(id);
    if (one && one.untilMs <= this.#now()) this.#drop(id);
    return this.#kept.get(id)?.data;
  }

  #drop(id: string): void {
    const one = this.#kept.get(id);
    if (!one) return;
    this.#bytes -= one.bytes;
    this.#kept.delete(id);
  }
}
