/** So long everything else in the process waits, at most; a single step may be a little longer. */
const sliceMs = 3;

/** Does work that pauses again and again, letting everything else go on in between. */
export async function inSlices<T>(work: Generator<unknown, T>): Promise<T> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const next = work.next();
      if (next.done) return next.value;
    } while (performance.now() < end);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
