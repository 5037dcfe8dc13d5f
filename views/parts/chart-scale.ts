import type { Series } from "../model.ts";
import { formatBytes, formatCount, formatCpu, formatRate, formatShare } from "./format.ts";

export type Unit = Series["unit"];

/** A vertical axis from 0 (or below, where values are) to a round number, with equally spaced marks. */
export interface Scale {
  min: number;
  max: number;
  /** Values of the marks from `min` to `max`, both included. */
  marks: number[];
}

/** An axis where nothing is known yet still has to look like one. */
const idle: Record<Unit, number> = {
  share: 1,
  bytes: 1024,
  "bytes/s": 1024,
  cores: 0.1,
  celsius: 100,
  count: 1,
  "1/s": 1,
};

/** Beyond this, steps times marks would leave the range of numbers. */
const limit = 1e300;

/** The scale of values from `low` to `high`: at most four steps, round in the unit's own base. */
export function scaleOf(unit: Unit, low: number, high: number): Scale {
  const top = Number.isFinite(high) && high > 0 ? Math.min(high, limit) : idle[unit];
  const bottom = Number.isFinite(low) && low < 0 ? Math.max(low, -limit) : 0;
  const step = stepOf(unit, top - bottom);
  const from = Math.floor(bottom / step);
  const to = Math.max(from + 1, Math.ceil(top / step - 1e-9));
  const marks = Array.from({ length: to - from + 1 }, (_, at) =>
    Number(((from + at) * step).toPrecision(12)),
  );
  return { min: marks[0]!, max: marks.at(-1)!, marks };
}

function stepOf(unit: Unit, range: number): number {
  const rough = range / 4;
  // Bytes are read in binary units: halves and quarters of a GiB are round, tenths are not.
  if (unit === "bytes" || unit === "bytes/s") return Math.max(1, 2 ** Math.ceil(Math.log2(rough) - 1e-9));
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  // Percents are written without a fraction: 2.5 % would read as 3 %.
  const factors = unit === "share" && power < 0.1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  return (factors.find((one) => one * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** A value in its unit, as tables and axes have it. */
export function formatUnit(unit: Unit, value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (unit === "share") return formatShare(value);
  if (unit === "bytes") return formatBytes(value);
  if (unit === "bytes/s") return formatRate(value);
  if (unit === "cores") return formatCpu(value);
  if (unit === "celsius") return `${formatNumber(value)} °C`;
  if (unit === "1/s") return `${formatNumber(value)}/s`;
  return formatNumber(value);
}

/** Three digits at most, thousands apart above them. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e12) return value.toExponential(1);
  if (size >= 100) return value < 0 ? `−${formatCount(size)}` : formatCount(value);
  return String(Number(value.toFixed(size >= 10 ? 1 : 2))).replace("-", "−");
}
