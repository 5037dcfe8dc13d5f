import type { AmountTables } from "../database/metrics/amounts.ts";
import { startOf, subjectOf } from "../database/metrics/key.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { AmountSums } from "./amount-sums.ts";
import { eachAmount, nodeColumns } from "./amounts.ts";
import { eachHeadAmount } from "./head-amounts.ts";
import type { Heads } from "./heads.ts";
import type { Names } from "./names.ts";
import { finestAt, type Reach, runsOf, type Window, windowsOf } from "./pieces.ts";
import { tiers } from "./tiers.ts";

/** What the workloads of a namespace used together. */
export interface Place {
  /** One of its workloads. */
  id: number;
  subject: Subject;
  /** For each window CPU and memory: what they used together at its most follows from it. */
  pieces: Float64Array;
}

/** What all pods, workloads and nodes used in a time. Columns of pods and workloads are CPU and memory. */
export interface Tally {
  from: number;
  to: number;
  /** The finest tier that there is at its beginning. */
  finest: number;
  windows: readonly Window[];
  /** By their numbers. */
  pods: AmountSums;
  /** By the subject; pods that nothing owns among them. */
  workloads: AmountSums;
  nodes: AmountSums;
  /** By the subject of each of its workloads. */
  places: ReadonlyMap<number, Place>;
}

export interface TallyParts {
  tables: AmountTables;
  heads: Heads;
  names: Names;
  rolled: readonly (number | undefined)[];
  failed: (what: string, error: unknown) => void;
}

const rowsAtOnce = 200;
/** More pods than this in a time, of jobs for the most part: those that used least so far are left out. */
const mostPodsHeld = 100_000;

export function reachOf({ tables, rolled, heads }: Pick<TallyParts, "tables" | "rolled" | "heads">): Reach[] {
  return tiers.map((_, tier) => {
    const first = tables.first(tier) ?? (tier === 0 ? heads.oldest() : undefined);
    return { first, until: tier === 0 ? Number.POSITIVE_INFINITY : (rolled[tier] ?? 0) };
  });
}

/** Adds up a time from whole pieces, in seconds, none of which goes beyond `now`; a step at a time. */
export function* tally(parts: TallyParts, from: number, to: number, now: number): Generator<void, Tally> {
  const { names, heads } = parts;
  const reach = reachOf(parts);
  const windows = from < now ? windowsOf(from, to, reach) : [];
  const adding = new Adding(windows.length);
  const reading = (window: number, subjectID: number, each: (subject: Subject, take: Take) => void) => {
    const subject = names.subjects.byID(subjectID);
    if (!subject) return;
    try {
      each(subject, adding.of(window, subject));
    } catch (error) {
      parts.failed("reading what was used", error);
    }
  };
  for (const { tier, start, length, at } of runsOf(windows)) {
    const { span } = tiers[tier]!;
    for (const rows of parts.tables.pages(tier, start, start + length * span, rowsAtOnce)) {
      for (const { key, data } of rows)
        reading(at + Math.floor((startOf(key) - start) / span), subjectOf(key), (_, take) =>
          eachAmount(data, take),
        );
      adding.bound();
      yield;
    }
  }
  const inProgress = new Map(
    windows.flatMap(({ tier, start }, at) => (tier === 0 ? [[start, at] as const] : [])),
  );
  for (const key of heads.keysBefore(now)) {
    const window = inProgress.get(startOf(key));
    const head = window === undefined ? undefined : heads.get(startOf(key), subjectOf(key));
    if (window === undefined || !head) continue;
    reading(window, subjectOf(key), (subject, take) => eachHeadAmount(head, subject, names, take));
    yield;
  }
  const last = windows.at(-1);
  const end = last ? Math.min(now, last.start + tiers[last.tier]!.span) : to;
  const times = {
    from: windows[0]?.start ?? Math.min(from, to),
    to: end,
    finest: finestAt(from, reach) ?? 0,
  };
  const { pods, workloads, nodes, places } = adding;
  return { ...times, windows, pods, workloads, nodes, places };
}

type Take = Parameters<typeof eachAmount>[1];

/** Adds to what it was told to be of: one function for all, as there are half a million numbers. */
class Adding {
  pods = new AmountSums(2);
  readonly workloads = new AmountSums(2);
  readonly nodes = new AmountSums(Object.keys(nodeColumns).length);
  readonly places = new Map<number, Place>();
  readonly #byName = new Map<string, Place>();
  readonly #windows: number;
  #subject: Subject | undefined;
  #row = 0;
  #pieces: Float64Array = new Float64Array(0);
  #window = 0;

  constructor(windows: number) {
    this.#windows = windows;
  }

  of(window: number, subject: Subject): Take {
    this.#subject = subject;
    if (subject.kind === "Node") {
      this.#row = this.nodes.row(subject.id, subject);
      return this.#ofNode;
    }
    this.#row = this.workloads.row(subject.id, subject);
    this.#pieces = this.#placeOf(subject).pieces;
    this.#window = window;
    return this.#ofWorkload;
  }

  bound(): void {
    const { pods } = this;
    if (pods.size > mostPodsHeld)
      this.pods = pods.halved((row) => pods.sum(row, 0) * 1000 + pods.sum(row, 1));
  }

  readonly #ofNode: Take = (id, sum, seconds, max) => this.nodes.add(this.#row, id, sum, seconds, max);

  readonly #ofWorkload: Take = (id, sum, seconds, max) => {
    if (id > 1) this.pods.add(this.pods.row(id >> 1, this.#subject!), id % 2, sum, seconds, max);
    else {
      this.workloads.add(this.#row, id, sum, seconds, max);
      this.#pieces[this.#window * 2 + id]! += sum;
    }
  };

  #placeOf(subject: Subject): Place {
    const known = this.places.get(subject.id);
    if (known) return known;
    const name = `${subject.cluster}\n${subject.namespace}`;
    const place = this.#byName.get(name) ?? {
      ...{ id: subject.id, subject },
      pieces: new Float64Array(this.#windows * 2),
    };
    this.#byName.set(name, place);
    this.places.set(subject.id, place);
    return place;
  }
}
