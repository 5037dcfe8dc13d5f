import type { Migration } from "../migrate.ts";

/**
 * A delivery may be superseded by a newer one of its group. A table's CHECK cannot be changed: both tables are made
 * anew, what points before what is pointed at, since dropping the other first would empty it.
 */
export const superseded: Migration = {
  name: "superseded deliveries",
  sql: `
    CREATE TABLE deliveries_new (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
      group_key TEXT NOT NULL,
      title TEXT NOT NULL,
      notice TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'superseded')),
      attempts INTEGER NOT NULL,
      created_ms INTEGER NOT NULL,
      next_ms INTEGER NOT NULL,
      ended_ms INTEGER,
      answer TEXT NOT NULL,
      superseded_by TEXT
    ) STRICT;
    CREATE TABLE delivered_alerts_new (
      fingerprint TEXT NOT NULL,
      delivery INTEGER NOT NULL REFERENCES deliveries_new (seq) ON DELETE CASCADE,
      PRIMARY KEY (fingerprint, delivery)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO deliveries_new (seq, id, channel, group_key, title, notice, state, attempts, created_ms, next_ms,
        ended_ms, answer)
      SELECT seq, id, channel, group_key, title, notice, state, attempts, created_ms, next_ms, ended_ms, answer
      FROM deliveries;
    INSERT INTO delivered_alerts_new (fingerprint, delivery) SELECT fingerprint, delivery FROM delivered_alerts;
    DROP TABLE delivered_alerts;
    DROP TABLE deliveries;
    ALTER TABLE deliveries_new RENAME TO deliveries;
    ALTER TABLE delivered_alerts_new RENAME TO delivered_alerts;
    CREATE INDEX deliveries_open ON deliveries (next_ms) WHERE ended_ms IS NULL;
    CREATE INDEX deliveries_open_of_group ON deliveries (channel, group_key, seq) WHERE ended_ms IS NULL;
    CREATE INDEX deliveries_by_channel ON deliveries (channel, seq);
    CREATE INDEX delivered_alerts_by_delivery ON delivered_alerts (delivery);
  `,
};
