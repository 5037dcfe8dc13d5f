import { sql } from "kysely";
import type { DeliveryView } from "../../views/alert-model.ts";
import type { Notification } from "../notify/message.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./schema.ts";

/** What is to be sent. */
export interface Outgoing {
  id: string;
  channel: string;
  notice: Notification;
  attempts: number;
  createdMs: number;
}

/** Within the transaction that decides it. */
export async function enqueueDelivery(
  db: Database,
  one: { id: string; channel: string; group: string; title: string; notice: Notification; nowMs: number },
): Promise<void> {
  const { insertId } = await db.kysely
    .insertInto("deliveries")
    .values({
      id: one.id,
      channel: one.channel,
      group_key: one.group,
      title: one.title,
      notice: JSON.stringify(one.notice),
      state: "queued",
      attempts: 0,
      created_ms: one.nowMs,
      next_ms: one.nowMs,
      ended_ms: null,
      answer: "",
      superseded_by: null,
    })
    .executeTakeFirstOrThrow();
  await putDelivered(db, Number(insertId), one.notice);
}

/** Which alerts a delivery tells of. */
async function putDelivered(db: Database, delivery: number, { alerts }: Notification): Promise<void> {
  const fingerprints = [...new Set(alerts.map((one) => one.fingerprint))];
  if (fingerprints.length > 0)
    await db.kysely
      .insertInto("delivered_alerts")
      .values(fingerprints.map((fingerprint) => ({ fingerprint, delivery })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** What was being sent when the master ended: nobody knows whether it arrived, so it is sent once more. */
export async function requeueDeliveries(db: Database, nowMs: number): Promise<void> {
  await db.kysely
    .updateTable("deliveries")
    .set({ state: "queued", next_ms: nowMs })
    .where("state", "=", "sending")
    .execute();
}

/**
 * What waits, but for that of some channels. Of a group only the newest counts, whose state is that of now, and none
 * while one of it is being sent, so that an end never comes before its beginning.
 */
const waiting = (db: Database, without: readonly string[]) =>
  db.kysely
    .selectFrom("deliveries as d")
    .where("d.ended_ms", "is", null)
    .where("d.state", "=", "queued")
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM deliveries AS e WHERE e.channel = d.channel AND e.group_key = d.group_key
        AND e.ended_ms IS NULL AND (e.seq > d.seq OR e.state = 'sending'))`,
    )
    .$if(without.length > 0, (from) => from.where("d.channel", "not in", [...without]));

/** What is due: of each channel the one that has waited longest. */
export async function dueDeliveries(
  db: Database,
  nowMs: number,
  without: readonly string[],
): Promise<{ id: string; channel: string }[]> {
  const rows = await waiting(db, without)
    // A bare column beside min() is that of the row with the least.
    .select(["d.id", "d.channel", sql`min(d.next_ms)`.as("least")])
    .where("d.next_ms", "<=", nowMs)
    .groupBy("d.channel")
    .execute();
  return rows.map(({ id, channel }) => ({ id, channel }));
}

/**
 * Marks a delivery as being sent. What waits of its group from before is superseded by it: `merge` puts what only that
 * would have told into it.
 */
export function takeDelivery(
  db: Database,
  id: string,
  nowMs: number,
  merge: (newest: Notification, older: Notification[]) => { notice: Notification; title: string },
): Promise<Outgoing | undefined> {
  return db.transaction(async () => {
    const row = await db.kysely
      .selectFrom("deliveries")
      .select(["seq", "channel", "group_key", "notice", "attempts", "created_ms"])
      .where("id", "=", id)
      .executeTakeFirst();
    // Its channel was removed meanwhile.
    if (!row) return undefined;
    const attempts = row.attempts + 1;
    await setDelivery(db, id, { state: "sending", attempts });
    let notice: Notification = JSON.parse(row.notice);
    const before = await db.kysely
      .selectFrom("deliveries")
      .select(["id", "notice"])
      .where("channel", "=", row.channel)
      .where("group_key", "=", row.group_key)
      .where("ended_ms", "is", null)
      .where("seq", "<", row.seq)
      .orderBy("seq", "desc")
      .execute();
    if (before.length > 0) {
      const merged = merge(
        notice,
        before.map((one) => JSON.parse(one.notice)),
      );
      notice = merged.notice;
      await setDelivery(db, id, { notice: JSON.stringify(notice), title: merged.title });
      await putDelivered(db, row.seq, notice);
      for (const one of before)
        await setDelivery(db, one.id, { state: "superseded", ended_ms: nowMs, superseded_by: id });
    }
    return { id, channel: row.channel, notice, attempts, createdMs: row.created_ms };
  });
}

/** When the next is due; undefined where none waits. */
export async function nextDelivery(db: Database, without: readonly string[]): Promise<number | undefined> {
  const row = await waiting(db, without).select("next_ms").orderBy("next_ms").limit(1).executeTakeFirst();
  return row?.next_ms;
}

export async function setDelivery(
  db: Database,
  id: string,
  set: Partial<Omit<Tables["deliveries"], "seq" | "id" | "channel" | "group_key" | "created_ms">>,
): Promise<void> {
  await db.kysely.updateTable("deliveries").set(set).where("id", "=", id).execute();
}

/** Those of some channels whose receiver did not take what it was sent last. */
export async function failingChannels(db: Database, channels: readonly string[]): Promise<Set<string>> {
  if (channels.length === 0) return new Set();
  const rows = await db.kysely
    .selectFrom("channels as c")
    .select("c.id")
    .select((row) =>
      row
        .selectFrom("deliveries as d")
        .select(sql<string>`CASE WHEN d.state = 'sent' THEN '' ELSE d.answer END`.as("answer"))
        .whereRef("d.channel", "=", "c.id")
        .where("d.attempts", ">", 0)
        .orderBy("d.seq", "desc")
        .limit(1)
        .as("answer"),
    )
    .where("c.id", "in", channels)
    .execute();
  return new Set(rows.filter((one) => one.answer).map((one) => one.id));
}

/** The newest deliveries of some channels, or those that told of an alert. */
export async function listDeliveries(
  db: Database,
  query: {
    channels: readonly string[];
    fingerprint?: string;
    state?: string;
    before?: number;
    limit: number;
  },
): Promise<{ items: DeliveryView[]; next?: number }> {
  if (query.channels.length === 0) return { items: [] };
  let from = db.kysely
    .selectFrom("deliveries as d")
    .innerJoin("channels as c", "c.id", "d.channel")
    .select(["d.seq", "d.id", "d.channel", "c.name", "d.title", "d.state", "d.attempts"])
    .select(["d.created_ms", "d.next_ms", "d.ended_ms", "d.answer", "d.superseded_by"])
    .where("d.channel", "in", [...query.channels])
    .orderBy("d.seq", "desc")
    .limit(query.limit + 1);
  if (query.state) from = from.where("d.state", "=", query.state);
  if (query.before !== undefined) from = from.where("d.seq", "<", query.before);
  if (query.fingerprint !== undefined)
    from = from
      .innerJoin("delivered_alerts as a", "a.delivery", "d.seq")
      .where("a.fingerprint", "=", query.fingerprint);
  const rows = await from.execute();
  const shown = rows.slice(0, query.limit);
  const items: DeliveryView[] = [];
  for (const row of shown) {
    const told = await db.kysely
      .selectFrom("delivered_alerts")
      .select("fingerprint")
      .where("delivery", "=", row.seq)
      .limit(100)
      .execute();
    items.push({
      id: row.id,
      channel: row.channel,
      channelName: row.name,
      title: row.title,
      state: row.state as DeliveryView["state"],
      attempts: row.attempts,
      createdMs: row.created_ms,
      nextMs: row.next_ms,
      ...(row.ended_ms === null ? {} : { endedMs: row.ended_ms }),
      answer: row.answer,
      ...(row.superseded_by === null ? {} : { supersededBy: row.superseded_by }),
      fingerprints: told.map((one) => one.fingerprint),
    });
  }
  const last = shown.at(-1);
  return { items, ...(rows.length > query.limit && last ? { next: last.seq } : {}) };
}

export async function pruneDeliveries(db: Database, endedBeforeMs: number): Promise<void> {
  await db.kysely.deleteFrom("deliveries").where("ended_ms", "<", endedBeforeMs).execute();
}
