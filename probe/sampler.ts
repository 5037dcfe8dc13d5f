import type { NodeMetricsSnapshot } from "../wire/metrics.ts";

/** Where snapshots come from: the collectors, or on machines without /proc whatever stands in for them. */
export interface Sampler {
  /** Called between snapshots, for what moves fast. Never throws. */
  sample(): void;
  /** Rates in it are over the time since the snapshot before; in the first they are zero. */
  snapshot(): NodeMetricsSnapshot | Promise<NodeMetricsSnapshot>;
}
