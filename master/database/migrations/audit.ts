import type { Migration } from "../migrate.ts";

export const audit: Migration = { name: "audit", sql: "SELECT 1" };
