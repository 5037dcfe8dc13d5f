import { ByteReader, ByteWriter } from "./bytes.ts";
import type { Samples } from "./samples.ts";
import { type Spread, spreadOf, SpreadReader, SpreadWriter } from "./spread.ts";
import { withTotals } from "./totals.ts";

/** What a column came to over some time. */
export interface Amount {
  /** Stored numbers times the seconds for which they stood. */
  sum: number;
  /** For how long there were values. */
  seconds: number;
  max: number;
  /** Missing of what was kept before there was any. */
  spread?: Spread;
}
/** Of a workload by its columns: sums over its pods, and each pod; of a node by `nodeColumns`. */
export type Amounts = Map<number, Amount>;

/** What is told of nodes: CPU as a share, memory, the fullest disk as a share, bytes of disks and network a second. */
export const nodeColumns = { cpu: 0, memory: 1, memoryTotal: 2, disk: 3, io: 4, network: 5 } as const;

/** A lone sample stands for this. */
const loneSeconds = 5;
/** Of a workload over a day or longer: the pods that used most. */
export const mostPods = 100;

/** What a workload and its pods used in a block. */
export const workloadAmounts = (samples: Samples): Amounts => amountsOf(withTotals(samples));

function amountsOf({ times, columns }: Pick<Samples, "times" | "columns">): Amounts {
  const amounts: Amounts = new Map();
  for (const [id, values] of columns) {
    const amount = amountOf(times, values);
    if (amount) amounts.set(id, amount);
  }
  return amounts;
}

/** A gap within counts as what is around it: what is measured every 10 s has one in every second row. */
function amountOf(times: Float64Array, values: Float64Array): Amount | undefined {
  let sum = 0;
  let count = 0;
  let max = 0;
  let first = 0;
  let last = 0;
  for (let row = 0; row < times.length; row++) {
    const value = values[row]!;
    if (!(value >= 0)) continue;
    if (count === 0) first = times[row]!;
    last = times[row]!;
    sum += value;
    count++;
    if (value > max) max = value;
  }
  if (count === 0) return undefined;
  const seconds = secondsOf(count, last - first);
  return { sum: (sum / count) * seconds, seconds, max, spread: spreadOf(values) };
}

/** For how long so many values stood that are some tenths of a second apart, from the first to the last. */
export const secondsOf = (count: number, tenths: number): number =>
  count === 1 ? loneSeconds : Math.max(1, Math.round((tenths / 10) * (count / (count - 1))));

/** Interfaces of containers, bridges and the loopback: traffic that does not leave the machine. */
const ownInterface =
  /^(lo|docker|br-|cni|flannel|kube-|vxlan|dummy|tunl|virbr|cbr|nodelocaldns|podman|cilium|weave|ovs)/;

/** Whether something is told of a node by a series; most of them are of cores, modes and processes. */
export const isNodeAmount = ({ group = "", name = "" }: { group?: string; name?: string } = {}): boolean =>
  (group === "cpu" && name === "usage") ||
  ((group === "memory" || group.startsWith("disk ")) && (name === "used" || name === "total")) ||
  (group.startsWith("io ") && (name === "read" || name === "written")) ||
  (group.startsWith("net ") && !ownInterface.test(group.slice(4)));

type NameOf = (id: number) => { group: string; name: string } | undefined;

/** What a node used in a block, of the series that it has. */
export function nodeAmounts({ times, columns }: Samples, nameOf: NameOf): Amounts {
  const derived = new Map<number, Float64Array>();
  const column = (id: number) => {
    const known = derived.get(id) ?? new Float64Array(times.length).fill(Number.NaN);
    derived.set(id, known);
    return known;
  };
  const add = (id: number, values: Float64Array) => {
    const into = column(id);
    for (let row = 0; row < times.length; row++)
      if (!Number.isNaN(values[row]!)) into[row] = (Number.isNaN(into[row]!) ? 0 : into[row]!) + values[row]!;
  };
  const disks = new Map<string, { used?: Float64Array; total?: Float64Array }>();
  for (const [id, values] of columns) {
    const found = nameOf(id);
    if (!found || !isNodeAmount(found)) continue;
    const { group, name } = found;
    if (group === "cpu") add(nodeColumns.cpu, values);
    else if (group === "memory") add(name === "used" ? nodeColumns.memory : nodeColumns.memoryTotal, values);
    else if (group.startsWith("io ")) add(nodeColumns.io, values);
    else if (group.startsWith("net ")) add(nodeColumns.network, values);
    else disks.set(group, { ...disks.get(group), [name]: values });
  }
  for (const { used, total } of disks.values()) {
    if (!used || !total) continue;
    const into = column(nodeColumns.disk);
    for (let row = 0; row < times.length; row++) {
      const share = Math.round((used[row]! / total[row]!) * 1000);
      if (share >= 0 && !(into[row]! >= share)) into[row] = share;
    }
  }
  return amountsOf({ times, columns: derived });
}

export interface Piece {
  data: Uint8Array;
  spread: Uint8Array | null;
}

/** What pieces of time come to together; of more pods than `most` those that used least are left out. */
export function merged(pieces: Iterable<Piece>, most = Number.POSITIVE_INFINITY): Amounts {
  const amounts: Amounts = new Map();
  for (const { data, spread } of pieces) {
    const reader = spread && new SpreadReader(spread);
    eachAmount(data, (id, sum, seconds, max) => {
      let known = amounts.get(id);
      if (known) {
        known.sum += sum;
        known.seconds += seconds;
        if (max > known.max) known.max = max;
      } else {
        known = { sum, seconds, max, spread: new Map() };
        amounts.set(id, known);
      }
      if (!reader) delete known.spread;
      reader?.next(max);
      if (!known.spread) return;
      for (const [at, bucket] of reader!.buckets.entries())
        known.spread.set(bucket, (known.spread.get(bucket) ?? 0) + reader!.shares[at]! * seconds);
    });
  }
  if (amounts.size <= 2 * most + 2) return amounts;
  const kept = new Set([0, 1]);
  for (const parity of [0, 1])
    for (const [id] of [...amounts]
      .filter(([id]) => id > 1 && id % 2 === parity)
      .sort((a, b) => b[1].sum - a[1].sum)
      .slice(0, most)) {
      // Both columns of a pod.
      kept.add(id - parity);
      kept.add(id - parity + 1);
    }
  return new Map([...amounts].filter(([id]) => kept.has(id)));
}

/** Means below this are kept to a sixteenth: what a small pod uses is less than the step of its samples. */
const finely = 512;
const parts = 16;

/**
 * For each column what its number is more than the one before, what its seconds are, its mean (whole, and then odd, or
 * in sixteenths) and what the most is above that: some six bytes.
 */
export function encodeAmounts(amounts: Amounts): Uint8Array<ArrayBuffer> {
  const to = new ByteWriter(8 + amounts.size * 8);
  let before = 0;
  let secondsBefore = 0;
  for (const [id, { sum, seconds, max }] of [...amounts].sort((a, b) => a[0] - b[0])) {
    to.varint(id - before);
    before = id;
    to.zigzag(seconds - secondsBefore);
    secondsBefore = seconds;
    const mean = seconds > 0 ? sum / seconds : 0;
    const kept = mean < finely ? Math.round(mean * parts) * 2 : Math.round(mean) * 2 + 1;
    to.varint(kept);
    // As it is read: a mean that was rounded up may be another whole number than it was.
    to.varint(Math.max(0, Math.round(max - Math.floor(meanOf(kept)))));
  }
  return to.view().slice();
}

const meanOf = (kept: number) => (kept % 2 === 1 ? (kept - 1) / 2 : kept / 2 / parts);

/** How they are spread, in the same order; null where that is not known of all. */
export function encodeSpreads(amounts: Amounts): Uint8Array<ArrayBuffer> | null {
  const to = new SpreadWriter();
  for (const [, { spread, max }] of [...amounts].sort((a, b) => a[0] - b[0])) {
    if (!spread) return null;
    to.add(spread, max);
  }
  return to.bytes();
}

/** Throws where the bytes are none of these. */
export function eachAmount(
  bytes: Uint8Array,
  take: (id: number, sum: number, seconds: number, max: number) => void,
): void {
  const from = new ByteReader(bytes);
  let id = 0;
  let seconds = 0;
  while (!from.done) {
    id += from.varint();
    seconds += from.zigzag();
    const kept = from.varint();
    const mean = meanOf(kept);
    take(id, mean * seconds, seconds, Math.floor(mean) + from.varint());
  }
}
