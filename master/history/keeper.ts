import type { Database as Sqlite } from "bun:sqlite";
import { backgroundTransaction } from "../database/background-transaction.ts";
import type { AmountTables } from "../database/metrics/amounts.ts";
import type { Blocks } from "../database/metrics/blocks.ts";
import type { Journal } from "../database/metrics/journal.ts";
import { startOf, subjectOf } from "../database/metrics/key.ts";
import type { AmountKeeper } from "./amount-keeper.ts";
import { decodeRaw, encodeRaw } from "./block.ts";
import type { Heads } from "./heads.ts";
import { Minutes } from "./minutes.ts";
import type { Names } from "./names.ts";
import { Roller } from "./roller.ts";
import { merge } from "./samples.ts";
import { rawTier, startIn, tiers } from "./tiers.ts";

/** What comes so late is put into the block when that is sealed already. */
const graceSeconds = 20;
const removedAtOnce = 100;
const podsAtOnce = 5000;
const shrunkPages = 1024;

export interface Limits {
  /** How long each tier is kept, in seconds. */
  kept: readonly number[];
  maxBytes: number;
}

interface Parts {
  sqlite: Sqlite;
  blocks: Blocks;
  amountTables: AmountTables;
  amounts: AmountKeeper;
  journal: Journal;
  heads: Heads;
  names: Names;
  limits: Limits;
  failed: (what: string, error: unknown) => void;
}

/** What is done with samples once they are in the journal. Each step is small, and begins where the last one ended. */
export class Keeper {
  readonly #parts: Parts;
  readonly #roller: Roller;
  readonly minutes: Minutes;
  #prunedDay = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    const reading = (read: () => void) => this.#reading(read);
    this.#roller = new Roller({ ...parts, kept: parts.limits.kept, reading });
    this.minutes = new Minutes({ blocks: parts.blocks, roller: this.#roller, reading });
  }

  /** Up to where each tier was made, in seconds; undefined before the first time. */
  get rolled(): readonly (number | undefined)[] {
    return this.#roller.rolled;
  }

  /** Everything that is due, a step at a time. */
  *round(nowSeconds: number): Generator<void> {
    yield* this.#seal(nowSeconds);
    yield* this.#roller.round(nowSeconds);
    yield* this.minutes.round();
    yield* this.#parts.amounts.round(nowSeconds, this.#parts.heads.oldest());
    yield* this.#prune(nowSeconds);
  }

  *#seal(now: number): Generator<void> {
    const { heads, journal } = this.#parts;
    for (const key of heads.keysBefore(now - tiers[0]!.span - graceSeconds + 1)) {
      this.#sealOne(key);
      yield;
    }
    for (const start of journal.starts())
      if (start < startIn(0, now - graceSeconds) && !heads.anyAt(start)) {
        this.#write(() => journal.remove(start));
        yield;
      }
  }

  #sealOne(key: number): void {
    const { heads, blocks, names, amounts } = this.#parts;
    const start = startOf(key);
    const subject = subjectOf(key);
    const head = heads.get(start, subject);
    if (!head) return;
    const sections = names.sections(subject);
    const before = blocks.get(0, start, subject);
    let samples = head.read();
    if (before)
      this.#reading(() => {
        samples = merge(decodeRaw(before, sections), samples);
      });
    const data = encodeRaw(samples, sections);
    this.#write(() => {
      blocks.put(0, start, subject, data);
      amounts.sealed(start, subject, samples);
      this.#roller.again(start, subject);
    });
    heads.close(key);
    this.minutes.forget(start, subject);
  }

  *#prune(now: number): Generator<void> {
    const { blocks, amountTables, limits, names } = this.#parts;
    for (let tier = 0; tier < tiers.length; tier++) {
      const over = now - limits.kept[tier]! - tiers[tier]!.span;
      // What came stays until it is in longer tiers.
      const before = tier === rawTier ? Math.min(over, this.#roller.covered) : over;
      while (this.#remove(tier, before) > 0) yield;
      // They go with their blocks, but there may be none of minutes.
      while (tier > rawTier && (amountTables.first(tier) ?? over) < over) {
        this.#write(() => amountTables.pruneBefore(tier, over, removedAtOnce));
        yield;
      }
    }
    while (blocks.bytes().used > limits.maxBytes) {
      const sizes = blocks.sizes();
      const largest = sizes.reduce((most, one, tier) => (one.bytes > sizes[most]!.bytes ? tier : most), 0);
      if (largest === rawTier && sizes[rawTier]!.oldest! >= this.#roller.covered)
        yield* this.#roller.oldestMinutes(now);
      // The cap holds even where it is too little for the hours that are in no other tier yet.
      const covered = largest === rawTier && sizes[rawTier]!.oldest! < this.#roller.covered;
      if (this.#remove(largest, covered ? this.#roller.covered : 2 ** 40) === 0) break;
      yield;
    }
    const { used, free } = blocks.bytes();
    // Some free pages are good to have: what comes next takes them.
    if (free > 16 * 2 ** 20 && free > used / 4) blocks.shrink(shrunkPages);
    names.pods.sweep(now);
    const day = Math.floor(now / 86_400);
    if (day === this.#prunedDay) return;
    this.#prunedDay = day;
    yield* this.#pruneNames(now - Math.max(...limits.kept) - 2 * tiers.at(-1)!.span);
  }

  *#pruneNames(before: number): Generator<void> {
    const { names } = this.#parts;
    for (let from = 0; from < names.pods.last; from += podsAtOnce) {
      this.#write(() => names.pods.prune(before, from, from + podsAtOnce));
      yield;
    }
    const gone = [...names.subjects.all()].filter((one) => one.seen < before);
    if (gone.length > 0)
      this.#write(() => {
        for (const one of gone) names.subjects.remove(one);
      });
  }

  #remove(tier: number, before: number): number {
    let removed = 0;
    this.#write(() => {
      removed = this.#parts.blocks.removeBefore(tier, before, removedAtOnce);
      if (removed > 0) this.#parts.amountTables.prune(tier);
    });
    return removed;
  }

  #write(work: () => void): void {
    backgroundTransaction(this.#parts.sqlite, work);
  }

  /** A block that cannot be read is told of, and missing; all others are as they were. */
  #reading(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#parts.failed("reading a block of metrics", error);
    }
  }
}
