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
    })
    .executeTakeFirstOrThrow();
  const fingerprints = new Set(one.notice.alerts.map((alert) => alert.fingerprint));
  for (const fingerprint of fingerprints)
    await db.kysely
      .insertInto("delivered_alerts")
      .values({ fingerprint, delivery: Number(insertId) })
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

/** What is due: of each group of a channel only the oldest, so that an end never comes before its beginning. */
export async function dueDeliveries(db: Database, nowMs: number, most: number): Promise<Outgoing[]> {
  const rows = await db.kysely
    .selectFrom("deliveries as d")
    .select(["id", "channel", "notice", "attempts", "created_ms"])
    .where("ended_ms", "is", null)
    .where("state", "=", "queued")
    .where("next_ms", "<=", nowMs)
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM deliveries AS e WHERE e.channel = d.channel AND e.group_key = d.group_key
        AND e.ended_ms IS NULL AND e.seq < d.seq)`,
    )
    .orderBy("seq")
    .limit(most)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    notice: JSON.parse(row.notice),
    attempts: row.attempts,
    createdMs: row.created_ms,
  }));
}

/** When the next is due; undefined where none waits. */
export async function nextDelivery(db: Database): Promise<number | undefined> {
  const row = await db.kysely
    .selectFrom("deliveries")
    .select("next_ms")
    .where("ended_ms", "is", null)
    .where("state", "=", "queued")
    .orderBy("next_ms")
    .limit(1)
    .executeTakeFirst();
  return row?.next_ms;
}

export async function setDelivery(
  db: Database,
  id: string,
  set: Partial<Pick<Tables["deliveries"], "state" | "attempts" | "next_ms" | "ended_ms" | "answer">>,
): Promise<void> {
  await db.kysely.updateTable("deliveries").set(set).where("id", "=", id).execute();
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
    .select(["d.created_ms", "d.next_ms", "d.ended_ms", "d.answer"])
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
      fingerprints: told.map((one) => one.fingerprint),
    });
  }
  const last = shown.at(-1);
  return { items, ...(rows.length > query.limit && last ? { next: last.seq } : {}) };
}

export async function pruneDeliveries(db: Database, endedBeforeMs: number): Promise<void> {
  await db.kysely.deleteFrom("deliveries").where("ended_ms", "<", endedBeforeMs).execute();
}
