import type { MasterConfig } from "../config.ts";
import type { Database } from "../database/database.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import { clusterValues } from "../datasource/values/clusters.ts";
import type { MasterEvents } from "../events.ts";
import type { Taken } from "./taker.ts";
import { createMetricsHistory, type MetricsHistory } from "./history.ts";

/** How often the figures of clusters as a whole are taken. */
const clustersEveryMs = 10_000;

/** The metrics history of a master; what clusters use as a whole is taken from the views on them. */
export function startMetrics(
  database: Database,
  datasource: ManagedDatasource,
  config: MasterConfig,
  events: MasterEvents,
  taken?: Taken,
): MetricsHistory {
  const history = createMetricsHistory(database, {
    keptMs: [config.historyRawMs, config.historyMinuteMs, config.historyTenMinutesMs, config.historyHourMs],
    maxBytes: config.historyMaxBytes,
    findPod: (cluster, node, uid) => datasource.ownerOf(cluster, node, uid),
    failed: (what, error) => events.failed(what, error),
    ...(taken ? { taken } : {}),
  });

  function takeClusters(): void {
    for (const view of datasource.clusters()) {
      const values = view.connection === "connected" ? clusterValues(view) : [];
      if (values.length > 0) history.takeCluster(view.id, values);
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
