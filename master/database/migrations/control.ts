import type { Migration } from "../migrate.ts";

export const control: Migration = {
  name: "commands",
  sql: `
    CREATE TABLE commands (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      cluster TEXT NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
      type TEXT NOT NULL,
      target TEXT NOT NULL,
      args TEXT NOT NULL,
      kind TEXT NOT NULL,
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      idem TEXT NOT NULL,
      writes INTEGER NOT NULL,
      state TEXT NOT NULL,
      open INTEGER NOT NULL,
      by_kind TEXT NOT NULL,
      by_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      approved_by TEXT,
      created_ms INTEGER NOT NULL,
      deadline_ms INTEGER NOT NULL,
      fetched_ms INTEGER,
      started_ms INTEGER,
      ended_ms INTEGER,
      attempt INTEGER,
      message TEXT,
      error_code TEXT,
      verified TEXT,
      before TEXT,
      before_run TEXT,
      undo TEXT,
      undone_by TEXT,
      undo_of TEXT,
      UNIQUE (cluster, idem)
    ) STRICT;
    CREATE INDEX commands_open ON commands (cluster, seq) WHERE open = 1;
    CREATE INDEX commands_by_object ON commands (cluster, kind, namespace, name, seq);
    CREATE TABLE control_versions (
      cluster TEXT PRIMARY KEY REFERENCES clusters (id) ON DELETE CASCADE,
      rv INTEGER NOT NULL
    ) STRICT;
  `,
};
