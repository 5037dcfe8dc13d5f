import type { Container, ObjectReference } from "../../wire/common.ts";
import type { CronJob, HorizontalPodAutoscaler, Job, ReplicaSet } from "../../wire/workloads.ts";
import { type Content, html, nothing } from "../html.ts";
import type { Row } from "../model.ts";
import {
  ageColumn,
  clusterColumn,
  cpuColumn,
  memoryColumn,
  nameColumn,
  namespaceColumn,
  sinceColumn,
  stateColumn,
  whyColumn,
} from "../parts/columns.ts";
import { formatDuration } from "../parts/format.ts";
import { parseTime } from "../../wire/values.ts";
import { kindHref } from "../parts/links.ts";
import type { Column, List } from "../parts/list.ts";
import { age } from "../parts/time.ts";
import type { Viewing } from "../viewing.ts";

type Templated = { template?: { containers?: Container[] | null } | null };

/** Images without their registry, which is mostly the same for all; the whole on hover. */
const images: Column<Templated> = {
  key: "images",
  label: "images",
  className: "mono",
  priority: 3,
  cell: (row) => {
    const all = (row.item.template?.containers ?? []).map((one) => one.image ?? "").filter(Boolean);
    return html`<span title="${all.join(", ")}">${all.map((one) => one.split("/").at(-1)).join(", ")}</span>`;
  },
};

const head = [nameColumn, clusterColumn, namespaceColumn, stateColumn] as const;
/** What has replicas says in its state how many of them are ready. */
const scaledHead = [
  nameColumn,
  clusterColumn,
  namespaceColumn,
  { ...stateColumn, key: "ready", label: "ready" } satisfies Column<unknown>,
] as const;
const tail = [whyColumn, sinceColumn] as const;
const usage = [cpuColumn, memoryColumn] as const;

function count<T>(
  key: string,
  label: Column<T>["label"],
  value: (item: T) => number | undefined,
  priority?: 2 | 3,
): Column<T> {
  return {
    key,
    label,
    numeric: true,
    priority,
    cell: (row) => html`<span data-glow>${value(row.item) ?? nothing}</span>`,
  };
}

type Scaled = { summary: { ready?: number; replicas?: number; updated?: number; available?: number } };
const updated = count<Scaled>("updated", "upToDate", (item) => item.summary.updated, 2);
const available = count<Scaled>("available", "available", (item) => item.summary.available, 2);

export const deploymentList: List<"deployment"> = {
  kind: "deployment",
  columns: [...scaledHead, updated, available, ...tail, images, ...usage, ageColumn],
};
export const statefulSetList: List<"statefulset"> = {
  kind: "statefulset",
  columns: [...scaledHead, updated, ...tail, images, ...usage, ageColumn],
};
export const daemonSetList: List<"daemonset"> = {
  kind: "daemonset",
  columns: [...scaledHead, updated, available, ...tail, images, ...usage, ageColumn],
};

function ownerCell(
  v: Viewing,
  row: Row<unknown>,
  namespace: string,
  owner: ObjectReference | null | undefined,
): Content {
  if (!owner?.name) return nothing;
  const href = kindHref(v, owner.kind ?? "", row.cluster, namespace, owner.name);
  return href ? html`<a href="${href}">${owner.name}</a>` : owner.name;
}
const replicaSetOwner: Column<ReplicaSet> = {
  key: "owner",
  label: "owner",
  sort: false,
  priority: 2,
  cell: (row, v) => ownerCell(v, row, row.item.summary.namespace, row.item.summary.controlledBy),
};
export const replicaSetList: List<"replicaset"> = {
  kind: "replicaset",
  columns: [...scaledHead, available, ...tail, replicaSetOwner, images, ...usage, ageColumn],
};

const completions: Column<Job> = {
  key: "succeeded",
  label: "completions",
  numeric: true,
  cell: ({ item }) =>
    html`<span data-glow>${item.summary.succeeded ?? 0}/${item.summary.completions ?? 1}</span>`,
};
const jobDuration: Column<Job> = {
  key: "duration",
  label: "duration",
  numeric: true,
  priority: 2,
  cell: ({ item }, v) => {
    const start = parseTime(item.summary.startTime);
    const end = parseTime(item.summary.completionTime);
    return end > 0 ? formatDuration(end - start) : age(v, start);
  },
};
const jobOwner: Column<Job> = {
  key: "owner",
  label: "owner",
  priority: 2,
  cell: (row, v) => ownerCell(v, row, row.item.summary.namespace, row.item.summary.controlledBy),
};
export const jobList: List<"job"> = {
  kind: "job",
  columns: [
    ...head,
    completions,
    count<Job>("failed", "failed", (item) => item.summary.failed, 2),
    jobDuration,
    ...tail,
    jobOwner,
    { ...images, sort: false },
    ageColumn,
  ],
};

const schedule: Column<CronJob> = {
  key: "schedule",
  label: "schedule",
  className: "mono",
  cell: ({ item }) =>
    html`${item.summary.schedule}${item.summary.timeZone ? ` ${item.summary.timeZone}` : ""}`,
};
const lastSchedule: Column<CronJob> = {
  key: "last",
  label: "lastSchedule",
  numeric: true,
  cell: ({ item }, v) => age(v, parseTime(item.summary.lastScheduleTime)),
};
export const cronJobList: List<"cronjob"> = {
  kind: "cronjob",
  columns: [
    ...head,
    schedule,
    count<CronJob>("active", "active", (item) => item.summary.active),
    lastSchedule,
    ...tail,
    { ...images, sort: false },
    ageColumn,
  ],
};

const target: Column<HorizontalPodAutoscaler> = {
  key: "target",
  label: "target",
  cell: (row, v) => ownerCell(v, row, row.item.summary.namespace, row.item.summary.target),
};
const metrics: Column<HorizontalPodAutoscaler> = {
  key: "metrics",
  label: "metrics",
  className: "mono",
  sort: false,
  priority: 2,
  cell: ({ item }) => (item.summary.metrics ?? []).join(", "),
};
const current: Column<HorizontalPodAutoscaler> = {
  key: "current",
  label: "replicas",
  numeric: true,
  cell: ({ item: { summary } }) =>
    html`<span data-glow>${summary.currentReplicas ?? 0}${
      summary.desiredReplicas !== undefined && summary.desiredReplicas !== summary.currentReplicas
        ? ` → ${summary.desiredReplicas}`
        : ""
    }</span>`,
};
const bounds: Column<HorizontalPodAutoscaler> = {
  key: "max",
  label: "minMax",
  numeric: true,
  priority: 2,
  cell: ({ item }) => `${item.summary.minReplicas ?? 1}–${item.summary.maxReplicas ?? ""}`,
};
export const autoscalerList: List<"horizontalpodautoscaler"> = {
  kind: "horizontalpodautoscaler",
  columns: [...head, target, metrics, current, bounds, ...tail, ageColumn],
};
