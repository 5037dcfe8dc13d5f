import { QueryFault } from "./fault.ts";

/** So long everything else in the process waits, at most; a single step may be a little longer. */
const sliceMs = 4;

/** Runs work that pauses again and again, and lets everything else go on in between. */
export async function run<T>(
  work: Generator<unknown, T>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const start = performance.now();
    while (performance.now() - start < sliceMs) {
      const next = work.next();
      if (next.done) return next.value;
    }
    if (signal.aborted) throw new QueryFault("canceled", "the client went away");
    if (performance.now() > deadline)
      throw new QueryFault("timeout", `query timed out: it took longer than ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets so many be under way at once, and so many wait. */
export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting)
        throw new QueryFault("unavailable", `${this.#mostWaiting} queries wait already: try again later`);
      // Who ends hands the turn over.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
