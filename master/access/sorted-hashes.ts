import { readSync } from "node:fs";

const hashLine = /^([0-9a-f]{40})(:\d+)?$/i;
export const isHashLine = (line: string): boolean => hashLine.test(line);
const hashOf = (line: string): string => (hashLine.exec(line)?.[1] ?? "").toUpperCase();
/** Longer than any line of hashes. */
const lineBytes = 128;
/** At the start so many places of a file are looked at, which is all lines of a small one. */
const looks = 500;

interface Line {
  start: number;
  /** Where the next one begins. */
  end: number;
  text: string;
}

/** A file of SHA-1 hashes in hex, sorted, one a line, of any size: read at places, never as a whole. */
export class SortedHashes {
  readonly #file: number;
  readonly #size: number;
  readonly #buffer = Buffer.alloc(2 * lineBytes);

  constructor(file: number, size: number) {
    this.#file = file;
    this.#size = size - this.#blankEnd(size);
  }

  /** Whether a hash, in capital letters, stands in the file. */
  has(hash: string): boolean {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const line = this.#at(middle);
      if (!line || line.start >= high) high = middle;
      else {
        const found = hashOf(line.text);
        if (found === hash) return true;
        if (found < hash) low = line.end;
        else high = middle;
      }
    }
    return false;
  }

  /** What is wrong with the lines at places all over the file; undefined where nothing is. */
  fault(): string | undefined {
    let before = "";
    let next = 0;
    for (let look = 0; look <= looks && next < this.#size; look++) {
      const line = this.#at(Math.max(next, Math.floor((this.#size * look) / looks)));
      if (!line) break;
      if (!isHashLine(line.text)) return `holds no SHA-1 hash in the line that begins at byte ${line.start}`;
      const hash = hashOf(line.text);
      if (hash < before) return `is not sorted at byte ${line.start} (LC_ALL=C sort sorts it)`;
      before = hash;
      next = line.end;
    }
    return undefined;
  }

  /** The first line that begins at `from` or after it; undefined behind the last one. */
  #at(from: number): Line | undefined {
    const begin = Math.max(0, from - 1);
    const read = readSync(this.#file, this.#buffer, 0, this.#buffer.length, begin);
    const text = this.#buffer.toString("latin1", 0, read);
    const skipped = from === 0 ? 0 : text.indexOf("\n") + 1;
    if (from > 0 && skipped === 0) return undefined;
    const start = begin + skipped;
    // The second where the file has become shorter since.
    if (start >= this.#size || skipped >= read) return undefined;
    const stop = text.indexOf("\n", skipped);
    const line = text.slice(skipped, stop < 0 ? read : stop).trimEnd();
    return { start, end: begin + (stop < 0 ? read : stop + 1), text: line };
  }

  /** Empty lines at the end would come before all hashes. */
  #blankEnd(size: number): number {
    const read = readSync(this.#file, this.#buffer, 0, lineBytes, Math.max(0, size - lineBytes));
    return /\s*$/.exec(this.#buffer.toString("latin1", 0, read))![0].length;
  }
}
