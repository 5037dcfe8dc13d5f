import { type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import { csrfField, selectField } from "../parts/form.ts";
import { state } from "../parts/state.ts";
import { icon } from "../parts/svg.ts";
import { age, until } from "../parts/time.ts";
import { clusterName, type Viewing } from "../viewing.ts";

/** A cluster on its way in; times in ms, absent for what has not happened yet. */
export interface Pending {
  cluster: string;
  rights: string;
  createdMs: number;
  expiresMs: number;
  fetchedMs?: number;
  exchangedMs?: number;
  connectedMs?: number;
}

/** The fields of the form that adds a cluster which say how its agent comes to run. */
export function enrolmentFields(v: Viewing, values: Record<string, string>, offered: boolean): Html {
  const { t } = v;
  const ways = Object.entries(t.enrol.ways).filter(([way]) => offered || way !== "kubectl");
  return html`${selectField("way", t.enrol.way, ways, values.way ?? "kubectl")}${
    offered
      ? selectField("rights", t.enrol.rights, Object.entries(t.enrol.rightsChoices), values.rights ?? "read")
      : html`<p class="soft">${t.enrol.noImage}</p>`
  }`;
}

/** Asks for a new line for a cluster that is there already: its agent is to be set up anew. */
export function enrolDialog(v: Viewing, cluster: string, name: string): Html {
  const { t } = v;
  const rights = Object.entries(t.enrol.rightsChoices);
  return html`<dialog id="enrol-${cluster}" class="sheet"><form class="form" method="post" action="/clusters"><h2>${t.enrol.title(name)}</h2><p>${t.enrol.setUpText}</p>${csrfField(v.csrf)}<input type="hidden" name="do" value="enrol"><input type="hidden" name="id" value="${cluster}">${selectField("rights", t.enrol.rights, rights, "read", `rights-${cluster}`)}<div class="row"><button class="button primary">${t.enrol.again}</button><button type="button" class="button" data-close>${t.common.cancel}</button></div></form></dialog>`;
}

/** The line that brings a cluster in; nobody sees it again. */
export function enrolmentLine(v: Viewing, name: string, url: string, token: string): Html {
  const { t } = v;
  const address = `${url}/enrol/${token}.yaml`;
  const near = /^https?:\/\/(localhost|127\.|\[::1\])/.test(url);
  return html`<section id="added" class="panel" role="status"><h2>${t.enrol.title(name)}</h2><p>${t.enrol.run}</p>${command(v, `kubectl apply -f '${address}'`)}<p class="soft"><a href="${address}">${t.enrol.look}</a> ${t.enrol.lookHow}</p><p class="soft">${icon("network")} ${t.enrol.reach(url)}${near ? html` <strong>${t.enrol.loopback}</strong>` : nothing}</p></section>`;
}

/** How far each cluster that is being connected has come. */
export function pendingClusters(v: Viewing, pending: readonly Pending[]): Html {
  const { t } = v;
  if (pending.length === 0) return html`<div id="pending" hidden></div>`;
  return html`<section id="pending" class="panel"><h2>${t.enrol.pending}</h2>${pending.map((one) => {
    const steps: [string, number | undefined][] = [
      [t.enrol.steps.made, one.createdMs],
      [t.enrol.steps.fetched, one.fetchedMs],
      [t.enrol.steps.exchanged, one.exchangedMs],
      [t.enrol.steps.connected, one.connectedMs],
    ];
    return html`<div id="pending-${one.cluster}" class="enrolling"><h3>${clusterName(v, one.cluster)}</h3><ol>${steps.map(
      ([text, ms]) =>
        html`<li>${ms === undefined ? html`<span class="soft">${text} · ${t.enrol.waiting}</span>` : html`${state(v, "ok", text)} ${age(v, ms)}`}</li>`,
    )}</ol>${rest(v, one)}</div>`;
  })}</section>`;
}

/** How long the line is still good, or how to get another. */
function rest(v: Viewing, one: Pending): Html {
  const { t } = v;
  if (one.connectedMs !== undefined) return nothing;
  if (one.expiresMs > v.now) return html`<p class="soft">${t.enrol.validFor} ${until(v, one.expiresMs)}</p>`;
  return html`<form class="row" method="post" action="/clusters">${csrfField(v.csrf)}<input type="hidden" name="do" value="enrol"><input type="hidden" name="id" value="${one.cluster}"><input type="hidden" name="rights" value="${one.rights}"><p class="fault">${t.enrol.expired}</p><button class="button primary">${t.enrol.again}</button></form>`;
}
