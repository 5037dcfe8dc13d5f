/** Where a series goes at the rate at which it went: a line through its last hours, and when that reaches a level. */

export interface Trend {
  /** What the value changes by in a millisecond. */
  perMs: number;
  /** What the line has at `atMs`, the time of the last value. */
  value: number;
  atMs: number;
  /** The share of the values' variance that the line explains, 0 to 1. A constant series fits. */
  fit: number;
  /** The least that the value changed by in a millisecond over any third of the time, in the line's direction. */
  leastPerMs: number;
  /** How far the newest values are from the line. */
  off: number;
  /** From the first to the last value. */
  spanMs: number;
  values: number;
}

/** So many medians the line is laid through at most, each of three values or more: one that stands out moves none. */
const mostBuckets = 36;
const leastBuckets = 6;
/** A line that explains less than this says nothing of what comes. */
const steadyFit = 0.8;
/** In no third of the time may it have gone on at less than this share of the rate. */
const steadyShare = 0.3;
/** The newest values lie no further from the line than this share of what it has gone. */
const steadyOff = 0.25;

/**
 * The line of least squares through the medians of equal pieces of time. `times` rise, in ms; values that are NaN are
 * gaps. Undefined where there are too few values to say anything.
 */
export function trendOf(times: ArrayLike<number>, values: ArrayLike<number>): Trend | undefined {
  const points = medians(times, values);
  if (points.xs.length < leastBuckets) return undefined;
  const line = leastSquares(points.xs, points.ys, 0, points.xs.length);
  const count = points.xs.length;
  const thirds = [0, 1, 2].map((third) => {
    const [from, to] = [third, third + 1].map((at) => Math.round((at * count) / 3)) as [number, number];
    return leastSquares(points.xs, points.ys, from, to).slope * Math.sign(line.slope);
  });
  const on = (x: number) => line.meanY + line.slope * (x - line.meanX);
  return {
    perMs: line.slope,
    value: on(points.lastMs - points.firstMs),
    atMs: points.lastMs,
    fit: line.fit,
    leastPerMs: Math.min(...thirds),
    off: Math.abs(points.ys.at(-1)! - on(points.xs.at(-1)!)),
    spanMs: points.lastMs - points.firstMs,
    values: points.values,
  };
}

/**
 * Whether a trend is one to go by: the line fits, and the value has gone that way all the time. Noise does not, a step
 * does not, and neither does what falls back from time to time (logs that are rotated, a cache that is cleared).
 */
export const isSteady = ({ fit, perMs, leastPerMs, off, spanMs }: Trend): boolean =>
  perMs !== 0 &&
  fit >= steadyFit &&
  leastPerMs >= steadyShare * Math.abs(perMs) &&
  off <= steadyOff * Math.abs(perMs) * spanMs;

/** In how many ms after `atMs` the line is at a level: 0 if it is there, undefined if it does not go there. */
export function msUntil({ value, perMs }: Pick<Trend, "value" | "perMs">, level: number): number | undefined {
  const way = level - value;
  if (way === 0) return 0;
  const ms = way / perMs;
  return ms > 0 && Number.isFinite(ms) ? ms : undefined;
}

function medians(times: ArrayLike<number>, values: ArrayLike<number>) {
  let first = 0;
  let end = times.length;
  while (first < end && Number.isNaN(values[first]!)) first++;
  while (end > first && Number.isNaN(values[end - 1]!)) end--;
  const firstMs = first < end ? times[first]! : 0;
  const lastMs = first < end ? times[end - 1]! : 0;
  let known = 0;
  for (let row = first; row < end; row++) if (!Number.isNaN(values[row]!)) known++;
  const buckets = Math.min(mostBuckets, Math.max(leastBuckets, Math.floor(known / 3)));
  const width = (lastMs - firstMs) / buckets || 1;
  const xs: number[] = [];
  const ys: number[] = [];
  let bucket: { xs: number; ys: number[]; at: number } = { xs: 0, ys: [], at: 0 };
  const close = () => {
    if (bucket.ys.length === 0) return;
    xs.push(bucket.xs / bucket.ys.length);
    ys.push(median(bucket.ys));
  };
  for (let row = first; row < end; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const x = times[row]! - firstMs;
    const at = Math.min(buckets - 1, Math.floor(x / width));
    if (at !== bucket.at) {
      close();
      bucket = { xs: 0, ys: [], at };
    }
    bucket.xs += x;
    bucket.ys.push(value);
  }
  close();
  return { xs, ys, firstMs, lastMs, values: known };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

function leastSquares(xs: readonly number[], ys: readonly number[], from: number, to: number) {
  const count = to - from;
  let meanX = 0;
  let meanY = 0;
  for (let at = from; at < to; at++) {
    meanX += xs[at]! / count;
    meanY += ys[at]! / count;
  }
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let at = from; at < to; at++) {
    const x = xs[at]! - meanX;
    const y = ys[at]! - meanY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return {
    meanX,
    meanY,
    slope: xx === 0 ? 0 : xy / xx,
    fit: yy === 0 ? 1 : xx === 0 ? 0 : (xy * xy) / (xx * yy),
  };
}
