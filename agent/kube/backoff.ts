/**
 * Waits between attempts: doubled with each failure up to a maximum, each between half and the whole of it at
 * random, so that the informers of many agents do not come back to a restarted API server all at once.
 */
export interface Backoff {
  /** Milliseconds to wait now; counts one failure. */
  next(atLeastMs?: number): number;
  reset(): void;
  readonly failures: number;
}

export function createBackoff(firstMs: number, maxMs: number, random: () => number = Math.random): Backoff {
  let failures = 0;
  return {
    next(atLeastMs = 0) {
      const whole = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 20));
      failures++;
      return Math.max(atLeastMs, whole * (0.5 + random() / 2));
    },
    reset() {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}

/** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
