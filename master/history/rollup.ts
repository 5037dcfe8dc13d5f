import type { Rolled } from "./block.ts";
import type { Figures } from "./column.ts";
import type { ProcessRow, Samples } from "./samples.ts";

interface Sums {
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  count: Float64Array;
  last: Float64Array;
}

/** Gathers blocks of the tier below into buckets; times are in tenths of a second since the bucketed time's start. */
export class Rollup {
  readonly #bucket: number;
  readonly #length: number;
  readonly #columns = new Map<number, Sums>();
  readonly #processes: (ProcessRow & { cpu: number })[] = [];

  /** For `length` buckets of so many tenths. */
  constructor(bucket: number, length: number) {
    this.#bucket = bucket;
    this.#length = length;
  }

  /** Adds samples that begin so many tenths after the start; they come in the order of their time. */
  addSamples({ times, columns, processes }: Samples, offset: number): void {
    const buckets = Int32Array.from(times, (time) => Math.floor((time + offset) / this.#bucket));
    for (const [id, values] of columns) {
      const { min, max, sum, count, last } = this.#sums(id);
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        const at = buckets[row]!;
        if (Number.isNaN(value) || at < 0 || at >= this.#length) continue;
        if (count[at] === 0 || value < min[at]!) min[at] = value;
        if (count[at] === 0 || value > max[at]!) max[at] = value;
        sum[at]! += value;
        count[at]!++;
        last[at] = value;
      }
    }
    this.#addProcesses(processes, offset);
  }

  /** Adds what was gathered before; of a time in tenths alone, where one is said. */
  addRolled({ times, columns, processes }: Rolled, offset: number, of = (_time: number) => true): void {
    for (const [id, { min, max, avg, last, count }] of columns) {
      const sums = this.#sums(id);
      for (let row = 0; row < times.length; row++)
        if (count[row]! > 0 && of(times[row]! + offset))
          this.#add(
            sums,
            times[row]! + offset,
            min[row]!,
            max[row]!,
            avg[row]! * count[row]!,
            last[row]!,
            count[row]!,
          );
    }
    this.#addProcesses(
      processes.filter(({ time }) => of(time + offset)),
      offset,
    );
  }

  /** All buckets that anything is in. At more than `most` columns those with the fewest samples are left out. */
  finish(most = Number.POSITIVE_INFINITY): Rolled {
    const used = new Uint8Array(this.#length);
    for (const { count } of this.#columns.values())
      for (let at = 0; at < this.#length; at++) if (count[at]! > 0) used[at] = 1;
    const buckets: number[] = [];
    for (let at = 0; at < this.#length; at++) if (used[at]) buckets.push(at);
    const columns = new Map<number, Figures>();
    for (const id of this.#kept(most)) {
      const { min, max, sum, count, last } = this.#columns.get(id)!;
      const pick = (values: Float64Array) =>
        Float64Array.from(buckets, (at) => (count[at]! > 0 ? values[at]! : Number.NaN));
      columns.set(id, {
        min: pick(min),
        max: pick(max),
        // Between two whole numbers, so it stays within the least and the greatest when it is rounded.
        avg: Float64Array.from(buckets, (at) =>
          count[at]! > 0 ? Math.round(sum[at]! / count[at]!) : Number.NaN,
        ),
        last: pick(last),
        count: Float64Array.from(buckets, (at) => count[at]!),
      });
    }
    return {
      times: Float64Array.from(buckets, (at) => at * this.#bucket),
      columns,
      processes: Object.values(this.#processes)
        .filter(Boolean)
        .map(({ time, processes }) => ({ time, processes })),
    };
  }

  #kept(most: number): number[] {
    const ids = [...this.#columns.keys()];
    if (ids.length <= most) return ids;
    const samples = new Map(
      ids.map((id) => [id, this.#columns.get(id)!.count.reduce((sum, one) => sum + one, 0)]),
    );
    // The sums have the lowest numbers and are always among the most.
    return ids.sort((a, b) => samples.get(b)! - samples.get(a)! || a - b).slice(0, most);
  }

  #sums(id: number): Sums {
    let sums = this.#columns.get(id);
    if (!sums) {
      const zeros = () => new Float64Array(this.#length);
      sums = { min: zeros(), max: zeros(), sum: zeros(), count: zeros(), last: zeros() };
      this.#columns.set(id, sums);
    }
    return sums;
  }

  #add(sums: Sums, time: number, min: number, max: number, sum: number, last: number, count: number): void {
    const at = Math.floor(time / this.#bucket);
    if (!(at >= 0 && at < this.#length)) return;
    if (sums.count[at]! === 0) {
      sums.min[at] = min;
      sums.max[at] = max;
    } else {
      if (min < sums.min[at]!) sums.min[at] = min;
      if (max > sums.max[at]!) sums.max[at] = max;
    }
    sums.sum[at]! += sum;
    sums.count[at]! += count;
    sums.last[at] = last;
  }

  /** Of each bucket the moment at which most was going on. */
  #addProcesses(rows: readonly ProcessRow[], offset: number): void {
    for (const { time, processes } of rows) {
      const at = Math.floor((time + offset) / this.#bucket);
      if (!(at >= 0 && at < this.#length)) continue;
      const cpu = processes.reduce((sum, one) => sum + one.cpu, 0);
      const known = this.#processes[at];
      if (!known || cpu > known.cpu) this.#processes[at] = { time: time + offset, processes, cpu };
    }
  }
}
