import { type TopKind, type TopMeasure, topMeasures, type TopOrder } from "../../views/pages/top.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { AmountSums } from "./amount-sums.ts";
import { nodeColumns } from "./amounts.ts";
import type { PercentilesOf } from "./percentiles.ts";
import { fromStored } from "./precision.ts";
import type { Tally } from "./tally.ts";
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
  /** The 95th percentile of the time in which it was there; NaN where it is not known. */
  p95: number;
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
const rowsAtOnce = 2000;
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

/** Those that used most, of what `may` lets see; a step at a time. */
export function* rank(
  tally: Tally,
  query: TopQuery,
  may: (place: Place) => boolean,
  percentilesOf: (asked: PercentilesOf) => Generator<void, ReadonlyMap<number, number>>,
): Generator<void, Ranking> {
  const { of, by, order } = query;
  const column = columnOf(of, by);
  if (column === undefined) return { total: 0, sum: Number.NaN, measured: 0, items: [] };
  const wanted = (subject: Subject) =>
    (query.cluster === undefined || subject.cluster === query.cluster) &&
    (query.namespace === undefined || of === "nodes" || subject.namespace === query.namespace) &&
    may(subject);
  const sums = of === "namespaces" ? namespacesOf(tally, wanted) : tally[of];
  const over = mostSeconds(tally);
  // A block that has just begun is shorter than what a sample stands for.
  const measured = Math.min(over, Math.max(1, tally.to - tally.from));
  const rows: number[] = [];
  let all = 0;
  for (let row = 0; row < sums.size; row++) {
    if (row % rowsAtOnce === 0) yield;
    const subject = sums.subjects[row]!;
    if (sums.seconds(row, column) === 0 || (of === "workloads" && subject.kind === "Pod") || !wanted(subject))
      continue;
    rows.push(row);
    all += sums.sum(row, column);
  }
  const percentiles = function* (these: readonly number[]): Generator<void, ReadonlyMap<number, number>> {
    return of === "namespaces" ? new Map() : yield* percentilesOf({ of, column, rows: these });
  };
  const ordering = order === "p95" ? yield* percentiles(rows) : undefined;
  const mean = (row: number, at: number) =>
    sums.sum(row, at) / (of === "nodes" ? sums.seconds(row, at) : over);
  const weight = (row: number) =>
    // What it is not known of comes last.
    ordering
      ? ordering.get(sums.ids[row]!) || 0
      : order === "max"
        ? sums.max(row, column)
        : mean(row, column);
  const best = new Best(query.most);
  for (const row of rows) best.offer(weight(row), row, sums.ids[row]!);
  yield;
  const chosen = best.rows();
  const p95 = ordering ?? (yield* percentiles(chosen));
  const real = (stored: number) => realOf(of, by, stored);
  const items = chosen.map((row): Ranked => {
    const subject = sums.subjects[row]!;
    const others = Object.fromEntries(
      topMeasures.flatMap((one) => {
        const at = one === by ? undefined : columnOf(of, one);
        const known = at !== undefined && sums.seconds(row, at) > 0;
        return known ? [[one, realOf(of, one, mean(row, at))]] : [];
      }),
    );
    return {
      id: sums.ids[row]!,
      cluster: subject.cluster,
      subject: of === "namespaces" ? undefined : subject,
      namespace: subject.namespace,
      mean: real(mean(row, column)),
      p95: real(p95.get(sums.ids[row]!) ?? Number.NaN),
      max: real(sums.max(row, column)),
      share: of === "nodes" ? shareOf(sums, row, by) : all > 0 ? sums.sum(row, column) / all : 0,
      seconds: Math.min(sums.seconds(row, column), measured),
      others,
    };
  });
  return { total: rows.length, measured, sum: of === "nodes" ? Number.NaN : real(all / over), items };
}

/** Of what a node has: CPU and disks are shares already. */
function shareOf(sums: AmountSums, row: number, by: TopMeasure): number {
  const { cpu, memory, memoryTotal, disk } = nodeColumns;
  if (by === "memory")
    return sums.seconds(row, memoryTotal) > 0
      ? sums.sum(row, memory) / sums.sum(row, memoryTotal)
      : Number.NaN;
  const column = by === "cpu" ? cpu : by === "disk" ? disk : undefined;
  return column === undefined ? Number.NaN : sums.sum(row, column) / sums.seconds(row, column) / 1000;
}

/**
 * For how long anything was measured at all: a master that is new has not seen all of the time. What amounts are divided
 * by has to count samples as they do, so it can be some seconds more than the time itself.
 */
function mostSeconds({ workloads, nodes }: Tally): number {
  let most = 1;
  for (const sums of [workloads, nodes])
    for (let row = 0; row < sums.size; row++)
      for (let column = 0; column < sums.columns; column++)
        if (sums.seconds(row, column) > most) most = sums.seconds(row, column);
  return most;
}

/** The workloads of each namespace together; the most of it is that of whole pieces of the time. */
function namespacesOf(tally: Tally, wanted: (subject: Subject) => boolean): AmountSums {
  const { workloads, places, windows, to } = tally;
  const sums = new AmountSums(2);
  const seconds: number[] = [];
  for (const [at, id] of workloads.ids.entries()) {
    const place = places.get(id)!;
    if (!wanted(place.subject)) continue;
    const row = sums.row(place.id, place.subject);
    for (const column of [0, 1]) seconds[row] = Math.max(seconds[row] ?? 0, workloads.seconds(at, column));
  }
  for (const [row, id] of sums.ids.entries()) {
    const { pieces } = places.get(id)!;
    for (const column of [0, 1]) {
      for (const [at, { tier, start }] of windows.entries()) {
        const amount = pieces[at * 2 + column]!;
        sums.add(row, column, amount, 0, amount / Math.max(60, Math.min(tiers[tier]!.span, to - start)));
      }
      sums.add(row, column, 0, seconds[row]!, 0);
    }
  }
  return sums;
}

/** The greatest few, without sorting all. */
class Best {
  readonly #most: number;
  #kept: { weight: number; row: number; id: number }[] = [];
  #least = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  offer(weight: number, row: number, id: number): void {
    if (!(weight > this.#least)) return;
    this.#kept.push({ weight, row, id });
    if (this.#kept.length < 2 * this.#most) return;
    this.#cut();
    this.#least = this.#kept.at(-1)!.weight;
  }

  rows(): number[] {
    this.#cut();
    return this.#kept.map(({ row }) => row);
  }

  #cut(): void {
    this.#kept.sort((a, b) => b.weight - a.weight || a.id - b.id);
    this.#kept.length = Math.min(this.#kept.length, this.#most);
  }
}
