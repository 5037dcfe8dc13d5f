import type { Grant } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { setProviderGrants } from "./grants.ts";
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
 * The user of an identity, made the first time, with the grants that its groups give now. One who has the wished name already
 * is somebody else: the new one gets a number behind it. Within a transaction.
 */
export async function userOfIdentity(
  db: Database,
  identity: Identity,
  wishedName: string,
  grants: readonly Grant[],
  nowMs: number,
): Promise<{ id: string; name: string; added: boolean }> {
  const known = await findIdentity(db, identity);
  if (known) {
    await setProviderGrants(db, known.id, grants);
    return { ...known, added: false };
  }
  let name = wishedName;
  for (let n = 2; await taken(db, name); n++) name = `${wishedName} (${n})`;
  const id = randomId();
  await db.kysely.insertInto("users").values({ id, name, created_ms: nowMs }).execute();
  await db.kysely
    .insertInto("identities")
    .values({ ...identity, user_id: id })
    .execute();
  await setProviderGrants(db, id, grants);
  return { id, name, added: true };
}

async function taken(db: Database, name: string): Promise<boolean> {
  const row = await db.kysely.selectFrom("users").select("id").where("name", "=", name).executeTakeFirst();
  return row !== undefined;
}
