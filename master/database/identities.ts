import type { Role } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { randomId } from "./token.ts";

/** Who somebody is at a provider; nothing else about them stays the same for ever. */
export interface Identity {
  issuer: string;
  subject: string;
}

export async function findIdentity(
  db: Database,
  { issuer, subject }: Identity,
): Promise<{ id: string; name: string } | undefined> {
  return db.kysely
    .selectFrom("identities")
    .innerJoin("users", "users.id", "identities.user_id")
    .select(["users.id", "users.name"])
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .executeTakeFirst();
}

/** Whether a user comes in by a provider, and so has no password. */
export async function hasIdentity(db: Database, userID: string): Promise<boolean> {
  const row = await db.kysely
    .selectFrom("identities")
    .select("user_id")
    .where("user_id", "=", userID)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * The user of an identity, made the first time, with the role that it has now. One who has the wished name already
 * is somebody else: the new one gets a number behind it. Within a transaction.
 */
export async function userOfIdentity(
  db: Database,
  identity: Identity,
  wishedName: string,
  role: Role,
  nowMs: number,
): Promise<{ id: string; name: string; added: boolean }> {
  const known = await findIdentity(db, identity);
  if (known) {
    await db.kysely.updateTable("users").set({ role }).where("id", "=", known.id).execute();
    return { ...known, added: false };
  }
  let name = wishedName;
  for (let n = 2; await taken(db, name); n++) name = `${wishedName} (${n})`;
  const id = randomId();
  await db.kysely.insertInto("users").values({ id, name, role, created_ms: nowMs }).execute();
  await db.kysely
    .insertInto("identities")
    .values({ ...identity, user_id: id })
    .execute();
  return { id, name, added: true };
}

async function taken(db: Database, name: string): Promise<boolean> {
  const row = await db.kysely.selectFrom("users").select("id").where("name", "=", name).executeTakeFirst();
  return row !== undefined;
}
