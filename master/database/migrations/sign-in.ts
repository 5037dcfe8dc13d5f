import type { Migration } from "../migrate.ts";

export const signIn: Migration = { name: "second factor, single sign-on, invitations", sql: "SELECT 1" };
