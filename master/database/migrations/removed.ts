import type { Migration } from "../migrate.ts";

/** Whoever removes a cluster, the master that has the other databases open finds it here. */
export const removed: Migration = {
  name: "removed clusters",
  sql: `
    CREATE TABLE removed_clusters (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TRIGGER clusters_removed AFTER DELETE ON clusters BEGIN
      INSERT OR IGNORE INTO removed_clusters (id) VALUES (OLD.id);
    END;
  `,
};
