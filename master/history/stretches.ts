import type { Blocks } from "../database/metrics/blocks.ts";
import type { Heads } from "./heads.ts";
import type { Keeper } from "./keeper.ts";
import type { Range } from "./query.ts";
import { minuteTier, rawTier, startIn, tiers } from "./tiers.ts";

export interface Window {
  tier: number;
  start: number;
  until: number;
  /** It is not stored: it is to be made of what came. */
  fromRaw: boolean;
}

/** Tells which blocks of which tier are to be read for a time. */
export class Stretches {
  readonly #blocks: Blocks;
  readonly #heads: Heads;
  readonly #keeper: Pick<Keeper, "rolled">;

  constructor(blocks: Blocks, heads: Heads, keeper: Pick<Keeper, "rolled">) {
    this.#blocks = blocks;
    this.#heads = heads;
    this.#keeper = keeper;
  }

  /** The coarsest tier that is fine enough, or a coarser one where that reaches further back and it is asked for. */
  tierFor({ fromMs, stepMs }: Pick<Range, "fromMs" | "stepMs" | "toMs">): number {
    let tier = 0;
    while (tier + 1 < tiers.length && tiers[tier + 1]!.seconds * 1000 <= stepMs) tier++;
    const from = fromMs / 1000;
    for (let coarser = tier + 1; coarser < tiers.length; coarser++) {
      const oldest = this.oldest(tier);
      if (oldest !== undefined && oldest <= from) break;
      const further = this.#blocks.firstStart(coarser);
      // A coarser block reaches back before its first value: only a whole one more is more.
      if (further !== undefined && (oldest === undefined || further + tiers[coarser]!.span <= oldest))
        tier = coarser;
    }
    return tier;
  }

  /** The beginning of what a tier has, or will have: what was not made yet is read from those below. */
  oldest(tier: number): number | undefined {
    let least: number | undefined;
    for (let one = tier; one >= 0; one--) {
      const first = this.#first(one);
      if (first !== undefined && (least === undefined || first < least)) least = first;
    }
    return least;
  }

  #first(tier: number): number | undefined {
    const sealed = this.#blocks.firstStart(tier);
    return sealed === undefined && tier === 0 ? this.#heads.oldest() : sealed;
  }

  /**
   * Blocks of a range, in the order of time: of a tier as far as that was made, then of those below. What a block has
   * from `until` on is of another.
   */
  *windows(tier: number, from: number, to: number): Generator<Window> {
    let at = from;
    for (let one = tier; one >= 0; one--) {
      const made = one === 0 ? Number.POSITIVE_INFINITY : (this.#keeper.rolled[one] ?? 0);
      yield* this.#windowsOf(one, at, to, made);
      if (one > 0) at = Math.max(at, made);
      if (one !== minuteTier) continue;
      const over = this.#keeper.rolled[minuteTier + 1] ?? 0;
      yield* this.#windowsOf(minuteTier, at, to, over, true);
      at = Math.max(at, over);
    }
  }

  *#windowsOf(tier: number, at: number, to: number, made: number, fromRaw = false): Generator<Window> {
    const { span } = tiers[tier]!;
    const stored = fromRaw ? rawTier : tier;
    const end = Math.min(to, made);
    const oldest = this.#first(stored);
    if (end < at || oldest === undefined) return;
    // Up to a year far ahead there would be blocks without end, and none of them is there.
    const last = tier === 0 ? Math.max(this.#heads.newest() ?? 0, this.#blocks.lastStart(stored) ?? 0) : end;
    for (
      let start = startIn(tier, Math.max(at, oldest));
      start <= last && (start < end || (tier === 0 && start === end));
      start += span
    )
      yield { tier, start, until: Math.min(start + span, made), fromRaw };
  }

  /** Since when a tier is to be read rather than a coarser one; all of these are in seconds. */
  since(tier: number, to: number): number {
    return this.oldest(tier) ?? Math.min(to, this.#keeper.rolled[tier] ?? to);
  }
}

/** The blocks of what came that a stretch is to be made of. */
export function rawWindows({ start, until }: Window): Window[] {
  const { span } = tiers[rawTier]!;
  return Array.from({ length: (until - start) / span }, (_, at) => ({
    tier: rawTier,
    start: start + at * span,
    until: start + (at + 1) * span,
    fromRaw: false,
  }));
}
