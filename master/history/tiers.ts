/** One of the four resolutions in which metrics are kept. */
export interface Tier {
  /** Between two values; 0 for what is kept as it comes. */
  seconds: number;
  /** The time of one block. */
  span: number;
  /** The time that is made at once: a block of days grows by hours. */
  step: number;
}

/** Blocks are 120 to 168 values long. Each step is of whole blocks of those tiers that it is made of. */
export const tiers: readonly Tier[] = [
  { seconds: 0, span: 600, step: 600 },
  { seconds: 60, span: 7200, step: 7200 },
  { seconds: 600, span: 86_400, step: 7200 },
  { seconds: 3600, span: 604_800, step: 604_800 },
];

/** As they come, and by minutes: the second is made of the first only when that goes. */
export const rawTier = 0;
export const minuteTier = 1;

export const startIn = (tier: number, seconds: number): number =>
  Math.floor(seconds / tiers[tier]!.span) * tiers[tier]!.span;
/** The start of the time that is made at once. */
export const stepIn = (tier: number, seconds: number): number =>
  Math.floor(seconds / tiers[tier]!.step) * tiers[tier]!.step;
