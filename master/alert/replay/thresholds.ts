import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Reader } from "../../history/reader.ts";
import { knownFrom, type Lines, pastValues, type Steps } from "./values.ts";

const hourMs = 3_600_000;

interface Reached {
  lines: Lines;
  fromMs: number;
  /** When the first value of any of them is of. */
  knownMs: number;
}

/**
 * Which lines may have come to a level at all, by the furthest value of each hour: a fleet's quiet ones are not read
 * minute by minute. Gives the lines that may, which can be none, and from when on.
 */
export function* mayReach(
  metrics: Reader,
  facts: ClusterFacts,
  lines: Lines,
  steps: Steps,
  { op, clear }: { op: "above" | "below"; clear: number },
): Generator<void, Reached | undefined> {
  const fromMs = Math.floor(steps.fromMs / hourMs) * hourMs;
  const above = op === "above";
  const hours: Steps = { fromMs, toMs: steps.toMs + hourMs, stepMs: hourMs, take: above ? "max" : "min" };
  const past = yield* pastValues(metrics, facts, lines, hours);
  if (!past) return undefined;
  const beyond = (value: number) => (above ? value > clear : value < clear);
  const first = past.map(({ values }) => values.findIndex(beyond));
  const found = lines.lines.filter((_, at) => first[at]! >= 0);
  const hour = Math.min(...first.filter((one) => one >= 0), hours.toMs / hourMs);
  return {
    lines: { ...lines, lines: found },
    fromMs: Math.max(steps.fromMs, fromMs + hour * hourMs),
    knownMs: knownFrom(past),
  };
}
