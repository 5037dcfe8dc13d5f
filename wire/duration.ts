/** Durations as people write them. */

const sizes: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];
const sizeOf = new Map(sizes);

/** `30s`, `5m`, `1h30m`, `2d`, `500ms` in ms; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,9}(ms|[smhd]))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhd])/g)) ms += Number(count) * sizeOf.get(unit!)!;
  return ms;
}

/** A duration as it is taken back: `5m`, `90s`; in one unit, so that it is read at a glance. */
export function durationText(ms: number): string {
  if (ms === 0) return "0s";
  const [unit, size] = sizes.find(([, one]) => ms >= one && ms % one === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}
