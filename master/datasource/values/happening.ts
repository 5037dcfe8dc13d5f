import type { Severity } from "../../../wire/event.ts";

/** Some of the times that something happened: an event, or what it grew by when it came again. */
export interface Happening {
  kind: string;
  namespace: string;
  name: string;
  node: string;
  reason: string;
  severity: Severity;
  message: string;
  /** The message in lower case. */
  lower: string;
  /** It happened `count` times between these, evenly as far as anybody knows. */
  fromMs: number;
  atMs: number;
  count: number;
}

/** How often it happened since a time, as far as one can say. */
export function countSince(
  { fromMs, atMs, count }: Pick<Happening, "fromMs" | "atMs" | "count">,
  since: number,
): number {
  if (atMs < since) return 0;
  if (fromMs >= since || atMs <= fromMs) return count;
  return Math.max(1, Math.round((count * (atMs - since)) / (atMs - fromMs)));
}
