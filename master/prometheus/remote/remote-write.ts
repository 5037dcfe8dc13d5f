import type { Taken } from "../../history/taker.ts";
import { createDeliver, type Deliver } from "./deliver.ts";
import { Lane, type LaneOptions } from "./lane.ts";
import { Queue } from "./queue.ts";
import type { RowSet, SeriesOptions } from "./series.ts";
import { type RemoteWriteSettings, shownUrl } from "./settings.ts";
import { WorkloadTotals } from "./totals.ts";

/** How it stands with what is sent to a store; all counts since the start. */
export interface RemoteWriteState {
  /** Where to, without what might be secret in it. */
  target: string;
  sent: number;
  /** Refused for good by the store. */
  refused: number;
  /** Gone because too many waited. */
  dropped: number;
  /** Older than what was sent of the same series already. */
  late: number;
  /** Requests that were tried again. */
  retries: number;
  /** Of requests that were taken, compressed. */
  bytes: number;
  waiting: { samples: number; bytes: number; oldestMs?: number };
  maxBytes: number;
  lastSentMs?: number;
  /** Time of the newest sample that the store has answered for. */
  newestMs?: number;
  error?: { atMs: number; text: string };
  /** Nothing has been taken since. */
  failingSinceMs?: number;
}

export interface RemoteWriteEvents {
  /** `why` where the store has begun to fail; without it, it takes samples again. */
  remoteWrite(why?: string): void;
  remoteWriteLost(how: "refused" | "dropped" | "unsent", samples: number, why?: string): void;
  failed(what: string, error: unknown): void;
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
const tickMs = 2500;
const stopWithinMs = 1000;
/** The same fault is not logged more often. */
const loggedEveryMs = 60_000;

/** Sends every sample that the history takes to a store that speaks Prometheus' Remote-Write 1.0. */
export function createRemoteWrite(options: RemoteWriteOptions): RemoteWrite {
  const { settings, column, events, gatherMs = 5000, maxSamples = defaultMaxSamples } = options;
  const { backoffMs = { first: 500, longest: 30_000 }, deliver = createDeliver(settings) } = options;
  let names = options.clusters();
  let readMs = 0;
  const counts = { sent: 0, refused: 0, dropped: 0, late: 0, retries: 0, bytes: 0 };
  const last: Pick<RemoteWriteState, "lastSentMs" | "newestMs" | "error" | "failingSinceMs"> = {};
  const logged = {
    refused: { atMs: Number.NEGATIVE_INFINITY, samples: 0 },
    dropped: { atMs: Number.NEGATIVE_INFINITY, samples: 0 },
  };

  function lost(how: "refused" | "dropped", samples: number, why?: string): void {
    counts[how] += samples;
    const one = logged[how];
    one.samples += samples;
    if (Date.now() - one.atMs < loggedEveryMs) return;
    events.remoteWriteLost(how, one.samples, why);
    logged[how] = { atMs: Date.now(), samples: 0 };
  }
  const laneEvents: LaneOptions["events"] = {
    sent(samples, bytes) {
      counts.sent += samples;
      counts.bytes += bytes;
      last.lastSentMs = Date.now();
      if (last.failingSinceMs !== undefined) events.remoteWrite();
      delete last.failingSinceMs;
    },
    retried(text) {
      counts.retries++;
      last.error = { atMs: Date.now(), text };
      if (last.failingSinceMs === undefined) events.remoteWrite(text);
      last.failingSinceMs ??= Date.now();
    },
    refused(samples, text) {
      // Of a series' end, which the store then finds out by itself.
      if (samples === 0) return;
      last.error = { atMs: Date.now(), text };
      lost("refused", samples, text);
    },
    reached(ms) {
      last.newestMs = Math.max(last.newestMs ?? 0, ms);
    },
    late(samples) {
      counts.late += samples;
    },
    failed: (error) => events.failed("remote write", error),
  };
  const queue = new Queue<RowSet>(lanes, { samples: maxSamples, bytes: settings.queueBytes }, (samples) =>
    lost("dropped", samples),
  );
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
        events: laneEvents,
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
      if (ofPods) totals.take(subject, ms, ids, values, ofPods);
      put(subject, ms, ids, values, ofPods);
    },
    state() {
      const born = all.flatMap((_, lane) => queue.oldestMs(lane) ?? []);
      return {
        target: shownUrl(settings.url),
        ...counts,
        ...last,
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
      if (queue.samples > 0) events.remoteWriteLost("unsent", queue.samples);
    },
  };
}
