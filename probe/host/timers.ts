/** What is to run later, and when. */
export interface Timers {
  after(ms: number, run: () => void): () => void;
  /** Runs what is due, no more than one; says otherwise in how many ms something will be, up to a minute. */
  next(): number | undefined;
}

const longestWaitMs = 60_000;

export function createTimers(clock: { monotonicMs(): number }): Timers {
  const timers = new Set<{ due: number; run: () => void }>();
  return {
    after(ms, run) {
      const timer = { due: clock.monotonicMs() + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    next() {
      let first: { due: number; run: () => void } | undefined;
      for (const timer of timers) if (!first || timer.due < first.due) first = timer;
      if (!first) return longestWaitMs;
      const wait = first.due - clock.monotonicMs();
      if (wait > 0) return Math.min(wait, longestWaitMs);
      timers.delete(first);
      first.run();
      return undefined;
    },
  };
}
