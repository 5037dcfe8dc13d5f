import type { Migration } from "../migrate.ts";

/**
 * The metrics history, oldest first. Keys of blocks are their start and their subject (key.ts), so that new ones go to
 * the end of their table and old ones from its beginning. The journal holds what is not in a block yet, one row for
 * each commit, by the start of the blocks that it will be in. Times are seconds since 1970.
 */
export const metricsMigrations: Migration[] = [
  {
    name: "metrics over time",
    sql: `
      CREATE TABLE subjects (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        cluster TEXT NOT NULL,
        kind TEXT NOT NULL,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        seen INTEGER NOT NULL,
        UNIQUE (cluster, kind, namespace, name)
      ) STRICT;
      CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        "group" TEXT NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        UNIQUE ("group", name)
      ) STRICT;
      CREATE TABLE pods (
        id INTEGER PRIMARY KEY,
        subject INTEGER NOT NULL,
        uid TEXT NOT NULL,
        name TEXT NOT NULL,
        seen INTEGER NOT NULL,
        UNIQUE (uid, subject)
      ) STRICT;
      CREATE INDEX pods_of_subject ON pods (subject);
      CREATE INDEX pods_by_name ON pods (name);
      CREATE TABLE journal (seq INTEGER PRIMARY KEY, start INTEGER NOT NULL, rows BLOB NOT NULL) STRICT;
      CREATE INDEX journal_start ON journal (start);
      CREATE TABLE blocks0 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE blocks1 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE blocks2 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE blocks3 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE tiers (
        tier INTEGER PRIMARY KEY,
        blocks INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        rolled INTEGER
      ) STRICT;
      INSERT INTO tiers (tier, blocks, bytes) VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0);
    `,
  },
  {
    name: "what charts mark",
    sql: `
      CREATE TABLE marks (
        id INTEGER PRIMARY KEY,
        cluster TEXT NOT NULL,
        what TEXT NOT NULL,
        kind TEXT NOT NULL,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        owner TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        until_ms INTEGER,
        ref TEXT NOT NULL,
        detail TEXT NOT NULL,
        UNIQUE (cluster, what, kind, namespace, name, at_ms, ref)
      ) STRICT;
      CREATE INDEX marks_of_cluster ON marks (cluster, what, at_ms);
      CREATE INDEX marks_of_owner ON marks (cluster, what, namespace, owner, at_ms) WHERE owner <> '';
      CREATE INDEX marks_by_time ON marks (at_ms);
      CREATE INDEX marks_open ON marks (ref) WHERE what = 'alert' AND until_ms IS NULL;
    `,
  },
  {
    name: "what each used in the time of a block",
    sql: `
      CREATE TABLE amounts0 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE amounts1 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE amounts2 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE amounts3 (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
    `,
  },
  {
    // They no longer wait for blocks.
    name: "up to where what each used was added up",
    sql: `
      ALTER TABLE tiers ADD COLUMN amounts INTEGER;
      UPDATE tiers SET amounts = rolled;
    `,
  },
  {
    name: "how what each used was spread",
    sql: `
      ALTER TABLE amounts0 ADD COLUMN spread BLOB;
      ALTER TABLE amounts1 ADD COLUMN spread BLOB;
      ALTER TABLE amounts2 ADD COLUMN spread BLOB;
      ALTER TABLE amounts3 ADD COLUMN spread BLOB;
    `,
  },
  {
    name: "up to where a store of remote write has been sent to",
    sql: `
      CREATE TABLE remote_write (
        id INTEGER PRIMARY KEY,
        target TEXT NOT NULL,
        floor_ms INTEGER NOT NULL,
        subjects BLOB NOT NULL
      ) STRICT;
    `,
  },
];
