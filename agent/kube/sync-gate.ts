/**
 * Lets a few first lists run at a time, in the order in which they asked: the peak of memory while an agent
 * starts is that of its largest list, not the sum of all.
 */
export interface SyncGate {
  /** Resolves with the function that gives the place back, or undefined when the signal aborted before. */
  enter(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createSyncGate(places = 1): SyncGate {
  let free = places;
  const waiting: (() => void)[] = [];

  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  const once = () => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  };

  return {
    async enter(signal) {
      if (signal.aborted) return undefined;
      if (free > 0) {
        free--;
        return once();
      }
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener("abort", cancel);
          resolve(once());
        };
        const cancel = () => {
          waiting.splice(waiting.indexOf(go), 1);
          resolve(undefined);
        };
        waiting.push(go);
        signal.addEventListener("abort", cancel, { once: true });
      });
    },
  };
}
