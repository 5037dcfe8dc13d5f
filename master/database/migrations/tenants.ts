import type { Migration } from "../migrate.ts";

export const tenants: Migration = { name: "tenants and memberships", sql: "SELECT 1" };
