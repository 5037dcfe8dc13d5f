import type { ServerWebSocket } from "bun";

/** One end of a stream: the browser's, or the agent's. */
export interface End {
  id: string;
  side: "browser" | "agent";
}
export type Socket = ServerWebSocket<End>;

/** What may wait in the master for a slow end. The agent's own window is far below it: more is no honest agent. */
const mostBuffered = 2 * 2 ** 20;
/** What may be typed before the agent is there. */
const mostEarly = 64 * 1024;

export interface SessionOptions {
  id: string;
  maxMs: number;
  /** Ended when nothing was typed and nothing came for so long; Infinity where that is no matter. */
  idleMs: number;
  /** Whether who looks may go on; asked from time to time. */
  stillAllowed(): Promise<boolean>;
  recheckMs: number;
  pairMs: number;
  ended(): void;
}

/** A browser and an agent that talk through the master; it hands on what each says, and ends both when one leaves. */
export class StreamSession {
  readonly #options: SessionOptions;
  #browser: Socket | undefined;
  #agent: Socket | undefined;
  #early: (string | Uint8Array)[] = [];
  #earlyBytes = 0;
  #done = false;
  #usedMs = Date.now();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#timers.push(
      setTimeout(() => {
        if (!this.#agent) this.end("noAgent");
      }, options.pairMs),
      setTimeout(() => this.end("tooLong"), Math.min(options.maxMs, 2 ** 31 - 1)),
      setInterval(() => void this.#check(), options.recheckMs),
    );
  }

  /** False where that side is taken already: each may come once. */
  attach(side: End["side"], socket: Socket): boolean {
    if (this.#done || (side === "browser" ? this.#browser : this.#agent)) return false;
    if (side === "browser") this.#browser = socket;
    else {
      this.#agent = socket;
      this.#browser?.send('{"open":true}');
      for (const one of this.#early.splice(0)) socket.send(one);
    }
    return true;
  }

  get hasAgent(): boolean {
    return this.#agent !== undefined;
  }

  pass(from: End["side"], data: string | Uint8Array): void {
    if (this.#done) return;
    const isWord = typeof data === "string" && data.startsWith('{"shown"');
    if (!isWord) this.#usedMs = Date.now();
    const to = from === "browser" ? this.#agent : this.#browser;
    if (!to) {
      const size = typeof data === "string" ? data.length : data.byteLength;
      if (from === "browser" && this.#earlyBytes + size <= mostEarly) {
        this.#earlyBytes += size;
        this.#early.push(data);
      }
      return;
    }
    to.send(data);
    if (to.getBufferedAmount() > mostBuffered) this.end("tooFast");
  }

  /** The reason is a word that the page has a sentence for. */
  end(reason: string): void {
    if (this.#done) return;
    this.#done = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#browser?.send(JSON.stringify({ gone: reason }));
    this.#browser?.close(1000, reason);
    this.#agent?.close(1000, reason);
    this.#options.ended();
  }

  async #check(): Promise<void> {
    if (Date.now() - this.#usedMs > this.#options.idleMs) return this.end("idle");
    const allowed = await this.#options.stillAllowed().catch(() => true);
    if (!allowed) this.end("signedOut");
  }
}
