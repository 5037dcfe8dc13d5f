import type { MomentView, ValueName } from "../../../../views/pages/detail/moment.ts";
import { parseMoment } from "../../../../views/parts/moment.ts";
import type { SubjectRef } from "../../../history/reader.ts";
import type { PageContext } from "../../page.ts";
import { shown } from "./past.ts";

const minute = 60_000;
/** From near to far: of each tier of the history a moment lies within one of these. */
const reaches = [20_000, 3 * minute, 30 * minute, 180 * minute];

interface Kept {
  atMs: number;
  everyMs: number;
  /** What it tells of lasts so long from there on. */
  overMs?: number;
}

/** What is told of each kind, by the history's names. */
const told: Record<string, ValueName> = {
  "usage:cpu": "cpu",
  "usage:memory": "memory",
  "cpu:usage": "cpu",
  "memory:used": "memory",
  "cpu:used": "cpu",
  "pods:all": "podsInAll",
  "pods:attention": "podsNeedAttention",
  "nodes:ready": "nodesReady",
};

/** What is known of the moment that the address names; undefined where it names none. */
export function momentOf(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  ref: SubjectRef,
): MomentView | undefined {
  const askedMs = parseMoment(v.query.get("at"));
  if (askedMs === undefined) return undefined;
  const valuesIn = (fromMs: number, toMs: number) => valuesBetween(deps, ref, fromMs, toMs);
  if (ref.kind !== "Node") {
    const found = nearest(valuesIn, askedMs);
    return { of: ref, askedMs, ...(found ? { found } : {}), values: found?.values ?? [] };
  }
  const found = nearest((fromMs, toMs) => deps.metrics.processes(ref, fromMs, toMs) ?? [], askedMs);
  return {
    of: ref,
    askedMs,
    ...(found ? { found } : {}),
    values: nearestOnly(valuesIn, found?.atMs ?? askedMs)?.values ?? [],
    processes: (found?.processes ?? []).map(shown),
  };
}

/** The values of each moment between two times at which there is any. */
function valuesBetween(deps: PageContext["deps"], ref: SubjectRef, fromMs: number, toMs: number) {
  const wanted = ({ group, name }: { group: string; name: string }) =>
    Object.hasOwn(told, `${group}:${name}`);
  const over = deps.metrics.over(ref, { fromMs, toMs, stepMs: 0, mean: true }, wanted);
  return [...(over?.times ?? [])].flatMap((atMs, row) => {
    const values = over!.series.flatMap(({ group, name, unit, values }) => {
      const value = values.avg[row]!;
      return Number.isNaN(value) ? [] : [{ name: told[`${group}:${name}`]!, unit, value }];
    });
    // A step begins before the time that is asked for.
    return values.length > 0 && atMs >= fromMs && atMs <= toMs
      ? [{ atMs, everyMs: over!.stepMs, overMs: over!.stepMs, values }]
      : [];
  });
}

type Read<T> = (fromMs: number, toMs: number) => readonly T[];

/** The moment that lies nearest to a time, with its neighbours' times. */
function nearest<T extends Kept>(read: Read<T>, atMs: number) {
  const one = nearestOnly(read, atMs);
  if (!one) return undefined;
  const beforeMs = first(read, (reach) => [one.atMs - reach, one.atMs - 1])?.at(-1)?.atMs;
  const afterMs = first(read, (reach) => [one.atMs + 1, one.atMs + reach])?.[0]?.atMs;
  return { ...one, beforeMs, afterMs };
}

function nearestOnly<T extends Kept>(read: Read<T>, atMs: number): T | undefined {
  const all = first(read, (reach) => [atMs - reach, atMs + reach]) ?? [];
  const distance = (one: T) => Math.abs(one.atMs + (one.overMs ?? 0) / 2 - atMs);
  return all.reduce<T | undefined>(
    (best, one) => (best && distance(best) <= distance(one) ? best : one),
    undefined,
  );
}

/** What there is within the first reach that has anything. */
function first<T>(read: Read<T>, within: (reach: number) => [number, number]): readonly T[] | undefined {
  for (const reach of reaches) {
    const found = read(...within(reach));
    if (found.length > 0) return found;
  }
  return undefined;
}
