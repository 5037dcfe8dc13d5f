import type { Static } from "@sinclair/typebox";
import type { MetricsPayload } from "../../wire/envelope.ts";
import { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { cleaner } from "./clean.ts";

const clean = cleaner(NodeMetricsSnapshot) as (value: NodeMetricsSnapshot) => NodeMetricsSnapshot;

/** The snapshots of a payload, oldest first for each node; AtlHyper 1.x sends them by the node's name. */
export function snapshotsOf({ snapshots }: Static<typeof MetricsPayload>): NodeMetricsSnapshot[] {
  const list = Array.isArray(snapshots) ? snapshots : Object.values(snapshots ?? {}).flat();
  return list.map(clean).sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}
