import type { Migration } from "../migrate.ts";

export const initial: Migration = {
  name: "clusters, users, sessions, tokens, settings",
  sql: `
      CREATE TABLE clusters (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        cluster_id TEXT UNIQUE,
        flavour TEXT NOT NULL DEFAULT 'kubernetes',
        created_ms INTEGER NOT NULL,
        last_seen_ms INTEGER,
        status TEXT
      ) STRICT;
      CREATE TABLE users (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        password_hash TEXT,
        created_ms INTEGER NOT NULL,
        password_changed_ms INTEGER,
        last_sign_in_ms INTEGER
      ) STRICT;
      CREATE TABLE sessions (
        hash TEXT PRIMARY KEY,
        user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_ms INTEGER NOT NULL,
        last_used_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        must_set_password INTEGER NOT NULL DEFAULT 0,
        address TEXT NOT NULL,
        user_agent TEXT NOT NULL
      ) STRICT;
      CREATE INDEX sessions_by_user ON sessions (user_id);
      CREATE INDEX sessions_by_expiry ON sessions (expires_ms);
      CREATE TABLE tokens (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('api', 'cluster')),
        hash TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT CHECK (role IN ('viewer', 'operator', 'admin')),
        cluster TEXT REFERENCES clusters (id) ON DELETE CASCADE,
        created_ms INTEGER NOT NULL,
        last_used_ms INTEGER,
        expires_ms INTEGER,
        CHECK ((kind = 'api') = (role IS NOT NULL) AND (kind = 'cluster') = (cluster IS NOT NULL))
      ) STRICT;
      CREATE INDEX tokens_by_cluster ON tokens (cluster);
      CREATE TABLE setup_tokens (hash TEXT PRIMARY KEY, created_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    `,
};
