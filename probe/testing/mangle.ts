/** What goes wrong with files: a generator of broken texts that gives the same ones every time. */
export type Random = () => number;

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

const nasty = [
  "\0",
  " ",
  "\n",
  "\t",
  ":",
  "(",
  ")",
  "/",
  "-",
  "-1",
  "99999999999999999999999999",
  "NaN",
  "Infinity",
  "1e309",
  "0x10",
  "\\999",
  "\ufffd",
  "\ud800",
  "__proto__",
  "x".repeat(5000),
];

/** A text cut off, with characters changed, pieces repeated, removed, put in: or mere noise. */
export function mangled(random: Random, text: string): string {
  const at = Math.floor(random() * (text.length + 1));
  const to = Math.min(text.length, at + Math.floor(random() * 40));
  switch (Math.floor(random() * 6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + pick(random, nasty) + text.slice(to);
    case 2:
      return text.slice(0, at) + text.slice(at, to).repeat(8) + text.slice(to);
    case 3:
      return text.slice(0, at) + text.slice(to);
    case 4:
      return text.replace(/\d+/g, (digits) => (random() < 0.2 ? pick(random, nasty) : digits));
    default:
      return Array.from({ length: Math.floor(random() * 200) }, () =>
        random() < 0.1 ? pick(random, nasty) : String.fromCharCode(Math.floor(random() * 256)),
      ).join("");
  }
}
