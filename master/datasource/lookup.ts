import type { Entry } from "./entry.ts";

/** Entries by a text that each has several, one or none of. */
export class Index {
  readonly #sets = new Map<string, Set<Entry>>();

  add(at: string, entry: Entry): void {
    const set = this.#sets.get(at);
    if (set) set.add(entry);
    else this.#sets.set(at, new Set([entry]));
  }

  remove(at: string, entry: Entry): void {
    const set = this.#sets.get(at);
    if (set?.delete(entry) && set.size === 0) this.#sets.delete(at);
  }

  get(at: string): ReadonlySet<Entry> {
    return this.#sets.get(at) ?? none;
  }
}

const none: ReadonlySet<Entry> = new Set();
