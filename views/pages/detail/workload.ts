import type { Condition } from "../../../wire/common.ts";
import type { ReplicaSetOfDeployment, Template } from "../../../wire/deployment.ts";
import type { ItemOf } from "../../../wire/kinds.ts";
import { type Html, html } from "../../html.ts";
import type { Marked } from "../../mark.ts";
import type { ProblemView, RecentMetrics, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { badge, mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, facts, labels, objectLink, section, words } from "./blocks.ts";
import { containerPart, table } from "./containers.ts";
import { currentTab, detailHead, problemsPart } from "./head.ts";
import { marksPart } from "./marks.ts";
import type { MomentView } from "./moment.ts";
import { podsPart } from "./pods.ts";
import { timelinePart } from "./timeline.ts";
import { type TopPods, topPodsPart } from "./top-pods.ts";
import { usagePart } from "./usage.ts";
import { revisionsPart, rolloutPart } from "./workload-rollout.ts";
import { workloadSide } from "./workload-side.ts";

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
export interface AnyWorkload {
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
  /** What it used over the time that the address names, where it names one. */
  past?: RecentMetrics | undefined;
  topPods?: TopPods | undefined;
  marked?: Marked;
  moment?: MomentView | undefined;
  problems: ProblemView[];
  services: Row<ItemOf["service"]>[];
  autoscalers: Row<ItemOf["horizontalpodautoscaler"]>[];
  /** A CronJob's jobs, newest first. */
  jobs: Row<ItemOf["job"]>[];
}

const workloadTabs = ["overview", "pods", "template", "events"] as const;

export function workloadPage<K extends WorkloadKey>(v: Viewing, data: WorkloadData<K>): Record<string, Html> {
  const { row, kind } = data;
  const item = row.item as unknown as AnyWorkload;
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
        rollout: rolloutPart(v, kind, item),
        ...(kind === "deployment" ? { revisions: revisionsPart(v, item) } : {}),
        ...(kind === "cronjob" ? { jobs: jobs(v, data.jobs) } : {}),
        ...(kind === "cronjob"
          ? {}
          : { pods: podsPart(v, data.pods, { node: true, most: 10, all: `${v.path}?tab=pods` }) }),
        ...(kind === "cronjob"
          ? {}
          : {
              usage:
                row.usage || data.past || kind !== "job"
                  ? usagePart(
                      v,
                      row.usage,
                      data.pods.map((one) => one.item),
                      undefined,
                      { ...data, of: { cluster: row.cluster, kind: workloadKinds[kind], namespace, name } },
                    )
                  : absent("usage"),
              marks: marksPart(v, data.marked),
              "top-pods": topPodsPart(v, data.topPods, { cluster: row.cluster, namespace }),
            }),
        timeline: events(),
        side: workloadSide(v, data, item),
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
