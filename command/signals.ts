/** How long a stop may take, in ms, before the process ends anyway. */
const stopWithinMs = 5000;

/** Waits until the process is told to stop, by SIGTERM or SIGINT. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

/**
 * Stops services in the order given (senders first, so that what is under way arrives), and gives the exit
 * code. A second signal, or the time running out, ends the process at once.
 */
export async function stopAll(stops: (() => Promise<unknown>)[]): Promise<number> {
  process.once("SIGINT", () => process.exit(130));
  const late = setTimeout(() => process.exit(1), stopWithinMs);
  for (const stop of stops) await stop();
  clearTimeout(late);
  return 0;
}
