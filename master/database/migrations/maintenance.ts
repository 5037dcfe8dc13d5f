import type { Migration } from "../migrate.ts";

/** Times at which nobody is told of what matches, that may come again. `ends_ms` is null where they do. */
export const maintenance: Migration = {
  name: "maintenance windows",
  sql: `
    CREATE TABLE maintenance_windows (
      id TEXT PRIMARY KEY,
      tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE,
      cluster TEXT REFERENCES clusters (id) ON DELETE CASCADE,
      ends_ms INTEGER,
      maintenance TEXT NOT NULL
    ) STRICT;
  `,
};
