import { type Content, type Html, html, nothing } from "../html.ts";
import type { ClusterView } from "../model.ts";
import type { Viewing } from "../viewing.ts";
import { csrfField } from "./form.ts";
import { pageHref } from "./links.ts";
import { mark } from "./state.ts";
import { age } from "./time.ts";

/** What the whole page has to know: the demo, clusters that are silent, kinds that cannot be read. */
export function banner(v: Viewing, first: Content = nothing): Html {
  const shown = v.clusters.filter((one) => v.scope.cluster === undefined || one.id === v.scope.cluster);
  // Of those of which nothing has come since the start, that is what there is to say.
  const awaited = shown.filter((one) => one.awaited?.whole);
  const silent = shown.filter((one) => one.connection === "silent" && !awaited.includes(one));
  return bannerOf(v, [
    first,
    demoBar(v),
    awaitedBar(v, awaited),
    silentBar(v, silent),
    shown.map((one) => clusterBars(v, one)),
  ]);
}

/** The place of the bars: a landmark, so that it is found without seeing it. */
export function bannerOf(v: Pick<Viewing, "t">, content: Content): Html {
  return html`<section id="banner" aria-label="${v.t.frame.notices}">${content}</section>`;
}

export function bar(
  health: "info" | "warning" | "critical",
  content: Content,
  more: Content = nothing,
): Html {
  return html`<div class="bar ${health}" role="status"><span class="text">${content}</span>${more}</div>`;
}

function demoBar(v: Viewing): Content {
  const { t } = v;
  const form = (action: string, label: string) =>
    html`<form method="post" action="/demo/${action}">${csrfField(v.csrf)}<button class="button">${label}</button></form>`;
  if (v.demo.running)
    return html`<div class="bar warning"><span class="badge demo">${t.frame.demo}</span><span class="text">${t.frame.demoRuns}</span>${v.demo.available ? form("stop", t.frame.demoStop) : nothing}</div>`;
  if (v.clusters.length > 0 && v.clusters.every((one) => one.flavour === "host"))
    return html`<div class="bar"><span class="text">${t.frame.noKubernetes}</span>${v.demo.available ? form("start", t.frame.demoStart) : nothing}<a class="button" href="${pageHref(v, "/clusters")}">${t.frame.addCluster}</a></div>`;
  return nothing;
}

/** One bar for all clusters that are not heard: with the master's own network gone, that is every one. */
function silentBar(v: Viewing, silent: readonly ClusterView[]): Content {
  if (silent.length === 0) return nothing;
  const names = silent.map((one) => one.name).join(v.lang === "zh" ? "、" : ", ");
  const since = Math.min(...silent.map((one) => one.lastSeenMs));
  return bar(
    "warning",
    html`${mark(v, "warning")}${v.t.frame.silentCluster(names)} <span class="soft">${v.t.frame.since} ${age(v, since)}</span>`,
  );
}

/** One bar for all clusters whose lists have not come since the master started. */
function awaitedBar(v: Viewing, awaited: readonly ClusterView[]): Content {
  if (awaited.length === 0) return nothing;
  const names = awaited.map((one) => one.name).join(v.lang === "zh" ? "、" : ", ");
  const since = Math.min(...awaited.map((one) => one.awaited!.sinceMs));
  const started = awaited.some((one) => one.awaited!.started);
  return bar(
    awaited.some((one) => one.connection === "silent") ? "warning" : "info",
    html`${mark(v, "unknown")}${v.t.frame.awaited(names, started)} <span class="soft">${v.t.frame.since} ${age(v, since)}</span>`,
  );
}

function clusterBars(v: Viewing, cluster: ClusterView): Content {
  const { t } = v;
  if (cluster.connection !== "connected") return nothing;
  const api = cluster.status?.api;
  const denied = cluster.status?.denied?.filter((one) => one.reason !== "absent") ?? [];
  return [
    api && !api.reachable
      ? bar(
          "critical",
          html`${mark(v, "critical")}${t.frame.apiDown(cluster.name)} <span class="soft">${t.frame.since} ${age(v, api.since_ms)}</span>`,
        )
      : nothing,
    (cluster.agents ?? 1) > 1
      ? bar("warning", html`${mark(v, "warning")}${t.frame.manyAgents(cluster.name, cluster.agents!)}`)
      : nothing,
    denied.length > 0
      ? bar(
          "info",
          html`${mark(v, "info")}${t.frame.denied(cluster.name, denied.map((one) => one.kind).join(", "))}`,
        )
      : nothing,
  ];
}
