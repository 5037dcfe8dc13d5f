import type { Migration } from "../migrate.ts";

/**
 * The event history, oldest first. `key` is the event's time and a counter (see key.ts), so that the table,
 * and the full text index by the same key, lie in the order in which they are read and pruned.
 */
export const eventMigrations: Migration[] = [];
