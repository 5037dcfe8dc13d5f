import type { Measured } from "../../../views/alert-model.ts";

/** A stored series, or what is computed of two: one by the other. */
export interface Stored {
  series: string;
  by?: string;
  scaled?: true;
}

/** Of what a pod's or a workload's usage is a share: the series `cpu of limit` and so on. */
export const bounds = ["request", "limit"] as const;
export type Bound = (typeof bounds)[number];

/** Which bound a series of usage is a share of. */
export function boundOf(series: string): { of: "cpu" | "memory"; bound: Bound } | undefined {
  const match = /^(cpu|memory) of (request|limit)$/.exec(series);
  return match ? { of: match[1] as "cpu" | "memory", bound: match[2] as Bound } : undefined;
}

/**
 * Which series the history keeps of one that rules are about; shares are not kept, but what they are made of is. What
 * comes of it may be off by a factor that does not change (blocks that a file system keeps back, cores, a pod's limit):
 * `scaled` says so.
 */
export function storedOf(of: Measured, group: string, series: string): Stored {
  if (of === "pod" || of === "workload") {
    const bound = boundOf(series);
    return bound ? { series: bound.of, scaled: true } : { series };
  }
  if (series === "share") return { series: "used", by: "total", scaled: true };
  if (series === "inodes" && group.startsWith("disk "))
    return { series: "inodes used", by: "inodes", scaled: true };
  return series === "per core" ? { series: "load5", scaled: true } : { series };
}
