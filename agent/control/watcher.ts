import type { CommandSet } from "../../wire/control.ts";
import { type Backoff, createBackoff, pause } from "../kube/backoff.ts";
import { type Answer, detailOf, type MasterLink } from "../push/link.ts";
import type { PusherTimes } from "../push/pusher.ts";
import { readCommandSet } from "./command-set.ts";

export interface WatcherOptions {
  link: MasterLink;
  route: string;
  clusterId: string;
  run: string;
  startedAtMs: number;
  /** AtlHyper 1.x: `rv` is a decimal string. */
  legacy: boolean;
  times: PusherTimes;
  /** Every unfinished command, each time that something has changed; `aheadMs`: the master's clock against ours. */
  onCommands(set: CommandSet, aheadMs: number): void;
  /** Called when the state changes, not with each attempt. */
  onTrouble(status: number, detail: string): void;
  onWell(): void;
}

/** Under the 60 s after which many proxies cut a request that is silent. */
const waitSeconds = 50;
/** A master that has no commands yet may be a newer one after its next start, which people wait for. */
const unknownMs = 60_000;
export const watchTimeoutMs = (waitSeconds + 20) * 1000;

/** Asks for commands, one long poll after the other, until it is stopped. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #stopping = new AbortController();
  readonly #backoff: Backoff;
  #rv = 0;
  #trouble = "";

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#backoff = createBackoff(options.times.backoffMs, options.times.backoffMaxMs);
  }

  /** Lets the next poll give everything again. */
  askAgain(): void {
    this.#rv = 0;
  }

  async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const waitMs = await this.#once().catch((error: unknown) => {
        if (signal.aborted) return 0;
        this.#tell(0, (error as Error).message);
        return this.#backoff.next();
      });
      await pause(waitMs, signal);
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** One poll; how long to wait before the next. */
  async #once(): Promise<number> {
    const { link, route, clusterId, run, startedAtMs, legacy, times } = this.#options;
    const rv = legacy ? String(this.#rv) : this.#rv;
    const ours = legacy ? {} : { run, startedAt_ms: startedAtMs };
    const body = JSON.stringify({ clusterID: clusterId, rv, waitSeconds, ...ours });
    const answer = await link.post(route, body, this.#stopping.signal);
    switch (answer.status) {
      case 200:
        return this.#take(answer);
      case 304:
        this.#well();
        return 0;
      case 401:
      case 403:
        this.#tell(answer.status, detailOf(answer));
        return times.refusedMs * (0.75 + Math.random() / 2);
      case 404:
        this.#tell(404, detailOf(answer));
        return Math.min(times.unknownMs, unknownMs);
      default:
        this.#tell(answer.status, detailOf(answer));
        return this.#backoff.next(answer.retryAfterMs);
    }
  }

  #take(answer: Answer): number {
    let set: CommandSet;
    try {
      set = readCommandSet(answer.body);
    } catch (error) {
      this.#tell(200, `the answer is no set of commands: ${(error as Error).message}`);
      return this.#backoff.next();
    }
    this.#well();
    // A version that is not newer than what was asked for was not waited for: this must not spin.
    const waitMs = set.rv === this.#rv ? 1000 : 0;
    this.#rv = set.rv;
    this.#options.onCommands(set, (answer.dateMs || Date.now()) - Date.now());
    return waitMs;
  }

  #well(): void {
    this.#backoff.reset();
    if (this.#trouble !== "") this.#options.onWell();
    this.#trouble = "";
  }

  #tell(status: number, detail: string): void {
    const trouble = `${status}`;
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(status, detail);
  }
}
