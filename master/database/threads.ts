import type { Database } from "./database.ts";

/** What a channel remembers of a group between its messages, such as the message that a thread hangs on. */
export async function readThread(db: Database, channel: string, group: string): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom("channel_threads")
    .select("state")
    .where("channel", "=", channel)
    .where("group_key", "=", group)
    .executeTakeFirst();
  return row?.state;
}

export async function writeThread(
  db: Database,
  one: { channel: string; group: string; state: string; nowMs: number },
): Promise<void> {
  const { state, nowMs: at_ms } = one;
  await db.kysely
    .insertInto("channel_threads")
    .values({ channel: one.channel, group_key: one.group, state, at_ms })
    .onConflict((conflict) => conflict.columns(["channel", "group_key"]).doUpdateSet({ state, at_ms }))
    .execute();
}

export async function pruneThreads(db: Database, beforeMs: number): Promise<void> {
  await db.kysely.deleteFrom("channel_threads").where("at_ms", "<", beforeMs).execute();
}
