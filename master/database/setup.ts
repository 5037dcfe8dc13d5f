import type { Database } from "./database.ts";

/** Makes this the only setup token. */
export async function replaceSetupToken(db: Database, hash: string, nowMs: number): Promise<void> {
  await db.kysely.deleteFrom("setup_tokens").execute();
  await db.kysely.insertInto("setup_tokens").values({ hash, created_ms: nowMs }).execute();
}

/** Takes a setup token: true once, for one of all who try at the same time. */
export async function takeSetupToken(db: Database, hash: string): Promise<boolean> {
  const result = await db.kysely.deleteFrom("setup_tokens").where("hash", "=", hash).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** A random key that is made once and stays, such as the one that form tokens are made with. */
export async function secretKey(db: Database, name: string): Promise<Uint8Array> {
  const made = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  await db.kysely
    .insertInto("settings")
    .values({ key: `secret:${name}`, value: JSON.stringify(made) })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await db.kysely
    .selectFrom("settings")
    .select("value")
    .where("key", "=", `secret:${name}`)
    .executeTakeFirstOrThrow();
  return Buffer.from(JSON.parse(row.value) as string, "base64url");
}
