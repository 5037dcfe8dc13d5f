import type { Database as Sqlite } from "bun:sqlite";
import type { EventPage, EventQuery, StoredEvent } from "../../../views/model.ts";
import { problem } from "../../../wire/problem.ts";
import type { ClusterNumbers } from "./clusters.ts";
import { firstKeyAt } from "./key.ts";
import { matchExpression, warningsExpression } from "./match.ts";
import { type EventRow, toEvent } from "./row.ts";

const countedUpTo = 10_000;
const lastKey = Number.MAX_SAFE_INTEGER;

const ascending = new Set(["ts", "ts_ms", "time"]);
const descending = new Set(["", "-ts", "-ts_ms", "-time"]);

/** Reads pages of events; the caller has brought the full text index up to date. */
export class Search {
  readonly #sqlite: Sqlite;
  readonly #clusters: ClusterNumbers;
  readonly #open;
  readonly #openOf;

  constructor(sqlite: Sqlite, clusters: ClusterNumbers) {
    this.#sqlite = sqlite;
    this.#clusters = clusters;
    const open = "SELECT * FROM events WHERE origin = 'diagnosis' AND resolved IS NULL";
    this.#open = sqlite.prepare<EventRow, []>(`${open} ORDER BY key DESC LIMIT 10000`);
    this.#openOf = sqlite.prepare<EventRow, [number]>(
      `${open} AND cluster = ? ORDER BY key DESC LIMIT 10000`,
    );
  }

  page(query: EventQuery): EventPage {
    const up = ascending.has(query.sort ?? "");
    if (!up && !descending.has(query.sort ?? ""))
      throw problem(422, "events are sorted by time: sort is ts or -ts", { pointer: "/sort" });
    const limit = Math.min(Math.max(Math.trunc(query.limit ?? 100) || 100, 1), 1000);
    const after = query.cursor ? keyOfCursor(query.cursor) : undefined;
    const match = this.#match(query);
    if (match === undefined) return { items: [], total: 0, more: false };
    const from = firstKeyAt(query.fromMs ?? 0);
    const to = query.toMs === undefined ? lastKey : firstKeyAt(query.toMs + 1) - 1;
    const start = up && after !== undefined ? Math.max(from, after + 1) : from;
    const end = !up && after !== undefined ? Math.min(to, after - 1) : to;
    const rows = this.#rows(match, start, end, up, limit + 1);
    const more = rows.length > limit;
    if (more) rows.pop();
    const total = this.#count(match, from, to);
    return {
      items: rows.map((row) => this.#event(row)),
      total: Math.min(total, countedUpTo),
      more: total > countedUpTo,
      ...(more ? { next: rows.at(-1)!.key.toString(36) } : {}),
    };
  }

  open(cluster: string | undefined): StoredEvent[] {
    if (cluster === undefined) return this.#open.all().map((row) => this.#event(row));
    const number = this.#clusters.known(cluster);
    return number === undefined ? [] : this.#openOf.all(number).map((row) => this.#event(row));
  }

  recentWarnings(count: number, scope: { cluster?: string; namespace?: string }): StoredEvent[] {
    const match = this.#match(scope);
    if (match === undefined) return [];
    const expression = match === "" ? warningsExpression : `${warningsExpression} AND ${match}`;
    const limit = Math.min(Math.max(Math.trunc(count) || 0, 0), 1000);
    return this.#rows(expression, 0, lastKey, false, limit).map((row) => this.#event(row));
  }

  #event(row: EventRow): StoredEvent {
    return toEvent(row, this.#clusters.name(row.cluster));
  }

  #match(query: EventQuery): string | undefined {
    const cluster = query.cluster ? this.#clusters.known(query.cluster) : undefined;
    if (query.cluster && cluster === undefined) return undefined;
    return matchExpression(query, cluster);
  }

  #rows(match: string, start: number, end: number, up: boolean, limit: number): EventRow[] {
    const order = up ? "ASC" : "DESC";
    if (match === "")
      return this.#sqlite
        .query<EventRow, [number, number, number]>(
          `SELECT * FROM events WHERE key >= ? AND key <= ? ORDER BY key ${order} LIMIT ?`,
        )
        .all(start, end, limit);
    // CROSS JOIN keeps the order of the loops: the index in the order of keys, then each row by its key.
    return this.#sqlite
      .query<EventRow, [string, number, number, number]>(
        `SELECT events.* FROM event_text CROSS JOIN events ON events.key = event_text.rowid
         WHERE event_text MATCH ? AND event_text.rowid >= ? AND event_text.rowid <= ?
         ORDER BY event_text.rowid ${order} LIMIT ?`,
      )
      .all(match, start, end, limit);
  }

  #count(match: string, start: number, end: number): number {
    if (match === "")
      return this.#sqlite
        .query<{ n: number }, [number, number]>(
          `SELECT count(*) AS n FROM
           (SELECT 1 FROM events WHERE key >= ? AND key <= ? LIMIT ${countedUpTo + 1})`,
        )
        .get(start, end)!.n;
    return this.#sqlite
      .query<{ n: number }, [string, number, number]>(
        `SELECT count(*) AS n FROM (SELECT rowid FROM event_text
         WHERE event_text MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ${countedUpTo + 1})`,
      )
      .get(match, start, end)!.n;
  }
}

function keyOfCursor(cursor: string): number {
  const key = /^[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN;
  if (!Number.isSafeInteger(key)) throw problem(422, "the cursor is none of ours", { pointer: "/cursor" });
  return key;
}
