import { kindNames } from "../../../wire/kind-names.ts";
import { type Html, html } from "../../html.ts";
import type { AwaitedLists } from "../../model.ts";
import { state } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { absent } from "./blocks.ts";
import { type Gone, goneCharts, pathTo } from "./gone.ts";
import { timelinePart } from "./timeline.ts";

/** What is known of an object before its cluster's list has come. */
export interface AwaitedObject extends Omit<Gone, "removedMs" | "lastMs"> {
  lists: AwaitedLists;
  /** When it was heard of last; undefined where nothing is stored of it. */
  lastMs: number | undefined;
}

/** The fragment by which an open page knows that its object has not been told of yet. */
export const awaitedKey = "awaited";

/** An object of which nobody knows yet whether it is there, told from what was stored. */
export function awaitedPage(v: Viewing, one: AwaitedObject): Record<string, Html> {
  const t = v.t.detail;
  const { kind } = kindNames[one.kind];
  const cluster = clusterName(v, one.cluster);
  const why = one.lists.started ? t.awaitedWhy(cluster, age(v, one.lists.sinceMs)) : t.awaitedFirst(cluster);
  const head = html`<header id="head" class="head object">${pathTo(v, one)}<div class="title"><h1><span class="sr">${kind} </span>${one.name}</h1></div><p class="verdict">${state(v, "unknown", t.awaited)}</p><p class="why">${why}${one.lastMs && html` ${t.awaitedHeard(age(v, one.lastMs))}`} ${t.awaitedHow}</p></header>`;
  return {
    head,
    [awaitedKey]: absent(awaitedKey),
    ...(one.over ? { [one.kind === "node" ? "charts" : "usage"]: goneCharts(one) } : {}),
    ...(one.events.length > 0
      ? { timeline: timelinePart(v, one.events, { ...one, kind }, one.moreEvents) }
      : {}),
  };
}
