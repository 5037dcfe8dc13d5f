import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Database } from "./database.ts";

/** A setting: its key, the shape of its value (stored as JSON), and what holds until it is set. */
export interface Setting<S extends TSchema> {
  key: string;
  schema: S;
  fallback: Static<S>;
}

/** The value of a setting; the fallback where it is not set, or was stored in another shape. */
export async function readSetting<S extends TSchema>(db: Database, setting: Setting<S>): Promise<Static<S>> {
  const row = await db.kysely
    .selectFrom("settings")
    .select("value")
    .where("key", "=", setting.key)
    .executeTakeFirst();
  if (!row) return setting.fallback;
  try {
    const value: unknown = JSON.parse(row.value);
    return Value.Check(setting.schema, value) ? value : setting.fallback;
  } catch {
    return setting.fallback;
  }
}

/** Throws a TypeError when the value has not the setting's shape. */
export async function writeSetting<S extends TSchema>(
  db: Database,
  setting: Setting<S>,
  value: Static<S>,
): Promise<void> {
  if (!Value.Check(setting.schema, value))
    throw new TypeError(`setting ${setting.key} has another shape than its schema`);
  const text = JSON.stringify(value);
  await db.kysely
    .insertInto("settings")
    .values({ key: setting.key, value: text })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: text }))
    .execute();
}
