import type { Migration } from "../migrate.ts";

export const threads: Migration = {
  name: "threads of channels",
  sql: `
    CREATE TABLE channel_threads (
      channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
      group_key TEXT NOT NULL,
      state TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      PRIMARY KEY (channel, group_key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX channel_threads_by_time ON channel_threads (at_ms);
  `,
};
