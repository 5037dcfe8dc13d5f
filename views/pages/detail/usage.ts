import type { Container } from "../../../wire/common.ts";
import type { Pod } from "../../../wire/pod.ts";
import { type Html, html } from "../../html.ts";
import type { UsageView } from "../../model.ts";
import { type Chart, charts } from "../../parts/chart.ts";
import { parseQuantity } from "../../../wire/values.ts";
import type { Viewing } from "../../viewing.ts";
import { section } from "./blocks.ts";

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

/** What an object used in the last 15 minutes, against what it asked for and may have. */
export function usagePart(
  v: Viewing,
  usage: UsageView | undefined,
  pods: readonly Pod[],
  bounds?: Bounds,
): Html {
  const t = v.t.detail;
  if (!usage)
    return section("usage", t.usage, html`<p class="soft">${pods.some(runs) ? t.noUsage : t.notRunning}</p>`);
  const times = (length: number) => {
    const newest = Math.floor(v.now / slotMs) * slotMs;
    return Float64Array.from({ length }, (_, at) => newest - (length - 1 - at) * slotMs);
  };
  const limits = (request: number, limit: number) => [
    { label: t.request, value: request, soft: true },
    { label: t.limit, value: limit },
  ];
  const all: Chart[] = [
    {
      id: "chart-cpu",
      title: v.t.column.cpu,
      unit: "cores",
      times: times(usage.cpuHistory.length),
      series: [{ label: t.used, values: usage.cpuHistory, now: usage.cpuCores }],
      limits: bounds ? limits(bounds.cpuRequest, bounds.cpuLimit) : [],
    },
    {
      id: "chart-memory",
      title: v.t.column.memory,
      unit: "bytes",
      times: times(usage.memoryHistory.length),
      series: [{ label: t.used, values: usage.memoryHistory, now: usage.memoryBytes, colour: 3 }],
      limits: bounds ? limits(bounds.memoryRequest, bounds.memoryLimit) : [],
    },
  ];
  return section("usage", t.usage, charts(v, all), t.window);
}
