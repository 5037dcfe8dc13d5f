import { sql } from "kysely";
import type { Grant, Role } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { addGrant, grantsOfUser, highestRole, notTheLastAdministrator, parseGrants } from "./grants.ts";
import { randomId } from "./token.ts";

export interface UserRecord {
  id: string;
  name: string;
  grants: readonly Grant[];
  /** The highest of all grants; absent where there are none. */
  role: Role | undefined;
  /** Absent until the first administrator has set one. */
  passwordHash: string | undefined;
  createdMs: number;
  lastSignInMs: number | undefined;
}

/** Adds a user with a first grant; gives the id. Throws SQLite's error for a unique column when the name is taken. */
export async function addUser(
  db: Database,
  user: Grant & { name: string; passwordHash?: string; nowMs: number },
): Promise<string> {
  const id = randomId();
  await db.kysely
    .insertInto("users")
    .values({
      id,
      name: user.name,
      password_hash: user.passwordHash ?? null,
      created_ms: user.nowMs,
      password_changed_ms: user.passwordHash === undefined ? null : user.nowMs,
    })
    .execute();
  await addGrant(db, id, user);
  return id;
}

/** By id, or by name, whose case does not count. */
export async function findUser(
  db: Database,
  by: { id: string } | { name: string },
): Promise<UserRecord | undefined> {
  const query = db.kysely.selectFrom("users").selectAll().select(grantsOfUser("users.id").as("grants"));
  const row = await ("id" in by
    ? query.where("id", "=", by.id)
    : query.where("name", "=", by.name)
  ).executeTakeFirst();
  return row && record(row);
}

/** Has a password, or comes in by a provider. */
const finished = sql<boolean>`(password_hash IS NOT NULL OR id IN (SELECT user_id FROM identities))`;

/** All who can sign in, by name. */
export async function listUsers(db: Database): Promise<UserRecord[]> {
  const rows = await db.kysely
    .selectFrom("users")
    .selectAll()
    .select(grantsOfUser("users.id").as("grants"))
    .where(finished)
    .orderBy("name")
    .execute();
  return rows.map(record);
}

/** Whether anybody can sign in by password: until then the set-up link is good, whoever a provider lets in. */
export async function anyUser(db: Database): Promise<boolean> {
  const row = await db.kysely
    .selectFrom("users")
    .select("id")
    .where("password_hash", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function userSignedIn(db: Database, id: string, nowMs: number): Promise<void> {
  await db.kysely.updateTable("users").set({ last_sign_in_ms: nowMs }).where("id", "=", id).execute();
}

/** Sets a password. False when there is no such user. */
export async function setPasswordHash(
  db: Database,
  id: string,
  passwordHash: string,
  nowMs: number,
): Promise<boolean> {
  const result = await db.kysely
    .updateTable("users")
    .set({ password_hash: passwordHash, password_changed_ms: nowMs })
    .where("id", "=", id)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Names the first administrator and sets the password, once. False when there is one already. */
export async function finishFirstUser(
  db: Database,
  id: string,
  name: string,
  passwordHash: string,
  nowMs: number,
): Promise<boolean> {
  const result = await db.kysely
    .updateTable("users")
    .set({ name, password_hash: passwordHash, password_changed_ms: nowMs })
    .where("id", "=", id)
    .where("password_hash", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Removes those who never set a password, with their sessions. */
export async function removeUnfinishedUsers(db: Database): Promise<void> {
  await db.kysely.deleteFrom("users").where(sql<boolean>`NOT ${finished}`).execute();
}

/** Removes a user with all sessions. False when there is none, or no other administrator. */
export async function removeUser(db: Database, id: string): Promise<boolean> {
  const result = await db.kysely
    .deleteFrom("users")
    .where("id", "=", id)
    .where(notTheLastAdministrator)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function record(row: {
  id: string;
  name: string;
  grants: string;
  password_hash: string | null;
  created_ms: number;
  last_sign_in_ms: number | null;
}): UserRecord {
  const grants = parseGrants(row.grants);
  return {
    id: row.id,
    name: row.name,
    grants,
    role: highestRole(grants),
    passwordHash: row.password_hash ?? undefined,
    createdMs: row.created_ms,
    lastSignInMs: row.last_sign_in_ms ?? undefined,
  };
}
