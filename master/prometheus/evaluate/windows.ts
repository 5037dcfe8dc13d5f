import type { Figure, Points } from "../../history/points.ts";
import { quantile, Spread, Sum } from "./sums.ts";

/** The points of a series in a time before a moment: those from `first` until before `end`. */
export interface Window {
  points: Points;
  first: number;
  end: number;
  /** The window's bounds in ms; its beginning is not in it. */
  fromMs: number;
  toMs: number;
  /** When the expression is evaluated; the window is before that by the offset. */
  nowMs: number;
  /** What was asked for; the window is wider where only values of a longer while are kept. */
  rangeMs: number;
  /** What the function is given besides, at this moment. */
  param: number;
}

export interface OverWindow {
  /** Undefined where the window has too little to tell. */
  of(window: Window): number | undefined;
  /** Which of coarser values' figures it needs; absent: it needs samples as they are, wherever they are kept. */
  figure?: Figure;
  /** So many of the coarser values a window must be able to hold. */
  least: 1 | 2;
  /** The metric's name stays. */
  keepsName?: true;
}

const first = ({ points, first: at }: Window) => points.values[at]!;
const last = ({ points, end }: Window) => points.values[end - 1]!;
const fold = (figure: Figure, of: OverWindow["of"]): OverWindow => ({ of, figure, least: 1 });
const whole = (of: OverWindow["of"], least: 1 | 2 = 1): OverWindow => ({ of, least });

function countOf({ counts }: Points, at: number): number {
  return counts ? counts[at]! : 1;
}

/** All functions of a range vector. */
export const overWindows: Readonly<Record<string, OverWindow>> = {
  rate: whole((window) => extrapolated(window, true, true), 2),
  increase: whole((window) => extrapolated(window, true, false), 2),
  delta: whole((window) => extrapolated(window, false, false), 2),
  irate: whole((window) => instant(window, true), 2),
  idelta: whole((window) => instant(window, false), 2),
  deriv: whole((window) => {
    if (window.end - window.first < 2) return undefined;
    return regression(window, window.points.times[window.first]!).slope;
  }, 2),
  predict_linear: whole((window) => {
    if (window.end - window.first < 2) return undefined;
    const { slope, intercept } = regression(window, window.nowMs);
    return slope * window.param + intercept;
  }, 2),
  changes: whole((window) => steps(window, (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)))),
  resets: whole((window) => steps(window, (a, b) => b < a)),
  avg_over_time: fold("avg", (window) => {
    const sum = weighted(window);
    let count = 0;
    for (let at = window.first; at < window.end; at++) count += countOf(window.points, at);
    return sum / count;
  }),
  sum_over_time: fold("avg", weighted),
  count_over_time: fold("avg", ({ points, first: from, end }) => {
    let count = 0;
    for (let at = from; at < end; at++) count += countOf(points, at);
    return count;
  }),
  min_over_time: fold("min", (window) => extreme(window, (value, known) => value < known)),
  max_over_time: fold("max", (window) => extreme(window, (value, known) => value > known)),
  last_over_time: { ...fold("last", last), keepsName: true },
  present_over_time: fold("last", () => 1),
  stddev_over_time: whole((window) => Math.sqrt(variance(window))),
  stdvar_over_time: whole(variance),
  quantile_over_time: whole(({ points, first: from, end, param }) =>
    quantile(param, points.values.slice(from, end)),
  ),
};

/**
 * Prometheus' extrapolatedRate: what changed between the first and the last sample, extended to the window's bounds
 * where these are near, and for counters no further back than to where they would have been 0.
 */
function extrapolated(window: Window, isCounter: boolean, perSecond: boolean): number | undefined {
  const { points, first: from, end, fromMs, toMs, rangeMs } = window;
  if (end - from < 2) return undefined;
  const { times, values } = points;
  let change = last(window) - first(window);
  if (isCounter)
    for (let at = from + 1; at < end; at++) if (values[at]! < values[at - 1]!) change += values[at - 1]!;
  const sampled = (times[end - 1]! - times[from]!) / 1000;
  const between = sampled / (end - from - 1);
  const near = between * 1.1;
  let toStart = (times[from]! - fromMs) / 1000;
  let toEnd = (toMs - times[end - 1]!) / 1000;
  if (toStart >= near) toStart = between / 2;
  if (isCounter && change > 0 && first(window) >= 0)
    toStart = Math.min(toStart, sampled * (first(window) / change));
  if (toEnd >= near) toEnd = between / 2;
  const rate = (change * (sampled + toStart + toEnd)) / sampled / ((toMs - fromMs) / 1000);
  return perSecond ? rate : rate * (rangeMs / 1000);
}

function instant({ points: { times, values }, first: from, end }: Window, rate: boolean): number | undefined {
  if (end - from < 2) return undefined;
  const [before, now] = [values[end - 2]!, values[end - 1]!];
  if (!rate) return now - before;
  if (times[end - 1] === times[end - 2]) return undefined;
  return (now < before ? now : now - before) / ((times[end - 1]! - times[end - 2]!) / 1000);
}

/** The line through the points by least squares; its height at a time, and how much it rises in a second. */
function regression(window: Window, atMs: number): { slope: number; intercept: number } {
  const { points, first: from, end } = window;
  const [x, y, xy, xx] = [new Sum(), new Sum(), new Sum(), new Sum()];
  let constant = true;
  for (let at = from; at < end; at++) {
    const value = points.values[at]!;
    const seconds = (points.times[at]! - atMs) / 1000;
    if (value !== points.values[from]!) constant = false;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (constant) {
    const value = first(window);
    return Number.isFinite(value)
      ? { slope: 0, intercept: value }
      : { slope: Number.NaN, intercept: Number.NaN };
  }
  const count = end - from;
  const slope = (xy.value - (x.value * y.value) / count) / (xx.value - (x.value * x.value) / count);
  return { slope, intercept: y.value / count - (slope * x.value) / count };
}

function steps(
  { points: { values }, first: from, end }: Window,
  counts: (a: number, b: number) => boolean,
): number {
  let found = 0;
  for (let at = from + 1; at < end; at++) if (counts(values[at - 1]!, values[at]!)) found++;
  return found;
}

function weighted({ points, first: from, end }: Window): number {
  const sum = new Sum();
  for (let at = from; at < end; at++) sum.add(points.values[at]! * countOf(points, at));
  return sum.value;
}

function extreme(window: Window, beats: (value: number, known: number) => boolean): number {
  let known = first(window);
  for (let at = window.first + 1; at < window.end; at++) {
    const value = window.points.values[at]!;
    if (beats(value, known) || Number.isNaN(known)) known = value;
  }
  return known;
}

function variance({ points, first: from, end }: Window): number {
  const spread = new Spread();
  for (let at = from; at < end; at++) spread.add(points.values[at]!);
  return spread.variance;
}
