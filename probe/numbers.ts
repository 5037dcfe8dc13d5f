/** To so many digits behind the point: what is sent should say no more than what was measured. */
export function round(value: number, digits = 0): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** A share of a whole, 0 to 1, to a tenth of a percent. */
export function share(part: number, whole: number): number {
  return whole > 0 ? round(Math.min(1, Math.max(0, part / whole)), 3) : 0;
}

/** To so many digits in all: an amount that moves all the time is not worth more bytes on the wire. */
export function significant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

/**
 * What a counter grew by. One that went backwards was reset (a driver reloaded, a device replugged, a
 * 32-bit counter overflowed): what it grew by since then is not known, and zero is the honest guess.
 */
export function growth(now: number, before: number | undefined): number {
  return before === undefined || now < before ? 0 : now - before;
}

/** A counter's growth per second; zero without a sample before. */
export function rate(now: number, before: number | undefined, seconds: number): number {
  return seconds > 0 ? growth(now, before) / seconds : 0;
}

/** A whole number of digits alone, as the kernel prints its counters; undefined for anything else. */
export function parseCount(text: string | undefined): number | undefined {
  // The short way for what fits 32 bits: interpreted, an expression takes ten times as long, and a sample has some
  // thousand of these.
  const small = Number(text) >>> 0;
  if (String(small) === text) return small;
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** Counters all; undefined as soon as one is none. */
export function parseCounts(texts: string[]): number[] | undefined {
  const counts = texts.map(parseCount);
  return counts.includes(undefined) ? undefined : (counts as number[]);
}

/** A number with an optional fraction; undefined for anything else. */
export function parseDecimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}(\.\d{1,20})?$/.test(text) ? Number(text) : undefined;
}
