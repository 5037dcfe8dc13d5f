const minute = 60_000;
const hour = 60 * minute;
/** Steps of a range where none are asked for: as many as days of a year. */
const mostSteps = 366;
const roundSteps = [
  5_000,
  10_000,
  15_000,
  30_000,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  30 * minute,
].concat([1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * hour));

/** The round step with which a range has some 300 of them. */
export function usualStep(rangeMs: number): number {
  if (rangeMs <= 15 * minute) return 0;
  return roundSteps.find((step) => rangeMs / step <= mostSteps) ?? roundSteps.at(-1)!;
}
