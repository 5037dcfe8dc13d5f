import type { CollectorReport, NodeMetricsSnapshot } from "../wire/metrics.ts";
import { Absent, type Collecting, type Collector, type Context } from "./collector.ts";
import type { Events } from "./events.ts";
import { round } from "./numbers.ts";
import type { Sampler } from "./sampler.ts";
import { cut } from "./text.ts";

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
      snapshot.collectors = working.map(({ name, collecting }) => {
        const start = host.monotonicMs();
        const trouble = collectInto(snapshot, collecting);
        const report = { name, ms: round(host.monotonicMs() - start, 1), ...trouble };
        events.collected(report);
        return report;
      });
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
