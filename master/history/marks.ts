import { type MarkKind, markKinds } from "../../views/mark.ts";
import { sees, type Sight, sightOf } from "../access/sight.ts";
import type { Database } from "../database/database.ts";
import { type MarkQuery, type MarkSubject, MarkTable, type StoredMark } from "../database/metrics/marks.ts";

/** What has happened and is to be marked; `nearMs`: nothing new where another of the kind is so near. */
export interface Noted extends Omit<StoredMark, "owner"> {
  owner?: string;
  nearMs?: number;
}

export interface MarksQuery {
  cluster: string;
  namespace?: string | undefined;
  fromMs: number;
  toMs: number;
  subjects?: readonly MarkSubject[];
  kinds?: ReadonlySet<MarkKind>;
  /** Of each kind: beyond it, several are told as one. */
  most?: number;
}

/** Several of a kind that were too many to be told one by one. */
export interface ManyMarks {
  what: MarkKind;
  atMs: number;
  count: number;
}

export interface FoundMarks {
  /** The oldest first. */
  single: StoredMark[];
  many: ManyMarks[];
  /** How many there are of each kind, up to 10,000. */
  counts: Partial<Record<MarkKind, number>>;
}

export interface SeenMarks {
  find(query: MarksQuery): FoundMarks;
}

export interface Marks extends SeenMarks {
  /** Takes what happened; it is in the database within a second or so. */
  note(one: Noted): void;
  /** An alert is over. */
  end(fingerprint: string, atMs: number): void;
  /** Ends all alerts but these: they went while nobody looked. */
  endOthers(firing: ReadonlySet<string>, atMs: number): void;
  /** The same as one sees it who sees a part. */
  seenBy(sight: Sight): SeenMarks;
  forget(cluster: string): void;
  flush(): void;
  close(): void;
}

export interface MarksOptions {
  keptMs: number;
  /** The workload at the top above a pod, as `Kind/name`. */
  ownerOf?: (cluster: string, namespace: string, pod: string) => string | undefined;
  now?: () => number;
  failed?: (what: string, error: unknown) => void;
}

const flushMs = 1000;
/** So many are written at a time, and so many may wait. */
const atOnce = 300;
const mostWaiting = 20_000;
/** Of one cluster: of the kind that it has most of the oldest go. Some 15 MB. */
const mostOfCluster = 50_000;
const thinnedAtOnce = 1000;
const pruneMs = 600_000;
const mostSingle = 300;
/** Where there are too many, the range in as many pieces. */
const pieces = 300;

/** What charts mark: deployments, restarts, reboots, scalings, commands and alerts, over years. */
export function createMarks(db: Database, options: MarksOptions): Marks {
  const { keptMs, now = Date.now, failed = () => undefined } = options;
  const sqlite = db.metrics;
  const table = new MarkTable(sqlite);
  let waiting: (() => string | undefined)[] = [];
  let timer: Timer | undefined;
  let prunedMs = 0;
  /** How many were added since a cluster was looked at for too many. */
  const added = new Map<string, number>();

  function write(most: number): void {
    const batch = waiting.splice(0, most);
    if (batch.length === 0) return;
    const grown: (string | undefined)[] = [];
    sqlite.transaction(() => {
      for (const one of batch) grown.push(one());
    })();
    for (const cluster of grown) if (cluster) added.set(cluster, (added.get(cluster) ?? 0) + 1);
    db.syncMetrics();
  }

  function tidy(): void {
    for (const [cluster, count] of added)
      if (count >= thinnedAtOnce && table.thin(cluster, mostOfCluster, thinnedAtOnce) < thinnedAtOnce)
        added.set(cluster, 0);
    if (now() - prunedMs < pruneMs) return;
    if (table.prune(now() - keptMs, thinnedAtOnce) < thinnedAtOnce) prunedMs = now();
  }

  function later(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      try {
        write(atOnce);
        tidy();
      } catch (error) {
        failed("writing what charts mark", error);
      }
      if (waiting.length > 0) later(flushMs / 10);
    }, ms).unref();
  }

  function queue(work: () => string | undefined): void {
    if (waiting.length >= mostWaiting) {
      failed("taking what charts mark", new Error("more happens than can be written: some is left out"));
      waiting = waiting.slice(mostWaiting / 2);
    }
    waiting.push(work);
    later(flushMs);
  }

  function find(query: MarksQuery, sight: Sight): FoundMarks {
    // What was noted just now is marked, too.
    if (waiting.length <= atOnce) flush();
    const { cluster, kinds = new Set(markKinds), most = mostSingle, fromMs, toMs } = query;
    const found: FoundMarks = { single: [], many: [], counts: {} };
    const part = sightOf(sight, cluster);
    if (part === undefined) return found;
    const subjects = query.subjects?.filter(({ namespace }) => sees(sight, cluster, namespace));
    const namespaces = narrowed(part, query.namespace);
    for (const what of markKinds) {
      const one: MarkQuery = {
        ...{ cluster, what, fromMs, toMs },
        ...(subjects ? { subjects } : {}),
        ...(namespaces ? { namespaces } : {}),
      };
      const count = table.count(one);
      if (count === 0) continue;
      found.counts[what] = count;
      if (!kinds.has(what)) continue;
      if (count <= most || what === "alert") found.single.push(...table.newest(one, most));
      else
        for (const { atMs, count } of table.pieces(one, (toMs - fromMs + 1) / Math.min(pieces, most)))
          found.many.push({ what, atMs, count });
    }
    found.single.sort((a, b) => a.atMs - b.atMs);
    return found;
  }

  function flush(): void {
    try {
      write(waiting.length);
    } catch (error) {
      failed("writing what charts mark", error);
    }
  }

  return {
    find: (query) => find(query, "everything"),
    note({ nearMs, ...one }) {
      const owner =
        one.owner ??
        (one.kind === "Pod" ? options.ownerOf?.(one.cluster, one.namespace, one.name) : undefined);
      const mark: StoredMark = { ...one, owner: owner ?? "" };
      if (!(mark.atMs > now() - keptMs)) return;
      queue(() => (table.add(mark, nearMs) ? mark.cluster : undefined));
    },
    end(fingerprint, atMs) {
      queue(() => {
        table.end(fingerprint, atMs);
        return undefined;
      });
    },
    endOthers(firing, atMs) {
      for (const one of table.open()) if (!firing.has(one)) table.end(one, atMs);
    },
    seenBy: (sight) => ({ find: (query) => find(query, sight) }),
    forget(cluster) {
      flush();
      table.forget(cluster);
      added.delete(cluster);
    },
    flush,
    close() {
      clearTimeout(timer);
      flush();
    },
  };
}

/** The namespaces of a cluster that are read; undefined: all. */
function narrowed(part: "all" | ReadonlySet<string>, namespace: string | undefined): string[] | undefined {
  if (namespace !== undefined) return part === "all" || part.has(namespace) ? [namespace] : [];
  return part === "all" ? undefined : [...part];
}
