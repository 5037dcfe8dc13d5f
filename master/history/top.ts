import { type TopKind, type TopMeasure, topMeasures, type TopOrder } from "../../views/pages/top.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { nodeColumns } from "./amounts.ts";
import { fromStored } from "./precision.ts";
import { Sum, type Tally } from "./tally.ts";
import { tiers } from "./tiers.ts";
import { podStep } from "./totals.ts";

export interface TopQuery {
  cluster?: string | undefined;
  namespace?: string | undefined;
  of: TopKind;
  /** Of pods, workloads and namespaces there are CPU and memory alone. */
  by: TopMeasure;
  order: TopOrder;
  most: number;
}

/** One of those that used most. CPU in cores, of nodes as a share; memory in bytes; rates in bytes a second. */
export interface Ranked {
  /** A pod's number, or the subject's. */
  id: number;
  cluster: string;
  /** Of a pod: what it belongs to. */
  subject: Subject | undefined;
  namespace: string;
  /** Over all of the time, as if it used nothing while it was not there; of nodes while they were measured. */
  mean: number;
  max: number;
  /** Of what all together used; of a node of what it has, where that is known. */
  share: number;
  /** For how long of the time it was there, in seconds. */
  seconds: number;
  /** The means of the other measures, as far as there are any. */
  others: Partial<Record<TopMeasure, number>>;
}

export interface Ranking {
  /** How many there were. */
  total: number;
  /** What all of them used on average together; NaN of shares. */
  sum: number;
  /** For how much of the time anything was measured at all, in seconds. */
  measured: number;
  items: Ranked[];
}

type Place = Pick<Subject, "cluster" | "namespace">;

const rateStep = 256;
const columns = { cpu: 0, memory: 1 } as const;
const columnOf = (of: TopKind, by: TopMeasure): number | undefined =>
  of === "nodes"
    ? { ...columns, disk: nodeColumns.disk, network: nodeColumns.network }[by]
    : by === "cpu" || by === "memory"
      ? columns[by]
      : undefined;

/** What a stored number of a measure stands for. */
export function realOf(of: TopKind, by: TopMeasure, stored: number): number {
  if (by === "memory") return fromStored(stored, podStep.memory);
  if (by === "network") return fromStored(stored, rateStep);
  // Cores in thousandths, and shares in thousandths too.
  return of === "nodes" || by === "cpu" ? fromStored(stored, podStep.cpu) : Number.NaN;
}

/** Those that used most, of what `may` lets see. */
export function rank(tally: Tally, query: TopQuery, may: (place: Place) => boolean): Ranking {
  const column = columnOf(query.of, query.by);
  const wanted = (subject: Subject) =>
    (query.cluster === undefined || subject.cluster === query.cluster) &&
    (query.namespace === undefined || query.of === "nodes" || subject.namespace === query.namespace) &&
    may(subject);
  if (column === undefined) return { total: 0, sum: Number.NaN, measured: 0, items: [] };
  const over = mostSeconds(tally);
  // A block that has just begun is shorter than what a sample stands for.
  const measured = Math.min(over, Math.max(1, tally.to - tally.from));
  const best = new Best(query.most);
  let total = 0;
  let all = 0;
  for (const [id, sum] of groupsOf(tally, query.of, wanted)) {
    const amount = sum.sums[column];
    if (amount === undefined) continue;
    total++;
    all += amount;
    const weight =
      query.order === "max"
        ? sum.most[column]!
        : query.of === "nodes"
          ? amount / sum.seconds[column]!
          : amount;
    best.offer(weight, id, sum);
  }
  const real = (by: TopMeasure, stored: number) => realOf(query.of, by, stored);
  const items = best.items().map(({ id, sum }): Ranked => {
    const { subject } = sum;
    const mean = (by: TopMeasure) => {
      const at = columnOf(query.of, by);
      if (at === undefined || sum.sums[at] === undefined) return undefined;
      return real(by, sum.sums[at] / (query.of === "nodes" ? sum.seconds[at]! : over));
    };
    const others = Object.fromEntries(
      topMeasures.flatMap((by) => {
        const value = by === query.by ? undefined : mean(by);
        return value === undefined ? [] : [[by, value]];
      }),
    );
    return {
      id,
      cluster: subject.cluster,
      subject: query.of === "namespaces" ? undefined : subject,
      namespace: subject.namespace,
      mean: mean(query.by)!,
      max: real(query.by, sum.most[column]!),
      share: query.of === "nodes" ? shareOf(sum, query.by) : all > 0 ? sum.sums[column]! / all : 0,
      seconds: Math.min(sum.seconds[column]!, measured),
      others,
    };
  });
  return { total, measured, sum: query.of === "nodes" ? Number.NaN : real(query.by, all / over), items };
}

/** Of what a node has: CPU and disks are shares already. */
function shareOf({ sums, seconds }: Sum, by: TopMeasure): number {
  if (by === "memory") return sums[nodeColumns.memory]! / (sums[nodeColumns.memoryTotal] ?? Number.NaN);
  const column = by === "cpu" ? nodeColumns.cpu : by === "disk" ? nodeColumns.disk : undefined;
  return column === undefined ? Number.NaN : sums[column]! / seconds[column]! / 1000;
}

/**
 * For how long anything was measured at all: a master that is new has not seen all of the time. What amounts are divided
 * by has to count samples as they do, so it can be some seconds more than the time itself.
 */
function mostSeconds({ workloads, nodes }: Tally): number {
  let most = 1;
  for (const sums of [workloads, nodes])
    for (const { seconds } of sums.values()) for (const one of seconds) if (one > most) most = one;
  return most;
}

function* groupsOf(
  tally: Tally,
  of: TopKind,
  wanted: (subject: Subject) => boolean,
): Generator<readonly [number, Sum]> {
  if (of === "namespaces") {
    yield* namespacesOf(tally, wanted);
    return;
  }
  for (const one of tally[of]) {
    if (of === "workloads" && one[1].subject.kind === "Pod") continue;
    if (wanted(one[1].subject)) yield one;
  }
}

/** The workloads of each namespace together; the most of it is that of whole pieces of the time. */
function namespacesOf(
  { workloads, pieces, windows, to }: Tally,
  wanted: (subject: Subject) => boolean,
): Map<number, Sum> {
  const found = new Map<string, { id: number; subject: Subject; pieces: Float64Array; seconds: number }>();
  for (const [id, sum] of workloads) {
    const { subject } = sum;
    if (!wanted(subject)) continue;
    const key = `${subject.cluster}\n${subject.namespace}`;
    const known = found.get(key) ?? {
      ...{ id, subject, seconds: 0 },
      pieces: new Float64Array(windows.length * 2),
    };
    found.set(key, known);
    known.seconds = Math.max(known.seconds, ...sum.seconds.filter(Number.isFinite));
    const own = pieces.get(id);
    for (let at = 0; own && at < own.length; at++) known.pieces[at]! += own[at]!;
  }
  return new Map(
    [...found.values()].map(({ id, subject, pieces, seconds }) => {
      const sum = new Sum(subject);
      for (const column of [0, 1])
        for (let at = 0; at < windows.length; at++) {
          const amount = pieces[at * 2 + column]!;
          const { tier, start } = windows[at]!;
          const span = Math.max(60, Math.min(tiers[tier]!.span, to - start));
          sum.add(column, amount, 0, amount / span);
        }
      sum.seconds[0] = seconds;
      sum.seconds[1] = seconds;
      return [id, sum];
    }),
  );
}

/** The greatest few, without sorting all. */
class Best {
  readonly #most: number;
  #kept: { weight: number; id: number; sum: Sum }[] = [];
  #least = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  offer(weight: number, id: number, sum: Sum): void {
    if (!(weight > this.#least)) return;
    this.#kept.push({ weight, id, sum });
    if (this.#kept.length < 2 * this.#most) return;
    this.#cut();
    this.#least = this.#kept.at(-1)!.weight;
  }

  items() {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept.sort((a, b) => b.weight - a.weight || a.id - b.id);
    this.#kept.length = Math.min(this.#kept.length, this.#most);
  }
}
