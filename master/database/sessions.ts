import { sql } from "kysely";
import type { Grant } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { grantsOfUser, parseGrants } from "./grants.ts";

/** A session with its user. The cookie's value is not stored, only its hash. */
export interface SessionRecord {
  hash: string;
  userID: string;
  userName: string;
  grants: readonly Grant[];
  /** Whether a second factor is on, and whether the user comes in by a provider. */
  hasSecondFactor: boolean;
  byProvider: boolean;
  lastUsedMs: number;
  mustSetPassword: boolean;
}

export async function addSession(
  db: Database,
  session: {
    hash: string;
    userID: string;
    nowMs: number;
    expiresMs: number;
    mustSetPassword: boolean;
    address: string;
    userAgent: string;
  },
): Promise<void> {
  await db.kysely
    .insertInto("sessions")
    .values({
      hash: session.hash,
      user_id: session.userID,
      created_ms: session.nowMs,
      last_used_ms: session.nowMs,
      expires_ms: session.expiresMs,
      must_set_password: session.mustSetPassword ? 1 : 0,
      address: session.address.slice(0, 100),
      user_agent: session.userAgent.slice(0, 300),
    })
    .execute();
}

/** What a user may and has, as columns beside a row with the user's id. */
const standing = (userID: string) =>
  [
    grantsOfUser(userID).as("grants"),
    sql<number>`EXISTS (SELECT 1 FROM second_factors WHERE user_id = ${sql.ref(userID)}
      AND confirmed_ms IS NOT NULL)`.as("has_second_factor"),
    sql<number>`EXISTS (SELECT 1 FROM identities WHERE user_id = ${sql.ref(userID)})`.as("by_provider"),
  ] as const;

type Standing = Pick<SessionRecord, "grants" | "hasSecondFactor" | "byProvider">;

const standingIn = (row: { grants: string; has_second_factor: number; by_provider: number }): Standing => ({
  grants: parseGrants(row.grants),
  hasSecondFactor: row.has_second_factor !== 0,
  byProvider: row.by_provider !== 0,
});

/** What a user may and has now; as of nobody where there is no such user. */
export async function standingOf(db: Database, userID: string): Promise<Standing> {
  const row = await db.kysely
    .selectFrom("users")
    .select(standing("users.id"))
    .where("users.id", "=", userID)
    .executeTakeFirst();
  return row ? standingIn(row) : { grants: [], hasSecondFactor: false, byProvider: false };
}

let validSession: ReturnType<typeof compileValidSession> | undefined;

/** Its parameters, in this order: the hash, now, and since when it has to have been used. */
function compileValidSession(db: Database) {
  return db.kysely
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .select(["sessions.hash", "user_id", "users.name", "last_used_ms", "must_set_password"])
    .select(standing("sessions.user_id"))
    .where("sessions.hash", "=", "")
    .where("expires_ms", ">", 0)
    .where("last_used_ms", ">", 0)
    .compile();
}

/** A session that is valid: not at its end, and used since `idleSinceMs`. */
export async function findSession(
  db: Database,
  hash: string,
  nowMs: number,
  idleSinceMs: number,
): Promise<SessionRecord | undefined> {
  // Every page begins with this: building the query each time took longer than asking it.
  validSession ??= compileValidSession(db);
  const query: typeof validSession = { ...validSession, parameters: [hash, nowMs, idleSinceMs] };
  const [row] = (await db.kysely.executeQuery(query)).rows;
  return (
    row && {
      hash: row.hash,
      userID: row.user_id,
      userName: row.name,
      ...standingIn(row),
      lastUsedMs: row.last_used_ms,
      mustSetPassword: row.must_set_password !== 0,
    }
  );
}

export async function sessionUsed(db: Database, hash: string, nowMs: number): Promise<void> {
  await db.kysely.updateTable("sessions").set({ last_used_ms: nowMs }).where("hash", "=", hash).execute();
}

export async function removeSession(db: Database, hash: string): Promise<void> {
  await db.kysely.deleteFrom("sessions").where("hash", "=", hash).execute();
}

export async function removeSessionsOf(db: Database, userID: string): Promise<void> {
  await db.kysely.deleteFrom("sessions").where("user_id", "=", userID).execute();
  await db.kysely.deleteFrom("pending_sign_ins").where("user_id", "=", userID).execute();
}

/** Signs everybody out but one, in the middle of signing in, too. */
export async function removeSessionsButOf(db: Database, userID: string): Promise<void> {
  await db.kysely.deleteFrom("sessions").where("user_id", "<>", userID).execute();
  await db.kysely.deleteFrom("pending_sign_ins").where("user_id", "<>", userID).execute();
}

export async function removeExpiredSessions(db: Database, nowMs: number, idleSinceMs: number): Promise<void> {
  await db.kysely
    .deleteFrom("sessions")
    .where((where) => where.or([where("expires_ms", "<=", nowMs), where("last_used_ms", "<=", idleSinceMs)]))
    .execute();
}

/** A user's sessions, the last used first. */
export async function listSessions(db: Database, userID: string, nowMs: number, idleSinceMs: number) {
  return await db.kysely
    .selectFrom("sessions")
    .selectAll()
    .where("user_id", "=", userID)
    .where("expires_ms", ">", nowMs)
    .where("last_used_ms", ">", idleSinceMs)
    .orderBy("last_used_ms", "desc")
    .execute();
}
