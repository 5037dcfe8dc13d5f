import { unitOf } from "../alert-model.ts";
import { formatBytes, formatRate } from "./format.ts";

/**
 * A value of a series as people say it: a share as percent, floored so that it is never said to be more than it is;
 * bytes in binary units.
 */
export function measureText(group: string, series: string, value: number): string {
  switch (unitOf(group, series)) {
    case "share":
      return `${Math.floor(value * 1000 + 1e-6) / 10} %`;
    case "bytes":
      return formatBytes(value);
    case "bytes/s":
      return formatRate(value);
    case "cores":
      return `${Math.round(value * 1000) / 1000} cores`;
    default:
      return String(Math.round(value * 100) / 100);
  }
}
