import type { Migration } from "../migrate.ts";

/** Alerts, who is told of them and what became of that. What has many fields that nobody searches by is JSON. */
export const alerting: Migration = {
  name: "alerts",
  sql: `
    CREATE TABLE alerts (
      fingerprint TEXT PRIMARY KEY,
      alert TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE alert_history (
      seq INTEGER PRIMARY KEY,
      fingerprint TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      what TEXT NOT NULL,
      by_name TEXT NOT NULL,
      note TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_history_by_alert ON alert_history (fingerprint, seq);
    CREATE INDEX alert_history_by_time ON alert_history (at_ms);
    CREATE TABLE alert_rules (
      id TEXT PRIMARY KEY,
      tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE,
      rule TEXT NOT NULL
    ) STRICT;
    CREATE TABLE silences (
      id TEXT PRIMARY KEY,
      tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE,
      cluster TEXT REFERENCES clusters (id) ON DELETE CASCADE,
      namespace TEXT,
      matchers TEXT NOT NULL,
      comment TEXT NOT NULL,
      by_name TEXT NOT NULL,
      created_ms INTEGER NOT NULL,
      starts_ms INTEGER NOT NULL,
      ends_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE channels (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL COLLATE NOCASE,
      type TEXT NOT NULL,
      enabled INTEGER NOT NULL,
      tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE,
      settings TEXT NOT NULL,
      sealed TEXT NOT NULL,
      routing TEXT NOT NULL,
      created_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE alert_groups (
      channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      state TEXT NOT NULL,
      PRIMARY KEY (channel, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE deliveries (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
      group_key TEXT NOT NULL,
      title TEXT NOT NULL,
      notice TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
      attempts INTEGER NOT NULL,
      created_ms INTEGER NOT NULL,
      next_ms INTEGER NOT NULL,
      ended_ms INTEGER,
      answer TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deliveries_open ON deliveries (next_ms) WHERE ended_ms IS NULL;
    CREATE INDEX deliveries_by_channel ON deliveries (channel, seq);
    CREATE TABLE delivered_alerts (
      fingerprint TEXT NOT NULL,
      delivery INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
      PRIMARY KEY (fingerprint, delivery)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX delivered_alerts_by_delivery ON delivered_alerts (delivery);
  `,
};
