import type { MasterConfig } from "../config.ts";
import type { Database } from "../database/database.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import type { MasterEvents } from "../events.ts";
import { createMetricsHistory, type MetricsHistory } from "./history.ts";

/** How often the figures of clusters as a whole are taken. */
const clustersEveryMs = 10_000;

/** The metrics history of a master; what clusters use as a whole is taken from the views on them. */
export function startMetrics(
  database: Database,
  datasource: ManagedDatasource,
  config: MasterConfig,
  events: MasterEvents,
): MetricsHistory {
  const history = createMetricsHistory(database, {
    keptMs: [config.historyRawMs, config.historyMinuteMs, config.historyTenMinutesMs, config.historyHourMs],
    maxBytes: config.historyMaxBytes,
    findPod: (cluster, node, uid) => datasource.ownerOf(cluster, node, uid),
    failed: (what, error) => events.failed(what, error),
  });

  function takeClusters(): void {
    for (const { id, connection, counts, usage } of datasource.clusters()) {
      if (connection !== "connected" || usage.cpuTotal === 0) continue;
      history.takeCluster(id, [
        { group: "cpu", name: "used", unit: "cores", value: usage.cpuCores },
        { group: "cpu", name: "total", unit: "cores", value: usage.cpuTotal },
        { group: "memory", name: "used", unit: "bytes", value: usage.memoryBytes },
        { group: "memory", name: "total", unit: "bytes", value: usage.memoryTotal },
        { group: "nodes", name: "all", unit: "count", value: counts.nodes },
        { group: "nodes", name: "ready", unit: "count", value: counts.nodesReady },
        { group: "pods", name: "all", unit: "count", value: counts.pods },
        { group: "pods", name: "attention", unit: "count", value: counts.podsAttention },
      ]);
    }
  }
  const timer = setInterval(takeClusters, clustersEveryMs).unref();
  return {
    ...history,
    close() {
      clearInterval(timer);
      history.close();
    },
  };
}
