import type { EventStore } from "../database/events/store.ts";
import type { Past } from "../datasource/values/live.ts";
import type { MetricsHistory } from "../history/history.ts";
import { HistoryWindows } from "../history/windows.ts";

const eventsAtOnce = 200;

/** What rules know of the time before now, from what is stored. */
export function createPast(
  metrics: Pick<MetricsHistory, "over">,
  events: Pick<EventStore, "search">,
  failed: (what: string, error: unknown) => void,
): Past & { stop(): void } {
  const windows = new HistoryWindows({ over: metrics.over, failed });
  return {
    window: (cluster, line, ms, now) => windows.get(cluster, line, ms, now),
    events: (cluster, fromMs, cursor) =>
      events.search({ cluster, fromMs, limit: eventsAtOnce, ...(cursor === undefined ? {} : { cursor }) }),
    stop: () => windows.stop(),
  };
}
