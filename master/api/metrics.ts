import { kinds } from "../../wire/kinds.ts";
import { version } from "../../wire/version.ts";
import { Gauge, type Metric } from "../counters.ts";
import type { MasterParts } from "../parts.ts";
import { remoteWriteMetrics } from "../prometheus/remote/metrics.ts";

const sizeForMs = 30_000;

/** All metrics of the master: what happened, and how things are now. */
export function masterMetrics({
  config,
  events,
  datasource,
  hub,
  history,
  alerting,
  remoteWrite,
}: MasterParts): Metric[] {
  // Counting events reads an index through: not at every scrape.
  let size = { atMs: Number.NEGATIVE_INFINITY, events: 0, bytes: 0 };
  const stored = () => {
    if (performance.now() - size.atMs > sizeForMs) size = { atMs: performance.now(), ...history.size() };
    return size;
  };
  return [
    new Gauge("atlhyper_build_info", "The version.", () => [[{ version }, 1]]),
    new Gauge("atlhyper_clusters", "Clusters by connection.", () =>
      datasource.sizes().connections.map(([connection, count]) => [{ connection }, count]),
    ),
    new Gauge("atlhyper_objects", "Objects by kind.", () =>
      datasource.sizes().objects.map(([kind, count]) => [{ kind: kinds[kind].kind }, count]),
    ),
    new Gauge("atlhyper_alerts", "Alerts by state.", () => {
      const count = { pending: 0, firing: 0, resolved: 0 };
      for (const one of alerting.engine.alerts.values()) count[one.state]++;
      return Object.entries(count).map(([state, of]) => [{ state }, of]);
    }),
    new Gauge("atlhyper_hub_messages", "Messages in the hub.", () => [[{}, hub.len()]]),
    new Gauge("atlhyper_events", "Events in the history.", () => [[{}, stored().events]]),
    new Gauge("atlhyper_events_bytes", "Bytes of the event history.", () => [[{}, stored().bytes]]),
    new Gauge("process_resident_memory_bytes", "Resident memory.", () => [[{}, process.memoryUsage.rss()]]),
    ...(config.rules
      ? [
          new Gauge("atlhyper_rule_files", "Files of alert rules by whether they can be used.", () => {
            const wrong = alerting.files.views.filter((one) => one.faults.length > 0).length;
            return [
              [{ state: "used" }, alerting.files.views.length - wrong],
              [{ state: "wrong" }, wrong],
            ];
          }),
        ]
      : []),
    ...(remoteWrite ? remoteWriteMetrics(remoteWrite.state) : []),
    ...events.metrics,
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
