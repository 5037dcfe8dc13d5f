import { infoOf } from "../../wire/command-names.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import { csrfField } from "../parts/form.ts";
import { badge } from "../parts/state.ts";
import { shape } from "../parts/svg.ts";
import { clusterName, type Viewing } from "../viewing.ts";
import type { Asked } from "./asked.ts";
import { consequences, replicasOf } from "./consequence.ts";
import { dialogFields } from "./fields.ts";
import { objectText, reasonText } from "./offers.ts";

/** So many objects are named; of the others the number is told. */
const named = 8;

/** What an action is called in a dialog's title: the verb with the object, or with how many. */
export function actionTitle(v: Viewing, { action, objects }: Pick<Asked, "action" | "objects">): string {
  const t = v.t.actions;
  const [first] = objects;
  if (!first) return t.name[action.key];
  return t.verb[action.key](
    objects.length === 1 ? `${t.thing(first.kind)} ${first.name}` : t.things(first.kind, objects.length),
  );
}

/** The dialog of an action; the same on a page of its own, where there is no script. */
export function actionDialog(v: Viewing, asked: Asked): Html {
  const t = v.t.actions;
  const { action, objects, faults } = asked;
  const [first] = objects;
  if (!first)
    return sheet(v, {
      title: t.name[action.key],
      action: "",
      body: html`<p>${t.nothingLeft}</p>${leftOut(v, asked)}`,
      verb: undefined,
      back: asked.back,
    });
  const danger = infoOf(action.types[first.kind]!).danger === true;
  const { text, template } = verb(v, asked);
  return sheet(v, {
    title: actionTitle(v, asked),
    action: `/actions/${action.key}`,
    hidden: html`<input type="hidden" name="idem" value="${asked.idem}">${objects.map((one) => html`<input type="hidden" name="on" value="${objectText(one)}">`)}`,
    where: where(v, objects),
    body: html`${objects.length > 1 ? names(v, asked) : nothing}${consequenceList(v, asked)}${v.needsApproval(action.types[first.kind]!) ? html`<p class="tick">${shape("info")}<span>${t.approval}</span></p>` : nothing}${dialogFields(v, asked)}${leftOut(v, asked)}`,
    fault: faults[""],
    verb: text,
    template,
    danger,
    back: asked.back,
    blocked: asked.rollback !== undefined && "problem" in asked.rollback,
  });
}

export interface Sheet {
  title: string;
  action: string;
  hidden?: Html;
  where?: Content;
  body: Content;
  fault?: string;
  /** The button's text; undefined where nothing can be done. */
  verb: string | undefined;
  /** The button's text with `{n}` for the number that is entered. */
  template?: string;
  danger?: boolean;
  back: string | undefined;
  blocked?: boolean;
}

/**
 * A question with its form. Cancel comes first, so that Enter in a field never does what cannot be taken back;
 * where the action is harmless, its own button is the first.
 */
export function sheet(v: Viewing, one: Sheet): Html {
  const cancel = one.back
    ? html`<a class="button" href="${one.back}">${v.t.actions.cancel}</a>`
    : html`<button class="button" formmethod="dialog" formnovalidate value="cancel"${one.danger ? html` autofocus` : nothing}>${one.verb ? v.t.actions.cancel : v.t.actions.close}</button>`;
  const go =
    one.verb === undefined
      ? nothing
      : html`<button class="button ${one.danger ? "danger" : "primary"}" id="act-go"${one.template ? html` data-verb="${one.template}"` : nothing}${one.blocked ? html` disabled` : nothing}>${one.verb}</button>`;
  return html`<form method="post" action="${one.action}" class="act"><h2 id="act-title">${one.title}</h2>${csrfField(v.csrf)}${one.hidden ?? nothing}${one.where ? html`<p class="soft">${one.where}</p>` : nothing}${one.body}${
    one.fault ? html`<p class="fault" role="alert">${one.fault}</p>` : nothing
  }<div class="row end${one.danger ? "" : " reverse"}">${one.danger ? [cancel, go] : [go, cancel]}</div></form>`;
}

/** The namespace and the cluster, as far as they are the same for all. */
function where(v: Viewing, objects: Asked["objects"]): Html {
  const { cluster, namespace } = objects[0]!;
  const same = (key: "cluster" | "namespace") => objects.every((one) => one[key] === objects[0]![key]);
  if (!same("cluster")) return nothing;
  const demo = v.clusters.find((one) => one.id === cluster)?.flavour === "demo";
  return html`${namespace && same("namespace") ? html`<span class="mono">${namespace}</span> · ` : nothing}${v.t.actions.inCluster(clusterName(v, cluster))}${demo ? html` ${badge(v.t.frame.demo)}` : nothing}`;
}

function verb(v: Viewing, asked: Asked): { text: string; template?: string } {
  const t = v.t.actions;
  const { action, objects, values, rollback } = asked;
  const first = objects[0]!;
  const what = objects.length === 1 ? t.thing(first.kind) : t.things(first.kind, objects.length);
  if (action.key === "scale" && objects.length === 1) {
    const now = replicasOf(first);
    return { text: t.scaleTo(now, values.replicas || now), template: t.scaleTo(now, "{n}") };
  }
  if (action.key === "rollback" && rollback && "revision" in rollback)
    return { text: t.rollbackTo(rollback.revision) };
  return { text: t.verb[action.key](what) };
}

function names(v: Viewing, { objects }: Asked): Html {
  const spaces = new Set(objects.map((one) => one.namespace)).size > 1;
  const clusters = new Set(objects.map((one) => one.cluster)).size > 1;
  return html`<ul class="targets">${objects
    .slice(0, named)
    .map(
      (one) =>
        html`<li><span class="mono">${one.name}</span>${spaces || clusters ? html` <span class="soft small">${[spaces && one.namespace, clusters && clusterName(v, one.cluster)].filter(Boolean).join(" · ")}</span>` : nothing}</li>`,
    )}${objects.length > named ? html`<li class="soft">${v.t.actions.more(objects.length - named)}</li>` : nothing}</ul>`;
}

function consequenceList(v: Viewing, asked: Asked): Html {
  const all = consequences(v.t, asked);
  if (all.length === 0) return nothing;
  const most = 12;
  return html`<ul class="consequences">${all
    .slice(0, most)
    .map(
      (one) =>
        html`<li>${one.warning ? html`${shape("warning")}<span class="sr">${v.t.health.warning} </span>` : nothing}<span>${one.text}</span></li>`,
    )}${all.length > most ? html`<li class="soft">${v.t.actions.more(all.length - most)}</li>` : nothing}</ul>`;
}

function leftOut(v: Viewing, { leftOut }: Asked): Html {
  if (leftOut.length === 0) return nothing;
  return html`<div class="left-out"><p class="soft small">${v.t.actions.leftOut(leftOut.length)}</p><ul>${leftOut
    .slice(0, named)
    .map(
      (one) =>
        html`<li class="small"><span class="mono">${one.name}</span> <span class="soft">${reasonText(v.t, one.reason)}</span></li>`,
    )}${leftOut.length > named ? html`<li class="soft small">${v.t.actions.more(leftOut.length - named)}</li>` : nothing}</ul></div>`;
}
