import { isEmpty } from "../../../views/digest-model.ts";
import { digestMail } from "../../../views/mail/digest.ts";
import { enqueueDelivery } from "../../database/deliveries.ts";
import type { StoredChannel } from "../../database/channels.ts";
import { putSentDigest, sentDigest } from "../../database/digests.ts";
import { randomId } from "../../database/token.ts";
import type { Answer } from "../../notify/channel.ts";
import type { Channels } from "../../notify/channels.ts";
import type { Notification } from "../../notify/message.ts";
import type { Sender } from "../../notify/sender.ts";
import { collectDigest, type DigestSources } from "./collect.ts";
import { decideDigest, periodMs, type Plan, planOf } from "./plan.ts";

export interface DigestsOptions extends DigestSources {
  channels: Pick<Channels, "all">;
  sender: Pick<Sender, "kick" | "send">;
  publicUrl: string;
  failed(what: string, error: unknown): void;
  now: () => number;
  /** After the start: until then nobody knows which clusters are silent. */
  firstMs?: number;
}

const everyMs = 30_000;
const firstMs = 120_000;

/**
 * Digests by mail, each once for its time: that it was decided and what is sent are written down together, and the
 * outbox does the rest. One whose time passed while the master was away is sent when it is back, unless that is late.
 */
export class Digests {
  readonly #o: DigestsOptions;
  #timer: Timer | undefined;
  #under: Promise<void> | undefined;

  constructor(options: DigestsOptions) {
    this.#o = options;
  }

  start(): void {
    this.#after(this.#o.firstMs ?? firstMs);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#under;
  }

  /** Sends what is due. */
  async look(): Promise<void> {
    for (const channel of this.#o.channels.all()) {
      const plan = planOf(channel.settings);
      if (!plan || channel.type !== "email") continue;
      try {
        await this.#lookAt(channel, plan);
      } catch (error) {
        this.#o.failed("making a digest", error);
      }
    }
  }

  /** Sends one of the time until now, without anything being remembered of it. */
  async sendNow(channel: StoredChannel): Promise<Answer> {
    const plan = planOf(channel.settings) ?? planOf({ ...channel.settings, digest: "daily" })!;
    const untilMs = this.#o.now();
    const { notification } = await this.#make(channel, plan, { fromMs: untilMs - periodMs(plan), untilMs });
    return this.#o.sender.send(channel, notification);
  }

  async #lookAt(channel: StoredChannel, plan: Plan): Promise<void> {
    const { database, sender, now } = this.#o;
    // One that was switched off begins anew when it is switched on, and so does one whose time was changed.
    const planned = channel.enabled ? JSON.stringify(plan) : "off";
    const sent = await sentDigest(database, channel.id);
    if (sent?.plan !== planned) {
      await putSentDigest(database, channel.id, { ...sent, plan: planned, sinceMs: now() });
      return;
    }
    if (!channel.enabled) return;
    const span = decideDigest(plan, sent, now());
    if (!span) return;
    const { notification, empty } = await this.#make(channel, plan, span);
    await database.transaction(async () => {
      await putSentDigest(database, channel.id, { ...sent, untilMs: span.untilMs });
      if (empty && channel.settings.digestEmpty === "no") return;
      const { id, group, mail } = notification;
      await enqueueDelivery(database, {
        id,
        channel: channel.id,
        group,
        title: mail.subject,
        notice: notification,
        nowMs: now(),
      });
    });
    sender.kick();
  }

  async #make(channel: StoredChannel, plan: Plan, span: { fromMs: number; untilMs: number }) {
    const { publicUrl, now } = this.#o;
    const nowMs = now();
    const digest = await collectDigest(this.#o, channel, {
      ...span,
      soonMs: periodMs(plan),
      zone: plan.zone,
      nowMs,
    });
    const lang = channel.settings.language === "zh" ? "zh" : "en";
    const notification = {
      id: randomId(),
      group: `${channel.id}:digest:${span.untilMs}`,
      status: "digest",
      groupLabels: {},
      alerts: [],
      more: 0,
      atMs: nowMs,
      mail: digestMail(digest, { lang, period: plan.period, publicUrl, nowMs }),
    } satisfies Notification;
    return { notification, empty: isEmpty(digest) };
  }

  #after(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#under = this.look().finally(() => {
        if (this.#timer) this.#after(everyMs);
      });
    }, ms);
    this.#timer.unref();
  }
}
