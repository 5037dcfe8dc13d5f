/**
 * Asks again and again until the answer is there; fails with what was asked for and the last thing seen.
 * Returns how long it took, in ms, beside the answer.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 30_000,
  everyMs = 100,
): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined && value !== false) return { value, ms: performance.now() - start };
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() - start > limitMs)
      throw new Error(`${what}: not within ${limitMs} ms; last: ${String(last)}`);
    await Bun.sleep(everyMs);
  }
}
