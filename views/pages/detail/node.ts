import type { ItemOf } from "../../../wire/kinds.ts";
import type { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import type { Node } from "../../../wire/node.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { Marked } from "../../mark.ts";
import type { ProblemView, RecentMetrics, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { type ChartSubject, charts, windowNote } from "../../parts/chart.ts";
import { rangePicker } from "../../parts/range.ts";
import { coreStrip } from "../../parts/core-strip.ts";
import { command } from "../../parts/empty.ts";
import { formatDuration, formatRate } from "../../parts/format.ts";
import { withQuery } from "../../parts/links.ts";
import { sparkline } from "../../parts/svg.ts";
import { badge } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, conditionList, facts, labelSections, section, words } from "./blocks.ts";
import { table } from "./containers.ts";
import { type FillingView, nodeCapacity, type RateTime } from "../capacity.ts";
import { currentTab, detailHead, problemsPart } from "./head.ts";
import { marksPart } from "./marks.ts";
import { type MomentView, momentPart } from "./moment.ts";
import { nodeResources } from "./node-resources.ts";
import { nodeCharts, virtualInterfaces } from "./node-charts.ts";
import { type Busiest, processParts } from "./node-processes.ts";
import { podsPart } from "./pods.ts";
import { timelinePart } from "./timeline.ts";

export interface NodeData {
  row: Row<Node>;
  pods: Row<ItemOf["pod"]>[];
  events: StoredEvent[];
  moreEvents: boolean;
  problems: ProblemView[];
  metrics: { snapshot: NodeMetricsSnapshot; receivedMs: number } | undefined;
  recent: RecentMetrics | undefined;
  /** Of another time than now: who was busy when most was going on. */
  busiest?: Busiest | undefined;
  /** When its disks and memory will be full, at the rate of a time. */
  filling?: { time: RateTime; all: readonly FillingView[] | undefined };
  /** What happened in the time that its charts show. */
  marked?: Marked;
  moment?: MomentView | undefined;
  /** A machine without Kubernetes has neither pods nor conditions. */
  host: boolean;
}

const nodeTabs = ["overview", "metrics", "pods", "events"] as const;
const hostTabs = ["overview", "metrics"] as const;

/** A probe that has not been heard for this long is said to be stale; it pushes every 5 s. */
const staleMs = 30_000;

export function nodePage(v: Viewing, data: NodeData): Record<string, Html> {
  const { row } = data;
  const { name, roles } = row.item.summary;
  const all = data.host ? hostTabs : nodeTabs;
  const head = detailHead(v, {
    kind: "node",
    row,
    tabs: all,
    more: html`${(roles ?? []).map((one) => html` ${badge(one)}`)}${(row.item.summary.badges ?? []).map((one) => html` ${badge(one, "warning")}`)}`,
    commands: data.host
      ? []
      : [{ label: "kubectl get pods", text: `kubectl get pods -A --field-selector spec.nodeName=${name}` }],
  });
  const problems = problemsPart(v, data.problems, { kind: "Node", name, state: row.state });
  const stale = staleNote(v, data);
  const events = () =>
    timelinePart(v, data.events, { cluster: row.cluster, kind: "Node", name }, data.moreEvents);
  switch (currentTab(v, all)) {
    case "metrics":
      return {
        head,
        problems,
        stale,
        charts: allCharts(v, data),
        marks: marksPart(v, data.marked),
        capacity: filling(v, data, false),
        processes: processParts(v, data.metrics?.snapshot, data.busiest),
      };
    case "pods":
      return { head, problems, pods: podsPart(v, data.pods, { namespace: true, lines: true }) };
    case "events":
      return { head, problems, timeline: events() };
    default:
      return {
        head,
        problems,
        stale,
        charts: fewCharts(v, data, subject(row)),
        marks: marksPart(v, data.marked),
        capacity: filling(v, data, true),
        ...(data.host
          ? { processes: processParts(v, data.metrics?.snapshot) }
          : {
              pods: podsPart(v, data.pods, {
                namespace: true,
                most: 10,
                all: withQuery(v.path, v.query, { tab: "pods" }),
              }),
              timeline: events(),
            }),
        side: side(v, data),
      };
  }
}

const filling = (v: Viewing, { filling }: NodeData, soonOnly: boolean): Html =>
  nodeCapacity(v, filling?.all, filling?.time ?? "7d", soonOnly);

/** No probe, or one that has fallen silent: what is missing and how to get it. */
function staleNote(v: Viewing, { metrics, row }: NodeData): Html {
  const t = v.t.detail;
  if (!metrics)
    return html`<section class="panel note" id="stale"><h2>${t.noProbe}</h2><p>${t.noProbeHow(row.item.summary.name)}</p>${command(v, "atlhyper probe")}</section>`;
  // In steps of 10 s, so that the part does not change with every look.
  if (v.now - metrics.receivedMs < staleMs) return absent("stale");
  return html`<section class="panel note" id="stale"><p>${t.stale(age(v, metrics.receivedMs))}</p></section>`;
}

/** What stands in place of charts where nothing of the time was measured. */
const nothingMeasured = (v: Viewing, { groups, span }: RecentMetrics) =>
  groups.length === 0 && html`<p class="soft">${span ? v.t.detail.noneInRange : v.t.detail.noSamples}</p>`;

const subject = ({ cluster, item }: NodeData["row"]) => ({ cluster, kind: "Node", name: item.summary.name });

/** The four charts that tell most. */
export function fewCharts(
  v: Viewing,
  { recent, metrics, marked, moment }: Pick<NodeData, "recent" | "metrics" | "marked" | "moment">,
  of: ChartSubject,
): Html {
  if (!recent) return absent("charts");
  const all = nodeCharts(v, recent, virtualInterfaces(metrics?.snapshot));
  return section(
    "charts",
    v.t.detail.tabs.metrics,
    html`${rangePicker(v, recent.keptMs)}${charts(v, [all.cpu, all.memory, all.network.find(Boolean), all.io.find(Boolean)], { marks: marked?.marks, of })}${nothingMeasured(v, recent)}${momentPart(v, moment)}`,
    recent.span ? undefined : windowNote(v, recent.times),
  );
}

function allCharts(v: Viewing, { row, recent, metrics, marked, moment }: NodeData): Html {
  const t = v.t.detail;
  if (!recent) return absent("charts");
  const all = nodeCharts(v, recent, virtualInterfaces(metrics?.snapshot));
  const drawn = (shown: Parameters<typeof charts>[1]) =>
    charts(v, shown, { marks: marked?.marks, of: subject(row) });
  const theme = (title: Content, content: Content) =>
    html`<section class="panel"><h2>${title}</h2>${content}</section>`;
  const rest = html`${missing(v, metrics?.snapshot)}${momentPart(v, moment)}`;
  if (recent.groups.length === 0)
    return html`<div id="charts">${theme(t.tabs.metrics, html`${rangePicker(v)}${nothingMeasured(v, recent)}`)}${rest}</div>`;
  return html`<div id="charts">${rangePicker(v, recent.keptMs)}${theme(
    v.t.column.cpu,
    html`${drawn([all.cpu, all.load, all.pressure, ...all.temperatures])}${
      all.cores.length > 0 && html`<h3>${t.perCore}</h3>${coreStrip(v, recent.times, all.cores, recent.span)}`
    }`,
  )}${theme(v.t.column.memory, drawn([all.memory, all.swap, all.processes]))}${theme(
    t.disks,
    drawn([...all.disks, ...all.io, all.busy]),
  )}${theme(
    t.network,
    html`${drawn(all.network)}${
      all.virtual.length > 0 &&
      html`<details class="fold" id="virtual"><summary>${t.virtual} <span class="count soft">${all.virtual.length}</span></summary>${virtualTable(v, all.virtual)}</details>`
    }`,
  )}${rest}</div>`;
}

/** Dozens of interfaces of containers would drown the real ones as charts of their own. */
function virtualTable(v: Viewing, all: ReturnType<typeof nodeCharts>["virtual"]): Html {
  const t = v.t.detail;
  const cell = (values: ArrayLike<number>) =>
    html`${sparkline(values)} <span class="num">${formatRate(values[values.length - 1] ?? Number.NaN)}</span>`;
  return table(
    [v.t.column.name, t.received, t.sent],
    all.map((one) => [html`<code>${one.name}</code>`, cell(one.received), cell(one.sent)]),
  );
}

/** What this machine cannot measure, said once and plainly. */
function missing(v: Viewing, snapshot: NodeMetricsSnapshot | undefined): Content {
  const t = v.t.detail;
  const all = (snapshot?.collectors ?? []).filter((one) => one.absent || one.error);
  if (all.length === 0) return nothing;
  return html`<section class="panel"><h2>${t.notMeasured}</h2><ul class="plain">${all.map((one) =>
    one.error
      ? html`<li>${badge(t.failed, "warning")} ${t.collectors[one.name] ?? one.name}: <span class="soft">${one.error}</span></li>`
      : html`<li>${t.absent[one.name] ?? t.collectors[one.name] ?? one.name} <span class="soft">${one.absent}</span></li>`,
  )}</ul></section>`;
}

function side(v: Viewing, data: NodeData): Html {
  const t = v.t.detail;
  const { row, metrics } = data;
  const { info, addresses, spec, taints, summary } = row.item;
  const system = metrics?.snapshot.system;
  const seen = [addresses?.hostname, addresses?.internalIP, addresses?.externalIP].filter(Boolean);
  return html`<aside id="side">${section("resources", t.resourcesTitle, nodeResources(v, data))}${
    (row.item.conditions ?? []).length > 0 &&
    section(
      "conditions",
      t.conditions,
      conditionList(v, row.item.conditions, (one) =>
        one.type === "Ready" ? one.status === "True" : one.status === "False",
      ),
    )
  }${
    (taints ?? []).length > 0 &&
    section(
      "taints",
      t.taints,
      html`<ul class="labels">${(taints ?? []).map((one) => html`<li><code>${one.key}${one.value && `=${one.value}`}:${one.effect}</code></li>`)}</ul>`,
    )
  }${section(
    "facts",
    t.about,
    facts([
      [t.addresses, seen.length > 0 && seen.map((one) => html`<span class="item mono">${one}</span>`)],
      [t.podCIDRs, words(spec?.podCIDRs)],
      [t.os, info?.osImage ?? info?.operatingSystem],
      [t.kernel, info?.kernelVersion ?? system?.kernel],
      [t.architecture, info?.architecture],
      [t.cpuModel, metrics?.snapshot.cpu?.model],
      [t.runtime, info?.containerRuntimeVersion],
      ["kubelet", info?.kubeletVersion],
      ["kube-proxy", info?.kubeProxyVersion],
      [t.provider, spec?.providerID],
      [v.t.column.uptime, system?.uptimeSeconds !== undefined && formatDuration(system.uptimeSeconds * 1000)],
      [t.processes, system?.processes],
      [t.fileHandles, system?.fileHandles && t.of(system.fileHandles.used, system.fileHandles.max)],
      [t.probe, metrics?.snapshot.probeVersion],
      [t.created, age(v, row.createdMs)],
      [t.scheduling, summary.schedulable === false ? t.cordoned : undefined],
    ]),
  )}${labelSections(v, row.item.labels)}</aside>`;
}
