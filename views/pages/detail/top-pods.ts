import { type Html, html } from "../../html.ts";
import { formatBytes, formatCpu } from "../../parts/format.ts";
import { objectHref } from "../../parts/links.ts";
import type { Viewing } from "../../viewing.ts";
import { absent } from "./blocks.ts";

/** What a pod used over a time. */
interface PodOver {
  name: string;
  mean: number;
  highest: number;
}

/** The pods of a workload that used most over a time, those that are gone among them. */
export interface TopPods {
  /** Of how many there were. */
  total: number;
  cpu: readonly PodOver[];
  memory: readonly PodOver[];
}

/** Where they can be looked at. */
interface Of {
  cluster: string;
  namespace: string;
}

export function topPodsPart(v: Viewing, top: TopPods | undefined, of: Of): Html {
  if (!top) return absent("top-pods");
  const t = v.t.detail;
  return html`<div id="top-pods" class="pair">${part(v, t.topCpu, top.total, top.cpu, formatCpu, of)}${part(v, t.topMemory, top.total, top.memory, formatBytes, of)}</div>`;
}

function part(
  v: Viewing,
  title: string,
  total: number,
  pods: readonly PodOver[],
  format: (value: number) => string,
  { cluster, namespace }: Of,
): Html {
  const t = v.t.detail;
  return html`<section class="panel"><h2>${title} <span class="soft small">${t.shownOf(pods.length, total)}</span></h2><table class="small-table"><thead><tr><th scope="col">${v.t.kind.pod}</th><th scope="col" class="right">${t.mean}</th><th scope="col" class="right">${t.highest}</th></tr></thead><tbody>${pods.map(
    (one) =>
      html`<tr><td class="mono"><a href="${objectHref(v, "pod", cluster, namespace, one.name)}">${one.name}</a></td><td class="right">${format(one.mean)}</td><td class="right">${format(one.highest)}</td></tr>`,
  )}</tbody></table></section>`;
}
