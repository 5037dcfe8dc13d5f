import type { Database } from "./database.ts";

export interface SecondFactor {
  userID: string;
  /** Encrypted, as it is stored. */
  secret: string;
  confirmed: boolean;
  lastStep: number;
}

export async function findSecondFactor(db: Database, userID: string): Promise<SecondFactor | undefined> {
  const row = await db.kysely
    .selectFrom("second_factors")
    .selectAll()
    .where("user_id", "=", userID)
    .executeTakeFirst();
  return row && { userID, secret: row.secret, confirmed: row.confirmed_ms !== null, lastStep: row.last_step };
}

/** Begins anew: what was there before is gone, and counts no more. */
export async function setSecondFactor(db: Database, userID: string, secret: string): Promise<void> {
  await removeSecondFactor(db, userID);
  await db.kysely.insertInto("second_factors").values({ user_id: userID, secret }).execute();
}

export async function removeSecondFactor(db: Database, userID: string): Promise<boolean> {
  await db.kysely.deleteFrom("recovery_codes").where("user_id", "=", userID).execute();
  const result = await db.kysely
    .deleteFrom("second_factors")
    .where("user_id", "=", userID)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Takes a time step, once: false where it, or a later one, was taken already. */
export async function takeStep(db: Database, userID: string, step: number): Promise<boolean> {
  const result = await db.kysely
    .updateTable("second_factors")
    .set({ last_step: step })
    .where("user_id", "=", userID)
    .where("last_step", "<", step)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function confirmSecondFactor(
  db: Database,
  userID: string,
  nowMs: number,
  codes: readonly string[],
): Promise<void> {
  await db.kysely
    .updateTable("second_factors")
    .set({ confirmed_ms: nowMs })
    .where("user_id", "=", userID)
    .execute();
  await setRecoveryCodes(db, userID, codes);
}

/** Hashes of them; those from before are good for nothing then. */
export async function setRecoveryCodes(
  db: Database,
  userID: string,
  hashes: readonly string[],
): Promise<void> {
  await db.kysely.deleteFrom("recovery_codes").where("user_id", "=", userID).execute();
  await db.kysely
    .insertInto("recovery_codes")
    .values(hashes.map((hash) => ({ user_id: userID, hash })))
    .execute();
}

/** Takes a recovery code: true once. */
export async function takeRecoveryCode(db: Database, userID: string, hash: string): Promise<boolean> {
  const result = await db.kysely
    .deleteFrom("recovery_codes")
    .where("user_id", "=", userID)
    .where("hash", "=", hash)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function countRecoveryCodes(db: Database, userID: string): Promise<number> {
  const row = await db.kysely
    .selectFrom("recovery_codes")
    .select((of) => of.fn.countAll<number>().as("n"))
    .where("user_id", "=", userID)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Users whose second factor counts. */
export async function usersWithSecondFactor(db: Database): Promise<Set<string>> {
  const rows = await db.kysely
    .selectFrom("second_factors")
    .select("user_id")
    .where("confirmed_ms", "is not", null)
    .execute();
  return new Set(rows.map((row) => row.user_id));
}

export async function addPending(
  db: Database,
  pending: { hash: string; userID: string; expiresMs: number; nowMs: number },
): Promise<void> {
  await db.kysely.deleteFrom("pending_sign_ins").where("expires_ms", "<=", pending.nowMs).execute();
  await db.kysely
    .insertInto("pending_sign_ins")
    .values({ hash: pending.hash, user_id: pending.userID, expires_ms: pending.expiresMs })
    .execute();
}

export async function findPending(db: Database, hash: string, nowMs: number): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom("pending_sign_ins")
    .select("user_id")
    .where("hash", "=", hash)
    .where("expires_ms", ">", nowMs)
    .executeTakeFirst();
  return row?.user_id;
}

/** Ends it: true for one of all who try at the same time. */
export async function takePending(db: Database, hash: string): Promise<boolean> {
  const result = await db.kysely.deleteFrom("pending_sign_ins").where("hash", "=", hash).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
