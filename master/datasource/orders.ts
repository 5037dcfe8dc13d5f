import type { Entry } from "./entry.ts";
import { byName, byValue, type Compare, updated, worstFirst } from "./order.ts";

/** A column that is not the object's own and changes by itself, such as what a pod uses. */
export type Measure = (entry: Entry) => number;

/** All entries of a table in one order. */
export interface Order {
  compare: Compare;
  value: (entry: Entry) => string | number;
  /** Compares an entry with the last one of a page, of which only name, place and value are known. */
  compareTo: (entry: Entry, last: Entry, value: string | number) => number;
  sorted: Entry[];
}

interface Kept extends Order {
  measure: Measure | undefined;
  /** Measured values by slot, as they were when this was sorted. */
  values: Float64Array;
  measuredAt: number;
  /** How much of the log is in it. */
  seen: number;
  usedAt: number;
}

const mostOrders = 12;
/** The log keeps so many changes, and no more than a quarter of all entries. */
const leastLog = 512;
/** For so long an order by usage stands before it is measured again. */
const measureMs = 1000;

/** The orders in which a table was asked for, kept and brought up to date with what came and went since. */
export class Orders {
  readonly names: ReadonlySet<string>;
  readonly #columnNames: readonly string[];
  readonly #measures: Record<string, Measure>;
  readonly #kept = new Map<string, Kept>();
  /** Entries as they came and went, and how many were in front of the first of these. */
  #log: Entry[] = [];
  #dropped = 0;

  constructor(columnNames: readonly string[], measures: Record<string, Measure>) {
    const own = ["name", "namespace", "cluster", "node", "status", "state", "why", "since", "age", "created"];
    this.names = new Set([...own, ...columnNames, ...Object.keys(measures)]);
    this.#columnNames = columnNames;
    this.#measures = measures;
  }

  /** Tells that an entry has come, or has gone. */
  note(entry: Entry, size: number): void {
    // Without an order there is nothing to bring up to date.
    if (this.#kept.size === 0) return;
    this.#log.push(entry);
    if (this.#log.length <= leastLog || this.#log.length <= size / 4) return;
    // An order that was not asked for all this while is made anew when it is; it would hold what has long gone.
    const drop = this.#log.length >> 1;
    this.#log = this.#log.slice(drop);
    this.#dropped += drop;
    for (const [sort, { seen }] of this.#kept) if (seen < this.#dropped) this.#kept.delete(sort);
  }

  /** Forgets all orders, where slots have other numbers or most entries are others. */
  clear(): void {
    this.#kept.clear();
    this.#dropped += this.#log.length;
    this.#log = [];
  }

  /** The order of a name that is one of `names`, with "-" before it for descending, or "" for worst first. */
  get(sort: string, all: () => Iterable<Entry>, slots: number, now: number): Order {
    let order = this.#kept.get(sort);
    if (!order) {
      if (this.#kept.size >= mostOrders) this.#dropOldest();
      order = this.#make(sort);
      this.#kept.set(sort, order);
    }
    order.usedAt = now;
    if (order.seen < 0 || (order.measure && now - order.measuredAt >= measureMs)) {
      order.sorted = [...all()];
      if (order.measure) {
        order.values = grown(new Float64Array(0), slots);
        for (const entry of order.sorted) order.values[entry.slot] = known(order.measure(entry));
        order.measuredAt = now;
      }
      order.sorted.sort(order.compare);
    } else if (order.seen < this.#end) this.#catchUp(order, slots);
    order.seen = this.#end;
    return order;
  }

  get #end(): number {
    return this.#dropped + this.#log.length;
  }

  #catchUp(order: Kept, slots: number): void {
    const changes = this.#log.slice(order.seen - this.#dropped);
    const come = changes.filter((entry) => !entry.gone);
    const gone = changes.filter((entry) => entry.gone);
    if (order.measure) {
      order.values = grown(order.values, slots);
      // Who has the slot of one that went has its value too, until the next measuring.
      for (const entry of come)
        if (Number.isNaN(order.values[entry.slot])) order.values[entry.slot] = known(order.measure(entry));
    }
    order.sorted = updated(order.sorted, gone, come, order.compare);
  }

  #make(sort: string): Kept {
    const name = sort.replace(/^-/, "");
    const measure = this.#measures[name];
    const order: Kept = {
      compare: worstFirst,
      compareTo: worstFirst,
      value: measure ? (entry) => order.values[entry.slot]! : ownValue(name, this.#columnNames),
      sorted: [],
      measure,
      values: new Float64Array(0),
      measuredAt: Number.NEGATIVE_INFINITY,
      seen: -1,
      usedAt: 0,
    };
    if (sort === "") return order;
    const { value } = order;
    const sign = sort.startsWith("-") ? -1 : 1;
    order.compare = (a, b) => sign * byValue(value(a), value(b)) || byName(a, b);
    order.compareTo = (a, b, valueOfB) => sign * byValue(value(a), valueOfB) || byName(a, b);
    return order;
  }

  #dropOldest(): void {
    let oldest: [string, number] = ["", Number.POSITIVE_INFINITY];
    for (const [sort, { usedAt }] of this.#kept) if (usedAt < oldest[1]) oldest = [sort, usedAt];
    this.#kept.delete(oldest[0]);
  }
}

/** The same values with room for so many slots and some more; NaN where nothing was measured yet. */
function grown(values: Float64Array, slots: number): Float64Array {
  if (values.length >= slots) return values;
  const larger = new Float64Array(Math.ceil(slots * 1.25)).fill(Number.NaN);
  larger.set(values);
  return larger;
}

/** What is not known sorts below everything that is. */
const known = (value: number) => (Number.isFinite(value) ? value : -1e308);

function ownValue(name: string, columnNames: readonly string[]): (entry: Entry) => string | number {
  const column = columnNames.indexOf(name);
  if (column >= 0) return (entry) => entry.columns[column] ?? "";
  switch (name) {
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
      return (entry) => entry[name];
    default:
      return (entry) => entry.name;
  }
}
