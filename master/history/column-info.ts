import type { Series } from "../../views/model.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { type Names, ofNode } from "./names.ts";
import { stepOf } from "./precision.ts";
import type { SeriesInfo } from "./reader.ts";
import { podStep } from "./totals.ts";

/** A series of a node or cluster, or what a workload uses: with all of its pods, or one of them. */
export type ColumnInfo = { subject: Subject; step: number } & (
  | { series: SeriesInfo }
  | { usage: "cpu" | "memory"; pod?: string }
);

/** What a column of a subject's blocks stands for; undefined where there is none of the number. */
export function columnOf(names: Names, subjectID: number, id: number): ColumnInfo | undefined {
  const subject = names.subjects.byID(subjectID);
  if (!subject) return undefined;
  if (ofNode(subject)) {
    const series = seriesOf(names, subject, id);
    return series && { subject, step: stepOf(series.group, series.unit), series };
  }
  const usage = id % 2 === 0 ? "cpu" : "memory";
  const of = { subject, step: podStep[usage], usage } as const;
  if (id < 2) return of;
  const pod = names.pods.byID(Math.floor(id / 2));
  return pod && { ...of, pod: pod.name };
}

/** How groups of clusters begin where they are stored. */
export const clusterGroup = /^cluster /;

/** A series of a node or cluster by its number; clusters' groups are kept apart from nodes' by a word before them. */
export function seriesOf(names: Names, subject: Subject, id: number): SeriesInfo | undefined {
  const found = names.series.byID(id);
  if (!found) return undefined;
  const unit = found.unit as Series["unit"];
  const group = subject.kind === "Cluster" ? found.group.replace(clusterGroup, "") : found.group;
  return { group, name: found.name, unit };
}
