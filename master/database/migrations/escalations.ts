import type { Migration } from "../migrate.ts";

/** Who is told when nobody takes an alert up, and how far each alert has come. */
export const escalations: Migration = {
  name: "escalations",
  sql: `
    CREATE TABLE escalations (
      id TEXT PRIMARY KEY,
      tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE,
      escalation TEXT NOT NULL
    ) STRICT;
    CREATE TABLE escalation_states (
      policy TEXT NOT NULL REFERENCES escalations (id) ON DELETE CASCADE,
      fingerprint TEXT NOT NULL,
      last_ms INTEGER NOT NULL,
      done INTEGER NOT NULL,
      PRIMARY KEY (policy, fingerprint)
    ) STRICT, WITHOUT ROWID;
  `,
};
