/** What a rule would have done: the shapes that the master gives and the views render. */

export const previewRanges = { "1d": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000 } as const;
export type PreviewRange = keyof typeof previewRanges;

/** What an alert would be about. */
export interface PreviewSubject {
  /** The cluster's id. */
  cluster: string;
  kind: string;
  namespace: string;
  object: string;
  /** `group/series`, where it is of a value. */
  measure?: string;
}

/** One time that it would have fired. */
export interface PreviewAlert extends PreviewSubject {
  firedMs: number;
  /** Absent: it would fire now. */
  resolvedMs?: number;
  /** The furthest that the value went, where it is of one. */
  peak?: number;
  flapping: boolean;
  /** Nobody would have been told of it: a silence or a maintenance window held all the time. */
  muted?: true;
}

/** What it holds for now. */
export interface PreviewNow extends PreviewSubject {
  text: string;
}

/**
 * From what it was computed: stored values; occurrences that agents diagnosed; stored events; or nothing, where only
 * the present is known.
 */
export type PreviewBasis = "values" | "occurrences" | "events" | "present";

export interface RulePreview {
  fromMs: number;
  toMs: number;
  basis: PreviewBasis;
  /** Between two values that were looked at; 0 where each change was. */
  stepMs: number;
  /** Which of a step's values were looked at: with no time to wait for, the furthest counts. */
  of: "mean" | "furthest";
  /** Since when there are values, or from when on events were looked at, where that is later than `fromMs`. */
  knownFromMs?: number;
  /** All alerts that there would have been, the newest first; not more than some hundreds. */
  alerts: readonly PreviewAlert[];
  total: number;
  /** Of how many of these nobody would have been told, because of silences and maintenance. */
  muted: number;
  now: readonly PreviewNow[];
  nowTotal: number;
  /** How many series, or clusters, there are to look at, and how many were before the time for it was over. */
  there: number;
  /** Nodes, workloads and pods among them that are not there any more. */
  gone: number;
  looked: number;
}
