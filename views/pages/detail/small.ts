import type { ConfigMap } from "../../../wire/configmap.ts";
import type { ItemOf } from "../../../wire/kinds.ts";
import type { HorizontalPodAutoscaler, PersistentVolumeClaim } from "../../../wire/workloads.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { ProblemView, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { formatBytes, formatCount } from "../../parts/format.ts";
import { parseTime } from "../../../wire/values.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { conditionList, facts, labelSections, meter, objectLink, section } from "./blocks.ts";
import { table } from "./containers.ts";
import { detailHead, problemsPart } from "./head.ts";
import { timelinePart } from "./timeline.ts";

/** The kinds whose page is one tab: ConfigMap, PersistentVolumeClaim, HorizontalPodAutoscaler. */
export interface SmallData<T> {
  row: Row<T>;
  /** Pods that use it. */
  users: Row<ItemOf["pod"]>[];
  events: StoredEvent[];
  moreEvents: boolean;
  problems: ProblemView[];
}

const oneTab = ["overview"] as const;

export function configMapPage(v: Viewing, data: SmallData<ConfigMap>): Record<string, Html> {
  const t = v.t.detail;
  const { row } = data;
  const { summary } = row.item;
  const keys = [
    ...(row.item.data ?? []).map((one) => [
      html`<code>${one.key}</code>`,
      formatBytes(one.size ?? Number.NaN),
      preview(v, one),
    ]),
    ...(row.item.binary ?? []).map((one) => [
      html`<code>${one.key}</code>`,
      formatBytes(one.size ?? Number.NaN),
      t.binary,
    ]),
  ];
  return {
    head: detailHead(v, { kind: "configmap", row, tabs: oneTab }),
    problems: problemsPart(v, data.problems, { kind: "ConfigMap", name: summary.name, state: row.state }),
    keys: section(
      "keys",
      v.t.column.keys,
      keys.length > 0 ? table([t.key, v.t.column.size, ""], keys) : html`<p class="soft">${t.none}</p>`,
      formatCount(keys.length),
    ),
    timeline: timelinePart(
      v,
      data.events,
      { cluster: row.cluster, kind: "ConfigMap", ...name(summary) },
      data.moreEvents,
    ),
    side: side(
      v,
      row,
      data.users,
      [
        [v.t.column.size, formatBytes((summary.totalSizeBytes ?? 0) + (summary.binaryTotalSizeBytes ?? 0))],
        [v.t.column.immutable, summary.immutable && t.yes],
        ["resourceVersion", summary.resourceVersion],
      ],
      summary.labels,
      summary.annotations,
    ),
  };
}

function preview(v: Viewing, one: { preview?: string; truncated?: boolean }): Content {
  return (
    one.preview &&
    html`<details><summary>${v.t.detail.preview}</summary><pre>${one.preview}${one.truncated && "…"}</pre></details>`
  );
}

export function claimPage(v: Viewing, data: SmallData<PersistentVolumeClaim>): Record<string, Html> {
  const t = v.t.detail;
  const { row } = data;
  const { summary } = row.item;
  return {
    head: detailHead(v, { kind: "persistentvolumeclaim", row, tabs: oneTab }),
    problems: problemsPart(v, data.problems, {
      kind: "PersistentVolumeClaim",
      name: summary.name,
      state: row.state,
    }),
    claim: section(
      "claim",
      t.storage,
      facts([
        [t.phase, summary.phase],
        [t.requested, summary.requested],
        [v.t.column.capacity, summary.capacity],
        [v.t.column.storageClass, summary.storageClass],
        [v.t.column.accessModes, (summary.accessModes ?? []).join(", ")],
        [v.t.column.volume, summary.volumeName && html`<code>${summary.volumeName}</code>`],
        [t.volumeMode, summary.volumeMode],
      ]),
    ),
    timeline: timelinePart(
      v,
      data.events,
      { cluster: row.cluster, kind: "PersistentVolumeClaim", ...name(summary) },
      data.moreEvents,
    ),
    side: side(v, row, data.users, [], row.item.labels, row.item.annotations),
  };
}

/** Which metric moves it where; the target is what it scales. */
export function autoscalerPage(v: Viewing, data: SmallData<HorizontalPodAutoscaler>): Record<string, Html> {
  const t = v.t.detail;
  const { row } = data;
  const { summary } = row.item;
  const { currentReplicas, desiredReplicas, minReplicas = 1, maxReplicas } = summary;
  const bar = (label: string, value: number | undefined) =>
    value !== undefined &&
    html`<div><dt>${label}</dt><dd>${maxReplicas ? meter(value / maxReplicas, value >= maxReplicas ? "warning" : "") : nothing}<span class="num" data-glow>${value}</span></dd></div>`;
  return {
    head: detailHead(v, { kind: "horizontalpodautoscaler", row, tabs: oneTab }),
    problems: problemsPart(v, data.problems, {
      kind: "HorizontalPodAutoscaler",
      name: summary.name,
      state: row.state,
    }),
    scale: section(
      "scale",
      v.t.column.replicas,
      html`<dl class="progress">${bar(t.now, currentReplicas)}${bar(v.t.column.desired, desiredReplicas)}</dl><p class="soft">${t.between(minReplicas, maxReplicas ?? 0)}</p>${table(
        [v.t.column.metrics],
        (summary.metrics ?? []).map((one) => [html`<code>${one}</code>`]),
      )}`,
    ),
    conditions: section(
      "conditions",
      t.conditions,
      conditionList(
        v,
        row.item.status?.conditions,
        (one) => (one.status === "True") !== (one.type === "ScalingLimited"),
      ),
    ),
    timeline: timelinePart(
      v,
      data.events,
      { cluster: row.cluster, kind: "HorizontalPodAutoscaler", ...name(summary) },
      data.moreEvents,
    ),
    side: side(
      v,
      row,
      [],
      [
        [
          v.t.column.target,
          summary.target &&
            html`${summary.target.kind} ${objectLink(v, row.cluster, { ...summary.target, namespace: summary.namespace })}`,
        ],
        [t.lastScale, age(v, parseTime(summary.lastScaleTime))],
      ],
      row.item.labels,
      row.item.annotations,
    ),
  };
}

const name = ({ name, namespace }: { name: string; namespace: string }) => ({ name, namespace });

function side(
  v: Viewing,
  row: Row<{ summary: { name: string; namespace: string } }>,
  users: readonly Row<ItemOf["pod"]>[],
  more: readonly (readonly [Content, Content])[],
  labels: Record<string, string> | null | undefined,
  annotations: Record<string, string> | null | undefined,
): Html {
  const t = v.t.detail;
  const { namespace } = row.item.summary;
  const shown = 20;
  return html`<aside id="side">${section(
    "facts",
    t.about,
    facts([
      ...more,
      [
        t.usedBy,
        users.length > 0 && [
          ...users
            .slice(0, shown)
            .map(
              (one) =>
                html`<span class="item">${mark(v, one.health)} ${objectLink(v, one.cluster, { kind: "Pod", namespace, name: one.item.summary.name })}</span>`,
            ),
          users.length > shown && html`<span class="item soft">${t.shownOf(shown, users.length)}</span>`,
        ],
      ],
      [v.t.column.namespace, objectLink(v, row.cluster, { kind: "Namespace", name: namespace })],
      [t.created, age(v, row.createdMs)],
    ]),
  )}${labelSections(v, labels, annotations)}</aside>`;
}
