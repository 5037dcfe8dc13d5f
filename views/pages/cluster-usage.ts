import type { Html } from "../html.ts";
import { html } from "../html.ts";
import type { Marked } from "../mark.ts";
import type { RecentMetrics } from "../model.ts";
import { type Chart, charts } from "../parts/chart.ts";
import { pageHref } from "../parts/links.ts";
import { rangePicker } from "../parts/range.ts";
import type { Viewing } from "../viewing.ts";
import { absent, section } from "./detail/blocks.ts";
import { type MomentView, momentPart } from "./detail/moment.ts";
import { beside } from "./detail/node-charts.ts";

/** What a cluster as a whole used over a time, of what it has; nothing where its nodes are not measured. */
export function clusterUsage(
  v: Viewing,
  past: RecentMetrics | undefined,
  {
    marked,
    moment,
    cluster,
  }: { marked?: Marked | undefined; moment?: MomentView | undefined; cluster?: string | undefined } = {},
): Html {
  if (!past) return absent("usage");
  return section(
    "usage",
    v.t.detail.usage,
    html`${rangePicker(v, past.keptMs)}${charts(v, clusterCharts(v, past), { marks: marked?.marks, ...(cluster ? { of: { cluster, kind: "Cluster", name: "" } } : {}) })}${momentPart(v, moment)}<p class="more"><a href="${pageHref(v, "/top", { range: v.query.get("range") ?? "15m" })}">${v.t.top.tops}</a></p>`,
  );
}

function clusterCharts(v: Viewing, { times, groups, span, before }: RecentMetrics): Chart[] {
  const t = v.t.detail;
  const earlier = before && clusterCharts(v, { ...before, ...(span ? { span } : {}) });
  const find = (group: string, name: string) =>
    groups.find((one) => one.name === group)?.series.find((one) => one.name === name)?.values;
  const line = (group: string, name: string, label: string, colour: number) => {
    const values = find(group, name);
    return values ? [{ label, key: `${group}:${name}`, values, colour }] : [];
  };
  const whole = (group: string) => ({ label: t.whole, value: newest(find(group, "total")), soft: true });
  const common = { times, ...(span ? { span } : {}), none: t.noneInRange };
  return [
    {
      ...common,
      id: "chart-cpu",
      title: v.t.column.cpu,
      unit: "cores",
      series: line("cpu", "used", t.used, 1),
      limits: [whole("cpu")],
      ...beside(v, earlier?.[0]),
    },
    {
      ...common,
      id: "chart-memory",
      title: v.t.column.memory,
      unit: "bytes",
      series: line("memory", "used", t.used, 3),
      limits: [whole("memory")],
      ...beside(v, earlier?.[1]),
    },
    {
      ...common,
      id: "chart-pods",
      title: v.t.nav.pods,
      unit: "count",
      series: [
        ...line("pods", "all", t.podsInAll, 1),
        ...line("pods", "attention", t.podsNeedAttention, 6),
        ...line("nodes", "ready", t.nodesReady, 5),
      ],
      ...beside(v, earlier?.[2]),
    },
  ];
}

/** The last value that is one. */
const newest = (values: Float64Array | undefined): number =>
  values?.findLast((value) => Number.isFinite(value)) ?? Number.NaN;
