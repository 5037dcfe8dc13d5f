import type { Migration } from "../migrate.ts";

/** One-time tokens that an agent exchanges for its cluster's token. */
export const enrolment: Migration = {
  name: "enrolment",
  sql: `
      CREATE TABLE enrolments (
        hash TEXT PRIMARY KEY,
        cluster TEXT NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
        rights TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        fetched_ms INTEGER,
        exchanged_ms INTEGER,
        cluster_id TEXT,
        token_id TEXT
      ) STRICT;
      CREATE INDEX enrolments_by_cluster ON enrolments (cluster);
    `,
};
