import { kinds, type KindKey } from "../../wire/kinds.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import { may, type Viewing } from "../viewing.ts";
import { pageHref } from "./links.ts";
import { icon } from "./svg.ts";

/** A place where nothing is: what would be here, and how it gets here. */
export function empty(title: Content, text: Content = nothing, more: Content = nothing): Html {
  return html`<div class="empty"><h2>${title}</h2>${text ? html`<p>${text}</p>` : nothing}${more}</div>`;
}

/** A command with a button that copies it. */
export function command(v: Viewing, text: string): Html {
  return html`<div class="copy"><pre tabindex="0"><code>${text}</code></pre><button type="button" class="button" data-copy>${icon("copy")}<span class="label">${v.t.frame.copy}</span></button></div>`;
}

/** Why a list of a kind is empty though no filter is set. */
export function emptyKind(v: Viewing, kind: KindKey): Html {
  const { t } = v;
  const shown = v.clusters.filter((one) => v.scope.cluster === undefined || one.id === v.scope.cluster);
  const add = html`<a class="button primary" href="${pageHref(v, "/clusters")}">${t.frame.addCluster}</a>`;
  if (shown.length === 0)
    return may(v, "admin")
      ? empty(t.empty.noCluster, t.empty.noClusterHow, add)
      : empty(t.empty.noCluster, t.grants.noClusters);
  if (!kinds[kind].namespaced && kind !== "namespace" && shown.every((one) => one.only))
    return empty(t.empty.noObjects(t.kind[kind]), t.grants.notInNamespaces);
  const waiting = shown.find((one) => one.connection === "waiting");
  if (waiting && shown.length === 1) return empty(t.empty.waiting(waiting.name), t.empty.noClusterHow, add);
  const awaited = shown.filter((one) => one.awaited?.kinds.includes(kind));
  if (awaited.length > 0)
    return empty(t.empty.awaited(t.kind[kind]), t.empty.awaitedHow(awaited.map((one) => one.name)));
  if (shown.every((one) => one.flavour === "host"))
    return empty(t.empty.noObjects(t.kind[kind]), t.empty.host, add);
  const denied = shown.find((one) => one.status?.denied?.some((two) => two.kind === kinds[kind].kind));
  if (denied)
    return empty(
      t.empty.noObjects(t.kind[kind]),
      t.empty.deniedHow(t.kind[kind]),
      command(
        v,
        `kubectl create clusterrole atlhyper-${kind} --verb=get,list,watch --resource=${kinds[kind].field}`,
      ),
    );
  if (shown.some((one) => one.status?.synced === false)) return empty(t.empty.syncing);
  return empty(t.empty.noObjects(t.kind[kind]));
}
