import { Type as T } from "@sinclair/typebox";
import { problem } from "../../wire/problem.ts";
import { aggregations, type Over, type SubjectRef } from "../history/reader.ts";
import { checkTimes, scopeCluster } from "./common.ts";
import { csv } from "./csv.ts";
import { nineDigits } from "./digits.ts";
import { choice, duration, readQuery, text, time } from "./query.ts";
import type { Route, SeenParts } from "./route.ts";
import { usualStep } from "./steps.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Of all series of an answer together: more is a matter of several requests. */
const mostValues = 1_000_000;
const mostSteps = 50_000;

const subject = {
  cluster: text("A cluster, by its id or name."),
  kind: text("Node, Pod, Deployment or any other kind of workload, or Cluster for all of it together."),
  namespace: text("The namespace, of a pod or workload."),
  name: text("The name of it; none for a cluster."),
  from: time("The beginning: RFC 3339 or ms; an hour before the end by default."),
  to: time("The end; now by default."),
};
const rangeParameters = {
  ...subject,
  series: text(
    "`group:name` as /api/v1/series has it, or a whole group; may be there several times. All by default.",
  ),
  step: duration(
    "How far apart values are: 30s, 5m, 1h; 0 for each sample as it is. By default some 300 steps.",
  ),
  aggregation: choice("What stands for the samples of a step; avg by default.", aggregations),
  format: choice("json by default.", ["json", "csv"]),
};

const SeriesName = T.Object({ group: T.String(), name: T.String(), unit: T.String() });
const OverRange = T.Object({
  step_s: T.Number({
    description: "Longer than asked for where nothing finer is kept; 0: samples as they are.",
  }),
  times: T.Array(T.Integer({ description: "ms" })),
  series: T.Array(T.Composite([SeriesName, T.Object({ values: T.Array(T.Union([T.Number(), T.Null()])) })])),
});

/** Metrics over time. */
export const overRoutes: readonly Route[] = [
  {
    path: "/api/v1/query_range",
    id: "queryRange",
    tag: "metrics",
    summary: "Metrics of a node, pod, workload or cluster over a range of time.",
    query: rangeParameters,
    answer: OverRange,
    polled: true,
    get(parts, request) {
      const query = readQuery(request.url, rangeParameters);
      const { ref, fromMs, toMs } = asked(parts, query);
      const stepMs = query.step ?? usualStep(toMs - fromMs);
      const steps = (toMs - fromMs) / (stepMs || 5000);
      if (steps > mostSteps)
        throw problem(422, `that is more than ${mostSteps} steps: take a longer step or a shorter range`, {
          pointer: "/step",
        });
      const names = new Set(new URL(request.url).searchParams.getAll("series").filter(Boolean));
      const wanted = ({ group, name }: { group: string; name: string }) =>
        names.size === 0 || names.has(group) || names.has(`${group}:${name}`);
      const known = parts.metrics.seriesOf(ref, { fromMs, toMs, stepMs });
      if (known && known.filter(wanted).length * steps > mostValues)
        throw problem(422, `that is more than ${mostValues} values: ask for fewer series, or longer steps`, {
          pointer: "/series",
        });
      const found = parts.metrics.over(ref, { fromMs, toMs, stepMs }, wanted);
      if (!found) throw notThere();
      const values = found.series.map((one) =>
        Array.from(one.values[query.aggregation ?? "avg"], (value) =>
          Number.isNaN(value) ? null : nineDigits(value),
        ),
      );
      if (query.format === "csv") return csv(rowsOf(found, values), "metrics");
      return {
        step_s: found.stepMs / 1000,
        times: Array.from(found.times),
        series: found.series.map(({ group, name, unit }, at) => ({ group, name, unit, values: values[at]! })),
      };
    },
  },
  {
    path: "/api/v1/series",
    id: "listSeries",
    tag: "metrics",
    summary: "The series that there are of a node, pod, workload or cluster in a range of time.",
    query: subject,
    answer: T.Object({ items: T.Array(SeriesName), total: T.Integer() }),
    get(parts, request) {
      const { ref, fromMs, toMs } = asked(parts, readQuery(request.url, subject));
      const items = parts.metrics.seriesOf(ref, { fromMs, toMs, stepMs: usualStep(toMs - fromMs) });
      if (!items) throw notThere();
      return { items, total: items.length };
    },
  },
];

const notThere = () => problem(404, "there are no metrics of that");

function asked(
  parts: SeenParts,
  given: { cluster?: string; kind?: string; namespace?: string; name?: string; from?: number; to?: number },
): { ref: SubjectRef; fromMs: number; toMs: number } {
  const { kind, namespace, name = "" } = given;
  if (given.cluster === undefined) throw problem(422, "cluster is missing", { pointer: "/cluster" });
  if (kind === undefined)
    throw problem(422, "kind is missing: Node, Pod, Deployment …", { pointer: "/kind" });
  if (name === "" && kind !== "Cluster") throw problem(422, "name is missing", { pointer: "/name" });
  const { cluster = "" } = scopeCluster(parts, given.cluster);
  const toMs = given.to ?? Date.now();
  const fromMs = given.from ?? Math.max(0, toMs - hour);
  checkTimes(fromMs, toMs, given.to);
  return { ref: { cluster, kind, name, ...(namespace ? { namespace } : {}) }, fromMs, toMs };
}

const rowsOf = (found: Over, values: (number | null)[][]) => [
  ["time", ...found.series.map(({ group, name }) => `${group}:${name}`)],
  ...Array.from(found.times, (time, row) => [
    new Date(time).toISOString(),
    ...values.map((one) => one[row] ?? ""),
  ]),
];
