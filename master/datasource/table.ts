import type { ListQuery } from "../../views/model.ts";
import { decodeCursor, encodeCursor, positionAfter } from "./cursor.ts";
import type { Entry } from "./entry.ts";
import { filter, needsAttention } from "./filter.ts";
import { Index } from "./lookup.ts";
import { byName, byValue, type Compare, merge, worstFirst } from "./order.ts";

/** A column that is not the object's own and changes by itself, such as what a pod uses. */
export type Measure = (entry: Entry) => number;

export interface Selection {
  entries: Entry[];
  total: number;
  attention: number;
  next?: string;
}

interface Order {
  compare: Compare;
  value: (entry: Entry) => string | number;
  sorted: Entry[];
  /** How far the table's log has been merged in, and how many entries had gone. */
  logged: number;
  gone: number;
  epoch: number;
  usedAt: number;
  measuredAt: number;
}

const mostOrders = 12;
/** From so many changes on, and more than a quarter of all, orders are made anew rather than merged. */
const leastLog = 256;
/** For so long an order by usage stands before it is measured again. */
const measureMs = 1000;

/** All entries of one kind, of all clusters, with sorted orders that are kept and brought up to date. */
export class Table {
  readonly byOwner = new Index();
  readonly byNode = new Index();
  readonly byNamespace = new Index();
  readonly #clusters = new Map<string, Map<string, Entry>>();
  readonly #attention = new Map<string, number>();
  readonly #orders = new Map<string, Order>();
  readonly #columnNames: readonly string[];
  readonly #measures: Record<string, Measure>;
  /** Entries in the order in which they came, so that an order knows what it has not seen. */
  #log: Entry[] = [];
  #gone = 0;
  #epoch = 0;
  #size = 0;

  constructor(columnNames: readonly string[], measures: Record<string, Measure> = {}) {
    this.#columnNames = columnNames;
    this.#measures = measures;
  }

  /** The names that `sort` takes. */
  get sorts(): string[] {
    const own = ["name", "namespace", "cluster", "node", "status", "state", "why", "since", "age", "created"];
    return [...new Set([...own, ...this.#columnNames, ...Object.keys(this.#measures)])];
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

  *all(): Generator<Entry> {
    for (const entries of this.#clusters.values()) yield* entries.values();
  }

  /** How many of a cluster's entries need attention. */
  attention(cluster: string): number {
    return this.#attention.get(cluster) ?? 0;
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
    this.#log.push(entry);
    this.#countAttention(entry, 1);
    const at = `${entry.cluster}\n`;
    for (const owner of entry.owners) this.byOwner.add(at + owner, entry);
    if (entry.node !== "") this.byNode.add(at + entry.node, entry);
    if (entry.namespace !== "") this.byNamespace.add(at + entry.namespace, entry);
    if (this.#log.length > leastLog && this.#log.length > this.#size / 4) {
      this.#log = [];
      this.#epoch++;
    }
  }

  remove(cluster: string, key: string): boolean {
    const entries = this.#clusters.get(cluster);
    const entry = entries?.get(key);
    if (!entry) return false;
    entries!.delete(key);
    this.#forget(entry);
    return true;
  }

  removeCluster(cluster: string): void {
    for (const entry of this.of(cluster).values()) this.#forget(entry);
    this.#clusters.delete(cluster);
    this.#attention.delete(cluster);
  }

  select(query: ListQuery, now: number): Selection {
    const sort = this.#sortName(query.sort);
    const order = this.#order(sort, now);
    const matches = filter(order.sorted, query);
    let attention = 0;
    for (const entry of matches) if (needsAttention(entry)) attention++;
    const limit = Math.min(Math.max(query.limit ?? 100, 1), 1000);
    let start = Math.max(query.offset ?? 0, 0);
    if (query.cursor) {
      const { entry, value } = decodeCursor(query.cursor, sort);
      start = positionAfter(matches, withValue(entry, value, sort, this.#columnNames), order.compare);
    }
    const entries = matches.slice(start, start + limit);
    const last = entries.at(-1);
    const more = last !== undefined && start + limit < matches.length;
    return {
      entries,
      total: matches.length,
      attention,
      ...(more ? { next: encodeCursor(sort, last, order.value(last)) } : {}),
    };
  }

  #forget(entry: Entry): void {
    entry.gone = true;
    this.#gone++;
    this.#size--;
    this.#countAttention(entry, -1);
    const at = `${entry.cluster}\n`;
    for (const owner of entry.owners) this.byOwner.remove(at + owner, entry);
    this.byNode.remove(at + entry.node, entry);
    this.byNamespace.remove(at + entry.namespace, entry);
  }

  #countAttention(entry: Entry, by: number): void {
    if (needsAttention(entry)) this.#attention.set(entry.cluster, this.attention(entry.cluster) + by);
  }

  /** The given order where there is one of that name, the default otherwise. */
  #sortName(sort: string | undefined): string {
    return sort && this.sorts.includes(sort.replace(/^-/, "")) ? sort : "";
  }

  #order(sort: string, now: number): Order {
    let order = this.#orders.get(sort);
    if (!order) {
      if (this.#orders.size >= mostOrders) this.#dropOldestOrder();
      order = this.#newOrder(sort);
      this.#orders.set(sort, order);
    }
    order.usedAt = now;
    const measure = this.#measures[sort.replace(/^-/, "")];
    const stale = order.epoch !== this.#epoch;
    if (stale || (measure && now - order.measuredAt >= measureMs)) {
      order.sorted = [...this.all()];
      if (measure) for (const entry of order.sorted) entry.measured = known(measure(entry));
      order.sorted.sort(order.compare);
      order.measuredAt = now;
    } else if (order.logged < this.#log.length || order.gone !== this.#gone) {
      const fresh = this.#log.slice(order.logged).filter(stays);
      if (measure) for (const entry of fresh) entry.measured = known(measure(entry));
      fresh.sort(order.compare);
      order.sorted = merge(order.sorted.filter(stays), fresh, order.compare);
    }
    order.epoch = this.#epoch;
    order.logged = this.#log.length;
    order.gone = this.#gone;
    return order;
  }

  #newOrder(sort: string): Order {
    const value = sortedBy(sort.replace(/^-/, ""), this.#columnNames, this.#measures);
    const compare: Compare =
      sort === ""
        ? worstFirst
        : sort.startsWith("-")
          ? (a, b) => byValue(value(b), value(a)) || byName(a, b)
          : (a, b) => byValue(value(a), value(b)) || byName(a, b);
    return {
      compare,
      value,
      sorted: [],
      logged: 0,
      gone: 0,
      epoch: -1,
      usedAt: 0,
      measuredAt: Number.NEGATIVE_INFINITY,
    };
  }

  #dropOldestOrder(): void {
    let oldest: [string, number] = ["", Number.POSITIVE_INFINITY];
    for (const [sort, { usedAt }] of this.#orders) if (usedAt < oldest[1]) oldest = [sort, usedAt];
    this.#orders.delete(oldest[0]);
  }
}

const empty: ReadonlyMap<string, Entry> = new Map();
const stays = (entry: Entry) => !entry.gone;
/** What is not known sorts below everything that is. */
const known = (value: number) => (Number.isFinite(value) ? value : -1e308);

function sortedBy(
  sort: string,
  columnNames: readonly string[],
  measures: Record<string, Measure>,
): (entry: Entry) => string | number {
  if (measures[sort]) return (entry) => entry.measured;
  const column = columnNames.indexOf(sort);
  if (column >= 0) return (entry) => entry.columns[column] ?? "";
  switch (sort) {
    case "":
    case "status":
      return (entry) => entry.rank;
    case "age":
      return (entry) => -entry.createdMs;
    case "created":
      return (entry) => entry.createdMs;
    case "since":
      return (entry) => entry.sinceMs;
    case "namespace":
    case "cluster":
    case "node":
    case "state":
    case "why":
      return (entry) => entry[sort];
    default:
      return (entry) => entry.name;
  }
}

/** The stand-in of a cursor with the value of its order where the order looks for it. */
function withValue(
  entry: Entry,
  value: string | number,
  sort: string,
  columnNames: readonly string[],
): Entry {
  const name = sort.replace(/^-/, "");
  const column = columnNames.indexOf(name);
  const columns: (string | number)[] = [];
  if (column >= 0) columns[column] = value;
  const own: Record<string, unknown> = { ...entry, columns, measured: value };
  if (name === "age") own.createdMs = -Number(value);
  else if (name === "created") own.createdMs = value;
  else if (column < 0 && ["namespace", "node", "state", "why"].includes(name)) own[name] = value;
  return own as unknown as Entry;
}
