import type { AmountTables } from "../database/metrics/amounts.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import type { AmountKeeper } from "./amount-keeper.ts";
import { nodeColumns } from "./amounts.ts";
import type { Heads } from "./heads.ts";
import { lineOf } from "./lines.ts";
import type { Names } from "./names.ts";
import { inSlices } from "./slices.ts";
import { headAmounts, type Tally, tally } from "./tally.ts";
import { tiers } from "./tiers.ts";
import { type Ranked, rank, realOf, type TopMeasure, type TopQuery } from "./top.ts";

/** One of those that used most, by its name. */
export interface Top extends Omit<Ranked, "id" | "subject"> {
  /** `Pod`, `Node`, `Namespace` or a workload's kind. */
  kind: string;
  name: string;
  /** Of a pod: which one it was of those that have had this name. */
  uid?: string;
  /** Of a pod: the workload that it belonged to. */
  owner?: { kind: string; name: string };
  /** Means over the time in some 50 pieces, where they are asked for; NaN where there was nothing. */
  line: Float64Array;
}

export interface Tops {
  /** What was added up: whole pieces of time, so it may begin a little earlier or later than asked for. */
  fromMs: number;
  toMs: number;
  total: number;
  sum: number;
  items: Top[];
}

export interface TopsQuery extends TopQuery {
  rangeMs: number;
  lines?: boolean;
}

interface Parts {
  tables: AmountTables;
  amounts: AmountKeeper;
  heads: Heads;
  names: Names;
  rolled: readonly (number | undefined)[];
  now(): number;
  failed: (what: string, error: unknown) => void;
}

/** What was added up stands for so long. */
const keptMs = 60_000;
/** So many times of different length are held. */
const mostHeld = 4;
const namespacePoints = 48;

/** Who used most over a time. */
export class TopLists {
  readonly #parts: Parts;
  readonly #held = new Map<number, { atMs: number; tally: Promise<Tally> }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async top(
    query: TopsQuery,
    may: (place: Pick<Subject, "cluster" | "namespace">) => boolean,
  ): Promise<Tops> {
    const tally = await this.#tally(query.rangeMs);
    // Adding up may have ended a slice.
    await new Promise((resolve) => setImmediate(resolve));
    const { total, sum, items } = rank(tally, query, may);
    return {
      fromMs: tally.from * 1000,
      toMs: tally.to * 1000,
      total,
      sum,
      items: await inSlices(this.#named(items, tally, query)),
    };
  }

  #tally(rangeMs: number): Promise<Tally> {
    const now = this.#parts.now();
    const known = this.#held.get(rangeMs);
    if (known && now - known.atMs < keptMs && now >= known.atMs) return known.tally;
    this.#held.delete(rangeMs);
    const to = Math.floor(now / 1000);
    const made = inSlices(tally(this.#parts, to - Math.round(rangeMs / 1000), to));
    this.#held.set(rangeMs, { atMs: now, tally: made });
    made.catch(() => this.#held.delete(rangeMs));
    while (this.#held.size > mostHeld) this.#held.delete(this.#held.keys().next().value!);
    return made;
  }

  *#named(items: readonly Ranked[], tally: Tally, query: TopsQuery): Generator<void, Top[]> {
    const { names } = this.#parts;
    const tops: Top[] = [];
    for (const { id, subject, ...ranked } of items) {
      const line = query.lines ? this.#line(id, subject, tally, query) : new Float64Array(0);
      yield;
      if (!subject) tops.push({ ...ranked, kind: "Namespace", name: ranked.namespace, line });
      else if (query.of !== "pods") tops.push({ ...ranked, kind: subject.kind, name: subject.name, line });
      else {
        const pod = names.pods.byID(id);
        const { kind, name } = subject;
        const owner = kind === "Pod" ? {} : { owner: { kind, name } };
        if (pod) tops.push({ ...ranked, kind: "Pod", name: pod.name, uid: pod.uid, ...owner, line });
      }
    }
    return tops;
  }

  #line(id: number, subject: Subject | undefined, tally: Tally, { of, by }: TopsQuery): Float64Array {
    const { heads, amounts, tables, rolled } = this.#parts;
    const real = (values: Float64Array) => values.map((one) => realOf(of, by, one));
    const column = { cpu: 0, memory: 1, disk: nodeColumns.disk, network: nodeColumns.network }[by];
    if (!subject) return real(namespaceLine(tally, id, by, this.#parts.names));
    const head = (key: number) => headAmounts({ heads, amounts }, key)?.data;
    const line = { subject: subject.id, column: of === "pods" ? 2 * id + column : column };
    return real(lineOf({ tables, rolled, head }, line, tally.from, tally.to));
  }
}

/** What all workloads of a namespace used in each piece of the time, as equal steps. `id` is one of them. */
function namespaceLine(
  { pieces, windows, workloads, from, to }: Tally,
  id: number,
  by: TopMeasure,
  names: Names,
): Float64Array {
  const place = names.subjects.byID(id);
  const sums = new Float64Array(windows.length);
  for (const [one, { subject }] of workloads) {
    if (subject.cluster !== place?.cluster || subject.namespace !== place.namespace) continue;
    const own = pieces.get(one)!;
    for (let at = 0; at < sums.length; at++) sums[at]! += own[at * 2 + (by === "memory" ? 1 : 0)]!;
  }
  let window = 0;
  return Float64Array.from({ length: namespacePoints }, (_, point) => {
    const at = from + ((point + 0.5) / namespacePoints) * (to - from);
    while (window + 1 < windows.length && windows[window + 1]!.start <= at) window++;
    const found = windows[window];
    if (!found) return Number.NaN;
    return sums[window]! / Math.max(60, Math.min(tiers[found.tier]!.span, to - found.start));
  });
}
