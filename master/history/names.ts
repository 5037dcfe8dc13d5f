import type { Database as Sqlite } from "bun:sqlite";
import { Pods } from "../database/metrics/pods.ts";
import { SeriesNames } from "../database/metrics/series.ts";
import { type Subject, Subjects } from "../database/metrics/subjects.ts";
import type { SectionOf } from "./block.ts";
import { sectionOf } from "./precision.ts";

const one = () => 1;

/** Who has metrics, and what they are called: the numbers that blocks have instead of names. */
export class Names {
  readonly subjects: Subjects;
  readonly series: SeriesNames;
  readonly pods: Pods;
  readonly #bySeries: SectionOf;

  constructor(sqlite: Sqlite) {
    this.subjects = new Subjects(sqlite);
    this.series = new SeriesNames(sqlite);
    this.pods = new Pods(sqlite);
    this.#bySeries = (id) => sectionOf(this.series.byID(id)?.group ?? "");
  }

  /** In which part of a subject's blocks a column is. */
  sections(subject: number): SectionOf {
    const found = this.subjects.byID(subject);
    return found && ofNode(found) ? this.#bySeries : one;
  }

  /** Writes what is new. Part of the caller's transaction. */
  write(): void {
    this.subjects.write();
    this.series.write();
    this.pods.write();
  }

  written(): void {
    this.subjects.written();
    this.series.written();
    this.pods.written();
  }
}

/** Whether a subject's columns are series; those of workloads are pods. */
export const ofNode = ({ kind, namespace }: Pick<Subject, "kind" | "namespace">): boolean =>
  // In a namespace it is something else that owns pods, such as the Cluster of a database's operator.
  namespace === "" && (kind === "Node" || kind === "Cluster");
