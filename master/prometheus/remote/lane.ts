import { Batch, mostInBatch, type Queue } from "./queue.ts";
import type { Progress } from "./progress.ts";
import { RequestMaker } from "./request.ts";
import { Sender, type SenderOptions } from "./sender.ts";
import { inSlices } from "../../history/slices.ts";
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
  progress: Progress;
  events: LaneEvents & SenderOptions["events"];
  /** How long samples wait for others to be sent with. */
  gatherMs: number;
}

/** Some of what waits elsewhere than in the queue: batches, or nothing where something took a while. */
export type Batches = (table: SeriesTable) => Generator<Batch<RowSet> | undefined, void>;

interface Part {
  batches: Batches;
  /** The time that is over with it, in ms. */
  untilMs: number;
  done: () => void;
}

/** As Prometheus, Mimir, Cortex and Thanos refuse what they have, or have newer samples of. */
const hasIt = /out.of.order|duplicate|too.old|out.of.bounds/i;
/** Who has all of so many batches has them of somebody else: what comes is not asked for row by row. */
const mostInVain = 20;
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
  #part: Part | undefined;
  /** Up to which time its samples were made into requests, and when it was last looked what had ended by then. */
  #toldMs = 0;
  #endedMs = 0;
  /** What came before was sent from elsewhere, and need not be told to be late. */
  #liveMs = 0;
  #inVain = 0;

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

  /** Sends what was not in the queue before anything that is; resolves when the store has answered, or this ends. */
  catchUp(batches: Batches, untilMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#part = { batches, untilMs, done: resolve };
    this.#wake();
    return promise;
  }

  /** Something is to be sent before what is in the queue. */
  get behind(): boolean {
    return this.#part !== undefined;
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

  /** Sends what waits in the queue, and gives up at the first failure or after a time. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    const stopped = this.#sender.stop(withinMs);
    this.#wake();
    await this.#running;
    stopped();
    this.#part?.done();
  }

  async #run(): Promise<void> {
    // Nothing is begun inside the constructor.
    await Promise.resolve();
    while (!this.#sender.over) {
      try {
        const more = await this.#round();
        if (more || (this.#part && !this.#stopping)) continue;
      } catch (error) {
        this.#options.events.failed(error);
        // It would be the same again.
        this.#part?.done();
        this.#part = undefined;
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
        await this.#sender.send(this.#maker.end(ended.slice(at, at + mostInBatch)), "markers");
    }
    const part = this.#part;
    if (part) {
      if (this.#stopping) return false;
      if (!(await this.#sendPart(part))) return false;
      this.#part = undefined;
      this.#liveMs = Date.now();
      this.#toldMs = Math.max(this.#toldMs, Math.min(part.untilMs, this.#liveMs));
      part.done();
    }
    const batch = queue.next(number, this.#stopping ? Number.POSITIVE_INFINITY : Date.now() - gatherMs);
    if (batch) {
      let over = true;
      try {
        const late = await this.#sendBatch(batch);
        over = late !== undefined;
        if (late && batch.bornMs > this.#liveMs) events.late(late);
      } finally {
        if (over) queue.done(number);
      }
    }
    if (!this.#stopping && this.#toldMs - this.#endedMs >= endedEveryMs) {
      this.#endedMs = this.#toldMs;
      const ended = await inSlices(this.#table.ended(this.#toldMs, mostInBatch));
      if (ended.length > 0) {
        await this.#sender.send(this.#maker.end(ended), "markers");
        return true;
      }
    }
    return batch !== undefined || part !== undefined;
  }

  /** False where it did not come to its end. */
  async #sendPart({ batches }: Part): Promise<boolean> {
    const all = batches(this.#table);
    for (;;) {
      const batch = await inSlices(nextOf(all));
      if (!batch) return true;
      if (this.#stopping || (await this.#sendBatch(batch, true)) === undefined) return false;
    }
  }

  /** How many samples were late; undefined where the store had not answered when this was to end. */
  async #sendBatch(batch: Batch<RowSet>, again = false): Promise<number | undefined> {
    const { progress, events } = this.#options;
    await inSlices(this.#table.prepare(batch.sets));
    const made = this.#maker.make(batch);
    const { request, newestMs } = made;
    let { late } = made;
    // A kill may have come between an answer and its note: what the store has already, it refuses with the rest.
    const doubtful = again && batch.sets.some(({ subject }) => progress.mayHaveMore(subject));
    let answered = await this.#sender.send(request, doubtful ? "tried" : "samples");
    if (doubtful && answered === "refused" && hasIt.test(this.#sender.said)) {
      this.#maker.takeBack();
      late = 0;
      if (!(await this.#sendRows(batch))) return undefined;
    } else if (doubtful && answered !== "unanswered") {
      for (const { subject } of batch.sets) progress.hasNoMore(subject);
      // It lacks all of it: what it takes of it in parts is not refused with the rest.
      if (answered === "refused") answered = await this.#sender.send(request);
    }
    if (answered === "unanswered") return undefined;
    if (!again) this.#toldMs = Math.max(this.#toldMs, newestMs);
    for (let row = 0; row < batch.sets.length; row++)
      progress.reached(batch.sets[row]!.subject, batch.whole[row]!);
    if (request.count > 0) events.reached(newestMs);
    return late;
  }

  /** Each row by itself: those that the store has are refused, the others are not. */
  async #sendRows(batch: Batch<RowSet>): Promise<boolean> {
    const { progress } = this.#options;
    let taken = false;
    let at = 0;
    for (let row = 0; row < batch.sets.length; row++) {
      const set = batch.sets[row]!;
      const one = new Batch<RowSet>(batch.bornMs);
      const values = batch.values.subarray(at, at + set.ids.length);
      at += set.ids.length;
      one.add(set, batch.times[row]!, values, 0, values.length);
      const { request } = this.#maker.make(one);
      const answered = await this.#sender.send(request, "tried");
      if (answered === "unanswered") return false;
      if (answered !== "taken") continue;
      taken = true;
      progress.hasNoMore(set.subject);
    }
    this.#inVain = taken ? 0 : this.#inVain + 1;
    if (this.#inVain >= mostInVain) for (const { subject } of batch.sets) progress.hasNoMore(subject);
    return true;
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

/** The next batch, with a pause wherever there may be one. */
function* nextOf(
  all: Generator<Batch<RowSet> | undefined, void>,
): Generator<void, Batch<RowSet> | undefined> {
  for (;;) {
    const next = all.next();
    if (next.done) return undefined;
    if (next.value) return next.value;
    yield;
  }
}
