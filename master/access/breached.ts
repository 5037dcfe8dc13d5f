import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { ConfigError } from "../../kit/env.ts";
import { isHashLine, SortedHashes } from "./sorted-hashes.ts";

/** Whether a password is on a list of those that got out somewhere. */
export interface Breached {
  has(password: string): boolean;
}

/** A list of words is held in memory; larger ones are better kept as hashes. */
const mostListBytes = 64 * 2 ** 20;

/**
 * Opens a list: passwords, one a line, or their SHA-1 in hex, one a line and sorted, with a count behind it or none,
 * as Have I Been Pwned's downloader writes them (`HASH:count`). Of the latter, however large, only some lines are read
 * for each question. Throws a ConfigError where the file is neither.
 */
export function openBreached(path: string): Breached {
  const fault = (text: string) => new ConfigError([`ATLHYPER_PASSWORD_BREACHED ${text}: ${path}`]);
  try {
    // Asked before it is opened: opening a pipe would wait for its other end.
    const stat = statSync(path);
    if (!stat.isFile()) throw fault("is no file");
    if (stat.size === 0) throw fault("is empty");
    return open(path, stat.size, fault);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw fault(`cannot be read (${(error as { code?: string }).code ?? "error"})`);
  }
}

function open(path: string, size: number, fault: (text: string) => ConfigError): Breached {
  const file = openSync(path, "r");
  const head = Buffer.alloc(4096);
  const lines = head.toString("latin1", 0, readSync(file, head, 0, head.length, 0)).split(/\r?\n/);
  if (isHashLine(lines[0]!)) {
    const hashes = new SortedHashes(file, size);
    const wrong = hashes.fault();
    if (wrong !== undefined) {
      closeSync(file);
      throw fault(wrong);
    }
    return { has: (password) => hashes.has(sha1(password)) };
  }
  closeSync(file);
  // A word may look so; the first three of a list do not.
  const first = lines.filter(Boolean).slice(0, 3);
  if (first.every((one) => /^([0-9a-f]{32}|[0-9a-f]{64})(:\d+)?$/i.test(one)))
    throw fault("holds hashes that are not SHA-1");
  if (size > mostListBytes)
    throw fault(
      `holds ${size} bytes of passwords: above ${mostListBytes} give a sorted list of SHA-1 hashes`,
    );
  const text = readFileSync(path, "utf8");
  if (text.includes("\0")) throw fault("is no text");
  const words = wordsOf(text);
  return { has: (password) => holds(words, hashOf(wordOf(password))) };
}

const sha1 = (password: string): string =>
  new Bun.CryptoHasher("sha1").update(password.normalize("NFC")).digest("hex").toUpperCase();

/** Another case makes no other password of it. */
const wordOf = (text: string): string => text.normalize("NFC").toLowerCase();
const hashOf = (word: string): bigint => Bun.hash(word) as bigint;

/** The words of a list as sorted numbers of 64 bits: a set of seven million strings takes 14 times the memory. */
function wordsOf(text: string): BigUint64Array {
  // A byte order mark is none of the first word.
  const all = wordOf(text.replace(/^\ufeff/, ""));
  let hashes = new BigUint64Array(1024);
  let count = 0;
  for (let at = 0; at < all.length; ) {
    const newline = all.indexOf("\n", at);
    const stop = newline < 0 ? all.length : newline;
    const word = all.slice(at, all[stop - 1] === "\r" ? stop - 1 : stop);
    at = stop + 1;
    if (word === "") continue;
    if (count === hashes.length) {
      const more = new BigUint64Array(2 * count);
      more.set(hashes);
      hashes = more;
    }
    hashes[count++] = hashOf(word);
  }
  return hashes.slice(0, count).sort();
}

function holds(sorted: BigUint64Array, wanted: bigint): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}
