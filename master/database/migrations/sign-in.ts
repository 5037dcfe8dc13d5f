import type { Migration } from "../migrate.ts";

export const signIn: Migration = {
  name: "second factors, recovery codes, unfinished sign-ins, invitations, identities",
  sql: `
    CREATE TABLE second_factors (
      user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
      secret TEXT NOT NULL,
      confirmed_ms INTEGER,
      last_step INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE recovery_codes (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      hash TEXT NOT NULL,
      PRIMARY KEY (user_id, hash)
    ) STRICT;
    CREATE TABLE pending_sign_ins (
      hash TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      expires_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE identities (
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
      PRIMARY KEY (issuer, subject)
    ) STRICT;
    CREATE TABLE invitations (
      id TEXT PRIMARY KEY,
      hash TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
      note TEXT NOT NULL,
      by_name TEXT NOT NULL,
      created_ms INTEGER NOT NULL,
      expires_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
