import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { ConfigError } from "../../kit/env.ts";

/** Whether a password is on a list of those that got out somewhere. */
export interface Breached {
  has(password: string): boolean;
}

/** A list of words is held in memory; larger ones are better kept as hashes. */
const mostListBytes = 64 * 2 ** 20;
const hashLine = /^([0-9a-f]{40})(:\d+)?$/i;
/** Longer than any line of hashes. */
const lineBytes = 128;

/**
 * Opens a list: passwords, one a line, or their SHA-1 in hex, one a line and sorted, with a count behind it or none,
 * as Have I Been Pwned's downloader writes them (`HASH:count`). Of the latter, however large, only some lines are read
 * for each question. Throws a ConfigError where the file is neither.
 */
export function openBreached(path: string): Breached {
  const fault = (text: string) => new ConfigError([`ATLHYPER_PASSWORD_BREACHED ${text}: ${path}`]);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw fault(`cannot be read (${(error as { code?: string }).code ?? "error"})`);
  }
  const { size } = fstatSync(file);
  const first = new Lines(file, size).at(0);
  if (first !== undefined && hashLine.test(first.text)) {
    const lines = new Lines(file, size);
    if (!isSorted(lines, size)) throw fault("holds hashes that are not sorted");
    return { has: (password) => find(lines, size, sha1(password)) };
  }
  closeSync(file);
  if (size > mostListBytes)
    throw fault(
      `holds ${size} bytes of passwords: above ${mostListBytes} give a sorted list of SHA-1 hashes`,
    );
  const words = new Set(
    readFileSync(path, "utf8")
      .split(/\r?\n/)
      .filter(Boolean)
      .map((one) => one.normalize("NFC").toLowerCase()),
  );
  // Another case makes no other password of it.
  return { has: (password) => words.has(password.normalize("NFC").toLowerCase()) };
}

const sha1 = (password: string): string =>
  new Bun.CryptoHasher("sha1").update(password.normalize("NFC")).digest("hex").toUpperCase();

/** Reads the line that begins at or after a place. */
class Lines {
  readonly #file: number;
  readonly #size: number;
  readonly #buffer = Buffer.alloc(2 * lineBytes);

  constructor(file: number, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** The first line that begins at `from` or after it, and where; undefined behind the last one. */
  at(from: number): { start: number; end: number; text: string } | undefined {
    const begin = Math.max(0, from - 1);
    const read = readSync(this.#file, this.#buffer, 0, this.#buffer.length, begin);
    const text = this.#buffer.toString("latin1", 0, read);
    const skipped = from === 0 ? 0 : text.indexOf("\n") + 1;
    if (from > 0 && skipped === 0) return undefined;
    const start = begin + skipped;
    if (start >= this.#size) return undefined;
    const stop = text.indexOf("\n", skipped);
    const line = text.slice(skipped, stop < 0 ? read : stop).replace(/\r$/, "");
    return { start, end: begin + (stop < 0 ? read : stop + 1), text: line };
  }
}

const hashOf = (line: string): string => (hashLine.exec(line)?.[1] ?? "").toUpperCase();

function find(lines: Lines, size: number, hash: string): boolean {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = lines.at(middle);
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

/** Looks at lines all over the file: one that is not sorted is found out at once. */
function isSorted(lines: Lines, size: number): boolean {
  let before = "";
  let end = -1;
  for (let part = 0; part <= 200; part++) {
    const line = lines.at(Math.floor((size * part) / 200));
    if (!line || line.start < end) continue;
    const hash = hashOf(line.text);
    if (hash <= before) return false;
    before = hash;
    end = line.end;
  }
  return true;
}
