import type { Series } from "../../views/model.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { seriesOf } from "./column-info.ts";
import type { RateTime } from "../../views/pages/capacity.ts";
import type { Capacities, Filling } from "./capacity.ts";
import { type Names, ofNode } from "./names.ts";
import { createPlainReader, type PlainReader } from "./plain-reader.ts";
import { allFromStored, stepOf } from "./precision.ts";
import type { Moment, Query, Range } from "./query.ts";
import type { TopLists, Tops, TopsQuery } from "./tops.ts";
import { cpuOf, memoryOf, podStep, totalCpu, totalMemory } from "./totals.ts";

/** Whose metrics: `Node`, `Cluster` (without a name), `Pod`, or a workload's kind. */
export interface SubjectRef {
  cluster: string;
  kind: string;
  namespace?: string;
  name: string;
}

export interface SeriesInfo {
  group: string;
  name: string;
  unit: Series["unit"];
}

export type Aggregation = "avg" | "min" | "max" | "last";
export const aggregations = ["avg", "min", "max", "last"] as const satisfies Aggregation[];

/** A series over a range; values NaN where nothing is known. */
export interface SeriesOver extends SeriesInfo {
  values: Record<Aggregation, Float64Array>;
}

export interface Over {
  /** Where each step begins, in ms; of every sample where the step is 0. */
  times: Float64Array;
  series: SeriesOver[];
  /** What the step came to, in ms. */
  stepMs: number;
}

/** What reads metrics over time. Undefined: there is nothing of that name, or it is not the reader's to see. */
export interface Reader {
  /** The same by numbers, of everything. */
  plain: PlainReader;
  /** The series that there are of something in a range. */
  seriesOf(ref: SubjectRef, range: Range): SeriesInfo[] | undefined;
  /** Those series of a range that are wanted; without a word, all. */
  over(ref: SubjectRef, range: Range, wanted?: (one: SeriesInfo) => boolean): Over | undefined;
  /** A workload's pods over a range, those that used most first; `total` counts all. */
  podsOver(
    ref: SubjectRef,
    which: "cpu" | "memory",
    range: Range,
    most: number,
  ): (Over & { total: number }) | undefined;
  /** The processes of a node that used most, at each moment that was kept in a range of time. */
  processes(ref: SubjectRef, fromMs: number, toMs: number): Moment[] | undefined;
  /** When disks and memory of a node, or the memory of a cluster, will be full at the rate of a time. */
  capacity(ref: SubjectRef, time: RateTime): Filling[] | undefined;
  /** The same of all nodes and clusters, or of one cluster's, what is full soonest first. */
  fleet(time: RateTime, cluster: string | undefined): Promise<Filling[]>;
  /** Who used most over a time, of what can be seen. */
  top(query: TopsQuery): Promise<Tops>;
}

interface Whole {
  names: Names;
  query: Query;
  tops: TopLists;
  capacities: Capacities;
}

interface Column extends SeriesInfo {
  ids: number[];
  step: number;
}

const usage = (name: "cpu" | "memory", ids: number[]): Column => ({
  group: "usage",
  name,
  unit: name === "cpu" ? "cores" : "bytes",
  ids,
  step: podStep[name],
});

/** Reads what `may` lets see; nodes and clusters are in no namespace. */
export function createReader(
  { names, query, tops, capacities }: Whole,
  may: (place: { cluster: string; namespace: string }) => boolean,
): Reader {
  function subjectFor({ cluster, kind, namespace = "", name }: SubjectRef): Subject | undefined {
    if (!may({ cluster, namespace })) return undefined;
    if (kind !== "Pod")
      return names.subjects.find(
        cluster,
        kind,
        namespace,
        ofNode({ kind, namespace }) && kind === "Cluster" ? "" : name,
      );
    return podsFor(cluster, namespace, name)[0]?.subject;
  }

  /** The newest first. */
  function podsFor(cluster: string, namespace: string, name: string) {
    return names.pods
      .named(name)
      .flatMap((pod) => {
        const subject = names.subjects.byID(pod.subject);
        return subject && subject.cluster === cluster && subject.namespace === namespace
          ? [{ pod, subject }]
          : [];
      })
      .sort((a, b) => b.pod.id - a.pod.id);
  }

  /** The columns of something that are wanted: by name, or every one that it had in the range. */
  function columnsOf(
    ref: SubjectRef,
    subject: Subject,
    range: Range,
    wanted: (one: SeriesInfo) => boolean = () => true,
  ): Column[] {
    if (ref.kind === "Pod") {
      const pods = podsFor(ref.cluster, ref.namespace ?? "", ref.name)
        .filter((one) => one.subject === subject)
        .map((one) => one.pod.id);
      return [usage("cpu", pods.map(cpuOf)), usage("memory", pods.map(memoryOf))].filter(wanted);
    }
    if (!ofNode(subject)) return [usage("cpu", [totalCpu]), usage("memory", [totalMemory])].filter(wanted);
    return [...query.columns(subject.id, range)]
      .sort((a, b) => a - b)
      .flatMap((id): Column[] => {
        const found = seriesOf(names, subject, id);
        if (!found) return [];
        const column = { ...found, ids: [id], step: stepOf(found.group, found.unit) };
        return wanted(column) ? [column] : [];
      });
  }

  function read(subject: Subject, columns: readonly Column[], range: Range, totals: boolean): Over {
    const of = { subject: subject.id, sections: names.sections(subject.id), totals };
    const found = query.read(of, columns, range);
    return {
      times: found.times,
      stepMs: found.stepMs,
      series: columns.map(({ group, name, unit, step }, at) => {
        const { min, max, avg, last } = found.lines[at]!;
        // Of samples as they are the four are one.
        const made = new Map<Float64Array, Float64Array>();
        const real = (values: Float64Array) => {
          const known = made.get(values) ?? allFromStored(values, step);
          made.set(values, known);
          return known;
        };
        return {
          group,
          name,
          unit,
          values: { min: real(min), max: real(max), avg: real(avg), last: real(last) },
        };
      }),
    };
  }

  return {
    plain: createPlainReader({ names, query }, may),
    seriesOf(ref, range) {
      const subject = subjectFor(ref);
      return (
        subject && columnsOf(ref, subject, range).map(({ group, name, unit }) => ({ group, name, unit }))
      );
    },
    over(ref, range, wanted) {
      const subject = subjectFor(ref);
      if (!subject) return undefined;
      const columns = columnsOf(ref, subject, range, wanted);
      return read(subject, columns, range, !ofNode(subject) && ref.kind !== "Pod");
    },
    podsOver(ref, which, range, most) {
      const subject = subjectFor(ref);
      if (!subject || ofNode(subject)) return undefined;
      const pods = names.pods.of(subject.id);
      const columns = pods.map((pod) => ({
        ...usage(which, [which === "cpu" ? cpuOf(pod.id) : memoryOf(pod.id)]),
        name: pod.name,
      }));
      const { series, ...over } = read(subject, columns, range, false);
      const used = series
        .map((one) => ({ one, sum: one.values.avg.reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v), 0) }))
        .filter(({ one }) => one.values.avg.some((value) => !Number.isNaN(value)))
        .sort((a, b) => b.sum - a.sum);
      return { ...over, series: used.slice(0, most).map(({ one }) => one), total: used.length };
    },
    processes(ref, fromMs, toMs) {
      const subject = subjectFor(ref);
      if (!subject) return undefined;
      const of = { subject: subject.id, sections: names.sections(subject.id), totals: false };
      return query.processes(of, fromMs, toMs);
    },
    capacity(ref, time) {
      const subject = subjectFor(ref);
      return subject && ofNode(subject) ? capacities.of(subject, time) : undefined;
    },
    fleet: (time, cluster) => capacities.fleet(time, cluster, may),
    top: (query) => tops.top(query, may),
  };
}
