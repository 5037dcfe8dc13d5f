import type { FillingView, RateTime } from "../../views/pages/capacity.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { isSteady, msUntil, trendOf } from "./forecast.ts";
import { type Names, ofNode } from "./names.ts";
import type { Range } from "./query.ts";
import type { Over, SeriesInfo, SubjectRef } from "./reader.ts";
import { inSlices } from "./slices.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Over which time the rate is measured, and by which steps. */
export const rateTimes = {
  "6h": { ms: 6 * hour, stepMs: minute },
  "7d": { ms: 7 * day, stepMs: 10 * minute },
} as const satisfies Record<RateTime, object>;

/** A disk or memory: how full it is, how fast that grows, and when it will be full. */
export interface Filling extends FillingView {
  /** The share used over the time. */
  line: Float64Array;
}

/** Further ahead than the time is long, so many times, nothing is said: a week says nothing of the next decade. */
const aheadTimes = { "6h": 4 * 30, "7d": 52 * 2 } as const satisfies Record<RateTime, number>;
const keptMs = minute;
const mostKept = 5000;
const linePoints = 48;
/** A rate is of at least this part of the time. */
const leastPart = 1 / 8;
/** What was not heard of in the last part of the time is not there any more. */
const lastPart = 0.1;

interface Parts {
  names: Names;
  over(ref: SubjectRef, range: Range, wanted: (one: SeriesInfo) => boolean): Over | undefined;
  now(): number;
}

/** When disks and memory will be full, of nodes and of clusters as a whole. */
export class Capacities {
  readonly #parts: Parts;
  readonly #kept = new Map<string, { atMs: number; fillings: Filling[] }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Of one node or cluster; it stands for a minute. */
  of({ id, cluster, kind, namespace, name }: Subject, time: RateTime): Filling[] {
    const now = this.#parts.now();
    const key = `${time} ${id}`;
    const known = this.#kept.get(key);
    if (known && now >= known.atMs && now - known.atMs < keptMs) return known.fillings;
    const { ms, stepMs } = rateTimes[time];
    const toMs = Math.floor(now / stepMs) * stepMs;
    const range = { fromMs: toMs - ms, toMs, stepMs, mean: true };
    const over = this.#parts.over({ cluster, kind, namespace, name }, range, wanted);
    const fillings = over ? fillingsOf({ cluster, kind, name }, over, time) : [];
    this.#kept.delete(key);
    this.#kept.set(key, { atMs: now, fillings });
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    return fillings;
  }

  /** Of all nodes and clusters that are seen, what is full soonest first. */
  fleet(
    time: RateTime,
    cluster: string | undefined,
    may: (place: Pick<Subject, "cluster" | "namespace">) => boolean,
  ): Promise<Filling[]> {
    return inSlices(this.#fleet(time, cluster, may));
  }

  *#fleet(
    time: RateTime,
    cluster: string | undefined,
    may: (place: Pick<Subject, "cluster" | "namespace">) => boolean,
  ): Generator<void, Filling[]> {
    const found: Filling[] = [];
    for (const subject of this.#parts.names.subjects.all()) {
      if (!ofNode(subject)) continue;
      if ((cluster !== undefined && subject.cluster !== cluster) || !may(subject)) continue;
      found.push(...this.of(subject, time));
      yield;
    }
    return found.sort(soonestFirst);
  }
}

const wanted = ({ group, name }: SeriesInfo) =>
  (group === "memory" || group.startsWith("disk ")) && (name === "used" || name === "total");

export function soonestFirst(a: Filling, b: Filling): number {
  const until = (one: Filling) => one.fullMs ?? Number.POSITIVE_INFINITY;
  const share = (one: Filling) => one.used / one.total;
  return until(a) === until(b) ? share(b) - share(a) : until(a) - until(b);
}

function fillingsOf(
  of: Pick<Filling, "cluster" | "kind" | "name">,
  { times, series }: Over,
  time: RateTime,
): Filling[] {
  const values = (group: string, name: string) =>
    series.find((one) => one.group === group && one.name === name)?.values.avg;
  return series.flatMap(({ group, name }): Filling[] => {
    if (name !== "used") return [];
    const used = values(group, "used")!;
    const total = newest(values(group, "total"), times.length);
    const now = newest(used, times.length);
    if (!(total > 0) || !Number.isFinite(now)) return [];
    const what = group === "memory" ? ("memory" as const) : ("disk" as const);
    const mount = what === "disk" ? { mount: group.slice("disk ".length) } : {};
    const laid = trendOf(times, used);
    const trend = laid && laid.spanMs >= leastPart * rateTimes[time].ms ? laid : undefined;
    const steady = trend !== undefined && isSteady(trend);
    const ms = steady ? msUntil(trend, total) : undefined;
    const near = ms !== undefined && ms <= aheadTimes[time] * rateTimes[time].ms;
    return [
      {
        ...{ ...of, what, ...mount, used: now, total, steady },
        perDay: trend ? trend.perMs * day : Number.NaN,
        ...(near ? { fullMs: trend!.atMs + ms } : {}),
        line: lineOf(used, total),
      },
    ];
  });
}

/** The newest value that is known, if it is new enough. */
function newest(values: Float64Array | undefined, length: number): number {
  for (let at = length - 1; values && at >= length * (1 - lastPart); at--)
    if (Number.isFinite(values[at]!)) return values[at]!;
  return Number.NaN;
}

function lineOf(used: Float64Array, total: number): Float64Array {
  const each = Math.ceil(used.length / linePoints);
  return Float64Array.from({ length: Math.ceil(used.length / each) }, (_, point) => {
    let most = Number.NaN;
    for (let at = point * each; at < Math.min(used.length, (point + 1) * each); at++)
      if (!(most >= used[at]!) && Number.isFinite(used[at]!)) most = used[at]!;
    return most / total;
  });
}
