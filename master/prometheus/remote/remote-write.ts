import type { Taken } from "../../history/taker.ts";
import { batchesOf, type Rows } from "./backlog.ts";
import { createDeliver, type Deliver } from "./deliver.ts";
import { Lane } from "./lane.ts";
import { Progress, type ProgressStore, targetOf } from "./progress.ts";
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
  /** What comes in is not sent before that which the history has from here on. */
  behindSinceMs?: number;
}

export interface RemoteWriteOptions extends Pick<SeriesOptions, "column"> {
  settings: RemoteWriteSettings;
  /** Names of clusters by their ids. */
  clusters(): ReadonlyMap<string, string>;
  /** What the history keeps, and for how long, in ms. */
  rows(): Rows;
  keptMs: number;
  progress: ProgressStore;
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
  /** Begins to send, with what the store has not answered for before the last stop. */
  start(): void;
  state(): RemoteWriteState;
  /** Sends what waits in memory, within a moment; the rest comes after the next start. */
  stop(): Promise<void>;
}

/** Requests at the same time; each series is sent by one of them. */
const lanes = 4;
const defaultMaxSamples = 20_000_000;
const stopWithinMs = 1000;
/** How often it is noted what was answered for. */
const notedEveryMs = 250;
/** So long after it was measured a value may come in. */
const lateMs = 60_000;

/**
 * Sends every sample that the history takes to a store that speaks Prometheus' Remote-Write 1.0. What comes in waits in
 * memory; where that does not hold it, and after a start, what the history keeps is sent before it, in the order of time:
 * a store takes nothing that is older than what it has of a series.
 */
export function createRemoteWrite(options: RemoteWriteOptions): RemoteWrite {
  const { settings, column, events, gatherMs = 5000, maxSamples = defaultMaxSamples } = options;
  const {
    tickMs = 2500,
    backoffMs = { first: 500, longest: 30_000 },
    deliver = createDeliver(settings),
  } = options;
  const tally = new Tally(events);
  const progress = new Progress(options.progress, targetOf(settings.url), Date.now());
  /** Rows are queued as they come. */
  let live = false;
  let stopping = false;
  let running: Promise<void> | undefined;
  let overflowed = Promise.withResolvers<void>();
  const queue = new Queue<RowSet>(lanes, { samples: maxSamples, bytes: settings.queueBytes }, () => {
    live = false;
    overflowed.resolve();
  });
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
        progress,
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
  const put: Taken = (subject, ms, ids, values) => {
    if (live) all[subject % lanes]!.take(subject, ms, ids, values, Date.now());
  };
  const totals = new WorkloadTotals(put);

  /** Sends what the history has, block by block, all lanes together: a store takes nothing much older than its newest. */
  async function catchUp(): Promise<void> {
    queue.clear();
    const rows = options.rows();
    const spanMs = rows.span * 1000;
    let start = Math.floor(progress.floorMs / spanMs) * rows.span;
    while (!stopping) {
      const next = rows.next(start);
      const keptFromMs = Date.now() - options.keptMs;
      const goneMs = Math.min(keptFromMs, (next ?? Number.POSITIVE_INFINITY) * 1000) - progress.floorMs;
      if (goneMs > spanMs) tally.gone(goneMs);
      // From here on nothing is missed: what comes while the last block is sent is queued.
      const last = next === undefined || rows.isLast(next);
      live = last;
      if (next === undefined) return;
      progress.raiseFloor(next * 1000 - 1);
      const subjects = rows.subjects(next);
      await Promise.all(
        all.map((lane, number) =>
          lane.catchUp(
            (table) =>
              batchesOf(
                rows,
                progress,
                table,
                next,
                subjects.filter((one) => one % lanes === number),
              ),
            (next + rows.span) * 1000,
          ),
        ),
      );
      if (last || stopping) return;
      start = next + rows.span;
      progress.raiseFloor(start * 1000 - 1);
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      await catchUp();
      if (!stopping) progress.hasNoMore();
      await overflowed.promise;
      overflowed = Promise.withResolvers();
    }
  }

  function note(): void {
    try {
      if (live) {
        const born = all.flatMap((_, lane) => queue.oldestMs(lane) ?? []);
        progress.clockIs(Date.now());
        if (!all.some((lane) => lane.behind)) progress.raiseFloor(Math.min(Date.now(), ...born) - lateMs);
      }
      progress.write();
    } catch (error) {
      tally.events.failed(error);
    }
  }

  const noting = setInterval(note, notedEveryMs).unref();
  const timer = setInterval(() => {
    const before = names;
    names = options.clusters();
    const renamed = new Set(
      [...before].flatMap(([id, name]) => ((names.get(id) ?? name) === name ? [] : [id])),
    );
    totals.close(Date.now());
    for (const lane of all) {
      if (renamed.size > 0) lane.renamed(renamed);
      if (live) lane.tick(Date.now());
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
    start() {
      running ??= run();
    },
    state() {
      const born = all.flatMap((_, lane) => queue.oldestMs(lane) ?? []);
      const behind = !live || all.some((lane) => lane.behind);
      return {
        target: shownUrl(settings.url),
        ...tally.standing,
        maxBytes: settings.queueBytes,
        ...(running && behind ? { behindSinceMs: progress.floorMs } : {}),
        waiting: {
          samples: queue.samples,
          bytes: queue.bytes,
          ...(born.length > 0 ? { oldestMs: Math.min(...born) } : {}),
        },
      };
    },
    async stop() {
      stopping = true;
      overflowed.resolve();
      clearInterval(timer);
      clearInterval(noting);
      await Promise.all(all.map((lane) => lane.stop(stopWithinMs)));
      await running;
      progress.write();
    },
  };
}
