import { type Content, type Html, html, nothing } from "../html.ts";
import type { ClusterView } from "../model.ts";
import { command } from "../parts/empty.ts";
import { csrfField, field, selectField } from "../parts/form.ts";
import { formatCount } from "../parts/format.ts";
import { withQuery } from "../parts/links.ts";
import { badge, state } from "../parts/state.ts";
import { icon } from "../parts/svg.ts";
import { age } from "../parts/time.ts";
import { may, type Viewing } from "../viewing.ts";
import { enrolDialog, enrolmentFields } from "./enrolment.ts";

export interface ClusterForm {
  do: string;
  values: Record<string, string>;
  faults: Record<string, string>;
}

export function clustersHead(v: Viewing): Html {
  return html`<header id="head" class="head"><h1>${v.t.clusters.title}</h1><p class="count">${formatCount(v.clusters.length)}</p></header>`;
}

/** `image`: agents can be set up by a kubectl line. */
export function clustersTable(v: Viewing, image: boolean): Html {
  const { t } = v;
  if (v.clusters.length === 0) return html`<div id="clusters"><p class="soft">${t.clusters.none}</p></div>`;
  return html`<div id="clusters"><table class="list"><thead><tr><th>${t.column.name}</th><th>${t.column.state}</th><th class="right">${t.clusters.nodes}</th><th class="right">${t.column.pods}</th><th class="p2">${t.clusters.kubernetes}</th><th class="p2">${t.clusters.agent}</th><th class="right">${t.clusters.seen}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead>
<tbody>${v.clusters.map((one) => clusterRow(v, one, image))}</tbody></table></div>`;
}

function clusterRow(v: Viewing, one: ClusterView, image: boolean): Html {
  const { t } = v;
  const href = withQuery("/", new URLSearchParams(), { cluster: one.id });
  const health = { waiting: "info", connected: "ok", silent: "warning" } as const;
  return html`<tr id="cluster-${one.id}" data-href="${href}" data-name="${one.name}" data-kind="cluster"><td class="name a"><a href="${href}">${one.name}</a>${
    one.flavour === "kubernetes"
      ? nothing
      : html` ${badge(t.clusters.flavour[one.flavour], one.flavour === "demo" ? "warning" : undefined)}`
  }</td><td class="b">${state(v, health[one.connection], t.clusters.connection[one.connection])}</td><td class="right">${t.clusters.ready(one.counts.nodesReady, one.counts.nodes)}</td><td class="right c">${formatCount(one.counts.pods)}${one.counts.podsAttention > 0 ? html` · <strong class="fault">${t.list.attention(one.counts.podsAttention)}</strong>` : nothing}</td><td class="p2 mono">${one.status?.kubernetesVersion}</td><td class="p2 mono">${one.status?.agentVersion}${
    one.status?.droppedEvents
      ? html` ${badge(t.clusters.dropped(one.status.droppedEvents), "warning")}`
      : nothing
  }</td><td class="right d">${age(v, one.lastSeenMs)}</td><td class="right e">${may(v, "admin") ? actions(v, one, image) : nothing}</td></tr>`;
}

function actions(v: Viewing, one: ClusterView, image: boolean): Content {
  const { t } = v;
  if (one.flavour === "demo") return nothing;
  const enrol = image && one.flavour === "kubernetes";
  return html`${enrol ? html`<button type="button" class="button" data-dialog="enrol-${one.id}">${t.enrol.setUp}</button> ` : nothing}<button type="button" class="button" data-dialog="rename-${one.id}">${t.clusters.rename}</button> <button type="button" class="button" data-dialog="rotate-${one.id}">${t.clusters.rotate}</button> <button type="button" class="button" data-dialog="remove-${one.id}">${t.clusters.remove}</button>`;
}

/** The dialogs stand beside the table: a row that changes must not close the one that is open. */
export function clusterDialogs(v: Viewing, form?: ClusterForm): Html {
  if (!may(v, "admin")) return html`<div id="dialogs"></div>`;
  const { t } = v;
  return html`<div id="dialogs">${v.clusters.map((one) => {
    const failed = form?.do === "rename" && form.values.id === one.id ? form : undefined;
    return html`<dialog id="rename-${one.id}" class="sheet"${failed ? html` open` : nothing}><form class="form" method="post" action="/clusters"><h2>${t.clusters.renameTitle(one.name)}</h2>${csrfField(v.csrf)}<input type="hidden" name="do" value="rename"><input type="hidden" name="id" value="${one.id}">${labelled(v, `name-${one.id}`, failed?.values.name ?? one.name, fault(v, failed))}<div class="row"><button class="button primary">${t.clusters.rename}</button><button type="button" class="button" data-close>${t.common.cancel}</button></div></form></dialog>
${enrolDialog(v, one.id, one.name)}<dialog id="rotate-${one.id}" class="sheet"><form class="form" method="post" action="/clusters"><h2>${t.clusters.rotateTitle(one.name)}</h2><p>${t.clusters.rotateText}</p>${csrfField(v.csrf)}<input type="hidden" name="do" value="rotate"><input type="hidden" name="id" value="${one.id}">${selectField("hours", t.clusters.rotateKeep, Object.entries(t.clusters.rotateHours), "24", `hours-${one.id}`)}<div class="row"><button type="button" class="button" data-close autofocus>${t.common.cancel}</button><button class="button primary">${t.clusters.rotate}</button></div></form></dialog><dialog id="remove-${one.id}" class="sheet"><form class="form" method="post" action="/clusters"><h2>${t.clusters.removeTitle(one.name)}</h2><p>${t.clusters.removeText(one.name, one.counts.pods, one.counts.nodes)}</p>${csrfField(v.csrf)}<input type="hidden" name="do" value="remove"><input type="hidden" name="id" value="${one.id}"><div class="row"><button type="button" class="button" data-close autofocus>${t.common.cancel}</button><button class="button danger">${t.clusters.removeButton(one.name)}</button></div></form></dialog>`;
  })}</div>`;
}

function labelled(v: Viewing, id: string, value: string, message: string | undefined): Html {
  return field({
    id,
    name: "name",
    label: v.t.column.name,
    value,
    required: true,
    maxlength: 253,
    fault: message,
  });
}

function fault(v: Viewing, form: ClusterForm | undefined): string | undefined {
  const said = form?.faults.name ?? form?.faults[""];
  return said && v.t.told(said);
}

/** The form that adds a cluster; it keeps what is being typed while the page lives. */
export function addCluster(v: Viewing, image: boolean, form?: ClusterForm): Html {
  const { t } = v;
  const failed = form?.do === "add" ? form : undefined;
  return html`<section id="add" class="panel" hx-morph-skip><h2>${t.clusters.add}</h2><form class="form" method="post" action="/clusters">${csrfField(v.csrf)}<input type="hidden" name="do" value="add"><p class="soft">${t.clusters.addHow}</p>${labelled(v, "new-cluster", failed?.values.name ?? "", fault(v, failed))}${enrolmentFields(v, failed?.values ?? {}, image)}<div class="row"><button class="button primary">${t.clusters.addButton}</button></div></form></section>`;
}

/** What was added, with the token that nobody sees again. */
export function addedCluster(v: Viewing, name: string, url: string, token: string, rotated = false): Html {
  const { t } = v;
  return html`<section id="added" class="panel" role="status"><h2>${rotated ? t.clusters.rotated(name) : t.clusters.added(name)}</h2><p>${t.clusters.run}</p>${command(v, `ATLHYPER_MASTER_URL=${url} ATLHYPER_TOKEN=${token} npx bun main.ts agent`)}<p class="soft">${icon("network")} ${t.clusters.reach(url)}</p></section>`;
}
