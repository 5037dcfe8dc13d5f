import type { Entry } from "./entry.ts";

/** Entries that have something in common, in no order. */
export interface Group extends Iterable<Entry> {
  readonly size: number;
}

/** Above so many, going through all of them to remove one takes too long. */
const mostFew = 16;

/** Entries of each cluster by a text that each has several, one or none of. */
export class Index {
  readonly #clusters = new Map<string, Map<string, Few | Set<Entry>>>();

  add(at: string, entry: Entry): void {
    let groups = this.#clusters.get(entry.cluster);
    if (!groups) {
      groups = new Map();
      this.#clusters.set(entry.cluster, groups);
    }
    const group = groups.get(at);
    if (!group) groups.set(at, new Few([entry]));
    else if (group instanceof Few && group.size >= mostFew) groups.set(at, new Set(group).add(entry));
    else group.add(entry);
  }

  remove(at: string, entry: Entry): void {
    const groups = this.#clusters.get(entry.cluster);
    const group = groups?.get(at);
    if (!group?.delete(entry) || group.size > 0) return;
    groups!.delete(at);
    if (groups!.size === 0) this.#clusters.delete(entry.cluster);
  }

  get(cluster: string, at: string): Group {
    return this.#clusters.get(cluster)?.get(at) ?? none;
  }
}

/** A set for a few: of the groups most are, and a Set of three takes four times as much memory. */
class Few implements Group {
  #entries: Entry[];

  constructor(entries: Entry[]) {
    this.#entries = entries;
  }

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    if (!this.#entries.includes(entry)) this.#entries.push(entry);
  }

  /** In a new list, so that whoever goes through them meanwhile misses none. */
  delete(entry: Entry): boolean {
    if (!this.#entries.includes(entry)) return false;
    this.#entries = this.#entries.filter((one) => one !== entry);
    return true;
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.#entries[Symbol.iterator]();
  }
}

const none: Group = new Set();
