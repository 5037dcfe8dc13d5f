import type { Migration } from "../migrate.ts";

/** What alerts were about that are over and forgotten, and what digests were sent. */
export const digests: Migration = {
  name: "digests",
  sql: `
    CREATE TABLE alert_subjects (
      fingerprint TEXT PRIMARY KEY,
      about TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO alert_subjects (fingerprint, about)
      SELECT fingerprint, json_object('fingerprint', fingerprint, 'rule', alert ->> '$.rule', 'name', alert ->> '$.name',
        'severity', alert ->> '$.severity', 'cluster', alert ->> '$.cluster', 'kind', alert ->> '$.kind',
        'namespace', alert ->> '$.namespace', 'object', alert ->> '$.object', 'labels', json(alert -> '$.labels'))
      FROM alerts;
    CREATE TABLE digests (
      channel TEXT PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
      plan TEXT NOT NULL,
      since_ms INTEGER NOT NULL,
      until_ms INTEGER
    ) STRICT, WITHOUT ROWID;
  `,
};
