import type { Sight } from "../access/sight.ts";
import type { Database as Sqlite } from "bun:sqlite";
import type { Selectable } from "kysely";
import type { CommandType } from "../../wire/command-names.ts";
import type { CommandQuery } from "../control/control.ts";
import type { CommandView, CommandState } from "../../views/command-model.ts";
import type { Tables } from "./schema.ts";

type Row = Selectable<Tables["commands"]>;
type Value = string | number | null;

/** What stands in a command's row beyond what everybody may see. */
export interface StoredCommand extends CommandView {
  seq: number;
  kind: string;
  namespace: string;
  name: string;
  before: unknown;
  beforeRun: string | undefined;
}

export type NewRow = Omit<Row, "seq" | "fetched_ms" | "started_ms" | "ended_ms" | "attempt" | "verified"> &
  Partial<Row>;

const openStates: readonly CommandState[] = ["proposed", "queued", "fetched", "running", "cancelling"];
export const isOpen = (state: CommandState): boolean => openStates.includes(state);

/**
 * The commands' table, by statements that run within a transaction of whoever calls. Prepared once: an agent's
 * every poll and ack goes through them.
 */
export class CommandTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  insert(row: Partial<NewRow>): void {
    const names = Object.keys(row);
    const sql = `INSERT INTO commands (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    this.#sqlite.query(sql).run(...(Object.values(row) as Value[]));
  }

  /** Sets some columns of a command; a new state says, too, whether it is open. */
  set(id: string, change: Partial<Omit<Row, "seq" | "id" | "open">>): void {
    const all: Record<string, Value> = { ...change } as Record<string, Value>;
    if (change.state !== undefined) all.open = isOpen(change.state as CommandState) ? 1 : 0;
    const sql = `UPDATE commands SET ${Object.keys(all)
      .map((name) => `${name} = ?`)
      .join(", ")} WHERE id = ?`;
    this.#sqlite.query(sql).run(...Object.values(all), id);
  }

  get(id: string): StoredCommand | undefined {
    const row = this.#sqlite.query<Row, [string]>("SELECT * FROM commands WHERE id = ?").get(id);
    return row ? recordOf(row) : undefined;
  }

  byIdem(cluster: string, idem: string): StoredCommand | undefined {
    const row = this.#sqlite
      .query<Row, [string, string]>("SELECT * FROM commands WHERE cluster = ? AND idem = ?")
      .get(cluster, idem);
    return row ? recordOf(row) : undefined;
  }

  /** The unfinished commands of a cluster that an agent may have, oldest first. */
  open(cluster: string, nowMs: number, limit: number): StoredCommand[] {
    return this.#sqlite
      .query<Row, [string, number, number]>(
        `SELECT * FROM commands WHERE cluster = ? AND open = 1 AND state <> 'proposed'
         AND (state <> 'queued' OR deadline_ms > ?) ORDER BY seq LIMIT ?`,
      )
      .all(cluster, nowMs, limit)
      .map(recordOf);
  }

  /** Of the oldest unfinished commands of a cluster: how many its agent has, and how many wait for it. */
  window(cluster: string, limit: number): { handed: number; waiting: number } {
    return this.#sqlite
      .query<{ handed: number; waiting: number }, [string, number]>(
        `SELECT count(*) FILTER (WHERE state <> 'queued') AS handed,
                count(*) FILTER (WHERE state = 'queued') AS waiting
         FROM (SELECT state FROM commands WHERE cluster = ? AND open = 1 AND state <> 'proposed'
               ORDER BY seq LIMIT ?)`,
      )
      .get(cluster, limit)!;
  }

  /** Of the newest `most` commands those that change something and ended at a time or later. */
  endedSince(ms: number, most: number): StoredCommand[] {
    return this.#sqlite
      .query<Row, [number, number]>(
        `SELECT * FROM (SELECT * FROM commands ORDER BY seq DESC LIMIT ?)
         WHERE open = 0 AND writes = 1 AND ended_ms >= ?`,
      )
      .all(most, ms)
      .map(recordOf);
  }

  /** What has waited too long for its agent, or for an approval. */
  overdue(nowMs: number): StoredCommand[] {
    return this.#sqlite
      .query<Row, [number]>(
        "SELECT * FROM commands WHERE open = 1 AND state IN ('queued', 'proposed') AND deadline_ms <= ?",
      )
      .all(nowMs)
      .map(recordOf);
  }

  /** The next moment at which something is overdue. */
  nextDeadline(): number | undefined {
    return (
      this.#sqlite
        .query<{ at: number | null }, []>(
          "SELECT min(deadline_ms) AS at FROM commands WHERE open = 1 AND state IN ('queued', 'proposed')",
        )
        .get()?.at ?? undefined
    );
  }

  /** Newest first; `before` is the seq to go on from. `where` narrows to what somebody may see. */
  search(
    query: CommandQuery,
    where: { sql: string; values: Value[] },
    before: number,
    limit: number,
  ): { items: StoredCommand[]; total: number } {
    const { sql, values } = conditionsOf(query);
    const all = [sql, where.sql].filter(Boolean).join(" AND ") || "1";
    const given = [...values, ...where.values];
    const items = this.#sqlite
      .query<Row, Value[]>(`SELECT * FROM commands WHERE ${all} AND seq < ? ORDER BY seq DESC LIMIT ?`)
      .all(...given, before, limit)
      .map(recordOf);
    const total = this.#sqlite
      .query<{ n: number }, Value[]>(`SELECT count(*) AS n FROM commands WHERE ${all}`)
      .get(...given)!.n;
    return { items, total };
  }

  version(cluster: string): number {
    return (
      this.#sqlite
        .query<{ rv: number }, [string]>("SELECT rv FROM control_versions WHERE cluster = ?")
        .get(cluster)?.rv ?? 0
    );
  }

  /** One more, and more than `above`; gives the new one. */
  bump(cluster: string, above = 0): number {
    return this.#sqlite
      .query<{ rv: number }, [string, number, number]>(
        `INSERT INTO control_versions (cluster, rv) VALUES (?, ? + 1)
         ON CONFLICT (cluster) DO UPDATE SET rv = max(rv, ?) + 1 RETURNING rv`,
      )
      .get(cluster, above, above)!.rv;
  }

  /** Forgets ended commands from before a time; those that only read, from before another. */
  prune(beforeMs: number, readsBeforeMs: number): number {
    return this.#sqlite
      .query("DELETE FROM commands WHERE open = 0 AND (ended_ms < ? OR (writes = 0 AND ended_ms < ?))")
      .run(beforeMs, readsBeforeMs).changes;
  }
}

/** The condition that holds for the commands of what somebody sees. */
export function seenCommands(sight: Sight): { sql: string; values: Value[] } {
  if (sight === "everything") return { sql: "", values: [] };
  const parts: string[] = [];
  const values: Value[] = [];
  for (const [cluster, namespaces] of sight) {
    values.push(cluster);
    if (namespaces === "all") parts.push("cluster = ?");
    else {
      parts.push(`(cluster = ? AND namespace IN (${[...namespaces].map(() => "?").join(", ")}))`);
      values.push(...namespaces);
    }
  }
  return { sql: `(${parts.join(" OR ") || "0"})`, values };
}

function conditionsOf(query: CommandQuery): { sql: string; values: Value[] } {
  const parts: string[] = [];
  const values: Value[] = [];
  const equal = (column: string, value: string | undefined) => {
    if (value === undefined) return;
    parts.push(`${column} = ?`);
    values.push(value);
  };
  equal("cluster", query.cluster);
  equal("kind", query.kind);
  equal("namespace", query.namespace);
  equal("name", query.name);
  equal("type", query.type);
  equal("by_id", query.by);
  if (query.state === "open" || query.state === "ended") {
    parts.push("open = ?");
    values.push(query.state === "open" ? 1 : 0);
  } else equal("state", query.state);
  if (query.writes) parts.push("writes = 1");
  return { sql: parts.join(" AND "), values };
}

const json = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

function recordOf(row: Row): StoredCommand {
  return {
    seq: row.seq,
    id: row.id,
    cluster: row.cluster,
    type: row.type as CommandType,
    target: JSON.parse(row.target),
    args: JSON.parse(row.args),
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    idem: row.idem,
    state: row.state as CommandState,
    by: { kind: row.by_kind as CommandView["by"]["kind"], id: row.by_id, name: row.by_name },
    approvedBy: row.approved_by ?? undefined,
    createdMs: row.created_ms,
    deadlineMs: row.deadline_ms,
    fetchedMs: row.fetched_ms ?? undefined,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    attempt: row.attempt ?? undefined,
    message: row.message ?? undefined,
    errorCode: row.error_code ?? undefined,
    verified: (row.verified as CommandView["verified"]) ?? undefined,
    before: json(row.before),
    beforeRun: row.before_run ?? undefined,
    undo: json(row.undo) as CommandView["undo"],
    undoneBy: row.undone_by ?? undefined,
    undoOf: row.undo_of ?? undefined,
  };
}
