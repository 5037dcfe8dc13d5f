/** What ran at a moment and used most. */
export interface ProcessSample {
  pid: number;
  user: string;
  command: string;
  /** Whole percents of a core. */
  cpu: number;
  /** MiB. */
  memory: number;
}

export interface ProcessRow {
  /** In tenths of a second since the block's start. */
  time: number;
  processes: ProcessSample[];
}

/**
 * Some time of one subject: times in tenths of a second since the block's start, rising, and for each column its
 * stored numbers (precision.ts), NaN where there is none.
 */
export interface Samples {
  times: Float64Array;
  columns: Map<number, Float64Array>;
  processes: ProcessRow[];
}

/** Brings rows into the order of their time, as one row for each time; where values collide the last one counts. */
export function inOrder(
  times: readonly number[],
  columns: ReadonlyMap<number, Float64Array>,
): Omit<Samples, "processes"> {
  let rising = true;
  for (let at = 1; at < times.length && rising; at++) rising = times[at]! > times[at - 1]!;
  if (rising) return { times: Float64Array.from(times), columns: new Map(columns) };
  const order = Array.from(times, (_, at) => at).sort((a, b) => times[a]! - times[b]! || a - b);
  const target = new Int32Array(times.length);
  const sorted: number[] = [];
  for (const at of order) {
    if (sorted.at(-1) !== times[at]) sorted.push(times[at]!);
    target[at] = sorted.length - 1;
  }
  const merged = new Map<number, Float64Array>();
  for (const [id, values] of columns) {
    const column = new Float64Array(sorted.length).fill(Number.NaN);
    for (const at of order) if (!Number.isNaN(values[at]!)) column[target[at]!] = values[at]!;
    merged.set(id, column);
  }
  return { times: Float64Array.from(sorted), columns: merged };
}

/** Two pieces of the same block as one; where they tell of the same moment, the second counts. */
export function merge(one: Samples, other: Samples): Samples {
  const times = [...one.times, ...other.times];
  const columns = new Map<number, Float64Array>();
  const column = (id: number) => {
    const known = columns.get(id) ?? new Float64Array(times.length).fill(Number.NaN);
    columns.set(id, known);
    return known;
  };
  for (const [id, values] of one.columns) column(id).set(values);
  for (const [id, values] of other.columns) column(id).set(values, one.times.length);
  const processes = new Map([...one.processes, ...other.processes].map((row) => [row.time, row]));
  return {
    ...inOrder(times, columns),
    processes: [...processes.values()].sort((a, b) => a.time - b.time),
  };
}
