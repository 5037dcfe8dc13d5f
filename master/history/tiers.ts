/** One of the four resolutions in which metrics are kept. */
export interface Tier {
  /** Between two values; 0 for what is kept as it comes. */
  seconds: number;
  /** The time of one block. */
  span: number;
}

/** Each block of a tier but the first is made of whole blocks of the one below, 120 to 168 values long. */
export const tiers: readonly Tier[] = [
  { seconds: 0, span: 600 },
  { seconds: 60, span: 7200 },
  { seconds: 600, span: 86_400 },
  { seconds: 3600, span: 604_800 },
];

export const startIn = (tier: number, seconds: number): number =>
  Math.floor(seconds / tiers[tier]!.span) * tiers[tier]!.span;
