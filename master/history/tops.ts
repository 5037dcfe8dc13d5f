import type { TopMeasure } from "../../views/pages/top.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { nodeColumns } from "./amounts.ts";
import { lineOf } from "./lines.ts";
import { percentiles, type PercentilesOf } from "./percentiles.ts";
import type { Query } from "./query.ts";
import { inSlices } from "./slices.ts";
import { type Tally, type TallyParts, tally } from "./tally.ts";
import { tiers } from "./tiers.ts";
import { type Ranked, rank, realOf, type TopQuery } from "./top.ts";

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
  /** For how much of it anything was measured at all, in seconds. */
  measured: number;
  total: number;
  sum: number;
  items: Top[];
}

export interface TopsQuery extends TopQuery {
  /** The length of the time. */
  rangeMs: number;
  /** Its end; now where none is said. */
  toMs?: number | undefined;
  lines?: boolean;
}

interface Parts extends TallyParts {
  query: Query;
  now(): number;
}

/** What was added up stands for so long. */
const keptMs = 60_000;
/** So many times of different length are held. */
const mostHeld = 4;
const namespacePoints = 48;
/** Of a shorter time lines are drawn of the samples themselves: ten minutes would be too much of it. */
const finelySeconds = 2 * 3600;
const finePoints = 50;

/** Who used most over a time. */
export class TopLists {
  readonly #parts: Parts;
  readonly #held = new Map<string, { atMs: number; tally: Promise<Tally> }>();
  /** Of what was added up the lines that were drawn. */
  readonly #lines = new WeakMap<Tally, Map<string, Float64Array>>();

  /** And the 95th percentiles, by what and by number. */
  readonly #known = new WeakMap<Tally, Map<string, Map<number, number>>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async top(
    query: TopsQuery,
    may: (place: Pick<Subject, "cluster" | "namespace">) => boolean,
  ): Promise<Tops> {
    const tally = await this.#tally(query);
    // Adding up may have ended a slice.
    await new Promise((resolve) => setImmediate(resolve));
    const { total, sum, measured, items } = await inSlices(
      rank(tally, query, may, (asked) => this.#percentiles(tally, asked)),
    );
    return {
      fromMs: tally.from * 1000,
      toMs: tally.to * 1000,
      measured,
      total,
      sum,
      items: await inSlices(this.#named(items, tally, query)),
    };
  }

  #tally({ rangeMs, toMs }: Pick<TopsQuery, "rangeMs" | "toMs">): Promise<Tally> {
    const now = this.#parts.now();
    const key = `${rangeMs} ${toMs ?? ""}`;
    const known = this.#held.get(key);
    if (known && now - known.atMs < keptMs && now >= known.atMs) return known.tally;
    this.#held.delete(key);
    const seconds = Math.floor(now / 1000);
    const to = Math.floor((toMs ?? now) / 1000);
    // What is yet to come is not told of, nor something else in its place.
    const made = inSlices(
      tally(this.#parts, to - Math.round(rangeMs / 1000), Math.min(to, seconds), seconds),
    );
    this.#held.set(key, { atMs: now, tally: made });
    made.catch(() => this.#held.delete(key));
    // Nobody may ask for it again, and it can be megabytes.
    setTimeout(() => {
      if (this.#held.get(key)?.tally === made) this.#held.delete(key);
    }, keptMs).unref();
    while (this.#held.size > mostHeld) this.#held.delete(this.#held.keys().next().value!);
    return made;
  }

  *#percentiles(tally: Tally, asked: PercentilesOf): Generator<void, ReadonlyMap<number, number>> {
    const all = this.#known.get(tally) ?? new Map<string, Map<number, number>>();
    this.#known.set(tally, all);
    const key = `${asked.of} ${asked.column}`;
    const known = all.get(key) ?? new Map<number, number>();
    all.set(key, known);
    const { ids } = tally[asked.of];
    const rows = asked.rows.filter((row) => !known.has(ids[row]!));
    if (rows.length > 0)
      for (const [id, value] of yield* percentiles(this.#parts, tally, { ...asked, rows }))
        known.set(id, value);
    return known;
  }

  *#named(items: readonly Ranked[], tally: Tally, query: TopsQuery): Generator<void, Top[]> {
    const { names } = this.#parts;
    const tops: Top[] = [];
    for (const { id, subject, ...ranked } of items) {
      const line = query.lines ? this.#lineOf(id, subject, tally, query) : new Float64Array(0);
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

  /** A page that is looked at asks for the same again and again. */
  #lineOf(id: number, subject: Subject | undefined, tally: Tally, query: TopsQuery): Float64Array {
    const lines = this.#lines.get(tally) ?? new Map<string, Float64Array>();
    this.#lines.set(tally, lines);
    const key = `${query.of} ${query.by} ${id}`;
    const line = lines.get(key) ?? this.#line(id, subject, tally, query);
    lines.set(key, line);
    return line;
  }

  #line(id: number, subject: Subject | undefined, tally: Tally, { of, by }: TopsQuery): Float64Array {
    const { heads, names, tables, rolled } = this.#parts;
    const { from, to, finest } = tally;
    const real = (values: Float64Array) => values.map((one) => realOf(of, by, one));
    const column = { cpu: 0, memory: 1, disk: nodeColumns.disk, network: nodeColumns.network }[by];
    if (!subject) return real(namespaceLine(tally, id, by));
    if (to - from <= finelySeconds) {
      const ids =
        of === "nodes" ? this.#seriesOf(subject.id, by, tally) : [of === "pods" ? 2 * id + column : column];
      if (ids.length > 0) return real(this.#samples(subject.id, ids, tally, of === "workloads"));
    }
    const line = { subject, column: of === "pods" ? 2 * id + column : column };
    return real(lineOf({ tables, rolled, heads, names, finest }, line, from, to));
  }

  #samples(subject: number, ids: number[], { from, to }: Tally, totals: boolean): Float64Array {
    const { names, query } = this.#parts;
    const stepMs = Math.ceil((to - from) / finePoints / 5) * 5000;
    const range = { fromMs: from * 1000, toMs: to * 1000 - 1, stepMs, mean: true };
    return query.read({ subject, sections: names.sections(subject), totals }, [{ ids }], range).lines[0]!.avg;
  }

  /** The series of a node that is a measure by itself; none of those that are made of several. */
  #seriesOf(subject: number, by: TopMeasure, { from, to }: Tally): number[] {
    const name = { cpu: "usage", memory: "used", disk: "", network: "" }[by];
    if (name === "") return [];
    const range = { fromMs: from * 1000, toMs: to * 1000, stepMs: 0 };
    return [...this.#parts.query.columns(subject, range)].filter((id) => {
      const found = this.#parts.names.series.byID(id);
      return found?.group === by && found.name === name;
    });
  }
}

/** What all workloads of a namespace used in each piece of the time, as equal steps. `id` is one of them. */
function namespaceLine({ places, windows, from, to }: Tally, id: number, by: TopMeasure): Float64Array {
  const { pieces } = places.get(id)!;
  let window = 0;
  return Float64Array.from({ length: namespacePoints }, (_, point) => {
    const at = from + ((point + 0.5) / namespacePoints) * (to - from);
    while (window + 1 < windows.length && windows[window + 1]!.start <= at) window++;
    const found = windows[window];
    if (!found) return Number.NaN;
    const sum = pieces[window * 2 + (by === "memory" ? 1 : 0)]!;
    return sum / Math.max(60, Math.min(tiers[found.tier]!.span, to - found.start));
  });
}
