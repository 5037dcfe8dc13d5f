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
