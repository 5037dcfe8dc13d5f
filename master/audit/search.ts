import { type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "../database/database.ts";
import type { Tables } from "../database/schema.ts";
import type { AuditEntry } from "./audit.ts";
import { type AuditRow, genesis } from "./chain.ts";

/** What is looked for; all of it has to hold. */
export interface AuditQuery {
  /** Part of who, what, from where or the details; in any case. */
  q?: string;
  /** Part of the actor's name. */
  actor?: string;
  /** An action, or the noun of several: `session`. */
  action?: string;
  result?: AuditEntry["result"];
  /** The master's id. */
  cluster?: string;
  fromMs?: number;
  toMs?: number;
}

/** An entry as it is read: what was recorded, with its place in the chain. */
export interface AuditRecord extends AuditEntry {
  seq: number;
  at_ms: number;
  hash: string;
}

export interface AuditPage {
  items: AuditRecord[];
  /** Where the next page goes on: entries before this number. Absent on the last. */
  next?: number;
}

/** Whose entries somebody may read. */
export type Visible = (entry: Pick<AuditRow, "tenant" | "cluster" | "namespace">) => boolean;

/** Numbers that one statement looks at, some milliseconds' work, and how long all of them may take. */
const windowSize = 20_000;
const longestMs = 2000;

/**
 * Entries before a number, newest first. There is no index but by number and time: a search goes through the
 * log in windows, so that the master does other things in between, and gives what it found after two seconds.
 */
export async function searchAudit(
  db: Database,
  query: AuditQuery & { before?: number; limit: number },
  visible: Visible,
): Promise<AuditPage> {
  const { low, high } = await bounds(db, query);
  let before = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, high + 1);
  const items: AuditRecord[] = [];
  const until = performance.now() + longestMs;
  while (before > low) {
    const from = Math.max(low, before - windowSize);
    const rows = await matching(db, query)
      .where("seq", "<", before)
      .where("seq", ">=", from)
      .orderBy("seq", "desc")
      .limit(query.limit * 2)
      .execute();
    for (const row of rows) {
      if (!visible(row)) continue;
      if (items.length === query.limit) return { items, next: items.at(-1)!.seq };
      items.push(recordOf(row));
    }
    before = rows.length === query.limit * 2 ? rows.at(-1)!.seq : from;
    if (performance.now() > until && before > low) return { items, next: before };
    if (before > low) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { items };
}

/** Everything that matches, oldest first, as JSON lines; each with the hash of the entry before it. */
export async function* exportAudit(
  db: Database,
  query: AuditQuery,
  visible: Visible,
): AsyncGenerator<string> {
  const { low, high } = await bounds(db, query);
  for (let from = low; from <= high; ) {
    const to = Math.min(high + 1, from + windowSize);
    const rows = await matching(db, query)
      .select((one) =>
        one
          .selectFrom("audit as before")
          .select("before.hash")
          .where("before.seq", "=", sql<number>`audit.seq - 1`)
          .as("prev"),
      )
      .where("seq", ">=", from)
      .where("seq", "<", to)
      .orderBy("seq")
      .limit(500)
      .execute();
    let text = "";
    for (const row of rows)
      if (visible(row)) {
        const prev = row.prev ?? (row.seq === 1 ? genesis.hash : null);
        text += `${JSON.stringify({ ...recordOf(row), prev })}\n`;
      }
    if (text !== "") yield text;
    from = rows.length === 500 ? rows.at(-1)!.seq + 1 : to;
  }
}

/** The numbers between which everything in the time range lies; clocks that were set back widen it. */
async function bounds(db: Database, query: AuditQuery): Promise<{ low: number; high: number }> {
  const numbers = await db.kysely
    .selectFrom("audit")
    .select((one) => [one.fn.min("seq").as("low"), one.fn.max("seq").as("high")])
    .executeTakeFirstOrThrow();
  let { low, high } = { low: Number(numbers.low ?? 1), high: Number(numbers.high ?? 0) };
  if (query.fromMs !== undefined) {
    const first = await db.kysely
      .selectFrom("audit")
      .select((one) => one.fn.min("seq").as("seq"))
      .where("at_ms", ">=", query.fromMs)
      .executeTakeFirst();
    low = Number(first?.seq ?? high + 1);
  }
  if (query.toMs !== undefined) {
    const last = await db.kysely
      .selectFrom("audit")
      .select((one) => one.fn.max("seq").as("seq"))
      .where("at_ms", "<=", query.toMs)
      .executeTakeFirst();
    high = Number(last?.seq ?? low - 1);
  }
  return { low, high };
}

function matching(db: Database, query: AuditQuery): SelectQueryBuilder<Tables, "audit", AuditRow> {
  let found = db.kysely.selectFrom("audit").selectAll("audit");
  const part = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  if (query.fromMs !== undefined) found = found.where("at_ms", ">=", query.fromMs);
  if (query.toMs !== undefined) found = found.where("at_ms", "<=", query.toMs);
  if (query.result !== undefined) found = found.where("result", "=", query.result);
  if (query.cluster !== undefined) found = found.where("cluster", "=", query.cluster);
  if (query.actor !== undefined) found = found.where(like("actor", part(query.actor)));
  if (query.action !== undefined) {
    const { action } = query;
    found = found.where((where) =>
      where.or([where("action", "=", action), like("action", `${part(action).slice(1, -1)}.%`)]),
    );
  }
  if (query.q !== undefined) {
    const text = part(query.q);
    found = found.where((where) =>
      where.or(
        (["actor", "action", "object", "namespace", "address", "detail", "result"] as const).map((column) =>
          like(column, text),
        ),
      ),
    );
  }
  return found;
}

const like = (column: keyof AuditRow, pattern: string) =>
  sql<boolean>`${sql.ref(`audit.${column}`)} LIKE ${pattern} ESCAPE '\\'`;

export function recordOf(row: AuditRow): AuditRecord {
  const given = <K extends string>(key: K, value: string | null) =>
    (value === null ? {} : { [key]: value }) as { [P in K]?: string };
  return {
    seq: row.seq,
    at_ms: row.at_ms,
    actor: {
      kind: row.actor_kind as AuditEntry["actor"]["kind"],
      ...given("id", row.actor_id),
      name: row.actor,
    },
    ...given("address", row.address),
    action: row.action,
    ...given("tenant", row.tenant),
    ...given("cluster", row.cluster),
    ...given("namespace", row.namespace),
    ...given("object", row.object),
    result: row.result as AuditEntry["result"],
    ...(row.detail === null ? {} : { detail: detailOf(row.detail) }),
    hash: row.hash,
  };
}

/** What somebody has put into the database by hand is shown too. */
function detailOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { unreadable: text };
  }
}
