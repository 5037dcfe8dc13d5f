import type { Database as Sqlite } from "bun:sqlite";
import type { Tables } from "./schema.ts";

type Row = Tables["audit"];

const columns = [
  "seq",
  "at_ms",
  "actor_kind",
  "actor_id",
  "actor",
  "address",
  "action",
  "tenant",
  "cluster",
  "namespace",
  "object",
  "result",
  "detail",
  "hash",
] as const satisfies (keyof Row)[];

/** The audit log's rows. Synchronous: a chain is only ever extended within one transaction. */
export function auditTable(sqlite: Sqlite) {
  const names = columns.join(", ");
  const insert = `INSERT INTO audit (${names}) VALUES (${columns.map((one) => `$${one}`).join(", ")})`;
  const setting = (key: string) => `audit:${key}`;
  return {
    insert(row: Row): void {
      sqlite.query(insert).run(row as never);
    },
    /** The newest entry. */
    last(): Row | undefined {
      return sqlite.query<Row, []>(`SELECT ${names} FROM audit ORDER BY seq DESC LIMIT 1`).get() ?? undefined;
    },
    /** Entries after one, oldest first. */
    after(seq: number, limit: number): Row[] {
      return sqlite
        .query<Row, [number, number]>(`SELECT ${names} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`)
        .all(seq, limit);
    },
    /** Entries before one, newest first. */
    before(seq: number, limit: number): Row[] {
      return sqlite
        .query<Row, [number, number]>(`SELECT ${names} FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
        .all(seq, limit);
    },
    /** Removes entries up to and with one. */
    removeUpTo(seq: number): void {
      sqlite.query<unknown, [number]>("DELETE FROM audit WHERE seq <= ?").run(seq);
    },
    /** A sealed position. */
    sealed(kind: string): string | undefined {
      const row = sqlite
        .query<{ value: string }, [string]>("SELECT value FROM settings WHERE key = ?")
        .get(setting(kind));
      return row ? (JSON.parse(row.value) as string) : undefined;
    },
    setSealed(kind: string, text: string): void {
      sqlite
        .query<unknown, [string, string]>(
          "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .run(setting(kind), JSON.stringify(text));
    },
  };
}

export type AuditTable = ReturnType<typeof auditTable>;
