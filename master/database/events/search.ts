import type { Database as Sqlite } from "bun:sqlite";
import type { EventPage, EventQuery, StoredEvent } from "../../../views/event-model.ts";
import { problem } from "../../../wire/problem.ts";
import type { Sight } from "../../access/sight.ts";
import type { ClusterNumbers } from "./clusters.ts";
import { firstKeyAt } from "./key.ts";
import { matchExpression, seenExpression, warningsExpression } from "./match.ts";
import { type EventRow, toEvent } from "./row.ts";

const countedUpTo = 10_000;
const mostCompletions = 32;
const lastKey = Number.MAX_SAFE_INTEGER;

const ascending = new Set(["ts", "ts_ms", "time"]);
const descending = new Set(["", "-ts", "-ts_ms", "-time"]);

/** Reads pages of events; the caller has brought the full text index up to date. */
export class Search {
  readonly #sqlite: Sqlite;
  readonly #clusters: ClusterNumbers;
  readonly #open;
  readonly #openOf;
  readonly #nextWord;

  constructor(sqlite: Sqlite, clusters: ClusterNumbers) {
    this.#sqlite = sqlite;
    this.#clusters = clusters;
    this.#nextWord = sqlite.prepare<{ term: string }, [string]>(
      "SELECT term FROM event_words WHERE term >= ? LIMIT 1",
    );
    const open = "SELECT * FROM events WHERE origin = 'diagnosis' AND resolved IS NULL";
    this.#open = sqlite.prepare<EventRow, []>(`${open} ORDER BY key DESC LIMIT 10000`);
    this.#openOf = sqlite.prepare<EventRow, [number]>(
      `${open} AND cluster = ? ORDER BY key DESC LIMIT 10000`,
    );
  }

  page(query: EventQuery, sight: Sight = "everything"): EventPage {
    const up = ascending.has(query.sort ?? "");
    if (!up && !descending.has(query.sort ?? ""))
      throw problem(422, "events are sorted by time: sort is ts or -ts", { pointer: "/sort" });
    const limit = Math.min(Math.max(Math.trunc(query.limit ?? 100) || 100, 1), 1000);
    const after = query.cursor ? keyOfCursor(query.cursor) : undefined;
    const match = this.#match(query, sight);
    if (match === undefined) return { items: [], total: 0, more: false };
    const from = firstKeyAt(query.fromMs ?? 0);
    const to = query.toMs === undefined ? lastKey : firstKeyAt(query.toMs + 1) - 1;
    const start = up && after !== undefined ? Math.max(from, after + 1) : from;
    const end = !up && after !== undefined ? Math.min(to, after - 1) : to;
    const rows = this.#rows(match, start, end, up, limit + 1, query.name);
    const more = rows.length > limit;
    if (more) rows.pop();
    const total = this.#count(match, from, to, query.name);
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

  recentWarnings(
    count: number,
    scope: { cluster?: string; namespace?: string },
    sight: Sight = "everything",
  ): StoredEvent[] {
    const match = this.#match(scope, sight);
    if (match === undefined) return [];
    const expression = match === "" ? warningsExpression : `${warningsExpression} AND ${match}`;
    const limit = Math.min(Math.max(Math.trunc(count) || 0, 0), 1000);
    return this.#rows(expression, 0, lastKey, false, limit).map((row) => this.#event(row));
  }

  #event(row: EventRow): StoredEvent {
    return toEvent(row, this.#clusters.name(row.cluster));
  }

  #match(query: EventQuery, sight: Sight): string | undefined {
    const cluster = query.cluster ? this.#clusters.known(query.cluster) : undefined;
    if (query.cluster && cluster === undefined) return undefined;
    const seen = this.#seen(query.cluster, sight);
    if (seen === undefined) return undefined;
    // How often a word occurs is looked at within what can be seen, too.
    const within = (expression: string) => (seen === "" ? expression : `${expression} AND ${seen}`);
    const match = matchExpression(query, cluster, {
      completions: (prefix) => this.#completions(prefix),
      matches: (expression, atLeast) =>
        this.#count(within(expression), 0, lastKey, undefined, atLeast) >= atLeast,
    });
    if (match === undefined) return undefined;
    return match === "" ? seen : within(match);
  }

  /** What a sight leaves of the events of one cluster or of all: "" for all of them, undefined for none. */
  #seen(cluster: string | undefined, sight: Sight): string | undefined {
    if (sight === "everything") return "";
    if (cluster !== undefined && sight.get(cluster) === "all") return "";
    const seen: [number, "all" | ReadonlySet<string>][] = [];
    for (const [id, part] of sight) {
      const number = this.#clusters.known(id);
      if (number !== undefined && (cluster === undefined || id === cluster)) seen.push([number, part]);
    }
    return seenExpression(seen);
  }

  /** Finds the words one by one: each is a seek, however often the word occurs. */
  #completions(prefix: string): string[] | undefined {
    const words: string[] = [];
    for (let from = prefix; ; ) {
      const word = this.#nextWord.get(from)?.term;
      if (word === undefined || !word.startsWith(prefix)) return words;
      if (words.length === mostCompletions) return undefined;
      words.push(word);
      from = `${word}\u0001`;
    }
  }

  #rows(match: string, start: number, end: number, up: boolean, limit: number, name?: string): EventRow[] {
    const order = up ? "ASC" : "DESC";
    const named = name ? "AND events.name = ?" : "";
    const parameters = [start, end, ...(name ? [name] : []), limit];
    if (match === "")
      return this.#sqlite
        .query<EventRow, (string | number)[]>(
          `SELECT * FROM events WHERE key >= ? AND key <= ? ${named} ORDER BY key ${order} LIMIT ?`,
        )
        .all(...parameters);
    // CROSS JOIN keeps the order of the loops: the index in the order of keys, then each row by its key.
    return this.#sqlite
      .query<EventRow, (string | number)[]>(
        `SELECT events.* FROM event_text CROSS JOIN events ON events.key = event_text.rowid
         WHERE event_text MATCH ? AND event_text.rowid >= ? AND event_text.rowid <= ? ${named}
         ORDER BY event_text.rowid ${order} LIMIT ?`,
      )
      .all(match, ...parameters);
  }

  #count(match: string, start: number, end: number, name?: string, most = countedUpTo + 1): number {
    const parameters = [start, end, ...(name ? [name] : []), most];
    const rows =
      match === ""
        ? `events WHERE key >= ? AND key <= ? ${name ? "AND name = ?" : ""} LIMIT ?`
        : `event_text ${name ? "CROSS JOIN events ON events.key = event_text.rowid" : ""}
           WHERE event_text MATCH ? AND event_text.rowid >= ? AND event_text.rowid <= ?
           ${name ? "AND events.name = ?" : ""} ORDER BY event_text.rowid DESC LIMIT ?`;
    return this.#sqlite
      .query<{ n: number }, (string | number)[]>(`SELECT count(*) AS n FROM (SELECT 1 FROM ${rows})`)
      .get(...(match === "" ? parameters : [match, ...parameters]))!.n;
  }
}

function keyOfCursor(cursor: string): number {
  const key = /^[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN;
  if (!Number.isSafeInteger(key)) throw problem(422, "the cursor is none of ours", { pointer: "/cursor" });
  return key;
}
