import type { Database as Sqlite } from "bun:sqlite";
import { backgroundTransaction } from "../database/background-transaction.ts";
import type { AmountTables } from "../database/metrics/amounts.ts";
import type { Blocks } from "../database/metrics/blocks.ts";
import type { Journal } from "../database/metrics/journal.ts";
import { startOf, subjectOf } from "../database/metrics/key.ts";
import type { AmountKeeper } from "./amount-keeper.ts";
import { decodeRaw, decodeRolled, encodeRaw, encodeRolled } from "./block.ts";
import type { Heads } from "./heads.ts";
import { type Names, ofNode } from "./names.ts";
import { Rollup } from "./rollup.ts";
import { merge } from "./samples.ts";
import { startIn, tiers } from "./tiers.ts";
import { withTotals } from "./totals.ts";

/** What comes so late is put into the block when that is sealed already. */
const graceSeconds = 20;
/** Of a workload in the tiers from ten minutes on: the pods that ran longest, two columns each, and the sums. */
const mostPodColumns = 202;
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
  readonly rolled: (number | undefined)[];
  #prunedDay = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.rolled = parts.blocks.rolled();
  }

  /** Everything that is due, a step at a time. */
  *round(nowSeconds: number): Generator<void> {
    yield* this.#seal(nowSeconds);
    for (let tier = 1; tier < tiers.length; tier++) yield* this.#roll(tier, nowSeconds);
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
      // Late: what was made of the block is made again.
      for (let tier = 1; tier < tiers.length && start < (this.rolled[tier] ?? 0); tier++)
        for (const _ of this.#rollOne(tier, startIn(tier, start), subject));
    });
    heads.close(key);
  }

  *#roll(tier: number, now: number): Generator<void> {
    const { blocks, heads } = this.#parts;
    const { span } = tiers[tier]!;
    for (;;) {
      const from = this.rolled[tier];
      const first = blocks.firstStart(tier - 1, from);
      if (first === undefined) return;
      const start = startIn(tier, first);
      const end = start + span;
      const ready = tier === 1 ? now - 3 * graceSeconds : (this.rolled[tier - 1] ?? 0);
      const oldest = heads.oldest();
      if (end > ready || (tier === 1 && oldest !== undefined && oldest < end && now < end + span)) return;
      const subjects = new Set(blocks.keys(tier - 1, start, end).map(subjectOf));
      yield;
      for (const subject of subjects) {
        // Not in one transaction: what is done twice after a kill is the same again.
        yield* this.#rollOne(tier, start, subject, true);
        yield;
      }
      this.#write(() => blocks.setRolled(tier, end));
      this.rolled[tier] = end;
    }
  }

  *#rollOne(tier: number, start: number, subject: number, alone = false): Generator<void> {
    const { blocks, names } = this.#parts;
    const { span, seconds } = tiers[tier]!;
    const below = tiers[tier - 1]!.span;
    const sections = names.sections(subject);
    const found = names.subjects.byID(subject);
    const workload = found !== undefined && !ofNode(found);
    const rollup = new Rollup(seconds * 10, span / seconds);
    for (let at = start; at < start + span; at += below) {
      const data = blocks.get(tier - 1, at, subject);
      if (!data) continue;
      this.#reading(() => {
        const offset = (at - start) * 10;
        if (tier > 1) rollup.addRolled(decodeRolled(data, sections), offset);
        else {
          const samples = decodeRaw(data, sections);
          rollup.addSamples(workload ? withTotals(samples) : samples, offset);
        }
      });
      yield;
    }
    const rolled = rollup.finish(workload && tier > 1 ? mostPodColumns : undefined);
    if (rolled.times.length === 0) return;
    const data = encodeRolled(rolled, sections);
    const put = () => blocks.put(tier, start, subject, data);
    if (alone) this.#write(put);
    else put();
  }

  *#prune(now: number): Generator<void> {
    const { blocks, limits, names } = this.#parts;
    for (let tier = 0; tier < tiers.length; tier++) {
      const before = now - limits.kept[tier]! - tiers[tier]!.span;
      while (this.#remove(tier, before) > 0) yield;
    }
    while (blocks.bytes().used > limits.maxBytes) {
      const sizes = blocks.sizes();
      const largest = sizes.reduce((most, one, tier) => (one.bytes > sizes[most]!.bytes ? tier : most), 0);
      if (this.#remove(largest, 2 ** 40) === 0) break;
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
