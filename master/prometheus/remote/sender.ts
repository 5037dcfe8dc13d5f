/// <reference path="./snappyjs.d.ts" />
import { compress } from "snappyjs";
import type { Deliver } from "./deliver.ts";
import type { WriteRequest } from "./write-request.ts";

/** What becomes of samples, as it does. */
export interface SenderEvents {
  sent(samples: number, bytes: number): void;
  /** Will be tried again. */
  retried(why: string): void;
  refused(samples: number, why: string): void;
}

export interface SenderOptions {
  deliver: Deliver;
  events: SenderEvents;
  /** Before the second attempt; twice as long before each one after it, up to the longest. */
  backoffMs: { first: number; longest: number };
}

/** Taken also where some parts of it were not. `unanswered`: the store had not answered when this was to end. */
export type Answered = "taken" | "refused" | "unanswered";

/** So many more requests one that was refused may become. */
const mostParts = 32;

/** Sends one request after the other, each until the store has answered for good. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #abort = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();
  #stopping = false;
  /** Something of the request before was taken. */
  #fine = true;
  /** What the store said last. */
  said = "";

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Nothing is sent any more. */
  get over(): boolean {
    return this.#abort.signal.aborted;
  }

  /** From now on the first failure is the last, and so is a time. */
  stop(withinMs: number): () => void {
    this.#stopping = true;
    this.#stopped.resolve();
    const timer = setTimeout(() => this.#abort.abort(), withinMs);
    return () => clearTimeout(timer);
  }

  /**
   * Sends a request, which must not change meanwhile. Of `markers` alone, without samples, nothing is counted; nor is
   * it that a request was refused which is only `tried`, and as a whole.
   */
  async send(request: WriteRequest, how: "samples" | "markers" | "tried" = "samples"): Promise<Answered> {
    if (request.count === 0) return "taken";
    const may = { split: this.#fine && how !== "tried" ? mostParts : 0, taken: false };
    if (!(await this.#part(request, 0, request.count, how, may))) return "unanswered";
    if (how !== "tried") this.#fine = may.taken;
    return may.taken ? "taken" : "refused";
  }

  async #part(
    request: WriteRequest,
    from: number,
    to: number,
    how: "samples" | "markers" | "tried",
    may: { split: number; taken: boolean },
  ): Promise<boolean> {
    const { deliver, events, backoffMs } = this.#options;
    const { bytes, samples } = request.part(from, to);
    const body = compress(bytes);
    const counted = how === "markers" ? 0 : samples;
    for (let wait = backoffMs.first; ; wait = Math.min(2 * wait, backoffMs.longest)) {
      const { outcome, text, retryAfterMs, whole } = await deliver(body, this.#abort.signal);
      this.said = text;
      if (outcome === "taken") {
        may.taken = true;
        events.sent(counted, body.length);
        return true;
      }
      if (outcome === "refused") {
        // One sample of 2,000 may be the fault: the others need not go with it.
        if (whole && to - from > 1 && may.split > 1) {
          may.split -= 2;
          const half = (from + to) >> 1;
          return (
            (await this.#part(request, from, half, how, may)) &&
            (await this.#part(request, half, to, how, may))
          );
        }
        if (how !== "tried") events.refused(counted, text);
        return true;
      }
      events.retried(text);
      if (this.#stopping) this.#abort.abort();
      if (this.over) return false;
      // Not all lanes at the same moment.
      const ms = retryAfterMs ?? wait * (0.75 + Math.random() / 2);
      await Promise.race([Bun.sleep(ms), this.#stopped.promise]);
    }
  }
}
