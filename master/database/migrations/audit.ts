import type { Migration } from "../migrate.ts";

/** The entries of the audit log. `hash` covers all other columns and the hash of the entry before. */
export const audit: Migration = {
  name: "audit",
  sql: `
      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id TEXT,
        actor TEXT NOT NULL,
        address TEXT,
        action TEXT NOT NULL,
        tenant TEXT,
        cluster TEXT,
        namespace TEXT,
        object TEXT,
        result TEXT NOT NULL,
        detail TEXT,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE INDEX audit_by_time ON audit (at_ms);
    `,
};
