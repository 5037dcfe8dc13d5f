import type { Series } from "../../views/model.ts";

type Unit = Series["unit"];

/** What a value is kept to. Stored numbers are multiples of it, so it never changes for a series that is there. */
const steps: Record<Unit, number> = {
  share: 0.001,
  bytes: 4096,
  "bytes/s": 256,
  cores: 0.001,
  celsius: 0.1,
  count: 1,
  "1/s": 0.1,
};
/** Half a process is none, half a load is one. */
const loadStep = 0.01;
/** Beyond it no difference of two numbers would be exact. */
const most = 2 ** 50;

export function stepOf(group: string, unit: Unit): number {
  return group === "load" ? loadStep : steps[unit];
}

/** The whole number that stands for a value; NaN for what is no number, or none that could be. */
export function toStored(value: number, step: number): number {
  // Dividing by 0.001 and multiplying by 1000 differ in the last digit, and 0.0005 would be rounded either way.
  const stored = Math.round(step < 1 ? value * Math.round(1 / step) : value / step);
  return Math.abs(stored) <= most ? stored : Number.NaN;
}

export function fromStored(stored: number, step: number): number {
  return step < 1 ? stored / Math.round(1 / step) : stored * step;
}

/** The same for many. */
export function allFromStored(stored: Float64Array, step: number): Float64Array {
  const values = new Float64Array(stored.length);
  const parts = Math.round(1 / step);
  for (let at = 0; at < stored.length; at++) values[at] = step < 1 ? stored[at]! / parts : stored[at]! * step;
  return values;
}

/**
 * Series that charts show together lie together in a block, so that one chart inflates a part of it: the main ones,
 * cores, disks and sensors, interfaces.
 */
export function sectionOf(group: string): number {
  if (group === "cores") return 2;
  if (group.startsWith("disk ") || group.startsWith("io ") || group === "temperature") return 3;
  return group.startsWith("net ") ? 4 : 1;
}
