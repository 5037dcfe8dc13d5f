import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import type { Database } from "../database/database.ts";
import type { ClusterValue } from "../datasource/values/clusters.ts";
import { AmountTables } from "../database/metrics/amounts.ts";
import { Blocks, type TierSize } from "../database/metrics/blocks.ts";
import { Journal } from "../database/metrics/journal.ts";
import { subjectOf } from "../database/metrics/key.ts";
import { sees, type Sight } from "../access/sight.ts";
import { AmountKeeper } from "./amount-keeper.ts";
import { type ColumnInfo, columnOf } from "./column-info.ts";
import { Capacities } from "./capacity.ts";
import { Clocks } from "./clocks.ts";
import { Heads } from "./heads.ts";
import { Keeper } from "./keeper.ts";
import { Names } from "./names.ts";
import { Query } from "./query.ts";
import { RawRows } from "./raw-rows.ts";
import { type Reader, type SubjectRef, createReader } from "./reader.ts";
import { type FindPod, type Taken, Taker } from "./taker.ts";
import { TopLists } from "./tops.ts";
import { tiers } from "./tiers.ts";
import { Worker } from "./worker.ts";

export interface MetricsHistoryOptions {
  /** How long each tier is kept, from the finest on, in ms. */
  keptMs: readonly number[];
  /** At more bytes than this the oldest of the largest tier go. */
  maxBytes: number;
  findPod: FindPod;
  /** Told of each row as it is taken; at once, so it must not take long. */
  taken?: Taken;
  now?: () => number;
  /** Told of a fault in the background; what failed is tried again. */
  failed?: (what: string, error: unknown) => void;
  /** How long samples may wait for others to be written with. */
  flushMs?: number;
}

/** Metrics over time of all nodes, workloads, pods and clusters. */
export interface MetricsHistory extends Reader {
  /** Takes what an agent has sent; it is in the database within a second or so. */
  take(cluster: string, snapshots: readonly NodeMetricsSnapshot[]): void;
  /** Takes figures of a cluster as a whole. */
  takeCluster(cluster: string, values: readonly ClusterValue[]): void;
  /** The same as one sees it who sees a part: nodes and clusters as a whole only of those that are seen whole. */
  seenBy(sight: Sight): Reader;
  /** What each tier holds, the bytes of it all on disk, and those of blocks in progress in memory. */
  sizes(): { tiers: (TierSize & { keptMs: number; seconds: number })[]; bytes: number; progress: number };
  /** What a column of a subject is; undefined where there is none of the number. */
  column(subject: number, id: number): ColumnInfo | undefined;
  /** Every sample as it came. */
  readonly raw: RawRows;
  /** Values taken since the start. */
  taken(): number;
  /** Removes everything of a cluster. */
  forget(cluster: string): Promise<void>;
  /** Writes what was taken into the database; throws where that cannot be written. */
  flush(): void;
  /** Does everything that is due; the background does the same in slices. */
  settle(): void;
  close(): void;
}

const defaultFlushMs = 1000;
const sweptAtOnce = 1000;

/** The metrics history of a database; one process at a time may write to it. */
export function createMetricsHistory(db: Database, options: MetricsHistoryOptions): MetricsHistory {
  const sqlite = db.metrics;
  const { now = Date.now, failed = () => undefined, flushMs = defaultFlushMs } = options;
  const blocks = new Blocks(sqlite);
  const amounts = new AmountTables(sqlite);
  const journal = new Journal(sqlite);
  const names = new Names(sqlite);
  const heads = new Heads();
  const clocks = new Clocks();
  const amountKeeper = new AmountKeeper({ sqlite, tables: amounts, names, failed });
  const kept = options.keptMs.map((ms) => ms / 1000);
  const limits = { kept, maxBytes: options.maxBytes };
  const keeper = new Keeper({
    ...{
      sqlite,
      blocks,
      amountTables: amounts,
      amounts: amountKeeper,
      journal,
      heads,
      names,
      limits,
      failed,
    },
  });
  const query = new Query(blocks, heads, keeper, failed);
  const taker = new Taker(heads, names, clocks, options.findPod, options.taken);
  for (const start of journal.starts()) {
    const faults = heads.replay(start, journal.rows(start));
    if (faults > 0) failed("reading the journal of metrics", new Error(`${faults} entries are unreadable`));
  }
  // Of a cluster that was removed.
  for (const key of heads.keysBefore(2 ** 40)) if (!names.subjects.byID(subjectOf(key))) heads.close(key);
  const seconds = () => Math.floor(now() / 1000);
  const worker = new Worker(
    () => keeper.round(seconds()),
    (error) => failed("keeping metrics", error),
  );
  let timer: Timer | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!heads.changed) return;
    try {
      sqlite.run("BEGIN IMMEDIATE");
      names.write();
      for (const [start, rows] of heads.unwritten()) journal.add(start, rows);
      sqlite.run("COMMIT");
    } catch (error) {
      if (sqlite.inTransaction) sqlite.run("ROLLBACK");
      throw error;
    }
    names.written();
    heads.written();
    db.syncMetrics();
  }

  /** One commit for all that comes within a moment. What cannot be written now is tried again with what comes next. */
  function flushSoon(): void {
    timer ??= setTimeout(() => {
      try {
        flush();
      } catch (error) {
        failed("writing metrics", error);
        if (heads.changed) flushSoon();
      }
    }, flushMs).unref();
  }

  const tops = new TopLists({
    ...{ tables: amounts, heads, names, query, now, failed },
    rolled: amountKeeper.rolled,
  });
  const capacities: Capacities = new Capacities({
    ...{ names, now },
    over: (ref, range, wanted) => everything.over(ref, range, wanted),
  });
  const whole = { names, query, tops, capacities };
  const everything: Reader = createReader(whole, () => true);
  return {
    ...everything,
    seenBy: (sight) =>
      createReader(whole, ({ cluster, namespace }: Pick<SubjectRef, "cluster"> & { namespace: string }) =>
        sees(sight, cluster, namespace),
      ),
    take(cluster, snapshots) {
      const ms = now();
      for (const one of snapshots) taker.take(cluster, one, ms);
      if (heads.changed) flushSoon();
    },
    takeCluster(cluster, values) {
      taker.takeCluster(cluster, values, now());
      if (heads.changed) flushSoon();
    },
    column: (subject, id) => columnOf(names, subject, id),
    raw: new RawRows(blocks, heads, names, failed),
    taken: () => taker.samples,
    sizes: () => ({
      tiers: blocks.sizes().map((size, tier) => ({
        ...size,
        keptMs: options.keptMs[tier]!,
        seconds: tiers[tier]!.seconds,
      })),
      bytes: blocks.bytes().used,
      progress: heads.size().bytes,
    }),
    async forget(cluster) {
      flush();
      const gone = new Set([...names.subjects.all()].filter((one) => one.cluster === cluster));
      const ids = new Set([...gone].map((one) => one.id));
      for (const key of heads.keysBefore(2 ** 40)) if (ids.has(subjectOf(key))) heads.close(key);
      for (let tier = 0; tier < tiers.length; tier++) {
        let next = 0;
        for (;;) {
          const keys = blocks.keysFrom(tier, next, sweptAtOnce);
          if (keys.length === 0) break;
          const doomed = keys.filter((key) => ids.has(subjectOf(key)));
          if (doomed.length > 0)
            sqlite.transaction(() => {
              blocks.removeKeys(tier, doomed);
              amounts.removeKeys(tier, doomed);
            })();
          next = keys.at(-1)! + 1;
          await Bun.sleep(1);
        }
      }
      // Last, so that what ends in between goes on from here.
      sqlite.transaction(() => {
        for (const one of gone) {
          names.pods.removeOf(cluster, one.id);
          names.subjects.remove(one);
          clocks.forget(one.id);
        }
      })();
    },
    flush,
    settle() {
      for (const _ of keeper.round(seconds()));
    },
    close() {
      worker.stop();
      clearTimeout(timer);
      try {
        flush();
      } catch (error) {
        failed("writing metrics", error);
      }
    },
  };
}
