import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import type { Host } from "./host.ts";

/** What every collector is given. */
export interface Context {
  readonly host: Host;
  /** Where the machine's /proc, /sys and / are: a probe in a container finds them mounted elsewhere. */
  readonly procRoot: string;
  readonly sysRoot: string;
  readonly hostRoot: string;
  readonly topProcesses: number;
  readonly processArguments: boolean;
  readonly virtualInterfaces: boolean;
  readonly excludedInterfaces: string[];
}

/** What a collector adds to the snapshot. */
export type Part = Partial<NodeMetricsSnapshot>;

/** A collector at work, with what it remembers from one sample to the next. */
export interface Collecting {
  /** Throws `Absent` when the machine has no such thing. */
  collect(): Part;
  /** Called more often than `collect`, for what moves faster than the pushes. */
  sample?(): void;
}

/** One collector is one file; `collectors.ts` lists them. */
export interface Collector {
  readonly name: string;
  start(context: Context): Collecting;
}

/** The machine lacks what a collector looks at. That is a fact to report, not a failure. */
export class Absent extends Error {}

/** The text of a file without which a collector has nothing to say. Throws `Absent`. */
export function required(host: Host, path: string): string {
  const text = host.readText(path);
  if (text === undefined) throw new Absent(`${path} cannot be read`);
  return text;
}
