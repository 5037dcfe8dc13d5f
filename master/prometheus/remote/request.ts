import { type Batch, mostInBatch } from "./queue.ts";
import type { Entry, RowSet, SeriesTable } from "./series.ts";
import { WriteRequest } from "./write-request.ts";

/** A request, good until the next one is made, and what of its batch is in it. */
export interface Made {
  request: WriteRequest;
  /** Samples that are older than one of their series that was sent before: a store would refuse all of the request. */
  late: number;
  /** The time of the newest. */
  newestMs: number;
}

/** Makes requests of batches: the samples of each series together, in the order of their time. */
export class RequestMaker {
  readonly #table: SeriesTable;
  readonly #request = new WriteRequest();
  readonly #values = new Float64Array(mostInBatch);
  readonly #times = new Float64Array(mostInBatch);
  /** The next sample of the same series. */
  readonly #next = new Int32Array(mostInBatch);
  /** The series of the request, and how they stood before it. */
  readonly #touched: { entry: Entry; lastMs: number; gapMs: number; ended: boolean }[] = [];

  constructor(table: SeriesTable) {
    this.#table = table;
  }

  make(batch: Batch<RowSet>): Made {
    const touched = this.#touched;
    touched.length = 0;
    let samples = 0;
    let late = 0;
    let newestMs = 0;
    let at = 0;
    for (let row = 0; row < batch.sets.length; row++) {
      const ms = batch.times[row]!;
      for (const entry of this.#table.entriesOf(batch.sets[row]!)) {
        const stored = batch.values[at++]!;
        if (!entry) continue;
        if (ms <= entry.lastMs) {
          late++;
          continue;
        }
        if (entry.count === 0) {
          touched.push({ entry, lastMs: entry.lastMs, gapMs: entry.gapMs, ended: entry.ended });
          entry.first = samples;
        } else this.#next[entry.last] = samples;
        entry.last = samples;
        entry.count++;
        entry.gapMs = entry.lastMs === 0 ? 0 : ms - entry.lastMs;
        entry.lastMs = ms;
        entry.ended = false;
        this.#values[samples] = (stored * entry.times) / entry.parts;
        this.#times[samples++] = ms;
      }
      if (ms > newestMs) newestMs = ms;
    }
    this.#request.clear();
    for (const { entry } of touched) {
      this.#request.series(entry.labels, entry.count);
      for (let sample = entry.first; entry.count > 0; entry.count--) {
        this.#request.sample(this.#values[sample]!, this.#times[sample]!);
        sample = this.#next[sample]!;
      }
    }
    return { request: this.#request, late, newestMs };
  }

  /** Lets the series be as if the last request had not been made. */
  takeBack(): void {
    for (const { entry, lastMs, gapMs, ended } of this.#touched)
      Object.assign(entry, { lastMs, gapMs, ended });
    this.#touched.length = 0;
  }

  /** Says of series that they have ended, just after their last sample. */
  end(entries: readonly Entry[]): WriteRequest {
    this.#request.clear();
    for (const entry of entries) {
      this.#request.series(entry.labels, 1);
      // Samples are of whole tenths of a second: none is at this time.
      this.#request.stale(++entry.lastMs);
    }
    return this.#request;
  }
}
