import type { Entry } from "./entry.ts";

/** Entries of each cluster by a text that each has several, one or none of. */
export class Index {
  readonly #clusters = new Map<string, Map<string, Set<Entry>>>();

  add(at: string, entry: Entry): void {
    let sets = this.#clusters.get(entry.cluster);
    if (!sets) {
      sets = new Map();
      this.#clusters.set(entry.cluster, sets);
    }
    const set = sets.get(at);
    if (set) set.add(entry);
    else sets.set(at, new Set([entry]));
  }

  remove(at: string, entry: Entry): void {
    const sets = this.#clusters.get(entry.cluster);
    const set = sets?.get(at);
    if (!set?.delete(entry) || set.size > 0) return;
    sets!.delete(at);
    if (sets!.size === 0) this.#clusters.delete(entry.cluster);
  }

  get(cluster: string, at: string): ReadonlySet<Entry> {
    return this.#clusters.get(cluster)?.get(at) ?? none;
  }
}

const none: ReadonlySet<Entry> = new Set();
