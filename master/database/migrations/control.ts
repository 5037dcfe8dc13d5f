import type { Migration } from "../migrate.ts";

export const control: Migration = { name: "commands", sql: "SELECT 1" };
