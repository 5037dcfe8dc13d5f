import { type Html, html, nothing } from "../../html.ts";
import { csrfField, field } from "../../parts/form.ts";
import { objectHref } from "../../parts/links.ts";
import { mark } from "../../parts/state.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { problemPart, type Read } from "./object.ts";

export interface DrainPlan {
  unschedulable: boolean;
  pods: {
    namespace: string;
    name: string;
    verdict: "evict" | "skipped" | "refused";
    why: string;
    budgets?: { name: string; allowed: number }[];
  }[];
}

export interface DrainData {
  cluster: string;
  node: string;
  read: Read<DrainPlan>;
  /** What was ticked and entered. */
  values: Readonly<Record<string, string>>;
  faults: Readonly<Record<string, string>>;
  /** The same form sent twice is one command. */
  idem: string;
}

const drainPath = (cluster: string, node: string): string =>
  `/drain/${encodeURIComponent(cluster)}/${encodeURIComponent(node)}`;

/** Which pods would go, which hold it up and why, and the button that says how many it drains. */
export function drainPage(v: Viewing, data: DrainData): Record<string, Html> {
  const t = v.t.resources.drain;
  const { cluster, node, read } = data;
  const head = html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li><a href="${objectHref(v, "node", cluster, "", node)}">${node}</a></li><li>${clusterName(v, cluster)}</li></ol></nav><div class="title"><h1>${t.title(node)}</h1></div><p>${t.text}</p></header>`;
  if ("problem" in read) return { head, plan: problemPart(v, "plan", node, read) };
  const { pods, unschedulable } = read.data;
  const of = (verdict: DrainPlan["pods"][number]["verdict"]) => pods.filter((one) => one.verdict === verdict);
  const going = of("evict");
  const refused = of("refused");
  const held = [
    ...new Set(
      going.flatMap((one) => (one.budgets ?? []).filter((two) => two.allowed === 0).map((two) => two.name)),
    ),
  ];
  const back = objectHref(v, "node", cluster, "", node);
  const tick = (name: "deleteEmptyDirData" | "force") =>
    html`<label class="tick"><input type="checkbox" name="${name}" value="1" data-submit${data.values[name] ? html` checked` : nothing}> ${t[name]}</label>`;
  return {
    head,
    plan: html`<section id="plan" class="panel" hx-morph-skip>${unschedulable ? html`<p class="soft">${t.already}</p>` : nothing}${
      held.length > 0
        ? html`<p class="warn">${mark(v, "warning")}${t.blocked(held.join(", "), held.length)}</p>`
        : nothing
    }${
      data.faults[""] ? html`<p class="fault" role="alert">${v.t.told(data.faults[""])}</p>` : nothing
    }${group(v, cluster, t.refused(refused.length), refused, "warning")}${group(v, cluster, t.evict(going.length), going)}${group(v, cluster, t.skipped(of("skipped").length), of("skipped"))}
<form class="form" id="drain" method="get" action="${drainPath(cluster, node)}"><fieldset><legend>${t.options}</legend>${tick("deleteEmptyDirData")}${tick("force")}</fieldset><noscript><button class="button">${t.look}</button></noscript></form>
<form class="form" method="post" action="${drainPath(cluster, node)}">${csrfField(v.csrf)}<input type="hidden" name="idem" value="${data.idem}">${(["deleteEmptyDirData", "force"] as const).map((name) => (data.values[name] ? html`<input type="hidden" name="${name}" value="1">` : nothing))}${field({ name: "grace", label: t.grace, type: "number", min: 0, value: data.values.grace ?? "", hint: t.graceHint, fault: data.faults.grace })}${field({ name: "timeout", label: t.timeout, type: "number", min: 1, value: data.values.timeout ?? "60", fault: data.faults.timeout })}<div class="row"><a class="button" href="${back}">${v.t.common.cancel}</a><button class="button danger"${refused.length > 0 ? html` disabled` : nothing}>${going.length === 0 ? t.none : t.go(going.length)}</button></div></form></section>`,
  };
}

function group(
  v: Viewing,
  cluster: string,
  title: string,
  pods: DrainPlan["pods"],
  health?: "warning",
): Html | typeof nothing {
  if (pods.length === 0) return nothing;
  const t = v.t.resources.drain;
  return html`<details class="fold"${health ? html` open` : pods.length <= 20 ? html` open` : nothing}><summary>${health ? mark(v, health) : nothing}${title}</summary><table class="small-table"><tbody>${pods.map(
    (one) =>
      html`<tr><td class="mono"><a href="${objectHref(v, "pod", cluster, one.namespace, one.name)}">${one.namespace}/${one.name}</a></td><td>${one.why && v.t.told(one.why)}${(one.budgets ?? []).map((two) => html` <span class="badge${two.allowed === 0 ? " warning" : ""}" title="${t.budget}">${t.allowed(two.name, two.allowed)}</span>`)}</td></tr>`,
  )}</tbody></table></details>`;
}
