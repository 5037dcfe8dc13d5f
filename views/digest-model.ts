/** What a digest tells of a time: the shapes that the master gives and the mail shows. */

import type { Severity } from "../wire/event.ts";
import type { AlertView } from "./alert-model.ts";

/** What an alert is about, as far as it is known when it is over and forgotten. */
export type Subject = Pick<
  AlertView,
  "fingerprint" | "rule" | "name" | "severity" | "cluster" | "kind" | "namespace" | "object" | "labels"
>;

/** The first of a list, and how many there are in all. */
export interface Top<T> {
  items: readonly T[];
  total: number;
}

export interface DigestView {
  fromMs: number;
  untilMs: number;
  /** IANA; times are written by its clocks. */
  zone: string;
  /** How often something began to fire, and was over. */
  fired: number;
  resolved: number;
  /** There was more than is looked at: the figures are those of the first of it. */
  cut: boolean;
  rules: Top<{ name: string; severity: Severity; count: number }>;
  clusters: Top<{ name: string; count: number }>;
  longest: Top<{ of: Subject; ms: number; going: boolean }>;
  frequent: Top<{ of: Subject; count: number }>;
  flapping: Top<{ of: Subject }>;
  firing: Top<{ of: Subject; sinceMs: number; takenBy?: string; hidden: boolean }>;
  silences: Top<{ what: string; by: string; comment: string; endsMs: number }>;
  maintenance: Top<{ name: string; reason: string; endsMs: number }>;
  silent: Top<{ name: string; lastSeenMs: number }>;
}

/** Nothing happened, nothing fires, and nothing is to be known. */
export const isEmpty = (one: DigestView): boolean =>
  one.fired + one.resolved === 0 &&
  [one.firing, one.silences, one.maintenance, one.silent].every(({ total }) => total === 0);
