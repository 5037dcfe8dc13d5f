import { apiVersions, type KindKey, kindNames } from "../../../wire/kind-names.ts";
import type { AnyItem, ItemOf } from "../../../wire/kinds.ts";
import { objectActions } from "../../actions/menu.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { ProblemView, Row } from "../../model.ts";
import { objectDots } from "../../parts/dots.ts";
import { folders, keyOfKind, objectHref, pageHref, withQuery } from "../../parts/links.ts";
import { mark, state } from "../../parts/state.ts";
import { icon } from "../../parts/svg.ts";
import { type Tab, tabs } from "../../parts/tabs.ts";
import { age } from "../../parts/time.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { resourceHref } from "../resources/address.ts";
import { absent, objectLink } from "./blocks.ts";

export type TabKey = "overview" | "containers" | "metrics" | "pods" | "template" | "events" | "commands";

/** The tab that the address names, or the first. */
export function currentTab(v: Viewing, all: readonly TabKey[]): TabKey {
  return all.find((one) => one === v.query.get("tab")) ?? all[0]!;
}

export interface DetailHead<K extends KindKey> {
  kind: K;
  row: Row<ItemOf[K]>;
  tabs: readonly TabKey[];
  /** Owners from the outermost to the nearest. */
  owners?: readonly { kind?: string | undefined; name?: string | undefined }[];
  /** What else belongs beside the state, such as `2/3` or the node. */
  more?: Content;
  /** Commands for a terminal, by their label. */
  commands?: readonly { label: string; text: string }[];
}

/** Where it is, what it is called, how it is and why, what to do, and the tabs. */
export function detailHead<K extends KindKey>(v: Viewing, head: DetailHead<K>): Html {
  const { t } = v;
  const { row, kind } = head;
  const { name, namespace = "" } = row.item.summary as { name: string; namespace?: string };
  const host = v.clusters.find((one) => one.id === row.cluster)?.flavour === "host";
  const keys: readonly TabKey[] = host ? head.tabs : [...head.tabs, "commands"];
  const current = currentTab(v, keys);
  const all: Tab[] = keys.map((key) => ({
    label: t.detail.tabs[key],
    href: withQuery(v.path, v.query, { tab: key === head.tabs[0] ? undefined : key }),
    current: key === current,
  }));
  if (!host)
    all.push({
      label: t.resources.yaml,
      href: resourceHref(v, {
        cluster: row.cluster,
        apiVersion: apiVersions[kind],
        kind: kindNames[kind].kind,
        namespace,
        name,
      }),
      current: false,
    });
  const cluster = clusterName(v, row.cluster);
  const demo = v.clusters.find((one) => one.id === row.cluster)?.flavour === "demo";
  return html`<header id="head" class="head object"><nav class="crumbs" aria-label="${t.detail.path}"><ol>
<li><a href="${pageHref(v, `/${folders[kind]}`)}">${t.kind[kind]}</a></li><li>${cluster}${demo && html` <span class="badge demo">${t.frame.demo}</span>`}</li>${
    namespace !== "" &&
    html`<li><a href="${objectHref(v, "namespace", row.cluster, "", namespace)}">${namespace}</a></li>`
  }${(head.owners ?? []).map((owner) => html`<li>${owner.kind} ${objectLink(v, row.cluster, { ...owner, namespace })}</li>`)}</ol></nav>
<div class="title"><h1><span class="sr">${kindNames[kind].kind} </span>${name}</h1>${objectActions(v, { cluster: row.cluster, kind, namespace, name, row: row as Row<AnyItem> })}${commandMenu(v, [...(head.commands ?? []), { label: "kubectl describe", text: kubectl("describe", kind, namespace, name) }], apiHref(kind, row.cluster, namespace, name))}</div>
<p class="verdict">${state(v, row.health, row.state)}${row.sinceMs > 0 && html` <span class="soft">${t.detail.since(age(v, row.sinceMs))}</span>`}${head.more}</p>
${row.why && html`<p class="why">${v.t.told(row.why)}</p>`}${all.length > 1 ? tabs(t.detail.parts, all) : nothing}</header>`;
}

function kubectl(verb: string, kind: KindKey, namespace: string, name: string): string {
  return `kubectl${namespace === "" ? "" : ` -n ${namespace}`} ${verb} ${kind}/${name}`;
}

/** The object as the API gives it: what the agent sent, field by field. */
function apiHref(kind: KindKey, cluster: string, namespace: string, name: string): string {
  const parts = [kindNames[kind].field, cluster, ...(kindNames[kind].namespaced ? [namespace] : []), name];
  return `/api/v1/${parts.map(encodeURIComponent).join("/")}`;
}

function commandMenu(v: Viewing, all: readonly { label: string; text: string }[], api: string): Html {
  return html`<div class="commands">${all.map(
    (one) =>
      html`<button type="button" class="button" data-copy="${one.text}" data-copied="${v.t.frame.copied}" title="${one.text}">${icon("copy")}<span class="label">${one.label}</span></button>`,
  )}<a class="button" href="${api}">JSON</a></div>`;
}

/** What is wrong with this object now, or with what it belongs to. */
export function problemsPart(
  v: Viewing,
  all: readonly ProblemView[],
  own: { kind: string; state: string; name: string },
): Html {
  // What the head says already is said once, unless there is more to say of it.
  const problems = all.filter(
    (one) => one.changedBefore || one.kind !== own.kind || one.name !== own.name || one.reason !== own.state,
  );
  if (problems.length === 0) return absent("problems");
  return html`<section id="problems" class="problems" aria-label="${v.t.detail.wrong}"><ul>${problems.map((one) => problemLine(v, one, one.kind !== own.kind || one.name !== own.name))}</ul></section>`;
}

/** One thing that is wrong; with the object's name where it stands among others. */
export function problemLine(v: Viewing, one: ProblemView, named: boolean): Html {
  const { t } = v;
  // A cluster's own trouble needs no second mention of the cluster.
  const whole = one.kind === "Cluster";
  const key = keyOfKind(one.kind);
  const where = [one.namespace, !whole && v.clusters.length > 1 ? clusterName(v, one.cluster) : ""]
    .filter(Boolean)
    .join(" · ");
  const object = whole
    ? html`<a class="mono" href="${pageHref(v, "/", { cluster: one.cluster })}">${one.name}</a>`
    : objectLink(v, one.cluster, one);
  return html`<li class="problem ${one.severity}">${mark(v, one.severity === "info" ? "info" : one.severity)}<div>
<p class="what">${
    named &&
    html`<span class="object">${object} <span class="soft">${one.kind}${where && ` · ${where}`}</span></span> `
  }<strong data-glow>${one.reason}</strong>${one.count > 1 && html` <span class="count soft" data-glow>×${one.count}</span>`}</p>
${one.message && html`<p class="message">${t.told(one.message)}</p>`}${one.cause && html`<p class="message">${t.told(one.cause)}</p>`}${
  one.changedBefore && html`<p class="before">${t.detail.changedBefore} ${t.told(one.changedBefore)}</p>`
}</div><span class="soft when">${one.sinceMs > 0 && t.detail.since(age(v, one.sinceMs))}${named && key ? objectDots(v, { ...one, kind: key }) : nothing}</span></li>`;
}
