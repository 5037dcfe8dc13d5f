import { type Content, type Html, html, nothing } from "../html.ts";
import type { ClusterView } from "../model.ts";
import { command } from "../parts/empty.ts";
import { csrfField, field, selectField } from "../parts/form.ts";
import { formatCount } from "../parts/format.ts";
import { withQuery } from "../parts/links.ts";
import { badge, state } from "../parts/state.ts";
import { icon } from "../parts/svg.ts";
import { age } from "../parts/time.ts";
import type { Viewing } from "../viewing.ts";
import { enrolDialog, enrolmentFields } from "./enrolment.ts";

export interface ClusterForm {
  do: string;
  values: Record<string, string>;
  faults: Record<string, string>;
}

/** Whose clusters are; where there is one tenant alone, nothing is said of it. */
export interface ClusterTenants {
  /** Those whose names the viewer may read, by id. */
  names: ReadonlyMap<string, string>;
  /** The tenant's id by the cluster's. */
  owners: ReadonlyMap<string, string>;
}

export function clustersHead(v: Viewing): Html {
  return html`<header id="head" class="head"><h1>${v.t.clusters.title}</h1><p class="count">${formatCount(v.clusters.length)}</p></header>`;
}

export function clustersTable(v: Viewing, tenants: ClusterTenants): Html {
  const { t } = v;
  if (v.clusters.length === 0) return html`<div id="clusters"><p class="soft">${t.clusters.none}</p></div>`;
  return html`<div id="clusters"><table class="list"><thead><tr><th>${t.column.name}</th><th>${t.column.state}</th><th class="right">${t.clusters.nodes}</th><th class="right">${t.column.pods}</th>${tenants.names.size > 1 ? html`<th class="p2">${t.grants.tenantOf}</th>` : nothing}<th class="p2">${t.clusters.kubernetes}</th><th class="p2">${t.clusters.agent}</th><th class="right">${t.clusters.seen}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead>
<tbody>${v.clusters.map((one) => clusterRow(v, one, tenants))}</tbody></table></div>`;
}

function clusterRow(v: Viewing, one: ClusterView, tenants: ClusterTenants): Html {
  const { t } = v;
  const href = withQuery("/", new URLSearchParams(), { cluster: one.id });
  const health = { waiting: "info", connected: "ok", silent: "warning" } as const;
  return html`<tr id="cluster-${one.id}" data-href="${href}" data-name="${one.name}" data-kind="cluster"><td class="name a"><a href="${href}">${one.name}</a>${
    one.flavour === "kubernetes"
      ? nothing
      : html` ${badge(t.clusters.flavour[one.flavour], one.flavour === "demo" ? "warning" : undefined)}`
  }</td><td class="b">${one.awaited?.whole ? state(v, "unknown", t.clusters.notTold) : state(v, health[one.connection], t.clusters.connection[one.connection])}</td><td class="right">${one.awaited?.whole ? "–" : t.clusters.ready(one.counts.nodesReady, one.counts.nodes)}</td><td class="right c">${one.awaited?.whole ? "–" : formatCount(one.counts.pods)}${one.counts.podsAttention > 0 ? html` · <strong class="fault">${t.list.attention(one.counts.podsAttention)}</strong>` : nothing}</td>${tenants.names.size > 1 ? html`<td class="p2">${tenants.names.get(tenants.owners.get(one.id) ?? "")}</td>` : nothing}<td class="p2 mono">${one.status?.kubernetesVersion}</td><td class="p2 mono">${one.status?.agentVersion}${
    one.status?.droppedEvents
      ? html` ${badge(t.clusters.dropped(one.status.droppedEvents), "warning")}`
      : nothing
  }</td><td class="right d">${age(v, one.lastSeenMs)}</td><td class="right e">${v.admin({ cluster: one.id }) ? actions(v, one) : nothing}</td></tr>`;
}

/** What an administrator does with a cluster, behind one button. */
function actions(v: Viewing, one: ClusterView): Content {
  return html`<button type="button" class="button" data-dialog="manage-${one.id}" aria-haspopup="dialog" aria-label="${v.t.grants.manage}: ${one.name}">${v.t.grants.manage}</button>`;
}

function manageDialog(v: Viewing, one: ClusterView, image: boolean, { names }: ClusterTenants): Html {
  const { t } = v;
  const demo = one.flavour === "demo";
  const button = (what: string, label: string) =>
    html`<button type="button" class="button" data-dialog="${what}-${one.id}">${label}</button>`;
  return html`<dialog id="manage-${one.id}" class="sheet"><h2>${one.name}</h2><div class="row">${
    image && one.flavour === "kubernetes" ? button("enrol", t.enrol.setUp) : nothing
  }${demo ? nothing : html`${button("rename", t.clusters.rename)}${button("rotate", t.clusters.rotate)}`}${
    v.admin({}) && names.size > 1 ? button("move", t.grants.move) : nothing
  }${demo ? nothing : button("remove", t.clusters.remove)}</div><div class="row"><button type="button" class="button" data-close>${t.common.cancel}</button></div></dialog>`;
}

/** `image`: agents can be set up by a kubectl line. The dialogs stand beside the table: a row that changes must not close the one that is open. */
export function clusterDialogs(
  v: Viewing,
  image: boolean,
  tenants: ClusterTenants,
  form?: ClusterForm,
): Html {
  const { t } = v;
  const own = v.clusters.filter((one) => v.admin({ cluster: one.id }));
  return html`<div id="dialogs">${own.map((one) => {
    const failed = form?.do === "rename" && form.values.id === one.id ? form : undefined;
    return html`${manageDialog(v, one, image, tenants)}<dialog id="rename-${one.id}" class="sheet"${failed ? html` open` : nothing}><form class="form" method="post" action="/clusters"><h2>${t.clusters.renameTitle(one.name)}</h2>${csrfField(v.csrf)}<input type="hidden" name="do" value="rename"><input type="hidden" name="id" value="${one.id}">${labelled(v, `name-${one.id}`, failed?.values.name ?? one.name, fault(v, failed))}<div class="row"><button class="button primary">${t.clusters.rename}</button><button type="button" class="button" data-close>${t.common.cancel}</button></div></form></dialog>
${enrolDialog(v, one.id, one.name)}<dialog id="rotate-${one.id}" class="sheet"><form class="form" method="post" action="/clusters"><h2>${t.clusters.rotateTitle(one.name)}</h2><p>${t.clusters.rotateText}</p>${csrfField(v.csrf)}<input type="hidden" name="do" value="rotate"><input type="hidden" name="id" value="${one.id}">${selectField("hours", t.clusters.rotateKeep, Object.entries(t.clusters.rotateHours), "24", `hours-${one.id}`)}<div class="row"><button type="button" class="button" data-close autofocus>${t.common.cancel}</button><button class="button primary">${t.clusters.rotate}</button></div></form></dialog><dialog id="remove-${one.id}" class="sheet"><form class="form" method="post" action="/clusters"><h2>${t.clusters.removeTitle(one.name)}</h2><p>${t.clusters.removeText(one.name, one.counts.pods, one.counts.nodes)}</p>${csrfField(v.csrf)}<input type="hidden" name="do" value="remove"><input type="hidden" name="id" value="${one.id}"><div class="row"><button type="button" class="button" data-close autofocus>${t.common.cancel}</button><button class="button danger">${t.clusters.removeButton(one.name)}</button></div></form></dialog>${moveDialog(v, one, tenants)}`;
  })}</div>`;
}

function moveDialog(v: Viewing, one: ClusterView, { names, owners }: ClusterTenants): Content {
  if (!v.admin({}) || names.size < 2) return nothing;
  const { t } = v;
  const others = [...names].filter(([id]) => id !== owners.get(one.id));
  return html`<dialog id="move-${one.id}" class="sheet"><form class="form" method="post" action="/clusters"><h2>${t.grants.moveTitle(one.name)}</h2><p>${t.grants.moveText}</p>${csrfField(v.csrf)}<input type="hidden" name="do" value="move"><input type="hidden" name="id" value="${one.id}">${selectField("tenant", t.grants.tenantOf, others, "", `move-${one.id}-tenant`)}<div class="row"><button type="button" class="button" data-close autofocus>${t.common.cancel}</button><button class="button primary">${t.grants.move}</button></div></form></dialog>`;
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
export function addCluster(
  v: Viewing,
  image: boolean,
  /** Those that the viewer may add clusters to, as id and name. */
  tenants: readonly [string, string][],
  form?: ClusterForm,
): Html {
  const { t } = v;
  const failed = form?.do === "add" ? form : undefined;
  return html`<section id="add" class="panel" hx-morph-skip><h2>${t.clusters.add}</h2><form class="form" method="post" action="/clusters">${csrfField(v.csrf)}<input type="hidden" name="do" value="add"><p class="soft">${t.clusters.addHow}</p>${labelled(v, "new-cluster", failed?.values.name ?? "", fault(v, failed))}${tenants.length === 1 ? html`<input type="hidden" name="tenant" value="${tenants[0]![0]}">` : selectField("tenant", t.grants.tenantOf, tenants, failed?.values.tenant ?? "", "add-tenant")}${enrolmentFields(v, failed?.values ?? {}, image)}<div class="row"><button class="button primary">${t.clusters.addButton}</button></div></form></section>`;
}

/** What was added, with the token that nobody sees again. */
export function addedCluster(v: Viewing, name: string, url: string, token: string, rotated = false): Html {
  const { t } = v;
  return html`<section id="added" class="panel" role="status"><h2>${rotated ? t.clusters.rotated(name) : t.clusters.added(name)}</h2><p>${t.clusters.run}</p>${command(v, `ATLHYPER_MASTER_URL=${url} ATLHYPER_TOKEN=${token} npx bun main.ts agent`)}<p class="soft">${icon("network")} ${t.clusters.reach(url)}</p></section>`;
}
