import type { Samples } from "./samples.ts";

/**
 * Columns of pods: two for each, by its number from 1 on. The first two columns of a workload are the sums over all
 * of its pods.
 */
export const podStep = { cpu: 0.001, memory: 4096 } as const;
export const totalCpu = 0;
export const totalMemory = 1;
export const cpuOf = (pod: number): number => 2 * pod;
export const memoryOf = (pod: number): number => 2 * pod + 1;

/** Pods of several nodes are measured at different moments: within a slot they count as of one. In tenths. */
export const slot = 50;
/** A pod that was not heard in so many tenths is not there; until then it uses what it used. */
export const carried = 150;

/** Adds the sums over all pods, at each time, to a workload's samples. */
export function withTotals(samples: Samples): Samples {
  const columns = new Map(samples.columns);
  for (const [total, parity] of [
    [totalCpu, 0],
    [totalMemory, 1],
  ] as const) {
    const sum = new Float64Array(samples.times.length).fill(Number.NaN);
    for (const [id, values] of samples.columns)
      if (id > 1 && id % 2 === parity) addTo(sum, samples.times, values);
    columns.set(total, sum);
  }
  return { ...samples, columns };
}

function addTo(sum: Float64Array, times: Float64Array, values: Float64Array): void {
  let last = Number.NaN;
  let lastTime = 0;
  // One that is first heard soon after the beginning was there before: in the block before this one.
  const first = values.findIndex((value) => !Number.isNaN(value));
  if (first > 0 && times[first]! <= carried) {
    last = values[first]!;
    lastTime = times[0]!;
  }
  for (let row = 0; row < sum.length; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) {
      last = value;
      lastTime = times[row]!;
    } else if (times[row]! - lastTime > carried) last = Number.NaN;
    if (!Number.isNaN(last)) sum[row] = (Number.isNaN(sum[row]!) ? 0 : sum[row]!) + last;
  }
}
