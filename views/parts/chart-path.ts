import type { Scale } from "./chart-scale.ts";

/** The usual window of a chart, in seconds; every chart's drawing is as many units wide. */
export const windowSeconds = 900;
/** Units of height: a value is read back from the drawing to a thousandth of the axis. */
export const units = 1000;

/** Where a line is interrupted although no sample says so: more than this many intervals without one. */
const silentIntervals = 3;

/** A run of samples without a gap, in units from the left and from the top. */
export type Run = { x: number; y: number }[];

/**
 * Values over the window that ends at `toMs`, cut where there are none. Not more than one point a unit.
 */
export function runsOf(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  toMs: number,
  scale: Scale,
  spanMs = windowSeconds * 1000,
): Run[] {
  const fromMs = toMs - spanMs;
  const gapMs = silentIntervals * intervalOf(times);
  const runs: Run[] = [];
  let run: Run | undefined;
  let last = Number.NaN;
  for (let at = 0; at < times.length; at++) {
    const time = times[at]!;
    const value = values[at] ?? Number.NaN;
    if (!(time >= fromMs && time <= toMs) || !Number.isFinite(value)) {
      if (time >= fromMs) run = undefined;
      continue;
    }
    if (time - last > gapMs) run = undefined;
    last = time;
    const x = Math.round(((time - fromMs) / spanMs) * windowSeconds);
    const share = (value - scale.min) / (scale.max - scale.min);
    const y = units - Math.round(Math.min(1, Math.max(0, share)) * units);
    if (!run) {
      run = [];
      runs.push(run);
    }
    if (run.at(-1)?.x === x) run.pop();
    run.push({ x, y });
  }
  return runs;
}

/** The usual distance of samples in ms: the median, so that gaps do not count. */
function intervalOf(times: ArrayLike<number>): number {
  const distances: number[] = [];
  for (let at = 1; at < times.length; at++) {
    const distance = times[at]! - times[at - 1]!;
    if (distance > 0) distances.push(distance);
  }
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** Runs as a path of lines, relative and in whole numbers: some five bytes a point. */
export function linePath(runs: Run[]): string {
  return runs.map(lineOf).join("");
}

/** Runs as areas down to the bottom edge. */
export function areaPath(runs: Run[]): string {
  return runs.map((run) => `${lineOf(run)}V${units}H${run[0]!.x}z`).join("");
}

function lineOf(run: Run): string {
  const [first, ...rest] = run;
  let path = `M${first!.x} ${first!.y}`;
  // A lone sample would be a line of no length, and invisible; less than this is no area that one sees.
  if (rest.length === 0) return `${path}h3`;
  path += "l";
  let { x, y } = first!;
  rest.forEach((point, at) => {
    const dy = point.y - y;
    path += `${at > 0 ? " " : ""}${point.x - x}${dy < 0 ? "" : " "}${dy}`;
    x = point.x;
    y = point.y;
  });
  return path;
}

/** The sums of series from the first on, each the top edge of its layer; where all are missing, a gap. */
export function stack(series: readonly ArrayLike<number>[]): Float64Array[] {
  const length = Math.max(0, ...series.map((one) => one.length));
  const sum = new Float64Array(length).fill(Number.NaN);
  return series.map((values) => {
    for (let at = 0; at < length; at++) {
      const value = values[at] ?? Number.NaN;
      if (Number.isFinite(value)) sum[at] = (Number.isFinite(sum[at]!) ? sum[at]! : 0) + Math.max(0, value);
    }
    return sum.slice();
  });
}
