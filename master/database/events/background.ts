import type { FullText } from "./fulltext.ts";
import type { Ids } from "./ids.ts";
import type { Pruner } from "./prune.ts";
import type { EventStoreOptions } from "./store.ts";

/** Events that are indexed in one go: some 5 ms of work. More at once is not faster. */
const portion = 1000;
const quietMs = 200;
const pruneEveryMs = 60_000;
const checkAfterEvents = 10_000;

interface Parts {
  text: FullText;
  ids: Ids;
  pruner: Pruner;
  options: EventStoreOptions;
  now: () => number;
}

/** What the event history does besides answering: indexing, pruning, warming up. All in slices of some ms. */
export class Background {
  readonly #parts: Parts;
  #stopped = false;
  #indexing: Timer | undefined;
  #full: NodeJS.Immediate | undefined;
  #merging: Timer | undefined;
  #sealing: NodeJS.Immediate | undefined;
  #pruning: Timer | undefined;
  #warming: Timer | undefined;
  #sinceCheck = 0;
  #removed = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#warm();
    this.#prune(quietMs);
    if (parts.text.waiting > 0) this.indexSoon();
    this.#sealSoon();
  }

  /** Indexes at once what is a whole portion, and the rest when it has been quiet. */
  indexSoon(): void {
    if (this.#stopped) return;
    const { text } = this.#parts;
    if (text.waiting >= portion) {
      this.#full ??= setImmediate(() => {
        this.#full = undefined;
        this.#index();
      });
    } else this.#indexing ??= setTimeout(() => this.#index(), quietMs).unref();
  }

  /** After a commit of so many events. */
  committed(events: number): void {
    this.indexSoon();
    this.#sealSoon();
    // A minute is long at full speed: the size is looked at again after so many events, too.
    this.#sinceCheck += events;
    if (this.#sinceCheck >= checkAfterEvents && !this.#stopped) {
      this.#sinceCheck = 0;
      this.#prune(0);
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#indexing);
    clearTimeout(this.#merging);
    clearTimeout(this.#pruning);
    clearTimeout(this.#warming);
    if (this.#full) clearImmediate(this.#full);
    if (this.#sealing) clearImmediate(this.#sealing);
  }

  #index(): void {
    clearTimeout(this.#indexing);
    this.#indexing = undefined;
    if (this.#stopped || this.#parts.text.waiting === 0) return;
    if (this.#try("indexing events", () => this.#parts.text.index(portion)) && this.#parts.text.waiting > 0)
      this.indexSoon();
    else this.#mergeIn(quietMs);
  }

  /** Merges what indexing has left in many parts, as long as nothing else is to be done. */
  #mergeIn(delayMs: number): void {
    clearTimeout(this.#merging);
    this.#merging = setTimeout(() => {
      if (this.#parts.text.waiting > 0) return;
      const start = performance.now();
      if (this.#try("merging the index", () => this.#parts.text.merge()))
        this.#mergeIn(3 * (performance.now() - start));
    }, delayMs).unref();
  }

  /** Puts full buckets of ids where they stay, a slice at each turn of the event loop. */
  #sealSoon(): void {
    const { ids } = this.#parts;
    if (this.#stopped || !ids.full) return;
    this.#sealing ??= setImmediate(() => {
      this.#sealing = undefined;
      if (this.#try("sealing ids", () => ids.seal())) this.#sealSoon();
    });
  }

  #prune(delayMs: number): void {
    clearTimeout(this.#pruning);
    this.#pruning = setTimeout(() => {
      const start = performance.now();
      let count = 0;
      const fine = this.#try("pruning events", () => {
        count = this.#parts.pruner.slice(this.#parts.options, this.#parts.now());
        if (count === 0 && this.#parts.pruner.shrink()) count = -1;
      });
      this.#removed += Math.max(0, count);
      if (count > 0) this.indexSoon();
      // As long again as the slice took belongs to ingest.
      if (fine && count !== 0) return this.#prune(performance.now() - start);
      if (this.#removed > 0) {
        this.#parts.ids.dropEmpty();
        this.#parts.options.pruned?.(this.#removed);
        this.#removed = 0;
      }
      this.#prune(pruneEveryMs);
    }, delayMs).unref();
  }

  #warm(): void {
    this.#warming = setTimeout(() => {
      if (this.#try("reading event ids", () => this.#parts.ids.warm())) this.#warm();
    }, 5).unref();
  }

  /** False when the action gave false, or failed, which is told. */
  #try(what: string, action: () => unknown): boolean {
    if (this.#stopped) return false;
    try {
      return action() !== false;
    } catch (error) {
      this.#parts.options.failed?.(what, error);
      return false;
    }
  }
}
