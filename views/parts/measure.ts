import { unitOf } from "../alert-model.ts";
import { formatBytes, formatRate } from "./format.ts";

/**
 * A value of a series as people say it: a share as percent, floored so that it is never said to be more than it is;
 * bytes in binary units. What is little is not said to be nothing: rates often are.
 */
export function measureText(group: string, series: string, value: number): string {
  switch (unitOf(group, series)) {
    case "share":
      return `${orLittle(Math.floor(value * 1000 + 1e-6) / 10, value * 100)} %`;
    case "bytes":
      return formatBytes(value);
    case "bytes/s":
      return formatRate(value);
    case "cores":
      return `${orLittle(Math.round(value * 1000) / 1000, value)} cores`;
    default:
      return String(orLittle(Math.round(value * 100) / 100, value));
  }
}

/** A rounded value, or the first digit of the value where nothing is left of it; from a millionth on. */
const orLittle = (rounded: number, value: number): number =>
  rounded === 0 && Math.abs(value) >= 1e-6 ? Number(value.toPrecision(1)) : rounded;
