import type { Taken } from "../../history/taker.ts";
import { createDeliver, type Deliver } from "./deliver.ts";
import { Lane } from "./lane.ts";
import { Queue } from "./queue.ts";
import type { RowSet, SeriesOptions } from "./series.ts";
import { type RemoteWriteSettings, shownUrl } from "./settings.ts";
import { type RemoteWriteEvents, type Standing, Tally } from "./tally.ts";
import { WorkloadTotals } from "./totals.ts";

export interface RemoteWriteState extends Standing {
  /** Where to, without what might be secret in it. */
  target: string;
  waiting: { samples: number; bytes: number; oldestMs?: number };
  maxBytes: number;
}

export interface RemoteWriteOptions extends Pick<SeriesOptions, "column"> {
  settings: RemoteWriteSettings;
  /** Names of clusters by their ids. */
  clusters(): ReadonlyMap<string, string>;
  events: RemoteWriteEvents;
  deliver?: Deliver;
  gatherMs?: number;
  backoffMs?: { first: number; longest: number };
  maxSamples?: number;
  tickMs?: number;
}

export interface RemoteWrite {
  /** Takes a row: at once, whatever the store does. */
  take: Taken;
  state(): RemoteWriteState;
  /** Sends what waits, within a moment. */
  stop(): Promise<void>;
}

/** Requests at the same time; each series is sent by one of them. */
const lanes = 4;
const defaultMaxSamples = 20_000_000;
const stopWithinMs = 1000;
/** Sends every sample that the history takes to a store that speaks Prometheus' Remote-Write 1.0. */
export function createRemoteWrite(options: RemoteWriteOptions): RemoteWrite {
  const { settings, column, events, gatherMs = 5000, maxSamples = defaultMaxSamples } = options;
  const {
    tickMs = 2500,
    backoffMs = { first: 500, longest: 30_000 },
    deliver = createDeliver(settings),
  } = options;
  const tally = new Tally(events);
  const queue = new Queue<RowSet>(lanes, { samples: maxSamples, bytes: settings.queueBytes }, (samples) =>
    tally.dropped(samples),
  );
  let names = options.clusters();
  let readMs = 0;
  function clusterName(id: string): string | undefined {
    // One that has just come.
    if (!names.has(id) && Date.now() - readMs > 1000) {
      readMs = Date.now();
      names = options.clusters();
    }
    return names.get(id);
  }
  const all = Array.from(
    { length: lanes },
    (_, number) =>
      new Lane({
        number,
        queue,
        deliver,
        events: tally.events,
        gatherMs,
        backoffMs,
        column,
        clusterName,
        clusters: settings.clusters,
        ...(settings.metrics ? { metrics: settings.metrics } : {}),
      }),
  );
  const put: Taken = (subject, ms, ids, values) =>
    all[subject % lanes]!.take(subject, ms, ids, values, Date.now());
  const totals = new WorkloadTotals(put);

  const timer = setInterval(() => {
    const before = names;
    names = options.clusters();
    const renamed = new Set(
      [...before].flatMap(([id, name]) => ((names.get(id) ?? name) === name ? [] : [id])),
    );
    totals.close(Date.now());
    for (const lane of all) {
      if (renamed.size > 0) lane.renamed(renamed);
      lane.tick(Date.now());
    }
  }, tickMs).unref();

  return {
    take(subject, ms, ids, values, ofPods) {
      try {
        if (ofPods) totals.take(subject, ms, ids, values, ofPods);
        put(subject, ms, ids, values, ofPods);
      } catch (error) {
        // Whatever it is, the history goes on.
        tally.events.failed(error);
      }
    },
    state() {
      const born = all.flatMap((_, lane) => queue.oldestMs(lane) ?? []);
      return {
        target: shownUrl(settings.url),
        ...tally.standing,
        maxBytes: settings.queueBytes,
        waiting: {
          samples: queue.samples,
          bytes: queue.bytes,
          ...(born.length > 0 ? { oldestMs: Math.min(...born) } : {}),
        },
      };
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(all.map((lane) => lane.stop(stopWithinMs)));
      tally.unsent(queue.samples);
    },
  };
}
