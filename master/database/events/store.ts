import type { EventPage, EventQuery, StoredEvent } from "../../../views/event-model.ts";
import type { Event } from "../../../wire/event.ts";
import { sees, type Sight } from "../../access/sight.ts";
import type { Database } from "../database.ts";
import { databaseFault } from "../errors.ts";
import { Background } from "./background.ts";
import { ClusterNumbers } from "./clusters.ts";
import { FullText } from "./fulltext.ts";
import { GroupCommit } from "./group-commit.ts";
import { Ids } from "./ids.ts";
import { clusterExpression } from "./match.ts";
import { Pruner } from "./prune.ts";
import { toEvent } from "./row.ts";
import { Search } from "./search.ts";
import { Writer } from "./writer.ts";

export interface EventStoreOptions {
  /** Events older than this go. */
  retentionMs: number;
  /** At more bytes than this the oldest go. */
  maxBytes: number;
  now?: () => number;
  /** Told how many old events a round of pruning removed. */
  pruned?: (removed: number) => void;
  /** Told of a fault in the background (indexing, pruning); both try again later. */
  failed?: (what: string, error: unknown) => void;
}

/** What became of the events of one `append`. */
export interface AppendResult {
  /** Seen for the first time. */
  stored: number;
  /** Known, and changed by what came: count, time, message, severity, resolved. */
  changed: number;
}

/** What reads the events that somebody may see; those in no namespace are of clusters that are seen whole. */
export type SeenEvents = Pick<EventStore, "search" | "get" | "recentWarnings">;

/** The event history. `cluster` is whatever string the caller names a cluster by, the same everywhere. */
export interface EventStore {
  /**
   * Stores events; resolves once they are committed. An event that is known (same cluster and id) changes the
   * stored one, unless it is older than that. Rejects with a ProblemError (507, 503) when nothing was stored.
   */
  append(cluster: string, events: readonly Event[]): Promise<AppendResult>;
  /** A page of events, newest first (`sort: "ts"`: oldest first). Throws problem 422 on a cursor or sort that is none. */
  search(query: EventQuery): EventPage;
  get(cluster: string, id: string): StoredEvent | undefined;
  /** Diagnosed occurrences that are not over, newest first, of one cluster or of all; 10,000 at most. */
  open(cluster?: string): StoredEvent[];
  /** The newest `count` events of severity warning or critical. */
  recentWarnings(count: number, scope?: { cluster?: string; namespace?: string }): StoredEvent[];
  /** The same as one sees it who sees a part. */
  seenBy(sight: Sight): SeenEvents;
  /** How many are stored, and the bytes they take on disk. */
  size(): { events: number; bytes: number };
  /** Removes all events of a cluster. */
  forget(cluster: string): Promise<void>;
  /** Finishes what is under way and indexes what is not; the database stays open. */
  close(): Promise<void>;
}

/** The event history of a database; one process at a time may append to it. */
export function createEventStore(db: Database, options: EventStoreOptions): EventStore {
  const sqlite = db.events;
  const now = options.now ?? Date.now;
  const clusters = new ClusterNumbers(sqlite);
  const ids = new Ids(sqlite);
  const text = new FullText(sqlite);
  const writer = new Writer(sqlite, clusters, ids, text);
  const search = new Search(sqlite, clusters);
  const pruner = new Pruner(sqlite, ids, text);
  const background = new Background({ text, ids, pruner, options, now });
  const commits = new GroupCommit(sqlite, writer, text, now, (events) => background.committed(events));

  /** What stands in the table is in the index before anything is searched. */
  function current<T>(read: () => T): T {
    try {
      if (text.waiting > 0) text.index();
      return read();
    } catch (error) {
      throw databaseFault(error);
    }
  }

  const get = (cluster: string, id: string) => {
    const number = clusters.known(cluster);
    const row = number === undefined ? undefined : writer.find(number, id);
    return row && toEvent(row, cluster);
  };
  const seenBy = (sight: Sight): SeenEvents => ({
    search: (query) => current(() => search.page(query, sight)),
    get(cluster, id) {
      const event = get(cluster, id);
      return event && sees(sight, cluster, event.namespace ?? "") ? event : undefined;
    },
    recentWarnings: (count, scope = {}) => current(() => search.recentWarnings(count, scope, sight)),
  });

  return {
    ...seenBy("everything"),
    seenBy,
    append: (cluster, events) => commits.append(cluster, events),
    open: (cluster) => search.open(cluster),
    size() {
      const { used } = pruner.bytes();
      return {
        events: sqlite.query<{ n: number }, []>("SELECT count(*) AS n FROM events").get()!.n,
        bytes: used,
      };
    },
    async forget(cluster) {
      const number = clusters.known(cluster);
      if (number === undefined) return;
      const match = clusterExpression(number);
      while (current(() => pruner.sliceOf(match)) > 0) await Bun.sleep(1);
    },
    async close() {
      await commits.settled();
      background.stop();
      if (text.waiting > 0) text.index();
    },
  };
}
