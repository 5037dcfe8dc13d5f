import type { Points } from "../history/points.ts";
import { atOnce, overTime, samples } from "./answers.ts";
import { contextOf, evaluate } from "./evaluate/evaluate.ts";
import type { Grid } from "./evaluate/rows.ts";
import { pointsOf } from "./evaluate/selectors.ts";
import type { Source } from "./evaluate/source.ts";
import { badData } from "./fault.ts";
import { typeOf } from "./language/check.ts";
import type { RangeSelector } from "./language/expression.ts";
import { parseQuery } from "./language/parse.ts";
import type { HistorySource } from "./history-source.ts";
import type { Labels } from "./names.ts";
import type { Given } from "./parameters.ts";

const mostPoints = 11_000;

/** Runs work that pauses, within the time that a request has. */
export type Run = <T>(work: Generator<unknown, T>) => Promise<T>;

/** `/api/v1/query` */
export async function instantQuery(given: Given, source: Source, run: Run): Promise<Response> {
  const expr = parseQuery(given.needed("query"));
  const grid: Grid = { startMs: given.time("time") ?? Date.now(), stepMs: 1, count: 1 };
  if (expr.type === "range") return samples(await run(collected(expr, source, grid)));
  return atOnce(await run(evaluate(expr, source, grid)), grid);
}

/** The samples that a range selector finds. */
function* collected(expr: RangeSelector, source: Source, grid: Grid) {
  const found: { labels: Labels; points: Points }[] = [];
  const context = contextOf(source, grid);
  const after = grid.startMs - expr.of.offsetMs - expr.rangeMs;
  yield* pointsOf(context, expr, {}, function* (labels, { times, values }) {
    yield;
    context.budget.takeValues(times.length);
    const first = times.findIndex((time) => time > after);
    if (first >= 0)
      found.push({ labels, points: { times: times.slice(first), values: values.slice(first) } });
  });
  return found;
}

/** `/api/v1/query_range` */
export async function rangeQuery(given: Given, source: Source, run: Run): Promise<Response> {
  const grid = gridOf(given);
  const expr = parseQuery(given.needed("query"));
  const type = typeOf(expr);
  if (type !== "scalar" && type !== "vector")
    throw badData(
      `invalid expression type ${type === "matrix" ? '"range vector"' : '"string"'} for range query, must be Scalar or instant Vector`,
    );
  const value = await run(evaluate(expr, source, grid));
  if (value.type === "string") throw new Error("a string was not refused");
  return overTime(value, grid);
}

function gridOf(given: Given): Grid {
  given.needed("start");
  given.needed("end");
  given.needed("step");
  const [startMs, endMs, stepMs] = [given.time("start")!, given.time("end")!, given.duration("step")!];
  if (endMs < startMs) throw badData('invalid parameter "end": end timestamp must not be before start time');
  if (stepMs <= 0)
    throw badData(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if ((endMs - startMs) / stepMs > mostPoints)
    throw badData(
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  return { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 };
}

/** The labels of each series that any of the selectors finds in a range, of all without one, until it is enough. */
export function* seriesFound(
  given: Given,
  source: HistorySource,
  enough: (labels: Labels) => boolean,
): Generator<void> {
  const range = given.range(Date.now());
  const selectors = given.selectors();
  for (const matchers of selectors.length > 0 ? selectors : [[]])
    for (const labels of source.series(matchers, range)) {
      if (labels && enough(labels)) return;
      yield;
    }
}
