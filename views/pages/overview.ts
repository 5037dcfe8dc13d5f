import type { ItemOf } from "../../wire/kinds.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import type { AlertView } from "../alert-model.ts";
import type { Marked } from "../mark.ts";
import type { ClusterView, ProblemView, RecentMetrics, Row } from "../model.ts";
import type { StoredEvent } from "../event-model.ts";
import { beginning, charts, windowNote } from "../parts/chart.ts";
import { chartKeys } from "../parts/range.ts";
import { csrfField } from "../parts/form.ts";
import { command, empty } from "../parts/empty.ts";
import { formatBytes, formatCpu } from "../parts/format.ts";
import { type HeatCell, heatMap } from "../parts/heat.ts";
import { objectHref, pageHref } from "../parts/links.ts";
import { badge, mark } from "../parts/state.ts";
import { shape } from "../parts/svg.ts";
import { age } from "../parts/time.ts";
import { clusterName, may, type Viewing } from "../viewing.ts";
import { clusterUsage } from "./cluster-usage.ts";
import { absent, fullness, meter, objectLink, section } from "./detail/blocks.ts";
import { firingPart, placeOfAlert, placeOfProblem } from "./alerts/list.ts";
import { maintainedPart } from "./alerts/maintenance.ts";
import { problemLine } from "./detail/head.ts";
import { marksPart } from "./detail/marks.ts";
import type { MomentView } from "./detail/moment.ts";
import { nodeCharts } from "./detail/node-charts.ts";

export interface ClusterData {
  view: ClusterView;
  nodes: Row<ItemOf["node"]>[];
  /** Shares of CPU, memory and the fullest disk by node. */
  loads: ReadonlyMap<string, { cpu: number; memory: number; disk: number }>;
}

export interface OverviewData {
  clusters: ClusterData[];
  problems: ProblemView[];
  /** What fires and is told of. */
  alerts: readonly AlertView[];
  /** What is being maintained, and how many alerts that hides. */
  maintained?: Parameters<typeof maintainedPart>[1];
  warnings: StoredEvent[];
  /** What the cluster used, where one alone is shown. */
  usage?: RecentMetrics | undefined;
  /** What happened in the time that its charts show. */
  marked?: Marked | undefined;
  moment?: MomentView | undefined;
  /** The machine itself, where nothing else is connected. */
  host: { cluster: string; node: string; recent: RecentMetrics; virtual: ReadonlySet<string> } | undefined;
}

/** More than fit on a screen are in the lists. */
const mostProblems = 30;
const mostWarnings = 10;

export function overviewPage(v: Viewing, data: OverviewData): Record<string, Html> {
  return {
    verdict: verdict(v, data),
    problems: problems(v, data),
    firing: firingPart(v, data.alerts, data.problems),
    maintained: maintainedPart(v, data.maintained ?? []),
    host: host(v, data),
    clusters: clusters(v, data),
    usage: clusterUsage(v, data.usage, { ...data, cluster: data.clusters[0]?.view.id }),
    marks: marksPart(v, data.usage || data.host ? data.marked : undefined),
    warnings: warnings(v, data),
  };
}

/**
 * What needs somebody: objects in trouble, and of what fires one for each object that is in none by itself: a rule may
 * fire over values, such as a disk's.
 */
export function wrongThings(
  problems: readonly ProblemView[],
  alerts: readonly AlertView[],
): readonly Pick<ProblemView, "cluster" | "severity">[] {
  const there = new Set(problems.map(placeOfProblem));
  const more = new Map<string, AlertView>();
  for (const one of alerts) {
    const place = placeOfAlert(one);
    const known = more.get(place);
    if (!there.has(place) && (known === undefined || one.severity === "critical")) more.set(place, one);
  }
  return [...problems, ...more.values()];
}

/** The page's one sentence. */
function verdict(v: Viewing, data: OverviewData): Html {
  const t = v.t.detail;
  const heard = data.clusters.filter((one) => one.view.connection !== "waiting");
  if (heard.length === 0)
    return html`<header id="verdict" class="head big"><h1>${v.t.nav.overview}</h1></header>`;
  const wrong = wrongThings(data.problems, data.alerts);
  if (wrong.length > 0) {
    const health = wrong.some((one) => one.severity === "critical") ? "critical" : "warning";
    const where = new Set(wrong.map((one) => one.cluster)).size;
    const said =
      data.problems.length > 0
        ? t.needAttention(wrong.length, where, v.clusters.length)
        : v.t.alerts.firingNow(data.alerts.length);
    return html`<header id="verdict" class="head big ${health}">${shape(health)}<h1><span data-glow>${said}</span></h1></header>`;
  }
  // What was not told yet is not quiet.
  const awaited = heard.filter((one) => one.view.awaited?.whole).map((one) => one.view);
  if (awaited.length > 0) return waits(v, awaited);
  const last = data.warnings[0];
  // Where nothing was ever wrong it has been quiet for as long as anybody has looked, if that began just now.
  const since = last
    ? Math.max(last.ts_ms, last.resolved_ts_ms ?? 0)
    : (beginning(v, data.host?.recent.times ?? []) ?? 0);
  return html`<header id="verdict" class="head big">${shape("ok")}<h1>${since > 0 ? t.quietFor(age(v, since)) : t.quiet}</h1></header>`;
}

function waits(v: Viewing, awaited: readonly ClusterView[]): Html {
  const since = Math.min(...awaited.map((one) => one.awaited!.sinceMs));
  return html`<header id="verdict" class="head big">${shape("unknown")}<h1>${v.t.detail.waitingFor(awaited.length, age(v, since))}</h1></header>`;
}

function problems(v: Viewing, { problems: all }: OverviewData): Html {
  if (all.length === 0) return absent("problems");
  const t = v.t.detail;
  const shown = all.slice(0, mostProblems);
  return html`<section id="problems" class="problems" aria-label="${t.wrong}"><ul>${shown.map((one) => problemLine(v, one, true))}</ul>${
    all.length > shown.length
      ? html`<p class="more"><a href="${pageHref(v, "/pods", { status: "attention" })}">${t.shownOf(shown.length, all.length)}</a></p>`
      : nothing
  }</section>`;
}

/** This machine's own last minutes, where there is no Kubernetes to tell of. */
function host(v: Viewing, data: OverviewData): Html {
  if (!data.host) return absent("host");
  const { cluster, node, recent, virtual } = data.host;
  const page = objectHref(v, "node", cluster, "", node);
  const all = nodeCharts(v, recent, virtual);
  return section(
    "host",
    html`<a href="${page}">${node}</a>`,
    html`${chartKeys(v)}${charts(v, [all.cpu, all.memory, all.network.find(Boolean), all.io.find(Boolean)], { marks: data.marked?.marks, page })}`,
    windowNote(v, recent.times),
  );
}

function clusters(v: Viewing, data: OverviewData): Html {
  if (data.clusters.length === 0) return noCluster(v);
  return html`<section id="clusters" class="cards" aria-label="${v.t.nav.clusters}">${data.clusters.map((one) => card(v, one))}</section>`;
}

function noCluster(v: Viewing): Html {
  const { t } = v;
  const admin = may(v, "admin");
  if (!admin) return html`<section id="clusters">${empty(t.empty.noCluster, t.grants.noClusters)}</section>`;
  return html`<section id="clusters">${empty(
    t.empty.noCluster,
    t.detail.addHow,
    html`${command(v, "bun main.ts cluster add my-cluster")}<p><a class="button primary" href="${pageHref(v, "/clusters")}">${t.frame.addCluster}</a></p>${
      v.demo.available && !v.demo.running
        ? html`<p>${t.detail.demoHow}</p><form method="post" action="/demo/start">${csrfField(v.csrf)}<button class="button">${t.frame.demoStart}</button></form>`
        : nothing
    }`,
  )}</section>`;
}

function card(v: Viewing, data: ClusterData): Html {
  const { t } = v;
  const { view } = data;
  const scoped = (path: string, more: Record<string, string> = {}) =>
    pageHref(v, path, { ...more, cluster: view.id });
  const count = (path: string, total: number, what: keyof typeof t.detail.counted, bad: number) =>
    html`<li><a href="${scoped(path)}"><strong data-glow>${t.list.count(total)}</strong> ${t.detail.counted[what](total)}</a>${
      bad > 0 &&
      html` <a class="bad" href="${scoped(path, { status: "attention" })}" data-glow>${t.list.attention(bad)}</a>`
    }</li>`;
  const { counts, status } = view;
  const kubernetes = view.flavour !== "host";
  return html`<article class="tile"><h2>${mark(v, view.connection === "waiting" ? "unknown" : view.health)} <a href="${scoped("/")}">${view.name}</a>${
    view.flavour === "demo" &&
    html` <span class="badge demo" title="${t.frame.demoTitle}">${t.frame.demo}</span>`
  }${view.flavour === "host" && html` ${badge(t.detail.hostOnly)}`}<span class="soft small">${connection(v, view, status?.kubernetesVersion)}</span></h2>${
    view.awaited?.whole
      ? html`<p class="soft">${t.detail.notKnown}</p>`
      : view.connection === "waiting"
        ? html`<p class="soft">${t.empty.waiting(view.name)}</p><p><a class="button" href="${pageHref(v, "/clusters")}">${t.nav.clusters}</a></p>`
        : html`<ul class="counts">${view.only ? nothing : count("/nodes", counts.nodes, "nodes", counts.nodes - counts.nodesReady)}${
            kubernetes &&
            html`${count("/pods", counts.pods, "pods", counts.podsAttention)}${count("/deployments", counts.workloads, "workloads", counts.workloadsAttention)}${count("/namespaces", counts.namespaces, "namespaces", 0)}`
          }</ul>${view.only ? html`<p class="soft small">${t.grants.only(view.only.join(", "))}</p>` : usage(v, view)}${heatMap(
            v,
            t.detail.heat(view.name),
            data.nodes.map((row) => heatCell(v, row, data)),
          )}`
  }</article>`;
}

function connection(v: Viewing, view: ClusterView, version: string | undefined): Content {
  if (view.awaited?.whole) return v.t.detail.notTold(age(v, view.lastSeenMs));
  if (view.connection === "silent") return v.t.detail.silentSince(age(v, view.lastSeenMs));
  return version ?? "";
}

function usage(v: Viewing, { usage: sum }: ClusterView): Content {
  const t = v.t.detail;
  if (!(sum.cpuTotal > 0) && !(sum.memoryTotal > 0)) return html`<p class="soft small">${t.noProbes}</p>`;
  const bar = (label: string, used: number, total: number, text: string) =>
    total > 0 &&
    html`<div><dt>${label}</dt><dd>${meter(used / total, label === v.t.column.cpu ? "" : fullness(used / total))}<span class="num">${text}</span></dd></div>`;
  // A CPU that is used to the full is busy; memory that is, is about to run out.
  return html`<dl class="progress">${bar(v.t.column.cpu, sum.cpuCores, sum.cpuTotal, t.ofText(formatCpu(sum.cpuCores), formatCpu(sum.cpuTotal)))}${bar(
    v.t.column.memory,
    sum.memoryBytes,
    sum.memoryTotal,
    t.ofText(formatBytes(sum.memoryBytes), formatBytes(sum.memoryTotal)),
  )}</dl>`;
}

function heatCell(v: Viewing, row: Row<ItemOf["node"]>, data: ClusterData): HeatCell {
  const { name } = row.item.summary;
  const known = data.loads.get(name) ?? { cpu: Number.NaN, memory: Number.NaN, disk: Number.NaN };
  return {
    name,
    href: objectHref(v, "node", row.cluster, "", name),
    health: row.health,
    state: row.state,
    ...known,
  };
}

/** The newest of what was not as it should be, less what the list of problems says. */
function warnings(v: Viewing, data: OverviewData): Html {
  const t = v.t.detail;
  if (data.clusters.length === 0) return absent("warnings");
  const key = (one: { cluster: string; kind: string; namespace?: string; name: string }) =>
    `${one.cluster}/${one.kind}/${one.namespace ?? ""}/${one.name}`;
  const now = new Set(data.problems.flatMap((one) => [one.eventID, key(one)]));
  // What is diagnosed and not over is told above, if under the name of what it belongs to.
  const told = (one: StoredEvent) => one.origin === "diagnosis" && !one.resolved_ts_ms;
  const shown = data.warnings
    .filter((one) => !told(one) && !now.has(one.id) && !now.has(key(one)))
    .slice(0, mostWarnings);
  if (shown.length === 0) return section("warnings", t.newest, html`<p class="soft">${t.noWarnings}</p>`);
  return section(
    "warnings",
    t.newest,
    html`<ol class="timeline">${shown.map(
      (one) =>
        html`<li>${mark(v, one.resolved_ts_ms ? "ok" : one.severity)}<div><p><strong>${one.reason}</strong>${
          (one.count ?? 1) > 1 && html` <span class="count soft" data-glow>×${one.count}</span>`
        } <span class="soft">${one.kind}</span> ${objectLink(v, one.cluster, one)}${
          v.clusters.length > 1 && html` <span class="soft">${clusterName(v, one.cluster)}</span>`
        }${one.resolved_ts_ms && html` <span class="badge">${t.resolved(age(v, one.resolved_ts_ms))}</span>`}</p>${
          one.message && html`<p class="message">${v.t.told(one.message)}</p>`
        }</div><span class="soft when">${age(v, one.ts_ms)}</span></li>`,
    )}</ol><p class="more"><a href="${pageHref(v, "/events")}">${t.allEvents}</a></p>`,
  );
}
