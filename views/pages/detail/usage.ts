import type { Container } from "../../../wire/common.ts";
import type { Pod } from "../../../wire/pod.ts";
import { type Html, html } from "../../html.ts";
import type { Marked } from "../../mark.ts";
import type { RecentMetrics, UsageView } from "../../model.ts";
import { type Chart, type ChartSubject, charts } from "../../parts/chart.ts";
import { rangePicker } from "../../parts/range.ts";
import { parseQuantity } from "../../../wire/values.ts";
import type { Viewing } from "../../viewing.ts";
import { section } from "./blocks.ts";
import { type MomentView, momentPart } from "./moment.ts";
import { beside } from "./node-charts.ts";

/** Requests and limits of a pod: a sum is one only where every container has its part in it. */
export interface Bounds {
  cpuRequest: number;
  cpuLimit: number;
  memoryRequest: number;
  memoryLimit: number;
}

export function boundsOf(containers: readonly Container[] | null | undefined): Bounds {
  const counted = (containers ?? []).filter((one) => one.role !== "init");
  const sum = (which: "requests" | "limits", resource: string, all: boolean) => {
    const values = counted.map((one) => parseQuantity(one.resources?.[which]?.[resource]));
    const known = values.filter(Number.isFinite);
    if (known.length === 0 || (all && known.length < values.length)) return Number.NaN;
    return known.reduce((total, value) => total + value, 0);
  };
  return {
    cpuRequest: sum("requests", "cpu", false),
    cpuLimit: sum("limits", "cpu", true),
    memoryRequest: sum("requests", "memory", false),
    memoryLimit: sum("limits", "memory", true),
  };
}

/** Whether any container of a pod runs. */
function runs({ containers }: Pod): boolean {
  return (containers ?? []).some((one) => one.status?.state?.toLowerCase().startsWith("running"));
}

/** A usage's history has a point every 30 s. */
const slotMs = 30_000;

/** What the address says of the time: what was used over it, what happened in it, and at one moment. */
interface Over {
  past?: RecentMetrics | undefined;
  marked?: Marked | undefined;
  moment?: MomentView | undefined;
  of?: ChartSubject;
}

/** What an object used in the last 15 minutes, or over another time, against what it asked for and may have. */
export function usagePart(
  v: Viewing,
  usage: UsageView | undefined,
  pods: readonly Pod[],
  bounds?: Bounds,
  { past, marked, moment, of }: Over = {},
): Html {
  const t = v.t.detail;
  const more = { marks: marked?.marks, ...(of ? { of } : {}) };
  if (past)
    return section(
      "usage",
      t.usage,
      html`${rangePicker(v, past.keptMs)}${charts(v, pastCharts(v, past, bounds), more)}${momentPart(v, moment)}`,
    );
  if (!usage)
    return section(
      "usage",
      t.usage,
      html`${rangePicker(v)}<p class="soft">${pods.some(runs) ? t.noUsage : t.notRunning}</p>${momentPart(v, moment)}`,
    );
  const times = (length: number) => {
    const newest = Math.floor(v.now / slotMs) * slotMs;
    return Float64Array.from({ length }, (_, at) => newest - (length - 1 - at) * slotMs);
  };
  const all: Chart[] = [
    {
      id: "chart-cpu",
      title: v.t.column.cpu,
      unit: "cores",
      times: times(usage.cpuHistory.length),
      series: [{ label: t.used, key: "usage:cpu", values: usage.cpuHistory, now: usage.cpuCores }],
      limits: limitsOf(v, bounds?.cpuRequest, bounds?.cpuLimit),
    },
    {
      id: "chart-memory",
      title: v.t.column.memory,
      unit: "bytes",
      times: times(usage.memoryHistory.length),
      series: [
        {
          label: t.used,
          key: "usage:memory",
          values: usage.memoryHistory,
          now: usage.memoryBytes,
          colour: 3,
        },
      ],
      limits: limitsOf(v, bounds?.memoryRequest, bounds?.memoryLimit),
    },
  ];
  return section(
    "usage",
    t.usage,
    html`${rangePicker(v)}${charts(v, all, more)}${momentPart(v, moment)}`,
    t.window,
  );
}

/** The same two charts over another time. */
function pastCharts(
  v: Viewing,
  { times, groups, span, before }: RecentMetrics,
  bounds: Bounds | undefined,
): Chart[] {
  const earlier = before && pastCharts(v, { ...before, ...(span ? { span } : {}) }, undefined);
  const series = groups.find((one) => one.name === "usage")?.series ?? [];
  const line = (name: string, colour: number) => {
    const found = series.find((one) => one.name === name);
    return found ? [{ label: v.t.detail.used, key: `usage:${name}`, values: found.values, colour }] : [];
  };
  const common = { times, ...(span ? { span } : {}), none: v.t.detail.noneInRange };
  return [
    {
      ...common,
      id: "chart-cpu",
      title: v.t.column.cpu,
      unit: "cores",
      series: line("cpu", 1),
      ...beside(v, earlier?.[0]),
      limits: limitsOf(v, bounds?.cpuRequest, bounds?.cpuLimit),
    },
    {
      ...common,
      id: "chart-memory",
      title: v.t.column.memory,
      unit: "bytes",
      series: line("memory", 3),
      ...beside(v, earlier?.[1]),
      limits: limitsOf(v, bounds?.memoryRequest, bounds?.memoryLimit),
    },
  ];
}

function limitsOf(v: Viewing, request = Number.NaN, limit = Number.NaN) {
  return [
    { label: v.t.detail.request, value: request, soft: true },
    { label: v.t.detail.limit, value: limit },
  ];
}
