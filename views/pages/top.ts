import { type Content, type Html, html, nothing } from "../html.ts";
import { empty } from "../parts/empty.ts";
import { formatBytes, formatCpu, formatDuration, formatRate, formatShare } from "../parts/format.ts";
import { changedHref, kindHref, pageHref, withQuery } from "../parts/links.ts";
import { shownOf, timePicker } from "../parts/range.ts";
import { badge } from "../parts/state.ts";
import { meter, sparkline } from "../parts/svg.ts";
import { tabs } from "../parts/tabs.ts";
import { exactTime } from "../parts/time.ts";
import { meter as plainMeter } from "./detail/blocks.ts";
import { clusterName, manyClusters, type Viewing } from "../viewing.ts";

export const topKinds = ["pods", "workloads", "namespaces", "nodes"] as const;
export type TopKind = (typeof topKinds)[number];
export const topMeasures = ["cpu", "memory", "disk", "network"] as const;
export type TopMeasure = (typeof topMeasures)[number];
export const topOrders = ["mean", "p95", "max"] as const;
export type TopOrder = (typeof topOrders)[number];
/** Of pods and what they belong to no more is measured. */
export const measuresOf = (of: TopKind): readonly TopMeasure[] =>
  of === "nodes" ? topMeasures : ["cpu", "memory"];

/** What several workloads come to together at a moment is not kept: of namespaces there is no 95th percentile. */
export const ordersOf = (of: TopKind): readonly TopOrder[] =>
  of === "namespaces" ? topOrders.filter((one) => one !== "p95") : topOrders;

/** The time that is told of where the address names none. */
export const usualTime = "24h";

export interface TopRow {
  cluster: string;
  kind: string;
  namespace: string;
  name: string;
  /** Of a pod: which one it was of those that have had this name. */
  uid?: string;
  mean: number;
  /** NaN where it is not known. */
  p95: number;
  max: number;
  share: number;
  /** For how long of the time it was there, in seconds. */
  seconds: number;
  line: ArrayLike<number>;
  /** It is not there any more. */
  gone: boolean;
  /** What it asks for now; NaN where it does not. */
  requested: number;
}

export interface TopData {
  of: TopKind;
  by: TopMeasure;
  order: TopOrder;
  fromMs: number;
  toMs: number;
  /** For how much of the time anything was measured at all, in seconds. */
  measured: number;
  total: number;
  sum: number;
  rows: readonly TopRow[];
}

/** The two pages of what is used. */
export function usageTabs(v: Viewing): Html {
  const t = v.t.top;
  return tabs(t.title, [
    { label: t.tops, href: pageHref(v, "/top"), current: v.path === "/top" },
    { label: v.t.capacity.title, href: pageHref(v, "/capacity"), current: v.path === "/capacity" },
  ]);
}

export function topPage(v: Viewing, data: TopData): Record<string, Html> {
  const t = v.t.top;
  return {
    head: html`<header id="head" class="head"><h1>${t.title}</h1>${usageTabs(v)}</header>`,
    choices: choices(v, data),
    list:
      data.rows.length > 0
        ? list(v, data)
        : html`<div id="list">${ahead(v) ? empty(t.ahead) : empty(t.none, t.noneHow(data.of))}</div>`,
  };
}

function ahead(v: Viewing): boolean {
  const shown = shownOf(v.query, usualTime);
  return shown.key === undefined && shown.fromMs > v.now;
}

function choices(v: Viewing, { of, by, order }: TopData): Html {
  const t = v.t.top;
  const row = (label: string, all: readonly (readonly [string, string, boolean])[]) =>
    html`<nav class="compare choose" aria-label="${label}"><span>${label}</span>${all.map(
      ([text, href, current]) =>
        html`<a href="${href}" hx-boost="swap:none"${current ? html` aria-current="true"` : nothing}>${text}</a>`,
    )}</nav>`;
  const to = (changes: Record<string, string | undefined>) => withQuery(v.path, v.query, changes);
  return html`<div id="choices">${timePicker(v, usualTime)}${row(
    t.which,
    topKinds.map((one) => [
      t.kinds[one],
      to({
        of: one === "pods" ? undefined : one,
        by: measuresOf(one).includes(by) ? (v.query.get("by") ?? undefined) : undefined,
        order: ordersOf(one).includes(order) ? (v.query.get("order") ?? undefined) : undefined,
      }),
      one === of,
    ]),
  )}${row(
    t.what,
    measuresOf(of).map((one) => [t.measures[one], to({ by: one === "cpu" ? undefined : one }), one === by]),
  )}${row(
    t.how,
    ordersOf(of).map((one) => [
      t.orders[one],
      to({ order: one === "mean" ? undefined : one }),
      one === order,
    ]),
  )}</div>`;
}

/** What a value is written as: of nodes CPU and disks are shares. */
export function formatTop(of: TopKind, by: TopMeasure, value: number): string {
  if (by === "network") return formatRate(value);
  if (by === "memory") return formatBytes(value);
  return of === "nodes" ? formatShare(value) : formatCpu(value);
}

function list(v: Viewing, data: TopData): Html {
  const t = v.t.top;
  const { of, by } = data;
  const many = manyClusters(v);
  const spaces = (of === "pods" || of === "workloads") && v.scope.namespace === undefined;
  const asked = of === "pods" || of === "workloads";
  const percentile = ordersOf(of).includes("p95");
  const head = (label: string, className = "") =>
    html`<th scope="col"${className && html` class="${className}"`}>${label}</th>`;
  const csv = withQuery("/api/v1/top", new URLSearchParams(), {
    ...v.scope,
    ...{ of, by, order: data.order, format: "csv" },
    from: new Date(data.fromMs).toISOString(),
    to: new Date(data.toMs).toISOString(),
    limit: 1000,
  });
  return html`<div id="list"><p class="soft small">${t.shown(data.rows.length, data.total)}${
    Number.isFinite(data.sum) && html` · ${t.together(formatTop(of, by, data.sum))}`
  } · ${exactTime(data.fromMs)} – ${exactTime(data.toMs)} · <a href="${csv}">CSV</a></p>
<table class="list"><thead><tr>${head(v.t.column.name)}${spaces && head(v.t.column.namespace)}${many && head(v.t.column.cluster, "p2")}${head(t.over, "p2")}${ordersOf(of).map((one) => head(t.orders[one], "right"))}${asked && head(t.requested, "right p2")}${head(of === "nodes" ? t.ofWhole : t.share)}</tr></thead><tbody>${data.rows.map((one) => rowOf(v, data, one, { many, spaces, asked }))}</tbody></table>
<p class="soft small">${percentile ? t.p95 : t.namespaceMax}</p></div>`;
}

function rowOf(
  v: Viewing,
  { of, by, order, measured }: TopData,
  one: TopRow,
  { many, spaces, asked }: Record<"many" | "spaces" | "asked", boolean>,
): Html {
  const t = v.t.top;
  const page = kindHref(v, one.kind, one.cluster, one.namespace, one.name);
  // Its charts are of the same time.
  const href = page && changedHref(page, { range: v.query.get("range") ?? usualTime });
  const format = (value: number) => formatTop(of, by, value);
  // Of what was there nearly all the time nothing has to be said.
  const partly = of !== "nodes" && one.seconds < 0.9 * measured;
  const about: Content[] = [];
  if (one.gone) about.push(html` ${badge(t.gone)}`);
  if (of === "workloads") about.push(html` <span class="soft">${one.kind}</span>`);
  if (partly) about.push(html` <span class="soft">${t.there(formatDuration(one.seconds * 1000))}</span>`);
  // On a small screen that alone by which they are in order, and one more where there is room.
  const small = (figure: TopOrder) =>
    figure === order ? " b" : !spaces && figure === (order === "max" ? "mean" : "max") ? " c" : "";
  const figures = ordersOf(of).map(
    (figure) =>
      html`<td class="right${small(figure)} num">${Number.isFinite(one[figure]) ? format(one[figure]) : "–"}</td>`,
  );
  const id = `t${Bun.hash.wyhash([one.cluster, one.kind, one.namespace, one.name, one.uid ?? ""].join("/")).toString(36)}`;
  return html`<tr id="${id}"${href && html` data-href="${href}"`} data-name="${one.name}"><td class="name a">${href ? html`<a href="${href}">${one.name}</a>` : one.name}${about}</td>${
    spaces && html`<td class="c">${one.namespace}</td>`
  }${many && html`<td class="p2">${clusterName(v, one.cluster)}</td>`}<td class="usage p2">${sparkline(one.line)}</td>${figures}${
    asked && html`<td class="right p2">${requested(one, format)}</td>`
  }<td class="d">${shareOf(of, one.share)}</td></tr>`;
}

/** What is asked for, and how much of that was used on average. */
function requested({ mean, requested }: TopRow, format: (value: number) => string): Html {
  return requested > 0
    ? html`<span class="num">${format(requested)}</span> <span class="soft">${formatShare(mean / requested)}</span>`
    : html`<span class="soft">–</span>`;
}

/** A node that is full is a warning; a large share of all is none. */
function shareOf(of: TopKind, share: number): Content {
  if (!Number.isFinite(share)) return nothing;
  return html`${of === "nodes" ? meter(share) : plainMeter(share)} <span class="num">${formatShare(share)}</span>`;
}
