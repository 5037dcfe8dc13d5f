import type { Measured } from "../../../views/alert-model.ts";
import type { CertificateExpiry } from "../../../wire/status.ts";
import type { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import { putSeries } from "../series.ts";
import type { Happening } from "./happening.ts";

export const measuredOf = ({ kind }: Pick<Subject, "kind">): Measured =>
  kind === "Node" ? "node" : kind === "Cluster" ? "cluster" : kind === "Pod" ? "pod" : "workload";

/** What a value is of. A cluster has no name here: it is known by its id. */
export interface Subject {
  /** `Node`, `Pod`, `Cluster`, or a workload's kind. */
  kind: string;
  namespace: string;
  name: string;
  /** Where it runs, where that is one node. */
  node: string;
}

/** One series of one subject. */
export interface Line {
  subject: Subject;
  group: string;
  series: string;
  /** What it has now. */
  value: number;
}

/** One series of many subjects, each in a row of its own. */
export interface Column {
  series: string;
  /** The group, of all rows or of each: `disk *` is every disk. */
  groups: string | readonly string[];
  subjects: readonly Subject[];
  /** NaN where nothing is known of now. */
  values: ArrayLike<number>;
  /** Where the rows of each namespace begin and end; absent for what is in none. */
  spaces?: ReadonlyMap<string, readonly [from: number, to: number]>;
}

/** Values over time; NaN where there are none. Times rise, in ms. */
export interface Points {
  times: Float64Array;
  values: Float64Array;
}

/** A line, or an object, that was there and is not. */
export interface Missing {
  subject: Subject;
  /** Both "" where it is all of its values, or the object itself. */
  group: string;
  series: string;
  /** When it was there last. */
  lastMs: number;
}

/**
 * What conditions over values read, of one cluster at one time: that of now, or of a time that has been. Nothing else
 * of the values reaches them.
 */
export interface Values {
  /** The values of a series: group `disk *` has a row for each disk; group and series "" have 1 for what has any values. */
  column(of: Measured, group: string, series: string): Column;
  /** What a line had until now, as far back as asked; undefined while that is not known. */
  window(line: Line, ms: number): Points | undefined;
  /** Lines that were there, of subjects that are still there and run. */
  missing(
    of: Measured,
    group: string,
    series: string,
    held?: readonly Missing[],
  ): Iterable<Missing | undefined>;
  /** Objects of a kind that were there and are not. `held`: what was missed before, in case that is not remembered. */
  gone(kind: string, held?: readonly Missing[]): Iterable<Missing>;
  /** When certificates expire, as far as an agent may look; undefined while it is not known. */
  certificates(): readonly CertificateExpiry[] | undefined;
  /** What happened until now, as far back as asked; undefined while that is not known. */
  events(ms: number): Iterable<Happening> | undefined;
  /** Whether values of it came until lately, and none does now. */
  silent(subject: Pick<Subject, "kind" | "namespace" | "name">): boolean;
}

export const nothingMeasured: Values = {
  column: (_of, groups, series) => ({ series, groups, subjects: [], values: [] }),
  window: () => undefined,
  missing: () => [],
  gone: () => [],
  certificates: () => [],
  events: () => [],
  silent: () => false,
};

export const groupAt = ({ groups }: Column, row: number): string =>
  typeof groups === "string" ? groups : groups[row]!;

export const lineAt = (column: Column, row: number): Line => ({
  subject: column.subjects[row]!,
  group: groupAt(column, row),
  series: column.series,
  value: column.values[row]!,
});

/** A subject's newest values: group → series → value. */
export type SubjectValues = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The column of a series of subjects that each have all of their values. */
export function columnOf(
  all: Iterable<readonly [Subject, SubjectValues]>,
  group: string,
  series: string,
): Column {
  const subjects: Subject[] = [];
  const groups: string[] = [];
  const values: number[] = [];
  const put = (subject: Subject, name: string, value: number | undefined) => {
    if (value === undefined) return;
    subjects.push(subject);
    groups.push(name);
    values.push(value);
  };
  const wild = group.endsWith("*") ? group.slice(0, -1) : undefined;
  for (const [subject, known] of all)
    if (group === "" && series === "") put(subject, "", 1);
    else if (wild === undefined) put(subject, group, known.get(group)?.get(series));
    else for (const [name, one] of known) if (name.startsWith(wild)) put(subject, name, one.get(series));
  return { series, groups, subjects, values };
}

/** Every series that charts show, and shares of what has a size (`stored.ts`). */
export function nodeValues(snapshot: NodeMetricsSnapshot): SubjectValues {
  const values = new Map<string, Map<string, number>>();
  const put = (group: string, name: string, value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value)) return;
    const series = values.get(group);
    if (series) series.set(name, value);
    else values.set(group, new Map([[name, value]]));
  };
  putSeries(snapshot, (group, name, _unit, value) => put(group, name, value));
  const { cpu, memory } = snapshot;
  if (memory) put("memory", "share", memory.usage ?? memory.used / memory.total);
  if (memory?.swap?.total) put("swap", "share", memory.swap.used / memory.swap.total);
  if (cpu?.cores && cpu.load5 !== undefined) put("load", "per core", cpu.load5 / cpu.cores);
  for (const { mountPoint, used, total, usage, inodes } of snapshot.disk ?? []) {
    put(`disk ${mountPoint}`, "share", usage ?? used / total);
    if (inodes && inodes.total > 0) put(`disk ${mountPoint}`, "inodes", inodes.used / inodes.total);
  }
  return values;
}
