import type { RecentMetrics } from "../../../../views/model.ts";
import type { Busiest } from "../../../../views/pages/detail/node-processes.ts";
import { rangeOf, ranges } from "../../../../views/parts/range.ts";
import { usualStep } from "../../../api/steps.ts";
import type { ProcessSample } from "../../../history/samples.ts";
import type { SubjectRef } from "../../../history/reader.ts";
import type { PageContext } from "../../page.ts";

/** Metrics of something over the time that the address names; undefined where that is the usual one. */
export function pastOf(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  ref: SubjectRef,
  wanted?: (series: { group: string }) => boolean,
): RecentMetrics | undefined {
  const key = rangeOf(v.query);
  if (key === "15m") return undefined;
  const ms = ranges[key];
  const stepMs = usualStep(ms);
  // By whole steps, so that nothing changes within one.
  const toMs = Math.floor(v.now / stepMs) * stepMs;
  const found = deps.metrics.over(ref, { fromMs: toMs - ms, toMs: v.now, stepMs, mean: true }, wanted);
  const groups = new Map<string, RecentMetrics["groups"][number]>();
  for (const { group, name, unit, values } of found?.series ?? []) {
    const known = groups.get(group) ?? { name: group, series: [] };
    groups.set(group, known);
    known.series.push({ name, unit, values: values.avg });
  }
  return {
    times: found?.times ?? new Float64Array(0),
    groups: [...groups.values()],
    span: { ms, toMs },
  };
}

/** The moment of a past time at which a node was busiest, and by what. */
export function busiestIn(
  { deps }: Pick<PageContext, "deps">,
  ref: SubjectRef,
  past: RecentMetrics | undefined,
): Busiest | undefined {
  const usage = past?.groups
    .find((one) => one.name === "cpu")
    ?.series.find((one) => one.name === "usage")?.values;
  if (!past?.span || !usage) return undefined;
  let peak = -1;
  for (let at = 0; at < usage.length; at++)
    if (!Number.isNaN(usage[at]!) && !(peak >= 0 && usage[peak]! >= usage[at]!)) peak = at;
  if (peak < 0) return undefined;
  const from = past.times[peak]!;
  const found = deps.metrics.processes(ref, from, from + usualStep(past.span.ms)) ?? [];
  const cpu = (one: (typeof found)[number]) => one.processes.reduce((sum, { cpu }) => sum + cpu, 0);
  const [most] = found.sort((a, b) => cpu(b) - cpu(a));
  return most && { atMs: most.atMs, processes: most.processes.map(shown) };
}

const shown = ({ pid, user, command, cpu, memory }: ProcessSample) => ({
  pid,
  user,
  command,
  cpuPercent: cpu,
  memoryMB: memory,
});
