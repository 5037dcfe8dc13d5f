import type { LaneOptions } from "./lane.ts";

/** How it stands with what is sent to a store; all counts since the start. */
export interface Standing {
  sent: number;
  /** Refused for good by the store. */
  refused: number;
  /** Of what time the history kept values no longer when it was their turn, in ms. */
  goneMs: number;
  /** Older than what was sent of the same series already. */
  late: number;
  /** Requests that were tried again. */
  retries: number;
  /** Of requests that were taken, compressed. */
  bytes: number;
  lastSentMs?: number;
  /** Time of the newest sample that the store has answered for. */
  newestMs?: number;
  error?: { atMs: number; text: string };
  /** Nothing has been taken since. */
  failingSinceMs?: number;
}

export interface RemoteWriteEvents {
  /** `why` where the store has begun to fail; without it, it takes samples again. */
  remoteWrite(why?: string): void;
  remoteWriteRefused(samples: number, why: string): void;
  /** Values of so long were kept no longer when it was their turn. */
  remoteWriteGone(seconds: number): void;
  failed(what: string, error: unknown): void;
}

/** What is logged is not logged again for so long: a store that fails now and then would fill the log. */
const loggedEveryMs = 60_000;

/** Counts what becomes of samples, and tells of what is not as it should be. */
export class Tally implements Pick<LaneOptions, "events"> {
  readonly standing: Standing = { sent: 0, refused: 0, goneMs: 0, late: 0, retries: 0, bytes: 0 };
  readonly #told: RemoteWriteEvents;
  readonly #loggedMs = new Map<string, number>();
  #unlogged = 0;
  #failureTold = false;

  constructor(told: RemoteWriteEvents) {
    this.#told = told;
  }

  readonly events: LaneOptions["events"] = {
    sent: (samples, bytes) => {
      const one = this.standing;
      one.sent += samples;
      one.bytes += bytes;
      one.lastSentMs = Date.now();
      delete one.failingSinceMs;
      if (this.#failureTold) this.#told.remoteWrite();
      this.#failureTold = false;
    },
    retried: (text) => {
      this.standing.retries++;
      this.standing.error = { atMs: Date.now(), text };
      if (this.standing.failingSinceMs !== undefined) return;
      this.standing.failingSinceMs = Date.now();
      if (!this.#mayLog("failing")) return;
      this.#failureTold = true;
      this.#told.remoteWrite(text);
    },
    refused: (samples, text) => {
      // Of a series' end, which the store then finds out by itself.
      if (samples === 0) return;
      this.standing.error = { atMs: Date.now(), text };
      this.standing.refused += samples;
      this.#unlogged += samples;
      if (!this.#mayLog("refused")) return;
      this.#told.remoteWriteRefused(this.#unlogged, text);
      this.#unlogged = 0;
    },
    reached: (ms) => {
      this.standing.newestMs = Math.max(this.standing.newestMs ?? 0, ms);
    },
    late: (samples) => {
      this.standing.late += samples;
    },
    failed: (error) => this.#told.failed("remote write", error),
  };

  gone(ms: number): void {
    this.standing.goneMs += ms;
    this.#told.remoteWriteGone(Math.round(ms / 1000));
  }

  #mayLog(what: string): boolean {
    const now = Date.now();
    if (now - (this.#loggedMs.get(what) ?? Number.NEGATIVE_INFINITY) < loggedEveryMs) return false;
    this.#loggedMs.set(what, now);
    return true;
  }
}
