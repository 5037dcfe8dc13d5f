import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { type Line, measuredOf, type Subject } from "../../datasource/values/measured.ts";
import { type Stored, storedOf } from "../../datasource/values/stored.ts";
import type { Over, Reader } from "../../history/reader.ts";
import type { PastValues } from "./line.ts";

/** So much is read at a time: others wait for that long. */
const readAtOnceMs = 86_400_000;

export interface Steps {
  fromMs: number;
  toMs: number;
  stepMs: number;
  /** Which of a step's values stands for it. */
  take: "avg" | "max" | "min";
}

/** Lines of one subject, read together. */
export interface Lines {
  subject: Subject;
  lines: Line[];
}

export function bySubject(lines: Iterable<Line>): Lines[] {
  const found = new Map<string, Lines>();
  for (const line of lines) {
    const { kind, namespace, name } = line.subject;
    const key = `${kind}/${namespace}/${name}`;
    const known = found.get(key);
    if (known) known.lines.push(line);
    else found.set(key, { subject: line.subject, lines: [line] });
  }
  return [...found.values()];
}

/** What lines had at each step; undefined where it may not be read, or nothing is kept of the subject. */
export function* pastValues(
  metrics: Reader,
  { id }: Pick<ClusterFacts, "id">,
  { subject, lines }: Lines,
  steps: Steps,
): Generator<void, PastValues[] | undefined> {
  const { fromMs, toMs, stepMs, take } = steps;
  const { kind, namespace, name } = subject;
  const count = Math.max(0, Math.floor((toMs - fromMs) / stepMs));
  const kept = lines.map((line) => keptOf(subject, line));
  const stored = kept.map((one) => storedOf(measuredOf(subject), one.group, one.series));
  const past = lines.map(() => ({ values: new Float64Array(count).fill(Number.NaN), lastMean: Number.NaN }));
  const names = new Set(
    kept.flatMap(({ group }, at) =>
      [stored[at]!.series, stored[at]!.by].map((one) => `${group}\n${one ?? ""}`),
    ),
  );
  for (let from = fromMs; from < toMs; from += readAtOnceMs) {
    const range = {
      fromMs: from,
      toMs: Math.min(toMs, from + readAtOnceMs) - 1,
      stepMs,
      mean: take === "avg",
    };
    const over = metrics.over({ cluster: id, kind, namespace, name }, range, (one) =>
      names.has(`${one.group}\n${one.name}`),
    );
    if (!over) return undefined;
    for (const [at, one] of past.entries()) put(one, over, kept[at]!.group, stored[at]!, steps);
    yield;
  }
  const times = Float64Array.from({ length: count }, (_, at) => fromMs + (at + 1) * stepMs);
  return past.map((one, at) => ({ times, values: scaled(one, stored[at]!, lines[at]!.value) }));
}

/** Where any value will do, one that everything has. */
function keptOf(subject: Subject, { group, series }: Line): { group: string; series: string } {
  if (series !== "") return { group, series };
  const of = measuredOf(subject);
  if (of === "node") return { group: "cpu", series: "usage" };
  return of === "cluster" ? { group: "cpu", series: "used" } : { group: "usage", series: "cpu" };
}

interface Taken {
  values: Float64Array;
  lastMean: number;
}

function put(into: Taken, over: Over, group: string, { series, by }: Stored, steps: Steps): void {
  const find = (name: string) => over.series.find((one) => one.group === group && one.name === name);
  const found = find(series)?.values;
  const whole = by === undefined ? undefined : find(by)?.values.avg;
  if (!found || (by !== undefined && !whole)) return;
  const values = found[steps.take];
  for (let at = 0; at < values.length; at++) {
    const step = Math.floor((over.times[at]! - steps.fromMs) / steps.stepMs);
    if (step < 0 || step >= into.values.length || Number.isNaN(values[at]!)) continue;
    into.values[step] = whole ? values[at]! / whole[at]! : values[at]!;
    into.lastMean = whole ? found.avg[at]! / whole[at]! : found.avg[at]!;
  }
}

/** What is kept may be off by a factor that does not change (`stored.ts`): the value of now tells which. */
function scaled({ values, lastMean }: Taken, stored: Stored, now: number): Float64Array {
  if (!stored.scaled || !lastMean || !now) return values;
  return values.map((one) => (one * now) / lastMean);
}

/** When the first of all values is of; Infinity where there is none. */
export const knownFrom = (past: readonly PastValues[]): number =>
  Math.min(
    ...past.map(({ times, values }) => {
      const first = values.findIndex((one) => !Number.isNaN(one));
      return first < 0 ? Number.POSITIVE_INFINITY : times[Math.max(0, first - 1)]!;
    }),
  );
