import type { Database } from "../database/database.ts";
import { enqueueDelivery } from "../database/deliveries.ts";
import { randomId } from "../database/token.ts";
import { type Notification, wordsOf } from "../notify/message.ts";
import type { Notice } from "./group.ts";

/** Puts what was decided into the outbox, within the transaction that decides it: at most so many alerts. */
export async function enqueueNotice(
  database: Database,
  one: Notice,
  most: number,
  nowMs: number,
): Promise<void> {
  const { channel, group, labels, firing, resolved, escalated } = one;
  const all = [...firing, ...resolved];
  const id = randomId();
  const notice: Notification = {
    id,
    group: `${channel}:${group}`,
    status: firing.length > 0 ? "firing" : "resolved",
    groupLabels: labels,
    alerts: all.slice(0, most),
    more: Math.max(0, all.length - most),
    atMs: nowMs,
    ...(escalated ? { escalated } : {}),
  };
  const { title } = wordsOf(notice, "");
  await enqueueDelivery(database, { id, channel, group, title, notice, nowMs });
}
