import { type Backoff, createBackoff } from "../kube/backoff.ts";
import type { Lane } from "./lane.ts";
import { type Answer, detailOf, type MasterLink } from "./link.ts";

export interface PusherTimes {
  /** First and longest wait while the master is away; doubled each time, with jitter. */
  backoffMs: number;
  backoffMaxMs: number;
  /** Wait after the token was refused: a person has to do something first. */
  refusedMs: number;
  /** Wait before a route that the master does not have is tried again. */
  unknownMs: number;
}

export const defaultTimes: PusherTimes = {
  backoffMs: 500,
  backoffMaxMs: 30_000,
  refusedMs: 60_000,
  unknownMs: 600_000,
};

export interface PusherOptions {
  link: MasterLink;
  lanes: readonly Lane[];
  times?: Partial<PusherTimes>;
  /** Each is called when the state changes, not with each attempt. */
  onReachable(): void;
  onUnreachable(reason: string): void;
  onRefused(status: number, detail: string): void;
  onRejected(lane: string, status: number, detail: string): void;
}

interface LaneState {
  lane: Lane;
  /** Not before then, whatever it has to send. */
  blockedMs: number;
  backoff: Backoff;
  /** The last answer where that was a refusal; 0 otherwise. */
  status: number;
}

/** Answers that are about the master's state or the way to it, and not about the message. */
const away = new Set([408, 429, 502, 503, 504]);

/**
 * Sends what the lanes have, one request at a time over one connection: the lane that has waited longest
 * first. While the master is away there is one attempt at a time, with growing pauses; the lanes keep what
 * they have.
 */
export class Pusher {
  readonly #options: PusherOptions;
  readonly #times: PusherTimes;
  readonly #lanes: LaneState[];
  readonly #backoff: Backoff;
  readonly #cut = new AbortController();
  #state: "unknown" | "reachable" | "unreachable" | "refused" = "unknown";
  #blockedMs = 0;
  #masterRun = "";
  #stopping = false;
  #wake: () => void = () => {};
  #running: Promise<void> | undefined;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
    this.#backoff = this.#newBackoff();
    this.#lanes = options.lanes.map((lane) => ({
      lane,
      blockedMs: 0,
      backoff: this.#newBackoff(),
      status: 0,
    }));
  }

  get reachable(): boolean {
    return this.#state === "reachable";
  }

  start(): void {
    this.#running = this.#run();
  }

  /** A lane may have become due. Cheap: it may be called for each change. */
  wake(): void {
    this.#wake();
  }

  /** Sends what is left, once, within the time, and ends. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    for (const one of this.#lanes) one.lane.flush();
    const timer = setTimeout(() => this.#cut.abort(), withinMs);
    this.#wake();
    await this.#running;
    clearTimeout(timer);
    this.#options.link.close();
  }

  #newBackoff() {
    return createBackoff(this.#times.backoffMs, this.#times.backoffMaxMs);
  }

  async #run(): Promise<void> {
    while (!this.#cut.signal.aborted) {
      const now = Date.now();
      const { chosen, dueMs } = this.#choose();
      if (this.#stopping && (chosen === undefined || dueMs > now)) return;
      if (chosen === undefined || dueMs > now) await this.#sleep(dueMs - now);
      else await this.#sendSafely(chosen);
    }
  }

  #choose(): { chosen: LaneState | undefined; dueMs: number } {
    let chosen: LaneState | undefined;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const one of this.#lanes) {
      const due = Math.max(one.lane.dueMs(), one.blockedMs);
      if (due < dueMs) {
        dueMs = due;
        chosen = one;
      }
    }
    return { chosen, dueMs: Math.max(dueMs, this.#blockedMs) };
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(done, Math.min(ms, 2 ** 30));
      const wake = () => done();
      this.#wake = wake;
      function done() {
        clearTimeout(timer);
        resolve();
      }
    });
  }

  /** A fault in one lane must not end the others: it is told, and the lane is tried again later. */
  async #sendSafely(one: LaneState): Promise<void> {
    try {
      await this.#sendOne(one);
    } catch (error) {
      one.blockedMs = Date.now() + this.#times.backoffMaxMs;
      this.#options.onRejected(one.lane.name, 0, `internal fault: ${(error as Error).message}`);
    }
  }

  async #sendOne(one: LaneState): Promise<void> {
    const message = one.lane.next();
    if (message === undefined) {
      // Nothing after all. A lane that stays due without a message must not spin.
      one.blockedMs = Date.now() + 20;
      return;
    }
    let answer: Answer;
    try {
      answer = await this.#options.link.post(message.route, message.body, this.#cut.signal);
    } catch (error) {
      one.lane.failed(0, undefined);
      this.#unreachable((error as Error).message);
      return;
    }
    const { status } = answer;
    if (status >= 200 && status < 300) {
      this.#reachable();
      one.backoff.reset();
      one.status = 0;
      one.lane.sent(answer);
      this.#meet(answer);
    } else if (status === 401 || status === 403) {
      one.lane.failed(status, answer.body);
      this.#refused(status, detailOf(answer));
    } else if (away.has(status)) {
      one.lane.failed(status, answer.body);
      this.#unreachable(`it answered ${status} ${detailOf(answer)}`.trim(), answer.retryAfterMs);
    } else {
      this.#reachable();
      one.lane.failed(status, answer.body);
      this.#rejected(one, answer);
    }
  }

  /** Which process of the master answered, where it says so. */
  #meet({ body }: Answer): void {
    const { run } = (body ?? {}) as { run?: unknown };
    if (typeof run !== "string" || run === this.#masterRun) return;
    this.#masterRun = run;
    for (const { lane } of this.#lanes) lane.afresh?.();
  }

  #reachable(): void {
    this.#backoff.reset();
    this.#blockedMs = 0;
    if (this.#state === "reachable") return;
    this.#state = "reachable";
    this.#options.onReachable();
  }

  #unreachable(reason: string, retryAfterMs = 0): void {
    this.#blockedMs = Date.now() + this.#backoff.next(retryAfterMs);
    if (this.#state === "unreachable" || this.#cut.signal.aborted) return;
    this.#state = "unreachable";
    this.#options.onUnreachable(reason);
  }

  #refused(status: number, detail: string): void {
    this.#blockedMs = Date.now() + this.#times.refusedMs * (0.75 + Math.random() / 2);
    if (this.#state === "refused") return;
    this.#state = "refused";
    this.#options.onRefused(status, detail);
  }

  /** The message was refused; the lane has taken note. 409 is part of the protocol, and answered at once. */
  #rejected(one: LaneState, answer: Answer): void {
    const { status } = answer;
    const waitMs = status === 404 ? this.#times.unknownMs : one.backoff.next(answer.retryAfterMs);
    // The first 409 in a row is the protocol's own: the full list follows at once.
    one.blockedMs = status === 409 && one.status !== 409 ? 0 : Date.now() + waitMs;
    if (one.status !== status && status !== 409)
      this.#options.onRejected(one.lane.name, status, detailOf(answer));
    one.status = status;
  }
}
