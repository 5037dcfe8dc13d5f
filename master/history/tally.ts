import type { AmountTables } from "../database/metrics/amounts.ts";
import { startOf, subjectOf } from "../database/metrics/key.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import type { AmountKeeper } from "./amount-keeper.ts";
import { eachAmount, encodeAmounts } from "./amounts.ts";
import type { Heads } from "./heads.ts";
import type { Names } from "./names.ts";
import { tiers } from "./tiers.ts";
import { finestAt, type Reach, type Window, windowsOf } from "./pieces.ts";

/** What something used in all of a time: of each column stored numbers times seconds, for how long, and the most. */
export class Sum {
  readonly subject: Subject;
  readonly sums: number[] = [];
  readonly seconds: number[] = [];
  readonly most: number[] = [];

  constructor(subject: Subject) {
    this.subject = subject;
  }

  add(column: number, sum: number, seconds: number, max: number): void {
    this.sums[column] = (this.sums[column] ?? 0) + sum;
    this.seconds[column] = (this.seconds[column] ?? 0) + seconds;
    if (!(this.most[column]! >= max)) this.most[column] = max;
  }
}

/** What all pods, workloads and nodes used in a time. Columns of pods and workloads are CPU and memory. */
export interface Tally {
  from: number;
  to: number;
  /** The finest tier that there is at its beginning. */
  finest: number;
  windows: readonly Window[];
  /** By their numbers. */
  pods: ReadonlyMap<number, Sum>;
  /** By the subject; pods that nothing owns among them. */
  workloads: ReadonlyMap<number, Sum>;
  nodes: ReadonlyMap<number, Sum>;
  /** Of each workload in each window, its CPU and memory; what namespaces use together follows from it. */
  pieces: ReadonlyMap<number, Float64Array>;
}

interface Parts {
  tables: AmountTables;
  amounts: AmountKeeper;
  heads: Heads;
  names: Names;
  rolled: readonly (number | undefined)[];
  failed: (what: string, error: unknown) => void;
}

const rowsAtOnce = 200;
/** More pods than this in a time, of jobs for the most part: those that used least so far are left out. */
const mostPodsHeld = 100_000;

export function reachOf({ tables, rolled, heads }: Pick<Parts, "tables" | "rolled" | "heads">): Reach[] {
  return tiers.map((_, tier) => {
    const first = tables.first(tier) ?? (tier === 0 ? heads.oldest() : undefined);
    return { first, until: tier === 0 ? Number.POSITIVE_INFINITY : (rolled[tier] ?? 0) };
  });
}

/** Adds up a time from whole pieces, in seconds, none of which goes beyond `now`; a step at a time. */
export function* tally(parts: Parts, from: number, to: number, now: number): Generator<void, Tally> {
  const { names } = parts;
  const reach = reachOf(parts);
  const windows = windowsOf(from, to, reach);
  const pods = new Map<number, Sum>();
  const workloads = new Map<number, Sum>();
  const nodes = new Map<number, Sum>();
  const pieces = new Map<number, Float64Array>();
  const sumIn = (map: Map<number, Sum>, key: number, subject: Subject) => {
    let sum = map.get(key);
    if (!sum) {
      sum = new Sum(subject);
      map.set(key, sum);
    }
    return sum;
  };
  function take(window: number, subjectID: number, data: Uint8Array): void {
    const subject = names.subjects.byID(subjectID);
    if (!subject) return;
    if (subject.kind === "Node") {
      const node = sumIn(nodes, subjectID, subject);
      eachAmount(data, (id, sum, seconds, max) => node.add(id, sum, seconds, max));
      return;
    }
    const workload = sumIn(workloads, subjectID, subject);
    let piece = pieces.get(subjectID);
    if (!piece) {
      piece = new Float64Array(windows.length * 2);
      pieces.set(subjectID, piece);
    }
    eachAmount(data, (id, sum, seconds, max) => {
      if (id > 1) sumIn(pods, id >> 1, subject).add(id % 2, sum, seconds, max);
      else {
        workload.add(id, sum, seconds, max);
        piece[window * 2 + id]! += sum;
      }
    });
    if (pods.size > mostPodsHeld) halve(pods);
  }
  const reading = (window: number, subject: number, data: Uint8Array) => {
    try {
      take(window, subject, data);
    } catch (error) {
      parts.failed("reading what was used", error);
    }
  };
  for (let at = 0; at < windows.length; ) {
    const { tier, start } = windows[at]!;
    const { span } = tiers[tier]!;
    // Pieces of a tier that follow each other lie in a row.
    let length = 1;
    while (windows[at + length]?.tier === tier && windows[at + length]!.start === start + length * span)
      length++;
    for (const rows of parts.tables.pages(tier, start, start + length * span, rowsAtOnce)) {
      for (const row of rows) reading(at + Math.floor((row.start - start) / span), row.subject, row.data);
      yield;
    }
    at += length;
  }
  const inProgress = new Map(
    windows.flatMap(({ tier, start }, at) => (tier === 0 ? [[start, at] as const] : [])),
  );
  for (const key of parts.heads.keysBefore(now)) {
    const window = inProgress.get(startOf(key));
    const found = window === undefined ? undefined : headAmounts(parts, key);
    if (window === undefined || !found) continue;
    reading(window, found.subject, found.data);
    yield;
  }
  const last = windows.at(-1);
  const end = last ? Math.min(now, last.start + tiers[last.tier]!.span) : to;
  const times = { from: windows[0]?.start ?? to, to: end, finest: finestAt(from, reach) ?? 0 };
  return { ...times, windows, pods, workloads, nodes, pieces };
}

/** What a block in progress has come to so far. */
export function headAmounts(
  { heads, amounts }: Pick<Parts, "heads" | "amounts">,
  key: number,
): { subject: number; data: Uint8Array } | undefined {
  const start = startOf(key);
  const subject = subjectOf(key);
  const head = heads.get(start, subject);
  return head && { subject, data: encodeAmounts(amounts.of(subject, head.read())) };
}

function halve(pods: Map<number, Sum>): void {
  const weight = ({ sums }: Sum) => (sums[0] ?? 0) * 1000 + (sums[1] ?? 0);
  const weights = [...pods.values()].map(weight).sort((a, b) => a - b);
  const middle = weights[weights.length >> 1]!;
  for (const [id, sum] of pods) if (weight(sum) < middle) pods.delete(id);
}
