import type { Database as Sqlite } from "bun:sqlite";
import type { Event } from "../../../wire/event.ts";
import type { ClusterNumbers } from "./clusters.ts";
import type { FullText } from "./fulltext.ts";
import { type Ids, idHash } from "./ids.ts";
import { Keys, timeOfKey } from "./key.ts";
import { type EventRow, merged, severityNumber, textDiffers } from "./row.ts";
import type { AppendResult } from "./store.ts";

const insertSql = `INSERT INTO events (key, cluster, bucket, id, ts, first, count, resolved, severity, kind, namespace,
  name, uid, container, node, reason, category, message, origin)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Stores events within a transaction that the caller begins and ends. */
export class Writer {
  readonly #insert;
  readonly #byKey;
  readonly #update;
  readonly #keys: Keys;
  readonly #clusters: ClusterNumbers;
  readonly #ids: Ids;
  readonly #text: FullText;
  #added: number[] = [];
  #gone: number[] = [];

  constructor(sqlite: Sqlite, clusters: ClusterNumbers, ids: Ids, text: FullText) {
    this.#insert = sqlite.prepare(insertSql);
    this.#byKey = sqlite.prepare<EventRow, [number]>("SELECT * FROM events WHERE key = ?");
    this.#update = sqlite.prepare(
      `UPDATE events SET key = ?, ts = ?, first = ?, count = ?, resolved = ?, severity = ?, node = ?, reason = ?,
       message = ? WHERE key = ?`,
    );
    this.#keys = new Keys(sqlite);
    this.#clusters = clusters;
    this.#ids = ids;
    this.#text = text;
  }

  /** Stores the events of one cluster; what it found changed goes to the full text with `finish`. */
  store(clusterName: string, events: readonly Event[], nowMs: number): AppendResult {
    const cluster = this.#clusters.number(clusterName);
    let stored = 0;
    let changed = 0;
    for (const event of events) {
      const hash = idHash(cluster, event.id);
      const row = this.#find(cluster, event.id, hash);
      if (!row) {
        this.#add(cluster, event, hash, nowMs);
        stored++;
      } else if (this.#change(row, event, hash, nowMs)) changed++;
    }
    return { stored, changed };
  }

  /** Notes what is to be indexed; gives how much. Part of the same transaction. */
  finish(): number {
    this.#ids.write();
    this.#text.note(this.#added, this.#gone);
    const count = this.#added.length + this.#gone.length;
    this.#added = [];
    this.#gone = [];
    return count;
  }

  /** Forgets what a transaction that was taken back has left in memory. */
  reset(): void {
    this.#added = [];
    this.#gone = [];
    this.#keys.clear();
    this.#ids.reset();
    this.#clusters.clear();
  }

  find(cluster: number, id: string): EventRow | undefined {
    return this.#find(cluster, id, idHash(cluster, id));
  }

  #find(cluster: number, id: string, hash: number): EventRow | undefined {
    for (const key of this.#ids.find(hash)) {
      const row = this.#byKey.get(key);
      if (row && row.cluster === cluster && row.id === id) return row;
    }
    return undefined;
  }

  #add(cluster: number, event: Event, hash: number, nowMs: number): void {
    const key = this.#keys.take(event.ts_ms, nowMs);
    const bucket = this.#ids.add(hash, key);
    this.#insert.run(
      key,
      cluster,
      bucket,
      event.id,
      event.ts_ms,
      event.first_ts_ms ?? null,
      event.count ?? null,
      event.resolved_ts_ms ?? null,
      severityNumber(event.severity),
      event.kind,
      event.namespace ?? null,
      event.name,
      event.uid ?? null,
      event.container ?? null,
      event.node ?? null,
      event.reason,
      event.category ?? null,
      event.message ?? null,
      event.origin ?? null,
    );
    this.#added.push(key);
  }

  #change(row: EventRow, event: Event, hash: number, nowMs: number): boolean {
    const next = merged(row, event);
    if (!next) return false;
    // A new time is a new place in the order. One in the future already has its place.
    if (next.ts !== row.ts && Math.min(next.ts, nowMs) !== timeOfKey(row.key)) {
      next.key = this.#keys.take(next.ts, nowMs);
      this.#ids.move(row.bucket, hash, row.key, next.key);
      this.#gone.push(row.key);
      this.#added.push(next.key);
    } else if (textDiffers(row, next)) {
      this.#gone.push(row.key);
      this.#added.push(row.key);
    }
    const { ts, first, count, resolved, severity, node, reason, message } = next;
    this.#update.run(next.key, ts, first, count, resolved, severity, node, reason, message, row.key);
    return true;
  }
}
