import type { ListQuery } from "../../views/model.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { Entry } from "./entry.ts";
import { needsAttention, wanted, wordsOf } from "./filter.ts";
import { Index } from "./lookup.ts";
import { countBefore } from "./order.ts";
import { type Measure, type Order, Orders } from "./orders.ts";
import { Texts } from "./texts.ts";

export interface Selection {
  entries: Entry[];
  total: number;
  attention: number;
  next?: string;
}

/** All entries of one kind, of all clusters, with sorted orders that are kept and brought up to date. */
export class Table {
  readonly byOwner = new Index();
  readonly byNode = new Index();
  readonly byNamespace = new Index();
  readonly #clusters = new Map<string, Map<string, Entry>>();
  readonly #attention = new Map<string, Set<Entry>>();
  readonly #timed = new Set<Entry>();
  readonly #orders: Orders;
  readonly #texts = new Texts();
  readonly #slots = new WeakMap<readonly Entry[], Int32Array>();
  readonly #revisions = new Map<string, number>();
  #size = 0;

  constructor(columnNames: readonly string[], measures: Record<string, Measure> = {}) {
    this.#orders = new Orders(columnNames, measures);
  }

  /** The names that `sort` takes. */
  get sorts(): string[] {
    return [...this.#orders.names];
  }

  get size(): number {
    return this.#size;
  }

  get(cluster: string, key: string): Entry | undefined {
    return this.#clusters.get(cluster)?.get(key);
  }

  of(cluster: string): ReadonlyMap<string, Entry> {
    return this.#clusters.get(cluster) ?? empty;
  }

  /** Another number once something of a cluster came, changed or went. */
  revisionOf(cluster: string): number {
    return this.#revisions.get(cluster) ?? 0;
  }

  *all(): Generator<Entry> {
    for (const entries of this.#clusters.values()) yield* entries.values();
  }

  /** A cluster's entries that need attention. */
  attention(cluster: string): ReadonlySet<Entry> {
    return this.#attention.get(cluster) ?? nobody;
  }

  /** The entries that time alone may change: few of all, so that looking at them each second costs nothing. */
  get timed(): ReadonlySet<Entry> {
    return this.#timed;
  }

  put(entry: Entry): void {
    let entries = this.#clusters.get(entry.cluster);
    if (!entries) {
      entries = new Map();
      this.#clusters.set(entry.cluster, entries);
    }
    const before = entries.get(entry.key);
    if (before) this.#forget(before);
    entries.set(entry.key, entry);
    this.#size++;
    this.#changed(entry.cluster);
    this.#texts.put(entry, before);
    this.#orders.note(entry, this.#size);
    this.#noteAttention(entry);
    if (entry.recheckMs > 0) this.#timed.add(entry);
    for (const owner of entry.owners) this.byOwner.add(owner, entry);
    if (entry.node !== "") this.byNode.add(entry.node, entry);
    if (entry.namespace !== "") this.byNamespace.add(entry.namespace, entry);
    this.#tidy();
  }

  remove(cluster: string, key: string): boolean {
    const entries = this.#clusters.get(cluster);
    const entry = entries?.get(key);
    if (!entry) return false;
    entries!.delete(key);
    this.#changed(cluster);
    this.#forget(entry);
    this.#texts.remove(entry);
    this.#tidy();
    return true;
  }

  removeCluster(cluster: string): void {
    for (const entry of this.of(cluster).values()) {
      this.#forget(entry);
      this.#texts.remove(entry);
    }
    this.#clusters.delete(cluster);
    this.#revisions.delete(cluster);
    this.#attention.delete(cluster);
    this.#tidy();
  }

  /** Whether all of these occur in what `q` is looked for in of an entry. */
  mentions(entry: Entry, words: readonly string[]): boolean {
    return this.#texts.has(entry, words);
  }

  /** A page of what a query wants; with `seen`, of that alone which it lets see. */
  select(query: ListQuery, now: number, seen?: (entry: Entry) => boolean): Selection {
    const { sort = "" } = query;
    const known = this.#orders.names.has(sort.replace(/^-/, "")) ? sort : "";
    const order = this.#orders.get(known, () => this.all(), this.#texts.slots, now);
    const matches = this.#matches(query, order, seen);
    const limit = Math.min(Math.max(query.limit ?? 100, 1), 1000);
    let start = Math.max(query.offset ?? 0, 0);
    if (query.cursor) {
      const { entry: last, value } = decodeCursor(query.cursor, known);
      start = countBefore(matches, (entry) => order.compareTo(entry, last, value) <= 0);
    }
    const entries = matches.slice(start, start + limit);
    const last = entries.at(-1);
    const more = last !== undefined && start + limit < matches.length;
    return {
      entries,
      total: matches.length,
      attention: this.#countAttention(matches),
      ...(more ? { next: encodeCursor(known, last, order.value(last)) } : {}),
    };
  }

  /** What a query wants, in order. */
  #matches(query: ListQuery, order: Order, seen?: (entry: Entry) => boolean): readonly Entry[] {
    const words = wordsOf(query);
    const want = both(wanted(query), seen);
    if (words.length === 0) return want ? order.sorted.filter(want) : order.sorted;
    let found = this.#texts.find(words);
    if (want) found = found.filter(want);
    // Above that, going through all slots is faster than sorting what was found.
    if (found.length * 128 < this.#size) return found.sort(order.compare);
    const marks = new Uint8Array(this.#texts.slots);
    for (const { slot } of found) marks[slot] = 1;
    const slots = this.#slotsOf(order.sorted);
    const matches: Entry[] = [];
    for (let at = 0; at < slots.length; at++) if (marks[slots[at]!] === 1) matches.push(order.sorted[at]!);
    return matches;
  }

  /** The slots of sorted entries, kept with them: going to each entry for it waits for memory 10,000 times. */
  #slotsOf(sorted: readonly Entry[]): Int32Array {
    let slots = this.#slots.get(sorted);
    if (!slots) {
      slots = Int32Array.from(sorted, ({ slot }) => slot);
      this.#slots.set(sorted, slots);
    }
    return slots;
  }

  #countAttention(matches: readonly Entry[]): number {
    let count = 0;
    if (matches.length === this.#size) for (const entries of this.#attention.values()) count += entries.size;
    else for (const entry of matches) if (needsAttention(entry)) count++;
    return count;
  }

  #changed(cluster: string): void {
    this.#revisions.set(cluster, this.revisionOf(cluster) + 1);
  }

  #forget(entry: Entry): void {
    entry.gone = true;
    this.#size--;
    this.#orders.note(entry, this.#size);
    this.#attention.get(entry.cluster)?.delete(entry);
    this.#timed.delete(entry);
    for (const owner of entry.owners) this.byOwner.remove(owner, entry);
    this.byNode.remove(entry.node, entry);
    this.byNamespace.remove(entry.namespace, entry);
  }

  #noteAttention(entry: Entry): void {
    if (!needsAttention(entry)) return;
    const entries = this.#attention.get(entry.cluster);
    if (entries) entries.add(entry);
    else this.#attention.set(entry.cluster, new Set([entry]));
  }

  #tidy(): void {
    if (this.#texts.compact()) this.#orders.clear();
  }
}

type Want = ((entry: Entry) => boolean) | undefined;

function both(one: Want, other: Want): Want {
  return one && other ? (entry) => one(entry) && other(entry) : (one ?? other);
}

const empty: ReadonlyMap<string, Entry> = new Map();
const nobody: ReadonlySet<Entry> = new Set();
