import { type Content, type Html, html, nothing } from "../../html.ts";
import { type DifferenceLine, differenceLines } from "../../parts/difference.ts";
import { command as commandBlock } from "../../parts/empty.ts";
import { csrfField, selectField } from "../../parts/form.ts";
import { kindHref } from "../../parts/links.ts";
import { mark } from "../../parts/state.ts";
import { type Tab, tabs } from "../../parts/tabs.ts";
import { yamlLines } from "../../parts/yaml.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { clusterResources, kindResources, type ResourceRef, resourceHref, resourcePath } from "./address.ts";

/** What an agent's answer was, or why there is none. */
export type Read<T> = { data: T } | { problem: string; code?: string };

export interface ObjectYaml {
  yaml: string;
  hash: string;
}

export interface Review {
  difference: readonly DifferenceLine[];
  conflicts: readonly { manager: string; field: string }[];
  /** Whether the object would be made. */
  creates: boolean;
  /** Sent along with the change: the state that it was thought of in. */
  expect: string;
  manifest: string;
  /** The same review sent twice is one command. */
  idem: string;
}

const isSecret = (one: ResourceRef) => one.apiVersion === "v1" && one.kind === "Secret";
const titleOf = (one: ResourceRef) => `${one.kind} ${one.namespace ? `${one.namespace}/` : ""}${one.name}`;

export function resourceHead(v: Viewing, one: ResourceRef, current: "yaml" | "edit"): Html {
  const t = v.t.resources;
  const own = kindHref(v, one.kind, one.cluster, one.namespace, one.name);
  const all: Tab[] = [
    ...(own ? [{ label: v.t.detail.tabs.overview, href: own, current: false }] : []),
    { label: t.yaml, href: resourceHref(v, one), current: current === "yaml" },
    { label: t.edit, href: resourceHref(v, one, { edit: "1" }), current: current === "edit" },
  ];
  return html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li><a href="${clusterResources(v, one.cluster)}">${t.title}</a></li><li>${clusterName(v, one.cluster)}</li><li><a href="${kindResources(v, one)}">${one.kind}</a></li>${one.namespace && html`<li>${one.namespace}</li>`}</ol></nav>
<div class="title"><h1><span class="sr">${one.kind} </span>${one.name}</h1></div>${tabs(v.t.detail.parts, all)}</header>`;
}

/** Why there is nothing to show, and what to do. */
export function problemPart(
  v: Viewing,
  id: string,
  what: string,
  read: { problem: string; code?: string },
): Html {
  const t = v.t.resources;
  return html`<section id="${id}" class="panel" role="alert"><h2>${mark(v, "warning")}${t.failed(what)}</h2><p>${v.t.told(read.problem)}</p>${
    read.code === "Forbidden"
      ? html`<p class="soft">${t.forbidden}</p>${commandBlock(v, "kubectl apply -f manifests/base/agent/rights/rbac-resources.yaml")}`
      : nothing
  }<p class="row"><a class="button" href="${v.path}${v.query.size > 0 ? `?${v.query}` : ""}">${t.again}</a></p></section>`;
}

export function yamlPart(v: Viewing, one: ResourceRef, read: Read<ObjectYaml>, revealed: boolean): Html {
  const t = v.t.resources;
  if ("problem" in read) return problemPart(v, "yaml", titleOf(one), read);
  const managed = v.query.get("managed") === "1";
  const bar = html`<div class="row"><button type="button" class="button" data-copy>${v.t.frame.copy}</button><a class="button" download="${one.name}.yaml" href="data:text/yaml;charset=utf-8,${encodeURIComponent(read.data.yaml)}">${t.download}</a><a class="button" href="${resourceHref(v, one, managed ? {} : { managed: "1" })}">${managed ? t.unmanaged : t.managed}</a>${
    v.can("ResourceDelete", placeOf(one)) ? removeDialog(v, one) : nothing
  }${isSecret(one) && !revealed && v.user.role === "admin" ? revealDialog(v, one) : nothing}</div>`;
  return html`<section id="yaml" class="panel" hx-morph-skip>${isSecret(one) ? html`<p role="status">${revealed ? t.revealed : t.secret}</p>` : nothing}<div class="yaml-box">${bar}${yamlLines(read.data.yaml)}</div></section>`;
}

const placeOf = (one: ResourceRef) => ({
  cluster: one.cluster,
  ...(one.namespace ? { namespace: one.namespace } : {}),
});

function form(v: Viewing, one: ResourceRef, action: string, content: Content): Html {
  return html`<form class="form" method="post" action="${resourcePath(one)}">${csrfField(v.csrf)}<input type="hidden" name="do" value="${action}">${content}</form>`;
}

function removeDialog(v: Viewing, one: ResourceRef): Html {
  const t = v.t.resources;
  return html`<button type="button" class="button" data-dialog="remove-object">${t.remove}</button><dialog id="remove-object" class="sheet"><h2>${t.removeTitle(titleOf(one))}</h2>${form(
    v,
    one,
    "delete",
    html`<p>${t.removeText(clusterName(v, one.cluster))}</p><p class="soft">${isSecret(one) ? t.removeSecret : t.removeUndo}</p>${selectField("propagation", t.propagation, Object.entries(t.propagations), "Background")}<div class="row end"><button type="button" class="button" data-close autofocus>${v.t.common.cancel}</button><button class="button danger">${t.remove} ${one.name}</button></div>`,
  )}</dialog>`;
}

function revealDialog(v: Viewing, one: ResourceRef): Html {
  const t = v.t.resources;
  return html`<button type="button" class="button" data-dialog="reveal">${t.reveal}</button><dialog id="reveal" class="sheet"><h2>${t.revealTitle}</h2>${form(
    v,
    one,
    "reveal",
    html`<p>${t.revealText}</p><div class="row end"><button type="button" class="button" data-close autofocus>${v.t.common.cancel}</button><button class="button danger">${t.reveal}</button></div>`,
  )}</dialog>`;
}

/** The editor: a text area with the object, and what was wrong with what was entered. */
export function editPart(
  v: Viewing,
  action: string,
  manifest: string,
  more: { hash?: string; fault?: string; note?: Content; cancel: string },
): Html {
  const t = v.t.resources;
  return html`<section id="edit" class="panel" hx-morph-skip>${more.note ? html`<p class="soft">${more.note}</p>` : nothing}<form class="form wide-form" method="post" action="${action}">${csrfField(v.csrf)}<input type="hidden" name="do" value="review">${more.hash ? html`<input type="hidden" name="hash" value="${more.hash}">` : nothing}${more.fault ? html`<p class="fault" role="alert" id="manifest-fault">${v.t.told(more.fault)}</p>` : nothing}<label class="sr" for="manifest">${t.yaml}</label><textarea id="manifest" name="manifest" class="editor mono" data-editor spellcheck="false" autocomplete="off" autocapitalize="off" rows="24"${more.fault ? html` aria-invalid="true" aria-describedby="manifest-fault"` : nothing}>
${manifest}</textarea><p class="hint">${t.reviewKey}</p><div class="row"><button class="button primary">${t.review}</button><a class="button" href="${more.cancel}">${v.t.common.cancel}</a></div></form></section>`;
}

/** What would change, whose fields it would take, and the button that does it. */
export function reviewPart(v: Viewing, action: string, review: Review): Html {
  const t = v.t.resources;
  const same = review.difference.length === 0 && !review.creates;
  const taken = review.conflicts.length > 0;
  const hidden = html`${csrfField(v.csrf)}<input type="hidden" name="expect" value="${review.expect}"><input type="hidden" name="force" value="${taken ? "1" : ""}"><input type="hidden" name="idem" value="${review.idem}"><textarea name="manifest" hidden>
${review.manifest}</textarea>`;
  return html`<section id="review" class="panel" hx-morph-skip><h2>${t.changes}</h2>${
    review.creates ? html`<p>${t.created}</p>` : nothing
  }${
    same
      ? html`<p role="status">${t.noChange}</p>`
      : html`<pre class="difference tall" tabindex="0" aria-label="${t.changes}">${differenceLines(review.difference)}</pre>`
  }${
    taken
      ? html`<h3>${mark(v, "warning")}${t.conflicts}</h3><ul>${review.conflicts.map((one) => html`<li class="mono">${t.conflict(one.field, one.manager)}</li>`)}</ul><p>${t.conflictsWhy}</p>`
      : nothing
  }<form method="post" action="${action}">${hidden}<div class="row"><button class="button" name="do" value="again">${t.back}</button>${
    same
      ? nothing
      : html`<button class="button ${taken ? "danger" : "primary"}" name="do" value="apply">${taken ? t.applyAnyway : t.apply}</button>`
  }</div></form></section>`;
}
