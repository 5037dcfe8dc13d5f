import type { Database as Sqlite } from "bun:sqlite";
import type { MarkKind } from "../../../views/mark.ts";

/** Something that happened, with what tells of it in words of any language. */
export interface StoredMark {
  cluster: string;
  what: MarkKind;
  /** The object that it concerns. */
  kind: string;
  namespace: string;
  name: string;
  /** The workload at the top above it, as `Kind/name`; "" for none. */
  owner: string;
  atMs: number;
  /** The end of what lasts. */
  untilMs?: number;
  /** An alert's fingerprint, a command's id, a container's name: what tells two of one moment apart. */
  ref: string;
  detail: Readonly<Record<string, string | number>>;
}

/** An object's own marks, or with `owner` those of what it owns too; of some kinds only where that is said. */
export interface MarkSubject {
  kind: string;
  namespace: string;
  name: string;
  owner?: boolean;
  only?: readonly MarkKind[];
}

export interface MarkQuery {
  cluster: string;
  what: MarkKind;
  fromMs: number;
  toMs: number;
  /** Absent: of the whole cluster. */
  subjects?: readonly MarkSubject[];
  /** Of the whole cluster: only of these namespaces, "" for what is in none. */
  namespaces?: readonly string[];
}

interface Row extends Omit<StoredMark, "atMs" | "untilMs" | "detail"> {
  at_ms: number;
  until_ms: number | null;
  detail: string;
}

/** No more rows than these are looked at for one answer, the newest first. */
const mostRead = 10_000;

/** The table of what charts mark. */
export class MarkTable {
  readonly #sqlite: Sqlite;
  readonly #insert;
  readonly #near;
  readonly #end;
  readonly #open;
  readonly #prune;
  readonly #oldest;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.#insert = sqlite.prepare(
      `INSERT OR IGNORE INTO marks (cluster, what, kind, namespace, name, owner, at_ms, until_ms, ref, detail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#near = sqlite.prepare<{ n: number }, (string | number)[]>(
      `SELECT 1 AS n FROM marks WHERE cluster = ? AND what = ? AND kind = ? AND namespace = ? AND name = ?
       AND at_ms BETWEEN ? AND ? LIMIT 1`,
    );
    this.#end = sqlite.prepare(
      "UPDATE marks SET until_ms = max(at_ms, ?) WHERE what = 'alert' AND until_ms IS NULL AND ref = ?",
    );
    this.#open = sqlite.prepare<{ ref: string }, []>(
      "SELECT ref FROM marks WHERE what = 'alert' AND until_ms IS NULL",
    );
    this.#prune = sqlite.prepare(
      `DELETE FROM marks WHERE id IN
       (SELECT id FROM marks WHERE at_ms < ? AND (what <> 'alert' OR until_ms IS NOT NULL) ORDER BY at_ms LIMIT ?)`,
    );
    this.#oldest = sqlite.prepare(
      `DELETE FROM marks WHERE id IN
       (SELECT id FROM marks WHERE cluster = ? AND what = ? ORDER BY at_ms LIMIT ?)`,
    );
  }

  /** Adds one that is not there yet; with `nearMs` neither where its object has another of its kind so near to it. */
  add(one: StoredMark, nearMs = 0): boolean {
    const { cluster, what, kind, namespace, name, atMs } = one;
    if (nearMs > 0 && this.#near.get(cluster, what, kind, namespace, name, atMs - nearMs, atMs + nearMs))
      return false;
    const { changes } = this.#insert.run(
      ...[cluster, what, kind, namespace, name, one.owner, atMs, one.untilMs ?? null, one.ref],
      JSON.stringify(one.detail),
    );
    return changes > 0;
  }

  /** Ends the alert of a fingerprint. */
  end(ref: string, untilMs: number): void {
    this.#end.run(untilMs, ref);
  }

  /** Fingerprints of the alerts that have not ended. */
  open(): string[] {
    return this.#open.all().map((row) => row.ref);
  }

  /** The newest of a kind, `limit` at most. */
  newest(query: MarkQuery, limit: number): StoredMark[] {
    const { sql, values } = selection(query, limit);
    return this.#sqlite
      .query<Row, (string | number)[]>(sql)
      .all(...values)
      .map(({ at_ms, until_ms, detail, ...row }) => ({
        ...row,
        atMs: at_ms,
        ...(until_ms === null ? {} : { untilMs: until_ms }),
        detail: JSON.parse(detail),
      }));
  }

  /** How many there are, up to 10,000. */
  count(query: MarkQuery): number {
    const { sql, values } = selection(query, mostRead, "1");
    return this.#sqlite
      .query<{ n: number }, (string | number)[]>(`SELECT count(*) AS n FROM (${sql})`)
      .get(...values)!.n;
  }

  /** How many there are in each piece of the range of `pieceMs`, with the times of the first. */
  pieces(query: MarkQuery, pieceMs: number): { atMs: number; count: number }[] {
    const { sql, values } = selection(query, mostRead, "at_ms");
    return this.#sqlite
      .query<{ at: number; n: number }, (string | number)[]>(
        `SELECT min(at_ms) AS at, count(*) AS n FROM (${sql}) GROUP BY (at_ms - ${Math.floor(query.fromMs)}) / ${Math.ceil(pieceMs)} ORDER BY 1`,
      )
      .all(...values)
      .map((row) => ({ atMs: row.at, count: row.n }));
  }

  /** Removes the oldest before a time, `limit` at most. */
  prune(beforeMs: number, limit: number): number {
    return this.#prune.run(beforeMs, limit).changes;
  }

  /** Where a cluster has more than `most`: removes the oldest of the kind that it has most of. */
  thin(cluster: string, most: number, limit: number): number {
    const kinds = this.#sqlite
      .query<{ what: string; n: number }, [string]>(
        "SELECT what, count(*) AS n FROM marks WHERE cluster = ? GROUP BY what ORDER BY n DESC",
      )
      .all(cluster);
    const sum = kinds.reduce((total, one) => total + one.n, 0);
    if (sum <= most) return 0;
    return this.#oldest.run(cluster, kinds[0]!.what, Math.min(limit, sum - most)).changes;
  }

  forget(cluster: string): void {
    this.#sqlite.query("DELETE FROM marks WHERE cluster = ?").run(cluster);
  }
}

const columns = "cluster, what, kind, namespace, name, owner, at_ms, until_ms, ref, detail";

/** Rows of a query, the newest first. */
function selection(query: MarkQuery, limit: number, what: string = columns) {
  const { cluster, subjects, namespaces, fromMs, toMs } = query;
  const values: (string | number)[] = [];
  // An alert counts in all the time in which it fired.
  const within =
    query.what === "alert"
      ? "at_ms <= ? AND (until_ms IS NULL OR until_ms >= ?)"
      : "at_ms <= ? AND at_ms >= ?";
  const one = (where: string, ...more: string[]) => {
    values.push(cluster, query.what, ...more, toMs, fromMs, limit);
    return `SELECT * FROM (SELECT id, ${columns} FROM marks WHERE cluster = ? AND what = ? ${where} AND ${within} ORDER BY at_ms DESC LIMIT ?)`;
  };
  const parts =
    subjects === undefined
      ? [
          namespaces === undefined
            ? one("")
            : one(`AND namespace IN (${namespaces.map(() => "?").join()})`, ...namespaces),
        ]
      : subjects
          .filter(({ only }) => only?.includes(query.what) ?? true)
          .flatMap(({ kind, namespace, name, owner }) => [
            one("AND kind = ? AND namespace = ? AND name = ?", kind, namespace, name),
            ...(owner
              ? [one("AND namespace = ? AND owner = ? AND owner <> ''", namespace, `${kind}/${name}`)]
              : []),
          ]);
  if (parts.length === 0) return { sql: `SELECT ${what} FROM marks WHERE 0`, values };
  values.push(limit);
  return { sql: `SELECT ${what} FROM (${parts.join(" UNION ")}) ORDER BY at_ms DESC LIMIT ?`, values };
}
