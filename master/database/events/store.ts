import type { EventPage, EventQuery, StoredEvent } from "../../../views/model.ts";
import type { Event } from "../../../wire/event.ts";

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

/** The event history. `cluster` is whatever string the caller names a cluster by, the same everywhere. */
export interface EventStore {
  /**
   * Stores events; resolves once they are committed. An event that is known (same cluster and id) changes the
   * stored one, unless it is older than that. Rejects with a ProblemError (507, 503) when nothing was stored.
   */
  append(cluster: string, events: readonly Event[]): Promise<AppendResult>;
  /** A page of events, newest first. Throws problem 422 on a cursor that is none. */
  search(query: EventQuery): EventPage;
  get(cluster: string, id: string): StoredEvent | undefined;
  /** Diagnosed occurrences that are not over, newest first, of one cluster or of all; 10,000 at most. */
  open(cluster?: string): StoredEvent[];
  /** The newest `count` events of severity warning or critical. */
  recentWarnings(count: number, scope?: { cluster?: string; namespace?: string }): StoredEvent[];
  /** How many are stored, and the bytes they take on disk. */
  size(): { events: number; bytes: number };
  /** Removes all events of a cluster. */
  forget(cluster: string): Promise<void>;
  /** Finishes what is under way and indexes what is not; the database stays open. */
  close(): Promise<void>;
}
