import type { StoredPod } from "../database/metrics/pods.ts";
import type { SeriesName } from "../database/metrics/series.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { seriesOf } from "./column-info.ts";
import type { Names } from "./names.ts";
import { type Figure, type Points, readPoints } from "./points.ts";
import { stepOf } from "./precision.ts";
import type { Query } from "./query.ts";
import { cpuOf, memoryOf, podStep, totalCpu, totalMemory } from "./totals.ts";

interface Stretch {
  fromMs: number;
  toMs: number;
}

export interface PointsOf {
  range: Stretch;
  figure: Figure;
  /** The tier to read, as far as it was made and reaches back. */
  tier: number;
}

/** Reads everything that there is of what may be seen, by numbers, for what has names of its own for it. */
export interface PlainReader {
  /** Nodes, clusters and workloads that may have had metrics in a range. */
  subjectsIn(range: Stretch): Subject[];
  /** The names that series of nodes and of clusters have, whoever has them. */
  seriesNames(): readonly SeriesName[];
  /** The pods of a workload that may have been there in a range. */
  podsIn(workload: Subject, range: Stretch): StoredPod[];
  /** Which series a node or cluster has had in a range, or which of a workload's pods; as its blocks tell. */
  columnsIn(subject: Subject, range: Stretch): ReadonlySet<number>;
  /** Series of a node or cluster, by their numbers. Pauses after each block. */
  seriesPoints(subject: Subject, ids: Iterable<number>, of: PointsOf): Generator<void, Map<number, Points>>;
  /** What a workload uses with all of its pods. */
  workloadPoints(
    subject: Subject,
    which: "cpu" | "memory",
    of: PointsOf,
  ): Generator<void, Points | undefined>;
  /** What pods of a workload use, by name: those of one name, such as one and its successor, are one. */
  podPoints(
    subject: Subject,
    which: "cpu" | "memory",
    pods: readonly StoredPod[],
    of: PointsOf,
  ): Generator<void, Map<string, Points>>;
}

const daySeconds = 86_400;

export function createPlainReader(
  { names, query }: { names: Names; query: Query },
  may: (place: { cluster: string; namespace: string }) => boolean,
): PlainReader {
  const of = (subject: Subject, totals = false) => ({
    subject: subject.id,
    sections: names.sections(subject.id),
    totals,
  });

  /** When something was last seen is known to a day. */
  const seenIn = ({ seen }: { seen: number }, { fromMs }: Stretch) => (seen + daySeconds) * 1000 >= fromMs;
  const stepOfSeries = (subject: Subject) => (id: number) => {
    const { group, unit } = seriesOf(names, subject, id)!;
    return stepOf(group, unit);
  };

  return {
    subjectsIn: (range) => [...names.subjects.all()].filter((one) => may(one) && seenIn(one, range)),
    seriesNames: () => names.series.all(),
    podsIn: (workload, range) => names.pods.of(workload.id).filter((pod) => seenIn(pod, range)),
    columnsIn: (subject, range) => query.columns(subject.id, { ...range, stepMs: range.toMs - range.fromMs }),
    *seriesPoints(subject, ids, given) {
      const lines = new Map(Array.from(ids, (id) => [id, id]));
      return yield* readPoints(query, of(subject), { ...given, lines, step: stepOfSeries(subject) });
    },
    *workloadPoints(subject, which, given) {
      const lines = new Map([[which === "cpu" ? totalCpu : totalMemory, which]]);
      const found = yield* readPoints(query, of(subject, true), {
        ...given,
        lines,
        step: () => podStep[which],
      });
      return found.get(which);
    },
    *podPoints(subject, which, pods, given) {
      const column = which === "cpu" ? cpuOf : memoryOf;
      const lines = new Map(pods.map(({ id, name }) => [column(id), name]));
      return yield* readPoints(query, of(subject), { ...given, lines, step: () => podStep[which] });
    },
  };
}
