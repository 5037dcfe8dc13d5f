import { backgroundTransaction } from "../database/background-transaction.ts";
import type { Database as Sqlite } from "bun:sqlite";
import type { Blocks } from "../database/metrics/blocks.ts";
import { subjectOf } from "../database/metrics/key.ts";
import { decodeRaw, decodeRolled, encodeRolled } from "./block.ts";
import type { Heads } from "./heads.ts";
import { type Names, ofNode } from "./names.ts";
import { Rollup } from "./rollup.ts";
import { minuteTier, rawTier, startIn, stepIn, tiers } from "./tiers.ts";
import { withTotals } from "./totals.ts";

/** What comes later than this after the end of a time is put in when that is made already. */
const graceSeconds = 60;
/** Of a workload in the tiers from ten minutes on: the pods that ran longest, two columns each, and the sums. */
const mostPodColumns = 202;
const tenths = 10;

interface Parts {
  sqlite: Sqlite;
  blocks: Blocks;
  heads: Heads;
  names: Names;
  /** How long each tier is kept, in seconds. */
  kept: readonly number[];
  /** Reads a block; what cannot be read is told of, and missing. */
  reading(read: () => void): void;
}

interface Stretch {
  from: number;
  to: number;
}

/**
 * Makes the tiers. Minutes are made of what came only when that goes: until then they would tell nothing that it does
 * not, and take a third as much. The longer ones are made as soon as their time is over.
 */
export class Roller {
  /** Up to where each tier was made, in seconds; undefined before the first time. */
  readonly rolled: (number | undefined)[];
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.rolled = parts.blocks.rolled();
  }

  /** Makes what is due of all tiers, a step at a time. */
  *round(now: number): Generator<void> {
    for (let tier = minuteTier + 1; tier < tiers.length; tier++)
      while (yield* this.#next(tier, now, Number.POSITIVE_INFINITY));
    const before = now - this.#parts.kept[rawTier]! - tiers[rawTier]!.span;
    while (yield* this.#next(minuteTier, now, before));
  }

  /** Makes the minutes of the oldest that came, where they are not made yet; tells whether there were any. */
  *oldestMinutes(now: number): Generator<void, boolean> {
    return yield* this.#next(minuteTier, now, Number.POSITIVE_INFINITY);
  }

  /** What a block of minutes will be, of a time that is over. */
  *minutes(start: number, subject: number): Generator<void, Uint8Array | undefined> {
    return yield* this.#made(minuteTier, { from: start, to: start + tiers[minuteTier]!.span }, subject);
  }

  /** Of what came all before this time is in tiers that are made. */
  get covered(): number {
    return Math.min(this.rolled[minuteTier] ?? 0, this.rolled[minuteTier + 1] ?? 0);
  }

  /** A block of what came was written late: what was made of it is made again. Part of the caller's transaction. */
  again(start: number, subject: number): void {
    for (let tier = minuteTier; tier < tiers.length; tier++) {
      if (start >= (this.rolled[tier] ?? 0)) continue;
      const first = tier <= minuteTier + 1 ? start : stepIn(tier, start);
      const step = tier <= minuteTier + 1 ? tiers[rawTier]!.span : tiers[tier]!.step;
      const made = finish(this.#made(tier, { from: first, to: first + step }, subject, true));
      if (made) this.#parts.blocks.put(tier, startIn(tier, start), subject, made);
    }
  }

  /** Makes the next step of a tier where its time is over and begins before another. */
  *#next(tier: number, now: number, before: number): Generator<void, boolean> {
    const { blocks, heads, kept } = this.#parts;
    const { span, step } = tiers[tier]!;
    const sources =
      tier <= minuteTier + 1 ? [rawTier, ...(tier > minuteTier ? [minuteTier] : [])] : [tier - 1];
    const firsts = sources.flatMap((one) => blocks.firstStart(one, this.rolled[tier]) ?? []);
    if (firsts.length === 0) return false;
    const from = stepIn(tier, Math.min(...firsts));
    const to = from + step;
    if (from >= before) return false;
    const ofRaw = tier <= minuteTier + 1;
    const oldest = heads.oldest();
    if (to > (ofRaw ? now - graceSeconds : (this.rolled[tier - 1] ?? 0))) return false;
    if (ofRaw && oldest !== undefined && oldest < to && now < to + step) return false;
    // Not where pruning would take them away at once.
    if (startIn(tier, from) >= now - kept[tier]! - span) {
      const subjects = new Set(sources.flatMap((one) => blocks.keys(one, from, to).map(subjectOf)));
      yield;
      for (const subject of subjects) {
        // Not in one transaction: what is done twice after a kill is the same again.
        const made = yield* this.#made(tier, { from, to }, subject);
        if (made) this.#write(() => blocks.put(tier, startIn(tier, from), subject, made));
        yield;
      }
    }
    this.#write(() => blocks.setRolled(tier, to));
    this.rolled[tier] = to;
    return true;
  }

  /** A block in which a stretch of time is new, and all else as it was. */
  *#made(
    tier: number,
    stretch: Stretch,
    subject: number,
    late = false,
  ): Generator<void, Uint8Array | undefined> {
    const { blocks, names, reading } = this.#parts;
    const { span, seconds } = tiers[tier]!;
    const sections = names.sections(subject);
    const found = names.subjects.byID(subject);
    const workload = found !== undefined && !ofNode(found);
    const most = workload && tier > minuteTier ? mostPodColumns : undefined;
    const start = startIn(tier, stretch.from);
    let { from } = stretch;
    const rollup = new Rollup(seconds * tenths, span / seconds);
    const known = blocks.get(tier, start, subject);
    if (known && stretch.to - from < span)
      reading(() => {
        const rolled = decodeRolled(known, sections);
        // Which pods ran longest is known when the time is over: then those that were left out are counted, too.
        const cut = most !== undefined && rolled.columns.size >= most;
        if (cut && !late && stretch.to === start + span && this.#reaches(start)) from = start;
        const [begin, end] = [(from - start) * tenths, (stretch.to - start) * tenths];
        rollup.addRolled(rolled, 0, (time) => time < begin || time >= end);
      });
    yield;
    for (const part of this.#sources(tier, { from, to: stretch.to }, subject, late)) {
      const offset = (part.start - start) * tenths;
      reading(() => {
        if (part.tier > rawTier) rollup.addRolled(decodeRolled(part.data, sections), offset);
        else {
          const samples = decodeRaw(part.data, sections);
          rollup.addSamples(workload ? withTotals(samples) : samples, offset);
        }
      });
      yield;
    }
    const rolled = rollup.finish(most);
    return rolled.times.length === 0 ? undefined : encodeRolled(rolled, sections);
  }

  /** The blocks of which a stretch of a tier is made: of minutes where these are made already. */
  *#sources(
    tier: number,
    { from, to }: Stretch,
    subject: number,
    late: boolean,
  ): Generator<{ tier: number; start: number; data: Uint8Array }> {
    const { blocks } = this.#parts;
    const made = late ? 0 : (this.rolled[minuteTier] ?? 0);
    const below = tier > minuteTier + 1 ? tier - 1 : rawTier;
    for (let at = from; at < to; ) {
      const minutes =
        below === rawTier && tier > minuteTier && at < made && blocks.get(minuteTier, at, subject);
      const one = minutes ? minuteTier : below;
      const data = minutes || blocks.get(below, at, subject);
      if (data) yield { tier: one, start: at, data };
      at += tiers[one]!.span;
    }
  }

  /** Whether all since a time is still there as it came, or by minutes. */
  #reaches(time: number): boolean {
    return [rawTier, minuteTier].some(
      (tier) => (this.#parts.blocks.firstStart(tier) ?? Number.POSITIVE_INFINITY) <= time,
    );
  }

  #write(work: () => void): void {
    backgroundTransaction(this.#parts.sqlite, work);
  }
}

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
