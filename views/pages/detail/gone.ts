import { type KindKey, kindNames } from "../../../wire/kind-names.ts";
import { type Html, html } from "../../html.ts";
import type { Marked } from "../../mark.ts";
import type { RecentMetrics } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import type { ChartSubject } from "../../parts/chart.ts";
import { folders, pageHref } from "../../parts/links.ts";
import { state } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { absent } from "./blocks.ts";
import type { MomentView } from "./moment.ts";
import { fewCharts } from "./node.ts";
import { usagePart } from "./usage.ts";
import { timelinePart } from "./timeline.ts";

export interface Gone {
  kind: KindKey;
  cluster: string;
  namespace: string;
  name: string;
  /** When it disappeared, where that was seen. */
  removedMs: number | undefined;
  /** When it was heard of last. */
  lastMs: number;
  /** What is stored of it, newest first. */
  events: StoredEvent[];
  moreEvents: boolean;
  /** What it used while it was there. */
  over?: GoneOver | undefined;
}

/** Metrics of what is gone, and the viewer as one who asks for the time in which it was there. */
export interface GoneOver {
  v: Viewing;
  of: ChartSubject;
  past: RecentMetrics;
  marked: Marked;
  moment: MomentView | undefined;
}

export function goneCharts({ over, kind }: Pick<Gone, "over" | "kind">): Html {
  if (!over) return absent(kind === "node" ? "charts" : "usage");
  if (kind === "node") return fewCharts(over.v, { ...over, recent: over.past, metrics: undefined }, over.of);
  return usagePart(over.v, undefined, [], undefined, over);
}

/** Where an object is, or was. */
export function pathTo(
  v: Viewing,
  { kind, cluster, namespace }: Pick<Gone, "kind" | "cluster" | "namespace">,
): Html {
  return html`<nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li><a href="${pageHref(v, `/${folders[kind]}`)}">${v.t.kind[kind]}</a></li><li>${clusterName(v, cluster)}</li>${
    namespace !== "" && html`<li>${namespace}</li>`
  }</ol></nav>`;
}

/** An object that the cluster has no more, told from what was stored while it had. */
export function gonePage(v: Viewing, gone: Gone): Record<string, Html> {
  const { t } = v;
  const { kind } = kindNames[gone.kind];
  return {
    head: html`<header id="head" class="head object">${pathTo(v, gone)}<div class="title"><h1><span class="sr">${kind} </span>${gone.name}</h1></div><p class="verdict">${state(v, "unknown", t.detail.gone)}</p><p class="why">${gone.removedMs ? t.detail.goneSince(age(v, gone.removedMs)) : t.detail.goneWhy(age(v, gone.lastMs))}</p></header>`,
    [gone.kind === "node" ? "charts" : "usage"]: goneCharts(gone),
    timeline: timelinePart(v, gone.events, { ...gone, kind }, gone.moreEvents),
  };
}
