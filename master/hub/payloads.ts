import type { Event } from "../../wire/event.ts";
import type { AnyItem } from "../../wire/kinds.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import type { AgentStatus } from "../../wire/status.ts";

/**
 * What the hub's payloads are, by source. Objects of lists are kept as the JSON text of each: the views keep the
 * same texts, so that the hub costs next to nothing on top of them.
 */
export interface ListPayload {
  /** `full` replaces all that was there; `delta` upserts `items` and removes `removed`. */
  mode: "full" | "delta";
  items: ListItem[];
  removed: readonly string[];
}
export interface ListItem {
  key: string;
  text: string;
  /** The object itself, while the message is being published and where it has been parsed anyway. */
  item?: AnyItem | undefined;
}
export interface EventsTaken {
  events: readonly Event[];
}
export interface MetricsTaken {
  snapshots: readonly NodeMetricsSnapshot[];
}
export interface StatusTaken {
  agent: AgentStatus;
}
