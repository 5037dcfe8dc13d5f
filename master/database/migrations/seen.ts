import type { Migration } from "../migrate.ts";

/** What rules that miss something have seen, so that what goes while no master runs is missed after a start. */
export const seen: Migration = {
  name: "seen",
  sql: `
    CREATE TABLE alert_seen (
      cluster TEXT NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
      of TEXT NOT NULL,
      key TEXT NOT NULL,
      one TEXT NOT NULL,
      gone_ms INTEGER,
      PRIMARY KEY (cluster, of, key)
    ) STRICT, WITHOUT ROWID;
  `,
};
