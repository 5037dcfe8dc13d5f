import type { Migration } from "../migrate.ts";

export const enrolment: Migration = { name: "enrolment", sql: "SELECT 1" };
