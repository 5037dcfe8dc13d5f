import { type Html, html, nothing } from "../../html.ts";
import { objectHref } from "../../parts/links.ts";
import { momentWords, parseMoment } from "../../parts/moment.ts";
import { type KindKey, kindNames } from "../../../wire/kind-names.ts";
import { clusterName, type Viewing } from "../../viewing.ts";

export interface LogsData {
  cluster: string;
  kind: KindKey;
  namespace: string;
  name: string;
  /** Of all its pods. */
  containers: readonly string[];
  pods: number;
}

/** What has logs that can be followed. */
export const followed: readonly KindKey[] = [
  "pod",
  "deployment",
  "statefulset",
  "daemonset",
  "replicaset",
  "job",
];

const tails = [100, 200, 1000, 5000] as const;

export const logsPath = (cluster: string, kind: string, namespace: string, name: string): string =>
  `/logs/${[cluster, kind, namespace, name].map(encodeURIComponent).join("/")}`;

/** The page of a followed log: what is chosen stands in the address, the lines come by a WebSocket. */
export function logsPage(v: Viewing, data: LogsData): Record<string, Html> {
  const t = v.t.streams;
  const { cluster, kind, namespace, name } = data;
  const object = objectHref(v, kind, cluster, namespace, name);
  const path = logsPath(cluster, kind, namespace, name);
  const from = parseMoment(v.query.get("from"));
  // From a moment on, as so many seconds: that is what Kubernetes takes.
  const since = from === undefined ? "" : String(Math.max(1, Math.ceil((v.now - from) / 1000)));
  const value = (key: string) => (key === "since" && since) || (v.query.get(key) ?? "");
  const option = (one: string, label: string, chosen: string) =>
    html`<option value="${one}"${one === chosen ? html` selected` : nothing}>${label}</option>`;
  const text = `${path}/text?${new URLSearchParams({ container: value("container"), tail: value("tail"), since: value("since") })}`;
  const tail = value("tail") || "200";
  const stream = new URLSearchParams({
    type: "PodLogsFollow",
    cluster,
    ns: namespace,
    kind: kindNames[kind].kind,
    name,
    tail,
    ...(value("container") ? { container: value("container") } : {}),
    ...(value("since") ? { since: value("since") } : {}),
  });
  const toggle = (id: string, label: string, key: string, on: boolean) =>
    html`<button type="button" class="button" id="${id}" aria-pressed="${String(on)}" title="${key}">${label}</button>`;
  return {
    head: html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li>${clusterName(v, cluster)}</li><li>${namespace}</li><li><a href="${object}">${kindNames[kind].kind} ${name}</a></li></ol></nav><div class="title"><h1>${t.logsOf(name)}</h1></div><p class="count">${t.pods(data.pods)} · <span id="log-state" role="status"></span></p></header>`,
    logs: html`<section id="logs" hx-morph-skip data-stream="${stream.toString()}" data-words="${JSON.stringify(words(v))}">
<form class="row log-bar" method="get" action="${path}"><label class="sr" for="log-container">${t.container}</label><select id="log-container" name="container" data-submit>${option("", t.allContainers, value("container"))}${data.containers.map((one) => option(one, one, value("container")))}</select><label class="sr" for="log-tail">${t.tail}</label><select id="log-tail" name="tail" data-submit>${tails.map((one) => option(String(one), `${t.tail} ${t.tailLines(one)}`, tail))}</select><label class="sr" for="log-since">${t.since}</label><select id="log-since" name="since" data-submit>${Object.entries(t.sinces).map(([one, label]) => option(one, `${t.since}: ${label}`, value("since")))}${from !== undefined && option(since, `${t.since}: ${momentWords(from)}`, since)}</select><input type="search" id="log-filter" placeholder="${t.filter}" aria-label="${t.filter}" autocomplete="off" spellcheck="false" title="/">${toggle("log-follow", t.follow, "f", true)}${toggle("log-times", t.times, "t", false)}${toggle("log-wrap", t.wrap, "w", true)}<button type="button" class="button" id="log-download">${t.download}</button><a class="button" href="${text}">${t.plain}</a>${
      kind === "pod" ? html`<a class="button" href="${text}&previous=1">${t.previous}</a>` : nothing
    }<noscript><p>${t.noScript} <a href="${text}">${t.plain}</a></p></noscript></form>
<p class="soft small" id="log-note" hidden></p>
<div id="log" class="log mono wrap" role="log" aria-live="off" tabindex="0" aria-label="${t.logsOf(name)}"></div>
<div class="row log-end"><button type="button" class="button primary" id="log-new" hidden></button><button type="button" class="button" id="log-again" hidden>${t.again}</button><span class="soft small">${t.keys}</span></div>
<script type="module" src="${v.assets.logs}"></script></section>`,
  };
}

/** What the script says, in the reader's language. */
export function words(v: Viewing): Record<string, unknown> {
  const t = v.t.streams;
  const { connecting, live, waiting, noPods, dropped, newLines, tooMany, ended, exit, refused, gone } = t;
  return { connecting, live, waiting, noPods, dropped, newLines, tooMany, ended, exit, refused, gone };
}
