import type { CollectorReport, NodeMetricsSnapshot } from "../wire/metrics.ts";
import { Absent, type Collecting, type Collector, type Context } from "./collector.ts";
import type { Events } from "./events.ts";
import { round } from "./numbers.ts";
import type { Sampler } from "./sampler.ts";
import { cut } from "./text.ts";

/**
 * Reports of the collectors are a tenth of a snapshot, and the same as in the one before: they travel once a minute, and
 * when what is wrong or lacking has changed. Who receives them keeps them until then.
 */
const reportsEveryMs = 60_000;
/** In each at first: snapshots may be lost while the agent is not there yet. */
const reportsAtFirstMs = 10_000;

/**
 * Runs the collectors: each is timed, and one that fails, or finds nothing to look at, is reported and
 * takes nothing from the others.
 */
export function createRunner(
  collectors: Collector[],
  context: Context,
  identity: { nodeName: string; version: string },
  events: Events,
): Sampler {
  const { host } = context;
  const working = collectors.map((collector) => ({
    name: collector.name,
    collecting: collector.start(context),
  }));

  const startedAt = host.monotonicMs();
  let told = { at: startedAt, trouble: "" };

  return {
    sample() {
      for (const { collecting } of working) {
        try {
          collecting.sample?.();
        } catch {
          // What is wrong will be said by the report of the next snapshot.
        }
      }
    },
    snapshot() {
      const snapshot: NodeMetricsSnapshot = {
        nodeName: identity.nodeName,
        timestamp: new Date(host.wallMs()).toISOString(),
        probeVersion: identity.version,
      };
      const reports = working.map(({ name, collecting }) => {
        const start = host.monotonicMs();
        const trouble = collectInto(snapshot, collecting);
        const report: CollectorReport = { name, ms: round(host.monotonicMs() - start, 1), ...trouble };
        events.collected(report);
        return report;
      });
      const at = host.monotonicMs();
      const trouble = reports.map((one) => one.error ?? one.absent ?? "").join("\n");
      if (at - startedAt < reportsAtFirstMs || at - told.at >= reportsEveryMs || trouble !== told.trouble) {
        told = { at, trouble };
        // In the snapshot's last place, as objects keep the order in which they are filled.
        snapshot.collectors = reports;
      }
      return snapshot;
    },
  };
}

function collectInto(
  snapshot: NodeMetricsSnapshot,
  collecting: Collecting,
): Pick<CollectorReport, "error" | "absent"> {
  try {
    Object.assign(snapshot, collecting.collect());
    return {};
  } catch (error) {
    const message = cut(error instanceof Error ? error.message : String(error), 256);
    return error instanceof Absent ? { absent: message } : { error: message };
  }
}
