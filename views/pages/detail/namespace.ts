import type { KindKey } from "../../../wire/kind-names.ts";
import type { ItemOf } from "../../../wire/kinds.ts";
import type { Namespace } from "../../../wire/namespace.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { ProblemView, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { formatCount } from "../../parts/format.ts";
import { parseQuantity } from "../../../wire/values.ts";
import { folders, withQuery } from "../../parts/links.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, facts, fullness, labelSections, meter, section, words } from "./blocks.ts";
import { currentTab, detailHead, problemLine } from "./head.ts";
import { podsPart } from "./pods.ts";
import { timelinePart } from "./timeline.ts";

export interface NamespaceData {
  row: Row<Namespace>;
  /** What is wrong in it. */
  problems: ProblemView[];
  /** Its pods that use the most memory. */
  top: Row<ItemOf["pod"]>[];
  pods: number;
  events: StoredEvent[];
  moreEvents: boolean;
}

const namespaceTabs = ["overview", "events"] as const;

export function namespacePage(v: Viewing, data: NamespaceData): Record<string, Html> {
  const { row } = data;
  const { name } = row.item.summary;
  const head = detailHead(v, { kind: "namespace", row, tabs: namespaceTabs });
  const timeline = timelinePart(
    v,
    data.events,
    { cluster: row.cluster, kind: "", namespace: name, name: "" },
    data.moreEvents,
  );
  if (currentTab(v, namespaceTabs) === "events") return { head, timeline };
  const all = listHref("pod", row);
  return {
    head,
    problems:
      data.problems.length === 0
        ? absent("problems")
        : html`<section id="problems" class="problems" aria-label="${v.t.detail.wrong}"><ul>${data.problems.slice(0, 20).map((one) => problemLine(v, one, true))}</ul></section>`,
    counts: counts(v, row),
    quotas: quotas(v, row.item),
    pods: podsPart(v, data.top, { node: true, most: 10, ...(data.pods > data.top.length ? { all } : {}) }),
    timeline,
    side: side(v, row),
  };
}

function listHref(kind: KindKey, row: Row<Namespace>): string {
  return withQuery(`/${folders[kind]}`, new URLSearchParams(), {
    cluster: row.cluster,
    namespace: row.item.summary.name,
  });
}

const counted: [KindKey, keyof NonNullable<Namespace["counts"]>][] = [
  ["pod", "pods"],
  ["deployment", "deployments"],
  ["statefulset", "statefulSets"],
  ["daemonset", "daemonSets"],
  ["job", "jobs"],
  ["cronjob", "cronJobs"],
  ["service", "services"],
  ["ingress", "ingresses"],
  ["configmap", "configMaps"],
  ["persistentvolumeclaim", "persistentVolumeClaims"],
];

/** How many of each kind are in it; each leads to them. */
function counts(v: Viewing, row: Row<Namespace>): Html {
  const t = v.t.detail;
  const all = row.item.counts ?? {};
  const known = counted.filter(([kind, field]) => all[field] || (kind === "pod" && all.pods === 0));
  if (known.length === 0) return absent("counts");
  const pods = (["podsRunning", "podsPending", "podsFailed", "podsSucceeded"] as const).filter(
    (one) => all[one],
  );
  return section(
    "counts",
    t.objects,
    html`<ul class="counts">${known.map(
      ([kind, field]) =>
        html`<li><a href="${listHref(kind, row)}"><strong data-glow>${formatCount(all[field] ?? 0)}</strong> ${v.t.kind[kind]}</a></li>`,
    )}</ul>${pods.length > 0 && html`<p class="soft small">${pods.map((one) => `${t.podPhases[one]} ${formatCount(all[one] ?? 0)}`).join(" · ")}</p>`}`,
  );
}

/** Quotas as bars of what is used of what is allowed, and the limit ranges. */
function quotas(v: Viewing, namespace: Namespace): Html {
  const t = v.t.detail;
  const all = namespace.quotas ?? [];
  const ranges = Array.isArray(namespace.limitRanges) ? (namespace.limitRanges as unknown[]) : [];
  if (all.length === 0 && ranges.length === 0) return absent("quotas");
  return section(
    "quotas",
    v.t.column.quotas,
    html`${all.map(
      (quota) =>
        html`<h3>${quota.name}${(quota.scopes ?? []).length > 0 && html` <span class="soft small">${words(quota.scopes)}</span>`}</h3><dl class="progress">${Object.entries(
          quota.hard ?? {},
        ).map(([resource, hard]) => {
          const used = quota.used?.[resource] ?? "0";
          const share = parseQuantity(used) / parseQuantity(hard);
          return html`<div><dt>${resource}</dt><dd>${meter(share, fullness(share))}<span class="num" data-glow>${t.ofText(used, hard)}</span></dd></div>`;
        })}</dl>`,
    )}${ranges.map((range) => limitRange(v, range))}`,
  );
}

function limitRange(v: Viewing, range: unknown): Content {
  if (typeof range !== "object" || range === null) return nothing;
  const { name, limits } = range as { name?: unknown; limits?: unknown };
  return html`<h3>${v.t.detail.limitRange} <span class="mono">${words(name)}</span></h3>${(
    Array.isArray(limits) ? limits : []
  ).map((one) => html`<p class="soft">${words(one)}</p>`)}`;
}

function side(v: Viewing, row: Row<Namespace>): Html {
  const t = v.t.detail;
  const { summary } = row.item;
  return html`<aside id="side">${section(
    "facts",
    t.about,
    facts([
      [t.phase, summary.phase],
      [t.created, age(v, row.createdMs)],
    ]),
  )}${labelSections(v, summary.labels, summary.annotations)}</aside>`;
}
