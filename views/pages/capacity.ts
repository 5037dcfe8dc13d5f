import { type Content, type Html, html, nothing } from "../html.ts";
import type { ClusterCapacity, Health } from "../model.ts";
import { empty } from "../parts/empty.ts";
import { formatBytes, formatCpu, formatShare } from "../parts/format.ts";
import { objectHref, pageHref, withQuery } from "../parts/links.ts";
import { mark } from "../parts/state.ts";
import { sparkline } from "../parts/svg.ts";
import { until } from "../parts/time.ts";
import { clusterName, manyClusters, type Viewing } from "../viewing.ts";
import { absent, fullness, meter, section } from "./detail/blocks.ts";
import { usageTabs } from "./top.ts";

/** Over which time the rate is measured. */
export const rateTimes = ["6h", "7d"] as const;
export type RateTime = (typeof rateTimes)[number];

/** A disk or memory, in bytes, and when it will be full at the rate of a time. */
export interface FillingView {
  cluster: string;
  /** `Node`, or `Cluster` for the memory of all of its nodes. */
  kind: string;
  name: string;
  what: "disk" | "memory";
  /** Of a disk: where it is mounted. */
  mount?: string;
  used: number;
  total: number;
  /** By the line through the time; NaN where that was measured for too short. */
  perDay: number;
  /** Whether the line is one to go by. */
  steady: boolean;
  /** Absent where it does not fill. */
  fullMs?: number;
  /** The share used over the time. */
  line: ArrayLike<number>;
}

export interface CapacityData {
  time: RateTime;
  clusters: readonly ClusterCapacity[];
  fillings: readonly FillingView[];
}

const day = 86_400_000;
const mostShown = 200;
/** Growth that fills within so many days is told of even where it is not steady. */
const leastDays = 365;
/** Less than what values are kept to is no growth. */
const least = 4096;

export function capacityPage(v: Viewing, data: CapacityData): Record<string, Html> {
  const t = v.t.capacity;
  const { fillings, time } = data;
  return {
    head: html`<header id="head" class="head"><h1>${v.t.top.title}</h1>${usageTabs(v)}</header>`,
    requests: requests(v, data.clusters),
    fillings: section(
      "fillings",
      t.filling,
      html`${rateLinks(v, time)}${
        fillings.length > 0
          ? fillingTable(v, fillings.slice(0, mostShown), true)
          : empty(
              t.none,
              v.clusters.every((one) => one.only) && v.clusters.length > 0
                ? v.t.grants.notInNamespaces
                : t.noneHow,
            )
      }`,
      fillings.length > mostShown ? t.soonest(mostShown, fillings.length) : t.rate[time],
    ),
  };
}

function rateLinks(v: Viewing, time: RateTime): Html {
  const t = v.t.capacity;
  return html`<nav class="compare choose" aria-label="${t.rateOver}"><span>${t.rateOver}</span>${rateTimes.map(
    (one) =>
      html`<a href="${withQuery(v.path, v.query, { over: one === "7d" ? undefined : one })}" hx-boost="swap:none"${one === time ? html` aria-current="true"` : nothing}>${t.over[one]}</a>`,
  )}</nav>`;
}

/** What pods ask for of what nodes can give, beside what is used. */
function requests(v: Viewing, all: readonly ClusterCapacity[]): Html {
  const t = v.t.capacity;
  if (all.length === 0) return absent("requests");
  const bar = (
    label: string,
    value: number,
    whole: number,
    format: (value: number) => string,
    plain: boolean,
  ) =>
    html`<div><dt>${label}</dt><dd>${meter(value / whole, plain ? "" : fullness(value / whole))}<span class="num">${
      Number.isFinite(value)
        ? html`${v.t.detail.ofText(format(value), format(whole))} <span class="soft">${formatShare(value / whole)}</span>`
        : "–"
    }</span></dd></div>`;
  return section(
    "requests",
    t.requests,
    html`<div class="columns">${all.map(
      (one) =>
        html`<div>${all.length > 1 || manyClusters(v) ? html`<h3><a href="${pageHref(v, "/", { cluster: one.cluster })}">${clusterName(v, one.cluster)}</a></h3>` : nothing}<dl class="progress">${bar(t.cpuRequested, one.cpuRequested, one.cpuAllocatable, formatCpu, false)}${bar(t.cpuUsed, one.cpuUsed, one.cpuAllocatable, formatCpu, true)}${bar(t.memoryRequested, one.memoryRequested, one.memoryAllocatable, formatBytes, false)}${bar(t.memoryUsed, one.memoryUsed, one.memoryAllocatable, formatBytes, false)}</dl></div>`,
    )}</div>`,
    t.requestsNote,
  );
}

/** What of a node fills, on its own page. */
export function nodeCapacity(
  v: Viewing,
  all: readonly FillingView[] | undefined,
  time: RateTime,
  soonOnly: boolean,
): Html {
  const t = v.t.capacity;
  const shown = (all ?? []).filter((one) => !soonOnly || one.fullMs !== undefined);
  if (shown.length === 0) return absent("capacity");
  return section("capacity", t.filling, fillingTable(v, shown, false), t.rate[time]);
}

function fillingTable(v: Viewing, all: readonly FillingView[], named: boolean): Html {
  const t = v.t.capacity;
  const many = named && manyClusters(v);
  const head = (label: string, className = "") =>
    html`<th scope="col"${className && html` class="${className}"`}>${label}</th>`;
  return html`<table class="list"><thead><tr>${named && head(v.t.column.name)}${many && head(v.t.column.cluster, "p2")}${head(t.what)}${head(t.used)}${head(t.overTime, "p2")}${head(t.perDay, "right p2")}${head(t.full, "right")}</tr></thead><tbody>${all.map(
    (one) => fillingRow(v, one, named, many),
  )}</tbody></table>`;
}

function fillingRow(v: Viewing, one: FillingView, named: boolean, many: boolean): Html {
  const t = v.t.capacity;
  const node = one.kind === "Node";
  const href = node
    ? withQuery(objectHref(v, "node", one.cluster, "", one.name), new URLSearchParams(), { tab: "metrics" })
    : pageHref(v, "/", { cluster: one.cluster });
  const name = node ? one.name : clusterName(v, one.cluster);
  const share = one.used / one.total;
  const id = `f${Bun.hash.wyhash([one.cluster, one.kind, one.name, one.what, one.mount ?? ""].join("/")).toString(36)}`;
  const what =
    one.what === "disk" ? html`<span class="mono">${one.mount}</span>` : node ? t.memory : t.memoryOfAll;
  return html`<tr id="${id}" data-name="${name}"${named && html` data-href="${href}"`}>${named && html`<td class="name a"><a href="${href}">${name}</a></td>`}${
    many && html`<td class="p2">${clusterName(v, one.cluster)}</td>`
  }<td class="${named ? "c" : "a"}">${what}</td><td class="${named ? "d" : "c"}">${meter(share, fullness(share))} <span class="num">${v.t.detail.ofText(formatBytes(one.used), formatBytes(one.total))}</span></td><td class="usage p2">${sparkline(one.line, 1)}</td><td class="right p2 num">${perDay(one)}</td><td class="right b">${fullWhen(v, one)}</td></tr>`;
}

function perDay({ perDay }: FillingView): string {
  if (!Number.isFinite(perDay)) return "–";
  return Math.abs(perDay) < least ? "0 B" : `${perDay > 0 ? "+" : ""}${formatBytes(perDay)}`;
}

/** In about so many days; or why nothing is said. */
function fullWhen(v: Viewing, { fullMs, perDay, steady, used, total }: FillingView): Content {
  const t = v.t.capacity;
  if (fullMs !== undefined) {
    const ms = fullMs - v.now;
    const health: Health = ms < day ? "critical" : ms < 7 * day ? "warning" : "info";
    return html`${mark(v, health)} ${ms > 0 ? t.fullIn(until(v, fullMs)) : t.fullNow}`;
  }
  if (!Number.isFinite(perDay)) return html`<span class="soft">${t.tooShort}</span>`;
  if (perDay < least) return html`<span class="soft">${t.notFilling}</span>`;
  const soon = perDay * leastDays > total - used;
  return html`<span class="soft">${soon && !steady ? t.unsteady : t.notSoon}</span>`;
}
