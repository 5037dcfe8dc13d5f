import type { Condition } from "../../../wire/common.ts";
import type { ReplicaSetOfDeployment, Template } from "../../../wire/deployment.ts";
import type { ItemOf } from "../../../wire/kinds.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { ProblemView, Row, StoredEvent } from "../../model.ts";
import { parseTime } from "../../parts/format.ts";
import { badge, mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import {
  absent,
  conditionList,
  facts,
  labels,
  labelSections,
  meter,
  objectLink,
  section,
  words,
} from "./blocks.ts";
import { containerPart, table } from "./containers.ts";
import { currentTab, detailHead, problemsPart } from "./head.ts";
import { podsPart } from "./pods.ts";
import { timelinePart } from "./timeline.ts";
import { usagePart } from "./usage.ts";

export type WorkloadKey = "deployment" | "statefulset" | "daemonset" | "replicaset" | "job" | "cronjob";
export const workloadKinds = {
  deployment: "Deployment",
  statefulset: "StatefulSet",
  daemonset: "DaemonSet",
  replicaset: "ReplicaSet",
  job: "Job",
  cronjob: "CronJob",
} as const satisfies Record<WorkloadKey, string>;

/** The six kinds have most in common; what one lacks is undefined. */
interface Any {
  summary: Record<string, unknown> & { name: string; namespace: string };
  spec?: Record<string, unknown> | null;
  template?: Template | null;
  status?: ({ conditions?: Condition[] | null } & Record<string, unknown>) | null;
  rollout?: { phase?: string; message?: string; badges?: string[] | null } | null;
  replicaSets?: ReplicaSetOfDeployment[] | null;
  labels?: Record<string, string> | null;
  annotations?: Record<string, string> | null;
}

export interface WorkloadData<K extends WorkloadKey> {
  kind: K;
  row: Row<ItemOf[K]>;
  pods: Row<ItemOf["pod"]>[];
  events: StoredEvent[];
  moreEvents: boolean;
  problems: ProblemView[];
  services: Row<ItemOf["service"]>[];
  autoscalers: Row<ItemOf["horizontalpodautoscaler"]>[];
  /** A CronJob's jobs, newest first. */
  jobs: Row<ItemOf["job"]>[];
}

const workloadTabs = ["overview", "pods", "template", "events"] as const;

export function workloadPage<K extends WorkloadKey>(v: Viewing, data: WorkloadData<K>): Record<string, Html> {
  const { row, kind } = data;
  const item = row.item as unknown as Any;
  const { name, namespace } = item.summary;
  const owner = item.summary.controlledBy as { kind?: string; name?: string } | undefined;
  const head = detailHead(v, {
    kind,
    row,
    tabs: workloadTabs,
    ...(owner?.name ? { owners: [owner] } : {}),
    more: (item.rollout?.badges ?? []).map((one) => html` ${badge(one)}`),
    commands: commands(kind, namespace, name),
  });
  const problems = problemsPart(v, data.problems, { kind: workloadKinds[kind], name, state: row.state });
  const events = () =>
    timelinePart(
      v,
      data.events,
      { cluster: row.cluster, kind: workloadKinds[kind], namespace, name },
      data.moreEvents,
    );
  switch (currentTab(v, workloadTabs)) {
    case "pods":
      return { head, problems, pods: podsPart(v, data.pods, { node: true, lines: true }) };
    case "events":
      return { head, problems, timeline: events() };
    case "template":
      return { head, problems, ...templateParts(v, item.template) };
    default:
      return {
        head,
        problems,
        rollout: rollout(v, kind, item),
        ...(kind === "deployment" ? { revisions: revisions(v, item) } : {}),
        ...(kind === "cronjob" ? { jobs: jobs(v, data.jobs) } : {}),
        ...(kind === "cronjob"
          ? {}
          : { pods: podsPart(v, data.pods, { node: true, most: 10, all: `${v.path}?tab=pods` }) }),
        ...(kind === "cronjob"
          ? {}
          : {
              usage:
                row.usage || kind !== "job"
                  ? usagePart(
                      v,
                      row.usage,
                      data.pods.map((one) => one.item),
                    )
                  : absent("usage"),
            }),
        timeline: events(),
        side: side(v, data, item),
      };
  }
}

function commands(kind: WorkloadKey, namespace: string, name: string) {
  const of = `${kind}/${name}`;
  const logs = { label: "kubectl logs", text: `kubectl -n ${namespace} logs ${of} --all-containers` };
  const status = { label: "kubectl rollout status", text: `kubectl -n ${namespace} rollout status ${of}` };
  if (kind === "cronjob") return [];
  return kind === "deployment" || kind === "statefulset" || kind === "daemonset" ? [logs, status] : [logs];
}

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** How far it is: phase and reason, then each count against what is wanted. */
function rollout(v: Viewing, kind: WorkloadKey, item: Any): Html {
  const t = v.t.detail;
  const { summary } = item;
  const wanted =
    kind === "job"
      ? (numberOf(summary.completions) ?? 1)
      : kind === "daemonset"
        ? numberOf(summary.desired)
        : (numberOf(item.spec?.replicas) ?? numberOf(summary.replicas));
  const counts: [string, number | undefined][] =
    kind === "job"
      ? [[t.succeeded, numberOf(summary.succeeded) ?? 0]]
      : kind === "cronjob"
        ? []
        : [
            [v.t.column.upToDate, numberOf(summary.updated)],
            [v.t.column.ready, numberOf(summary.ready) ?? 0],
            [v.t.column.available, numberOf(summary.available) ?? 0],
          ];
  const phase = item.rollout?.phase ?? (typeof summary.state === "string" ? summary.state : undefined);
  const message =
    item.rollout?.message ?? (typeof summary.message === "string" ? summary.message : undefined);
  if (!phase && counts.length === 0) return absent("rollout");
  return section(
    "rollout",
    kind === "job" ? t.progress : t.rollout,
    html`${phase && html`<p><strong data-glow>${t.phases[phase] ?? phase}</strong>${message && html` <span class="soft">${v.t.told(message)}</span>`}</p>`}${
      wanted !== undefined &&
      html`<dl class="progress">${counts
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => {
          const share = wanted === 0 ? 1 : value! / wanted;
          return html`<div><dt>${label}</dt><dd>${meter(share, share < 1 ? "warning" : "")}<span class="num" data-glow>${t.of(value!, wanted)}</span></dd></div>`;
        })}</dl>`
    }`,
  );
}

/** A Deployment's ReplicaSets, the newest revision first. */
function revisions(v: Viewing, item: Any): Html {
  const t = v.t.detail;
  const all = [...(item.replicaSets ?? [])].sort((a, b) => Number(b.revision ?? 0) - Number(a.revision ?? 0));
  if (all.length === 0) return absent("revisions");
  return section(
    "revisions",
    t.revisions,
    html`<table class="small-table stack"><thead><tr><th scope="col" class="right">${t.revision}</th><th scope="col">ReplicaSet</th><th scope="col">${v.t.column.images}</th><th scope="col" class="right">${v.t.column.ready}</th><th scope="col" class="right">${v.t.column.age}</th></tr></thead><tbody>${all.map(
      (one, at) =>
        html`<tr${(one.replicas ?? 0) === 0 && html` class="soft"`}><td class="right">${one.revision}${at === 0 && html` ${badge(t.current)}`}</td><td class="mono wrap">${one.name}</td><td class="wrap">${(one.images ?? []).map((image) => html`<code class="block">${image}</code>`)}</td><td class="right"><span data-glow>${t.of(one.ready ?? 0, one.replicas ?? 0)}</span></td><td class="right">${age(v, parseTime(one.createdAt))}</td></tr>`,
    )}</tbody></table>`,
  );
}

function jobs(v: Viewing, all: readonly Row<ItemOf["job"]>[]): Html {
  const t = v.t.detail;
  const rows = all
    .slice(0, 20)
    .map((one) => [
      html`${mark(v, one.health)} ${objectLink(v, one.cluster, { kind: "Job", namespace: one.item.summary.namespace, name: one.item.summary.name })}`,
      one.state,
      age(v, one.createdMs),
    ]);
  return section(
    "jobs",
    v.t.kind.job,
    rows.length > 0
      ? table([v.t.column.name, v.t.column.state, v.t.column.age], rows)
      : html`<p class="soft">${t.noJobs}</p>`,
  );
}

function templateParts(v: Viewing, template: Template | null | undefined): Record<string, Html> {
  const t = v.t.detail;
  if (!template)
    return { template: section("template", t.tabs.template, html`<p class="soft">${t.none}</p>`) };
  const mounts = (template.volumes ?? []).map((one) => [
    html`<code>${one.name}</code>`,
    one.type,
    words(one.source),
  ]);
  return {
    template: section(
      "template",
      t.tabs.template,
      facts([
        [t.serviceAccount, template.serviceAccountName],
        [t.nodeSelector, words(template.nodeSelector)],
        [t.labels, labels(template.labels)],
      ]),
    ),
    ...Object.fromEntries(
      (template.containers ?? []).map((one, at) => [`container-${at}`, containerPart(v, one, at)]),
    ),
    volumes:
      mounts.length > 0
        ? section("volumes", t.volumes, table([v.t.column.name, v.t.column.type, t.source], mounts))
        : absent("volumes"),
  };
}

function side<K extends WorkloadKey>(v: Viewing, data: WorkloadData<K>, item: Any): Html {
  const t = v.t.detail;
  const { row } = data;
  const { summary, spec } = item;
  const text = (value: unknown): Content =>
    value === undefined || value === null ? undefined : words(value);
  const time = (value: unknown) => age(v, parseTime(typeof value === "string" ? value : undefined));
  const of = (kind: string, rows: readonly Row<{ summary: { name: string } }>[]) =>
    rows.map(
      (one) =>
        html`<span class="item">${mark(v, one.health)} ${objectLink(v, one.cluster, { kind, namespace: summary.namespace, name: one.item.summary.name })}</span>`,
    );
  const owner = summary.controlledBy as { kind?: string; name?: string } | undefined;
  return html`<aside id="side">${section(
    "related",
    t.related,
    facts([
      [
        owner?.kind ?? t.owner,
        owner?.name && objectLink(v, row.cluster, { ...owner, namespace: summary.namespace }),
      ],
      [v.t.kind.service, of("Service", data.services)],
      [v.t.kind.horizontalpodautoscaler, of("HorizontalPodAutoscaler", data.autoscalers)],
      [v.t.column.namespace, objectLink(v, row.cluster, { kind: "Namespace", name: summary.namespace })],
    ]),
  )}${section(
    "facts",
    t.about,
    facts([
      [t.created, age(v, row.createdMs)],
      [v.t.column.strategy, text(summary.strategy)],
      [t.strategyDetail, strategy(spec?.strategy)],
      [t.paused, summary.paused === true ? t.yes : undefined],
      [v.t.column.schedule, typeof summary.schedule === "string" && html`<code>${summary.schedule}</code>`],
      [t.timeZone, text(summary.timeZone)],
      [t.suspended, summary.suspended === true ? t.yes : undefined],
      [t.concurrency, text(summary.concurrencyPolicy)],
      [v.t.column.lastSchedule, time(summary.lastScheduleTime)],
      [t.lastSuccess, time(summary.lastSuccessfulTime)],
      [t.started, time(summary.startTime)],
      [t.completed, time(summary.completionTime)],
      [t.parallelism, text(summary.parallelism)],
      [v.t.column.active, kindHas(data.kind, "job", "cronjob") ? text(summary.active) : undefined],
      [t.failedPods, summary.failed ? text(summary.failed) : undefined],
      [t.backoffLimit, text(summary.backoffLimit)],
      [t.misscheduled, summary.misscheduled ? text(summary.misscheduled) : undefined],
      [t.headless, text(summary.serviceName)],
      [t.podManagement, text(spec?.podManagementPolicy)],
      [t.partition, text(spec?.partition)],
      [t.claimTemplates, text(spec?.claimTemplates)],
      [t.revision, text(item.status?.updateRevision)],
      [t.minReady, spec?.minReadySeconds ? `${text(spec.minReadySeconds)}s` : undefined],
      [t.deadline, spec?.progressDeadlineSeconds ? `${text(spec.progressDeadlineSeconds)}s` : undefined],
      [t.historyLimit, text(spec?.revisionHistoryLimit)],
      [t.selector, summary.selector ? html`<code>${words(summary.selector)}</code>` : undefined],
    ]),
  )}${
    (item.status?.conditions ?? []).length > 0
      ? section("conditions", t.conditions, conditionList(v, item.status?.conditions, wellCondition))
      : nothing
  }${labelSections(v, item.labels, item.annotations)}</aside>`;
}

/** What the strategy says beyond its name: how many may be missing, and how many too many. */
function strategy(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { rollingUpdate } = value as { rollingUpdate?: unknown };
  return words(rollingUpdate);
}

function kindHas(kind: WorkloadKey, ...all: WorkloadKey[]): boolean {
  return all.includes(kind);
}

/** Conditions that are well when they are false. */
const bad = new Set(["ReplicaFailure", "Failed", "FailureTarget", "Suspended"]);
function wellCondition(one: Condition): boolean {
  return bad.has(one.type) ? one.status === "False" : one.status === "True";
}
