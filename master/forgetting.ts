import { clustersToForget, clusterForgotten } from "./database/clusters.ts";
import type { MasterParts } from "./parts.ts";

/** So long a stop waits for what is being removed; the rest is removed after the next start. */
const stopWithinMs = 2000;

/**
 * Removes the events, metrics and marks of clusters that were removed: on a page, by another process
 * (`atlhyper cluster remove`), or while no master ran. Each is looked at anew until all of it is gone.
 */
export function createForgetting(
  parts: Pick<MasterParts, "database" | "history" | "metrics" | "marks" | "events">,
) {
  const { database, history, metrics, marks, events } = parts;
  let stopped = false;
  let under: Promise<void> | undefined;

  async function forgetAll(): Promise<void> {
    for (const id of await clustersToForget(database)) {
      await history.forget(id);
      if (stopped) return;
      await metrics.forget(id);
      if (stopped) return;
      marks.forget(id);
      await clusterForgotten(database, id);
    }
  }

  return {
    /** Begins with what is to be removed, in the background. */
    look(): void {
      if (stopped) return;
      under ??= forgetAll()
        .catch((error) => {
          // What the stop did not wait for finds its database closed.
          if (!stopped) events.failed("removing what is kept of a cluster", error);
        })
        .finally(() => {
          under = undefined;
        });
    },
    async stop(): Promise<void> {
      stopped = true;
      await Promise.race([under, Bun.sleep(stopWithinMs)]);
    },
  };
}
