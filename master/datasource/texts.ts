import type { Entry } from "./entry.ts";

/** So many texts that nobody has any more are kept at least before they are cleared away. */
const leastDead = 1024;

/**
 * What `q` is looked for in, of all entries of a table: one behind the other in one block of bytes. A search runs
 * through it at some GB/s, where going from string to string waits for memory at each of them. Every text has a
 * number, its slot, which the entry carries; one that has the same text as the entry it replaces takes its slot.
 */
export class Texts {
  #bytes = Buffer.allocUnsafe(4096);
  /** Where the text of each slot begins; one more than there are slots. */
  #starts: number[] = [0];
  #entries: (Entry | undefined)[] = [];
  #dead = 0;

  /** How many slots there are, with those that nobody has any more. */
  get slots(): number {
    return this.#entries.length;
  }

  /** Takes the entry's text over: the entry itself has it no more. */
  put(entry: Entry, before: Entry | undefined): void {
    // A line's end, which no word holds, keeps words from matching across two texts.
    this.#put(entry, Buffer.from(`${entry.haystack}\n`), before);
    entry.haystack = "";
  }

  #put(entry: Entry, text: Uint8Array, before: Entry | undefined): void {
    if (before && this.#of(before.slot).equals(text)) {
      entry.slot = before.slot;
      this.#entries[entry.slot] = entry;
      return;
    }
    if (before) this.remove(before);
    entry.slot = this.#entries.length;
    this.#entries.push(entry);
    const start = this.#starts[entry.slot]!;
    this.#reserve(start + text.length);
    this.#bytes.set(text, start);
    this.#starts.push(start + text.length);
  }

  /** Whether all of these occur in an entry's text. */
  has(entry: Entry, words: readonly string[]): boolean {
    const text = this.#of(entry.slot);
    return words.every((word) => text.includes(word));
  }

  #of(slot: number): Buffer {
    return this.#bytes.subarray(this.#starts[slot], this.#starts[slot + 1]);
  }

  remove(entry: Entry): void {
    if (this.#entries[entry.slot] !== entry) return;
    this.#entries[entry.slot] = undefined;
    this.#dead++;
  }

  /** Clears away what is no more, once it is the greater part; true when entries have other slots now. */
  compact(): boolean {
    if (this.#dead < leastDead || this.#dead * 2 < this.#entries.length) return false;
    const live = this.#entries
      .filter((entry) => entry !== undefined)
      .map((entry) => ({ entry, text: this.#of(entry.slot) }));
    this.#bytes = Buffer.allocUnsafe(4096);
    this.#starts = [0];
    this.#entries = [];
    this.#dead = 0;
    for (const { entry, text } of live) this.#put(entry, text, undefined);
    return true;
  }

  /** The entries in whose text all words occur, in no order. */
  find(words: readonly string[]): Entry[] {
    // The longest is the rarest, as a rule: the others are looked for only where it is.
    const [longest = "", ...others] = [...words].sort((a, b) => b.length - a.length);
    const word = Buffer.from(longest);
    const used = this.#bytes.subarray(0, this.#starts.at(-1));
    const found: Entry[] = [];
    let slot = 0;
    for (let at = used.indexOf(word); at >= 0; at = used.indexOf(word, this.#starts[slot])) {
      slot = this.#slotAt(at, slot);
      const entry = this.#entries[slot];
      if (entry && this.has(entry, others)) found.push(entry);
      slot++;
      if (slot >= this.#entries.length) break;
    }
    return found;
  }

  /** The slot, from one that is not behind it on, in which a byte is. */
  #slotAt(at: number, from: number): number {
    let low = from;
    let high = this.#entries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.ceil(bytes * 1.5));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
