import { mostInBatch, type Queue } from "./queue.ts";
import { RequestMaker } from "./request.ts";
import { Sender, type SenderOptions } from "./sender.ts";
import { inSlices } from "./slices.ts";
import { type RowSet, type SeriesOptions, SeriesTable } from "./series.ts";

export interface LaneEvents {
  late(samples: number): void;
  /** The time of the newest sample that the store has answered for. */
  reached(ms: number): void;
  failed(error: unknown): void;
}

export interface LaneOptions extends SeriesOptions, SenderOptions {
  number: number;
  queue: Queue<RowSet>;
  events: LaneEvents & SenderOptions["events"];
  /** How long samples wait for others to be sent with. */
  gatherMs: number;
}

/** How often it is looked which series have ended. */
const endedEveryMs = 15_000;

/** Sends the samples of some subjects, one request after the other, so that those of a series arrive in order. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #table: SeriesTable;
  readonly #maker: RequestMaker;
  readonly #sender: Sender;
  readonly #running: Promise<void>;
  readonly #renamed = new Set<string>();
  #wake: () => void = () => undefined;
  #stopping = false;
  /** Up to which time its samples were made into requests, and when it was last looked what had ended by then. */
  #toldMs = 0;
  #endedMs = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#table = new SeriesTable(options);
    this.#maker = new RequestMaker(this.#table);
    this.#sender = new Sender(options);
    this.#running = this.#run();
  }

  take(subject: number, ms: number, ids: readonly number[], values: readonly number[], nowMs: number): void {
    const { queue, number } = this.#options;
    const idle = queue.oldestMs(number) === undefined;
    for (let from = 0; from < ids.length; from += mostInBatch) {
      const to = Math.min(ids.length, from + mostInBatch);
      const part = to - from === ids.length ? ids : ids.slice(from, to);
      queue.add(number, this.#table.setOf(subject, part, nowMs), ms, nowMs, values, from, to);
    }
    if (idle || queue.anyFull(number)) this.#wake();
  }

  /** Ends the series of clusters that have another name now. */
  renamed(clusters: ReadonlySet<string>): void {
    for (const one of clusters) this.#renamed.add(one);
    this.#wake();
  }

  /** Lets time pass where nothing comes in. */
  tick(nowMs: number): void {
    if (this.#options.queue.oldestMs(this.#options.number) !== undefined) return;
    this.#toldMs = Math.max(this.#toldMs, nowMs);
    this.#wake();
  }

  /** Sends what waits, and gives up at the first failure or after a time. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    const stopped = this.#sender.stop(withinMs);
    this.#wake();
    await this.#running;
    stopped();
  }

  async #run(): Promise<void> {
    // Nothing is begun inside the constructor.
    await Promise.resolve();
    while (!this.#sender.over) {
      try {
        const more = await this.#round();
        if (more) continue;
      } catch (error) {
        this.#options.events.failed(error);
      }
      if (this.#stopping) return;
      await this.#woken();
    }
  }

  /** Sends what is due; false where nothing was. */
  async #round(): Promise<boolean> {
    const { queue, number, events, gatherMs } = this.#options;
    if (this.#renamed.size > 0) {
      const clusters = new Set(this.#renamed);
      this.#renamed.clear();
      const ended = await inSlices(this.#table.renamed(clusters));
      for (let at = 0; at < ended.length; at += mostInBatch)
        await this.#sender.send(this.#maker.end(ended.slice(at, at + mostInBatch)), true);
    }
    const batch = queue.next(number, this.#stopping ? Number.POSITIVE_INFINITY : Date.now() - gatherMs);
    if (batch) {
      let over = true;
      try {
        await inSlices(this.#table.prepare(batch.sets));
        const { request, late, newestMs } = this.#maker.make(batch);
        if (late > 0) events.late(late);
        this.#toldMs = Math.max(this.#toldMs, newestMs);
        over = await this.#sender.send(request);
        if (over && request.count > 0) events.reached(newestMs);
      } finally {
        if (over) queue.done(number);
      }
    }
    if (!this.#stopping && this.#toldMs - this.#endedMs >= endedEveryMs) {
      this.#endedMs = this.#toldMs;
      const ended = await inSlices(this.#table.ended(this.#toldMs, mostInBatch));
      if (ended.length > 0) {
        await this.#sender.send(this.#maker.end(ended), true);
        return true;
      }
    }
    return batch !== undefined;
  }

  #woken(): Promise<void> {
    const { queue, number, gatherMs } = this.#options;
    const oldest = queue.oldestMs(number);
    return new Promise((resolve) => {
      const timer =
        oldest === undefined
          ? undefined
          : setTimeout(() => this.#wake(), Math.max(0, oldest + gatherMs - Date.now())).unref();
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
    });
  }
}
