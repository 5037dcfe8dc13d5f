import { type Html, html, nothing } from "../../html.ts";
import { objectHref } from "../../parts/links.ts";
import { mark } from "../../parts/state.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { words } from "./logs.ts";

export interface TerminalData {
  cluster: string;
  namespace: string;
  pod: string;
  containers: readonly string[];
  /** Switched off for everybody. */
  off: boolean;
}

/** A terminal in a container: whose it is stands above it, always. */
export function terminalPage(v: Viewing, data: TerminalData): Record<string, Html> {
  const t = v.t.streams;
  const { cluster, namespace, pod, containers } = data;
  const object = objectHref(v, "pod", cluster, namespace, pod);
  const chosen = v.query.get("container") ?? "";
  const container = containers.includes(chosen) ? chosen : (containers[0] ?? "");
  const path = `/terminal/${[cluster, namespace, pod].map(encodeURIComponent).join("/")}`;
  const head = html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li>${clusterName(v, cluster)}</li><li>${namespace}</li><li><a href="${object}">${pod}</a></li></ol></nav><div class="title"><h1>${t.terminalIn(pod)}</h1></div><p class="count" id="terminal-state" role="status"></p></header>`;
  if (data.off)
    return { head, terminal: html`<section id="terminal" class="panel"><p>${t.off}</p></section>` };
  const stream = new URLSearchParams({ type: "PodExec", cluster, ns: namespace, pod, container });
  return {
    head,
    terminal: html`<section id="terminal" hx-morph-skip data-stream="${stream.toString()}" data-words="${JSON.stringify(words(v))}"><p class="warn">${mark(v, "warning")}${t.whose(`${namespace}/${pod} (${clusterName(v, cluster)})`, container)}</p>
<form class="row log-bar" method="get" action="${path}">${
      containers.length > 1
        ? html`<label for="terminal-container">${t.container}</label><select id="terminal-container" name="container" data-submit>${containers.map((one) => html`<option value="${one}"${one === container ? html` selected` : nothing}>${one}</option>`)}</select>`
        : nothing
    }<button type="button" class="button" id="terminal-again" hidden>${t.again}</button><span class="soft small">${t.leave}</span></form>
<div id="screen" class="screen"></div>
<link rel="stylesheet" href="${v.assets.xtermCss}"><script src="${v.assets.terminal}" defer></script></section>`,
  };
}
