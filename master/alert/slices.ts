/** Runs steps to their end at once. */
export function atOnce<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}

/** For so long others wait while something is computed. */
const sliceMs = 4;

/** Runs steps so that others get their turn in between; gives what they gave, and the time that was spent on them. */
export async function inSlices<T>(
  steps: Iterator<unknown, T>,
  signal?: AbortSignal,
): Promise<{ value: T; spentMs: number }> {
  let spentMs = 0;
  let since = performance.now();
  for (;;) {
    const { value, done } = steps.next();
    const passed = performance.now() - since;
    if (done) return { value, spentMs: spentMs + passed };
    if (passed <= sliceMs) continue;
    spentMs += passed;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    since = performance.now();
  }
}

/** Does something again and again, but never twice at once; gives how to stop it. */
export function repeat(everyMs: number, work: () => Promise<void>): () => void {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    await work().finally(() => {
      busy = false;
    });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
