import type { AlertView } from "../../views/alert-model.ts";
import { Sealed } from "../access/sealed.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { enqueueDelivery, listDeliveries } from "../database/deliveries.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { channelDefaults, Channels } from "./channels.ts";
import { type Notification, wordsOf } from "./message.ts";
import { Sender, type SenderOptions } from "./sender.ts";

/** An alert of a pod, for tests of what is told of it. */
export const alertOf = (name: string, state: AlertView["state"] = "firing"): AlertView => ({
  fingerprint: `fp-${name}`,
  rule: "pod-crash-looping",
  name: "PodCrashLooping",
  severity: "critical",
  cluster: "c1",
  kind: "Pod",
  namespace: "shop",
  object: name,
  labels: { alertname: "PodCrashLooping", severity: "critical", cluster: "prod", namespace: "shop", name },
  annotations: { summary: `Pod ${name} crashes` },
  state,
  sinceMs: 1_700_000_000_000,
  firedMs: 1_700_000_060_000,
  lastMs: 1_700_000_060_000,
  fired: [],
  flapping: false,
  ...(state === "resolved" ? { resolvedMs: 1_700_000_120_000 } : {}),
});

export const notificationOf = (id: string, alerts: AlertView[], group = "g"): Notification => ({
  id,
  group,
  status: alerts.some((one) => one.state === "firing") ? "firing" : "resolved",
  groupLabels: { cluster: "prod" },
  alerts,
  more: 0,
  atMs: 1_700_000_060_000,
});

/** An outbox with what it sends, over a database of its own or a given one, as after a start of the master. */
export async function startOutbox(
  more: Partial<SenderOptions> & { database?: Database; key?: Uint8Array } = {},
) {
  const database = more.database ?? openDatabase(":memory:");
  const channels = new Channels(database, new Sealed(more.key ?? new Uint8Array(32), "channels"));
  await channels.load();
  const faults: unknown[] = [];
  const sender = new Sender({
    publicUrl: "https://hyper.example",
    allowed: trustedProxies(["127.0.0.1"]),
    failed: (_what, error) => faults.push(error),
    changed: () => undefined,
    look: async () => ["127.0.0.1"],
    firstRetryMs: 20,
    ...more,
    database,
    channels,
  });
  return {
    database,
    sender,
    channels,
    faults,
    async add(type: string, settings: Record<string, string>, name = type, tenant?: string) {
      const channel = await channels.put({ ...channelDefaults, name, type, settings }, undefined, tenant);
      await channels.load();
      return channel;
    },
    /** Puts one into the outbox, as the engine does. */
    async put(channel: string, notice: Notification) {
      const { id, group } = notice;
      const { title } = wordsOf(notice, "");
      await database.transaction(() =>
        enqueueDelivery(database, { id, channel, group, title, notice, nowMs: Date.now() }),
      );
      sender.kick();
    },
    /** The deliveries of a channel, the newest first. */
    list: async (channel: string) =>
      (await listDeliveries(database, { channels: [channel], limit: 200 })).items,
    async stop() {
      await sender.stop();
      database.close();
    },
  };
}
