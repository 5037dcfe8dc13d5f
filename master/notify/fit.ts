import type { Words } from "./message.ts";

/** At most so many UTF-16 units of a text, without half a character, and with … where something is left out. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most - 1;
  // Half of a pair at the end would be a character that no receiver takes.
  const whole = /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") ? end - 1 : end;
  return `${text.slice(0, whole)}…`;
}

export interface Fitting {
  /** What the receiver takes, in what `size` counts, line ends included. */
  most: number;
  /** A line in the receiver's own writing; it is given at most `mostOfLine` of it. */
  write?(line: string): string;
  /** UTF-16 units, unless the receiver counts otherwise. */
  size?(text: string): number;
}

/** One alert with a long text leaves room for the others; written with escapes it is five times as long at most. */
const mostOfLine = 500;
const tail = (count: number) => `… and ${count} more`;
const mostOfTail = 24;

/** The lines as far as they fit, and how many more there are: said rather than cut off in the middle. */
export function fitted(words: Pick<Words, "lines" | "more">, fitting: Fitting): string[] {
  const { most, write = (line) => line, size = (text) => text.length } = fitting;
  const taken: string[] = [];
  let left = most - mostOfTail;
  for (const line of words.lines) {
    const written = write(cut(line, mostOfLine));
    left -= size(`${written}\n`);
    if (left < 0) break;
    taken.push(written);
  }
  const more = words.more + words.lines.length - taken.length;
  return more > 0 ? [...taken, tail(more)] : taken;
}

export const fit = (words: Pick<Words, "lines" | "more">, fitting: Fitting): string =>
  fitted(words, fitting).join("\n");

/** Lines in as few texts of at most so many UTF-16 units as they need; no line is longer than that. */
export function packed(lines: readonly string[], most: number): string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length < most) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts;
}

export const bytesOf = (text: string): number => Buffer.byteLength(text);
