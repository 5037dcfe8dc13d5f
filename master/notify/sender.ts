import type { Database } from "../database/database.ts";
import type { StoredChannel } from "../database/channels.ts";
import {
  dueDeliveries,
  nextDelivery,
  requeueDeliveries,
  setDelivery,
  takeDelivery,
} from "../database/deliveries.ts";
import { readThread, writeThread } from "../database/threads.ts";
import type { TrustedProxies } from "../trusted-proxies.ts";
import type { Answer, Memory } from "./channel.ts";
import type { Channels } from "./channels.ts";
import { coalesced, type Notification, wordsOf } from "./message.ts";
import { createPost } from "./post.ts";
import { channelType, mostAlertsOf } from "./registry.ts";
import { type Lookup, resolveTarget, systemLookup } from "./target.ts";
import { unsaid } from "./unsaid.ts";

export interface SenderOptions {
  database: Database;
  channels: Channels;
  publicUrl: string;
  /** Private addresses that may be sent to. */
  allowed: TrustedProxies;
  failed(what: string, error: unknown): void;
  /** A delivery has changed; told for pages and metrics. */
  changed(channel: string, state: "sent" | "failed" | "retried" | "superseded"): void;
  look?: Lookup;
  ca?: string;
  now?: () => number;
  /** The first wait after a failure; tests shorten it. */
  firstRetryMs?: number;
}

/** So long a delivery is tried again. */
const giveUpMs = 24 * 3_600_000;
const longestRetryMs = 10 * 60_000;

/**
 * Empties the outbox: each delivery is marked before it is sent and its answer is written down after. What is marked
 * when the master ends is sent once more at its next start, with the same id: never lost, doubled once at most. Of a group
 * the newest supersedes what still waits: a receiver that is back gets the state of now first, and not what it missed.
 */
export class Sender {
  readonly #o: SenderOptions;
  readonly #busy = new Set<string>();
  /** Channels whose receivers ask for patience, and until when. */
  readonly #paused = new Map<string, number>();
  #timer: Timer | undefined;
  #stopped = false;
  #looking: Promise<void> | undefined;
  #again = false;
  readonly #under = new Set<Promise<void>>();

  constructor(options: SenderOptions) {
    this.#o = options;
  }

  async start(): Promise<void> {
    await requeueDeliveries(this.#o.database, this.#now());
    this.kick();
  }

  /** Something may be due. */
  kick(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error) => {
        this.#o.failed("sending notifications", error);
        this.#sleep(10_000);
      })
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) {
          this.#again = false;
          this.kick();
        }
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.race([Promise.all(this.#under), Bun.sleep(2000)]);
  }

  /** Sends something now, without the outbox, and gives the real answer. */
  async send(channel: StoredChannel, notification: Notification): Promise<Answer> {
    const opened = this.#o.channels.open(channel);
    const type = channelType(channel.type);
    if (!opened || !type)
      return {
        ok: false,
        text: "the channel's secrets cannot be read: the key is another one; enter them again",
      };
    const { publicUrl, allowed, look = systemLookup, ca } = this.#o;
    const answer = await type.send({
      notification,
      words: wordsOf(notification, publicUrl),
      settings: opened.settings,
      publicUrl,
      post: createPost(allowed, look, { secrets: opened.secrets, ca }),
      resolve: (host) => resolveTarget(host, allowed, look),
      memory: this.#memory(channel.id, notification.group),
    });
    // A receiver may say back what it was sent, by mail too.
    return { ...answer, text: unsaid(opened.secrets)(answer.text) };
  }

  #memory(channel: string, group: string): Memory {
    const { database } = this.#o;
    return {
      read: () => readThread(database, channel, group),
      write: (state) => writeThread(database, { channel, group, state, nowMs: this.#now() }),
    };
  }

  async #look(): Promise<void> {
    const { database, channels } = this.#o;
    const now = this.#now();
    for (const [id, untilMs] of this.#paused) if (untilMs <= now) this.#paused.delete(id);
    // One at a time to each channel; the next is looked for when it is done.
    const due = await dueDeliveries(database, now, [...this.#busy, ...this.#paused.keys()]);
    for (const { id, ...one } of due) {
      const channel = channels.get(one.channel);
      if (!channel || this.#stopped) continue;
      this.#busy.add(one.channel);
      const under = this.#deliver(channel, id)
        .catch(async (error) => {
          this.#o.failed("sending a notification", error);
          // Nobody knows whether it arrived: as after a kill, it is sent once more.
          await setDelivery(database, id, { state: "queued", next_ms: this.#now() + longestRetryMs });
        })
        .catch((error) => this.#o.failed("putting a notification back", error))
        .finally(() => {
          this.#busy.delete(one.channel);
          this.#under.delete(under);
          this.kick();
        });
      this.#under.add(under);
    }
    // What waits for a channel that is busy is looked for when that is free.
    const next = await nextDelivery(database, [...this.#busy, ...this.#paused.keys()]);
    const wake = Math.min(next ?? Infinity, ...this.#paused.values());
    if (wake !== Infinity) this.#sleep(Math.max(wake - this.#now(), 100));
  }

  async #deliver(channel: StoredChannel, id: string): Promise<void> {
    const { database, changed, publicUrl } = this.#o;
    const one = await takeDelivery(database, id, this.#now(), (newest, older) => {
      for (const _ of older) changed(channel.id, "superseded");
      const notice = coalesced(newest, older, mostAlertsOf(channel.type));
      return { notice, title: wordsOf(notice, publicUrl).title };
    });
    if (!one) return;
    const { attempts } = one;
    const answer = await this.send(channel, one.notice);
    const now = this.#now();
    // The receiver is the same for all groups: none of them is sent to it earlier.
    if (answer.retryAfterMs) this.#paused.set(channel.id, now + answer.retryAfterMs);
    if (answer.ok) {
      await setDelivery(database, one.id, { state: "sent", ended_ms: now, answer: answer.text });
      changed(channel.id, "sent");
      return;
    }
    const wait =
      answer.retryAfterMs ?? Math.min((this.#o.firstRetryMs ?? 5000) * 2 ** (attempts - 1), longestRetryMs);
    // Not all at once, when a receiver is back that many wait for.
    const nextMs = now + wait * ((answer.retryAfterMs ? 1 : 0.8) + Math.random() * 0.4);
    const over = nextMs - one.createdMs > giveUpMs;
    await setDelivery(database, one.id, {
      answer: answer.text,
      ...(over ? { state: "failed", ended_ms: now } : { state: "queued", next_ms: Math.round(nextMs) }),
    });
    changed(channel.id, over ? "failed" : "retried");
  }

  #sleep(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.kick(), Math.min(ms, 60_000));
    this.#timer.unref();
  }

  #now(): number {
    return this.#o.now?.() ?? Date.now();
  }
}
