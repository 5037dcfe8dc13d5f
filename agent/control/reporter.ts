import type { AckResult, Progress } from "../../wire/control.ts";
import { type Backoff, createBackoff, pause } from "../kube/backoff.ts";
import { type Json, OperationError, TakenOverError } from "../operate/operation.ts";
import { type Answer, detailOf, type MasterLink } from "../push/link.ts";
import type { PusherTimes } from "../push/pusher.ts";

export interface ReporterOptions {
  link: MasterLink;
  ackRoute: string;
  progressRoute: string;
  clusterId: string;
  run: string;
  /** AtlHyper 1.x: it knows neither progress nor records, and its own words for the status. */
  legacy: boolean;
  times: PusherTimes;
  onRejected(what: string, status: number, detail: string): void;
}

/** Progress is told this far apart at most. */
const progressEveryMs = 250;
/** What one message of acks may hold, well under the limit of the wire. */
const batchBytes = 3 * 2 ** 20;

/** Tells the master how commands go and how they ended, until it has taken it. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #acks = new Map<string, AckResult>();
  /** Who waits for an ack to be taken. */
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #progress = new Map<string, Progress>();
  readonly #cut = new AbortController();
  #acking: Promise<void> | undefined;
  #telling: Promise<void> | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Comes back once the master has the result, or has refused it for good. */
  ack(result: AckResult): Promise<void> {
    this.#progress.delete(result.commandID);
    this.#acks.set(result.commandID, result);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(result.commandID, [...(this.#waiting.get(result.commandID) ?? []), resolve]);
    this.#startAcking();
    return promise;
  }

  /** The newest of each command is told; one that is lost is not told again. */
  progress(told: Progress): void {
    if (this.#options.legacy || this.#cut.signal.aborted) return;
    this.#progress.set(told.commandID, told);
    this.#startTelling();
  }

  /** Comes back once the master has stored it; throws where it will not. */
  async record(
    commandID: string,
    before: Json,
    replaces: Json | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#options.legacy) return;
    const backoff = this.#newBackoff();
    const any = AbortSignal.any([signal, this.#cut.signal]);
    while (!any.aborted) {
      const answer = await this.#post(this.#options.progressRoute, {
        run: this.#options.run,
        progress: [{ commandID, ts_ms: Date.now(), before, replaces }],
      });
      if (answer !== undefined && answer.status < 300) return;
      if (answer?.status === 409 || answer?.status === 404) throw new TakenOverError(detailOf(answer));
      if (answer !== undefined && isForGood(answer.status))
        throw new OperationError(
          "ExecuteError",
          `Nothing was changed: the master does not keep what was there (${answer.status} ${detailOf(answer)}).`,
        );
      await pause(this.#waitMs(answer, backoff), any);
    }
    throw signal.reason ?? this.#cut.signal.reason;
  }

  /** Acks that are left are sent once more, within the time. */
  async stop(withinMs: number): Promise<void> {
    const timer = setTimeout(() => this.#cut.abort(), withinMs);
    await this.#acking;
    clearTimeout(timer);
    this.#cut.abort();
    await this.#telling;
    this.#options.link.close();
  }

  /** What comes between the end of the loop and its being seen to have ended begins it again. */
  #startAcking(): void {
    this.#acking ??= this.#sendAcks().finally(() => {
      this.#acking = undefined;
      if (this.#acks.size > 0 && !this.#cut.signal.aborted) this.#startAcking();
    });
  }

  #startTelling(): void {
    this.#telling ??= this.#sendProgress().finally(() => {
      this.#telling = undefined;
      if (this.#progress.size > 0 && !this.#cut.signal.aborted) this.#startTelling();
    });
  }

  async #sendAcks(): Promise<void> {
    const backoff = this.#newBackoff();
    while (this.#acks.size > 0 && !this.#cut.signal.aborted) {
      const batch = this.#batch();
      const answer = await this.#post(this.#options.ackRoute, {
        results: batch.map((one) => this.#worded(one)),
      });
      if (answer !== undefined && answer.status < 300) this.#taken(batch);
      else if (answer !== undefined && isForGood(answer.status)) this.#refused(batch, answer);
      else {
        await pause(this.#waitMs(answer, backoff), this.#cut.signal);
        continue;
      }
      backoff.reset();
    }
  }

  #batch(): AckResult[] {
    const batch: AckResult[] = [];
    let bytes = 0;
    for (const result of this.#acks.values()) {
      bytes += 1000 + (result.data === undefined ? 0 : JSON.stringify(result.data).length * 2);
      if (batch.length > 0 && (bytes > batchBytes || batch.length === 100)) break;
      batch.push(result);
    }
    return batch;
  }

  /** A result that was told anew in the meantime stays. */
  #taken(batch: AckResult[]): void {
    for (const result of batch) {
      const { commandID } = result;
      if (this.#acks.get(commandID) !== result) continue;
      this.#acks.delete(commandID);
      for (const tell of this.#waiting.get(commandID) ?? []) tell();
      this.#waiting.delete(commandID);
    }
  }

  /** One fault must not hold up the other acks; what was read and is too large is told without it. */
  #refused(batch: AckResult[], answer: Answer): void {
    this.#taken(batch);
    this.#options.onRejected("acks", answer.status, detailOf(answer));
    for (const { data, ...rest } of batch) {
      if (data === undefined) continue;
      const message = `What was read could not be given to the master: ${answer.status} ${detailOf(answer)}`;
      this.#acks.set(rest.commandID, { ...rest, status: "failed", errorCode: "ExecuteError", message });
    }
  }

  #worded(result: AckResult): AckResult {
    if (!this.#options.legacy) return result;
    const { commandID, status, message, errorCode, startedAt, finishedAt, attempt } = result;
    const word = status === "success" ? "Succeeded" : "Failed";
    return { commandID, status: word, message, errorCode, startedAt, finishedAt, attempt };
  }

  async #sendProgress(): Promise<void> {
    while (this.#progress.size > 0 && !this.#cut.signal.aborted) {
      const some = [...this.#progress.values()].slice(0, 100);
      for (const one of some) this.#progress.delete(one.commandID);
      await this.#post(this.#options.progressRoute, { run: this.#options.run, progress: some });
      await pause(progressEveryMs, this.#cut.signal);
    }
  }

  async #post(route: string, body: object): Promise<Answer | undefined> {
    const message = JSON.stringify({ clusterID: this.#options.clusterId, ...body });
    try {
      return await this.#options.link.post(route, message, this.#cut.signal);
    } catch {
      return undefined;
    }
  }

  #newBackoff(): Backoff {
    return createBackoff(Math.min(200, this.#options.times.backoffMs), this.#options.times.backoffMaxMs);
  }

  #waitMs(answer: Answer | undefined, backoff: Backoff): number {
    const { status = 0, retryAfterMs = 0 } = answer ?? {};
    if (status === 401 || status === 403) return this.#options.times.refusedMs;
    return backoff.next(retryAfterMs);
  }
}

/** About the message itself; everything else is about the master's state or the way to it. */
function isForGood(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
}
