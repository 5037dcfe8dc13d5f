import type { Migration } from "../migrate.ts";

/**
 * The event history, oldest first. `events.key` is time and counter (key.ts), so that the table, and the full
 * text index by the same key, lie in the order in which they are read and pruned. `ids` finds an event by a
 * hash of cluster and id (ids.ts), `ids_log` those that are not there yet (open-buckets.ts). `pending` tells what the full text index does not have yet (fulltext.ts).
 */
export const eventMigrations: Migration[] = [
  {
    name: "events, their ids and full text",
    sql: `
      CREATE TABLE clusters (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE events (
        key INTEGER PRIMARY KEY,
        cluster INTEGER NOT NULL,
        bucket INTEGER NOT NULL,
        id TEXT NOT NULL,
        ts INTEGER NOT NULL,
        first INTEGER,
        count INTEGER,
        resolved INTEGER,
        severity INTEGER NOT NULL,
        kind TEXT NOT NULL,
        namespace TEXT,
        name TEXT NOT NULL,
        uid TEXT,
        container TEXT,
        node TEXT,
        reason TEXT NOT NULL,
        category TEXT,
        message TEXT,
        origin TEXT
      ) STRICT;
      CREATE INDEX open_events ON events (cluster) WHERE origin = 'diagnosis' AND resolved IS NULL;
      CREATE TABLE ids (
        bucket INTEGER NOT NULL,
        hash INTEGER NOT NULL,
        key INTEGER NOT NULL,
        PRIMARY KEY (bucket, hash, key)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE pending (seq INTEGER PRIMARY KEY, added TEXT NOT NULL, gone TEXT NOT NULL) STRICT;
      CREATE VIRTUAL TABLE event_text USING fts5 (
        text, content = '', contentless_delete = 1, detail = full, tokenize = 'unicode61'
      );
      CREATE VIRTUAL TABLE event_words USING fts5vocab (event_text, instance);
      INSERT INTO event_text (event_text, rank) VALUES ('hashsize', 16777216);
      INSERT INTO event_text (event_text, rank) VALUES ('automerge', 8);
    `,
  },
  {
    // Larger pages and later merges of the index take a sixth off the work of indexing.
    name: "the log of new ids",
    sql: `
      CREATE TABLE ids_log (seq INTEGER PRIMARY KEY, bucket INTEGER NOT NULL, entries BLOB NOT NULL) STRICT;
      INSERT INTO event_text (event_text, rank) VALUES ('pgsz', 16000);
      INSERT INTO event_text (event_text, rank) VALUES ('automerge', 16);
      INSERT INTO event_text (event_text, rank) VALUES ('crisismerge', 64);
    `,
  },
];
