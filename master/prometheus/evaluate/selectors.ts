import type { Points } from "../../history/points.ts";
import { tiers } from "../../history/tiers.ts";
import { execution } from "../fault.ts";
import type { RangeSelector, Selector } from "../language/expression.ts";
import type { Labels } from "../names.ts";
import { emptyRow, type Grid, type Row } from "./rows.ts";
import type { Context } from "./source.ts";
import type { OverWindow, Window } from "./windows.ts";

/** So far back a sample counts as the value of now. */
export const lookbackMs = 300_000;
/** A window of so many of a tier's steps may be off by one of them at its ends. */
const mostSteps = 500;
const mostMoments = 50_000;
/** Points between two pauses. */
const slice = 50_000;

export const lastOf = ({ startMs, stepMs, count }: Grid): number => startMs + (count - 1) * stepMs;

/** Samples of an instant selector, at each moment the newest; `timeOf` gives when that was, in place of the value. */
export function* instants(
  context: Context,
  { matchers, offsetMs }: Selector,
  timeOf = false,
): Generator<void, Row[]> {
  const { grid, source, budget } = context;
  const rows: Row[] = [];
  const wanted = {
    fromMs: grid.startMs - offsetMs - lookbackMs,
    toMs: lastOf(grid) - offsetMs,
    figure: "last" as const,
    tier: tierFor(grid, offsetMs),
  };
  yield* source.select(matchers, wanted, (labels, points) => {
    budget.takeSeries();
    const row = newestOf(labels, points, grid, offsetMs, timeOf);
    if (!row) return;
    budget.takeValues(grid.count);
    rows.push(row);
  });
  return rows;
}

function newestOf(
  labels: Labels,
  { times, values, spans }: Points,
  grid: Grid,
  offsetMs: number,
  timeOf: boolean,
): Row | undefined {
  const row = emptyRow(labels, grid.count);
  let any = false;
  let at = -1;
  for (let step = 0; step < grid.count; step++) {
    const ms = grid.startMs + step * grid.stepMs - offsetMs;
    while (at + 1 < times.length && times[at + 1]! <= ms) at++;
    if (at < 0 || ms - times[at]! >= Math.max(lookbackMs, spans?.[at] ?? 0)) continue;
    any = true;
    row.has[step] = 1;
    row.values[step] = timeOf ? times[at]! / 1000 : values[at]!;
  }
  return any ? row : undefined;
}

/** A function of all points in the time before each moment. */
export function* overRange(
  context: Context,
  range: RangeSelector,
  over: OverWindow,
  param: Float64Array | undefined,
  named: (labels: Labels) => Labels,
): Generator<void, Row[]> {
  const rows: Row[] = [];
  yield* pointsOf(context, range, over, function* (labels, points) {
    const row = yield* windowed(context.grid, range, over, points, param, named(labels));
    if (!row) return;
    context.budget.takeValues(context.grid.count);
    rows.push(row);
  });
  return rows;
}

function* windowed(
  { startMs, stepMs, count }: Grid,
  { rangeMs, of: { offsetMs } }: RangeSelector,
  { of, least }: Pick<OverWindow, "of" | "least">,
  points: Points,
  param: Float64Array | undefined,
  labels: Labels,
): Generator<void, Row | undefined> {
  const { times, spans } = points;
  const row = emptyRow(labels, count);
  const window: Window = {
    points,
    first: 0,
    end: 0,
    fromMs: 0,
    toMs: 0,
    nowMs: 0,
    rangeMs,
    param: Number.NaN,
  };
  let any = false;
  let work = 0;
  for (let step = 0; step < count; step++) {
    window.nowMs = startMs + step * stepMs;
    window.toMs = window.nowMs - offsetMs;
    while (window.end < times.length && times[window.end]! <= window.toMs) window.end++;
    const span = window.end > 0 ? (spans?.[window.end - 1] ?? 0) : 0;
    window.fromMs = window.toMs - Math.max(rangeMs, least * span);
    // It goes back where values become coarser or finer.
    while (window.first > 0 && times[window.first - 1]! > window.fromMs) window.first--;
    while (window.first < window.end && times[window.first]! <= window.fromMs) window.first++;
    if (window.first === window.end) continue;
    if (param) window.param = param[step]!;
    const value = of(window);
    work += window.end - window.first;
    if (work > slice) {
      work = 0;
      yield;
    }
    if (value === undefined) continue;
    any = true;
    row.has[step] = 1;
    row.values[step] = value;
  }
  return any ? row : undefined;
}

/** The points of a range selector or of a subquery, for all moments together. */
export function* pointsOf(
  context: Context,
  { of, rangeMs }: RangeSelector,
  { figure }: Pick<OverWindow, "figure">,
  take: (labels: Labels, points: Points) => Generator<void>,
): Generator<void> {
  const { source, grid, budget } = context;
  const fromMs = grid.startMs - of.offsetMs - rangeMs;
  const toMs = lastOf(grid) - of.offsetMs;
  if (of.type === "subquery") {
    for (const row of yield* subquery(context, of, fromMs, toMs)) yield* take(row.labels, presentOf(row));
    return;
  }
  const tier = figure ? tierFor(grid, of.offsetMs, rangeMs) : 0;
  yield* source.select(of.matchers, { fromMs, toMs, figure: figure ?? "last", tier }, (labels, points) => {
    budget.takeSeries();
    return take(labels, points);
  });
}

/** An expression at moments of its own: whole steps since 1970. */
function* subquery(
  context: Context,
  { expr, stepMs }: Extract<RangeSelector["of"], { type: "subquery" }>,
  fromMs: number,
  toMs: number,
): Generator<void, (Row & { times: Float64Array })[]> {
  const startMs = Math.ceil(fromMs / stepMs) * stepMs;
  const grid = { startMs, stepMs, count: Math.max(0, Math.floor((toMs - startMs) / stepMs) + 1) };
  if (grid.count > mostMoments)
    throw execution(`a subquery may have ${mostMoments} steps at most: take a longer step`);
  if (grid.count === 0) return [];
  const times = Float64Array.from({ length: grid.count }, (_, step) => startMs + step * stepMs);
  const value = yield* context.evaluate(expr, { ...context, grid });
  if (value.type === "vector") return value.rows.map((row) => ({ ...row, times }));
  if (value.type === "string") return [];
  return [{ labels: {}, times, values: value.values, has: new Uint8Array(grid.count).fill(1) }];
}

function presentOf({ times, values, has }: Row & { times: Float64Array }): Points {
  const there = (_: number, at: number) => has[at] === 1;
  return { times: times.filter(there), values: values.filter(there) };
}

/**
 * The coarsest tier that tells the same as samples would: its steps end where they are looked at, and the last value
 * before that is kept, as are the least, the greatest and the mean of the step.
 */
function tierFor({ startMs, stepMs, count }: Grid, offsetMs: number, rangeMs?: number): number {
  let tier = 0;
  if (count === 1 && rangeMs === undefined) return tier;
  for (const [number, { seconds }] of tiers.entries()) {
    const ms = seconds * 1000;
    if (ms === 0) continue;
    const aligned = [startMs - offsetMs, count === 1 ? 0 : stepMs, rangeMs ?? 0].every(
      (one) => one % ms === 0,
    );
    if (aligned || (rangeMs !== undefined && rangeMs >= mostSteps * ms)) tier = number;
  }
  return tier;
}
