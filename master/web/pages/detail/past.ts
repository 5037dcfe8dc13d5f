import type { RecentMetrics } from "../../../../views/model.ts";
import type { Busiest } from "../../../../views/pages/detail/node-processes.ts";
import type { TopPods } from "../../../../views/pages/detail/top-pods.ts";
import { compareOf, type Figure, figureOf, shownOf } from "../../../../views/parts/range.ts";
import { usualStep } from "../../../api/steps.ts";
import type { ProcessSample } from "../../../history/samples.ts";
import type { Over, SubjectRef } from "../../../history/reader.ts";
import type { Viewing } from "../../../../views/viewing.ts";
import type { PageContext } from "../../page.ts";

const pushMs = 5000;

/** Metrics of something over the time that the address names; undefined where that is the usual one. */
export function pastOf(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  ref: SubjectRef,
  wanted?: (series: { group: string }) => boolean,
): RecentMetrics | undefined {
  // The usual time is drawn of what comes in.
  if (shownOf(v.query).key === "15m" && !compareOf(v.query)) return undefined;
  const found = overTime({ v, deps }, ref, wanted);
  return found ?? { times: new Float64Array(0), groups: [], span: spanOf(v) };
}

/** The same of any time, the last minutes too; undefined where nothing was ever kept, or may be seen. */
export function overTime(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  ref: SubjectRef,
  wanted?: (series: { group: string }) => boolean,
): RecentMetrics | undefined {
  const compared = compareOf(v.query);
  const span = spanOf(v);
  const { ms, toMs } = span;
  const stepMs = usualStep(ms);
  const figure = figureOf(v.query);
  const mean = figure === "avg";
  const now = deps.metrics.over(ref, { fromMs: toMs - ms, toMs: endOf(v), stepMs, mean }, wanted);
  if (!now) return undefined;
  const back = compared?.ms ?? 0;
  const then =
    back > 0 && deps.metrics.over(ref, { fromMs: toMs - ms - back, toMs: toMs - back, stepMs, mean }, wanted);
  return {
    ...drawn(now, 0, figure),
    span,
    ...(now.stepMs > stepMs ? { keptMs: now.stepMs } : {}),
    ...(then ? { before: drawn(then, back, figure) } : {}),
  };
}

/** The time that the address names: the last one by whole steps, so that nothing changes within one. */
export function spanOf(v: Viewing): { ms: number; toMs: number } {
  const shown = shownOf(v.query);
  const { ms } = shown;
  if (!shown.key) return { ms, toMs: shown.toMs };
  // Of every sample as often as probes push.
  const grid = usualStep(ms) || pushMs;
  return { ms, toMs: Math.floor(v.now / grid) * grid };
}

/** Up to when is read: of the last time also the step that has only begun. */
export const endOf = (v: Viewing): number => {
  const shown = shownOf(v.query);
  return shown.key ? v.now : shown.toMs;
};

/** What was found as charts draw it, its times moved on by so much. */
function drawn(found: Over, onMs: number, figure: Figure): Pick<RecentMetrics, "times" | "groups"> {
  const groups = new Map<string, RecentMetrics["groups"][number]>();
  for (const { group, name, unit, values } of found.series) {
    const known = groups.get(group) ?? { name: group, series: [] };
    groups.set(group, known);
    known.series.push({ name, unit, values: values[figure] });
  }
  const { times } = found;
  return { times: onMs > 0 ? times.map((ms) => ms + onMs) : times, groups: [...groups.values()] };
}

/** So many pods are told. */
const mostPods = 5;

/** The pods of a workload that used most over the time that the address names; undefined where that is the usual one. */
export function topPodsOf(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  ref: SubjectRef,
): TopPods | undefined {
  if (shownOf(v.query).key === "15m") return undefined;
  const { ms, toMs } = spanOf(v);
  const range = { fromMs: toMs - ms, toMs: endOf(v), stepMs: usualStep(ms) };
  const of = (which: "cpu" | "memory") => {
    const found = deps.metrics.podsOver(ref, which, range, mostPods);
    const pods = (found?.series ?? []).map(({ name, values }) => ({
      name,
      mean: meanOf(values.avg),
      highest: highestOf(values.max),
    }));
    return { total: found?.total ?? 0, pods };
  };
  const cpu = of("cpu");
  // Of one pod the charts tell all there is.
  return cpu.total > 1 ? { total: cpu.total, cpu: cpu.pods, memory: of("memory").pods } : undefined;
}

/** Of what is known, which need not be all. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values)
    if (!Number.isNaN(value)) {
      sum += value;
      count++;
    }
  return sum / count;
}

function highestOf(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** The moment of a past time at which a node was busiest, and by what. */
export function busiestIn(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  ref: SubjectRef,
  past: RecentMetrics | undefined,
): Busiest | undefined {
  if (!past?.span) return undefined;
  const { ms, toMs } = past.span;
  // By the highest of each step, not by its mean: what is looked for lasts a minute.
  const usage = deps.metrics.over(
    ref,
    { fromMs: toMs - ms, toMs: endOf(v), stepMs: usualStep(ms) },
    ({ group, name }) => group === "cpu" && name === "usage",
  );
  const values = usage?.series[0]?.values.max;
  if (!usage || !values) return undefined;
  let peak = -1;
  for (let at = 0; at < values.length; at++)
    if (!Number.isNaN(values[at]!) && !(peak >= 0 && values[peak]! >= values[at]!)) peak = at;
  if (peak < 0) return undefined;
  const from = usage.times[peak]!;
  const found = deps.metrics.processes(ref, from, from + usage.stepMs) ?? [];
  const cpu = (one: (typeof found)[number]) => one.processes.reduce((sum, { cpu }) => sum + cpu, 0);
  const [most] = found.sort((a, b) => cpu(b) - cpu(a));
  return most && { atMs: most.atMs, processes: most.processes.map(shown) };
}

export const shown = ({ pid, user, command, cpu, memory }: ProcessSample) => ({
  pid,
  user,
  command,
  cpuPercent: cpu,
  memoryMB: memory,
});
