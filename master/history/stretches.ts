import type { Blocks } from "../database/metrics/blocks.ts";
import type { Heads } from "./heads.ts";
import type { Keeper } from "./keeper.ts";
import type { Range } from "./query.ts";
import { startIn, tiers } from "./tiers.ts";

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

  /** The beginning of what a tier has, or will have. */
  oldest(tier: number): number | undefined {
    const sealed = this.#blocks.firstStart(tier);
    if (sealed !== undefined) return sealed;
    return tier === 0 ? this.#heads.oldest() : undefined;
  }

  /** Blocks of a range, in the order of time: of a tier as far as that was made, then of those below. */
  *windows(tier: number, from: number, to: number): Generator<{ tier: number; start: number }> {
    let at = from;
    for (let one = tier; one >= 0; one--) {
      const { span } = tiers[one]!;
      const end = one === 0 ? to : Math.min(to, this.#keeper.rolled[one] ?? 0);
      if (end < at) continue;
      const oldest = this.oldest(one);
      if (oldest === undefined) continue;
      const newest = one === 0 ? (this.#heads.newest() ?? 0) : end;
      for (
        let start = startIn(one, Math.max(at, oldest));
        start < end || (one === 0 && start === end);
        start += span
      ) {
        // Up to a year far ahead there would be blocks without end, and none of them is there.
        if (start > newest && this.#blocks.firstStart(one, start) === undefined) break;
        yield { tier: one, start };
      }
      if (one > 0) at = Math.max(at, this.#keeper.rolled[one] ?? 0);
    }
  }

  /** Since when a tier is to be read rather than a coarser one; all of these are in seconds. */
  since(tier: number, to: number): number {
    return this.oldest(tier) ?? Math.min(to, this.#keeper.rolled[tier] ?? to);
  }
}
