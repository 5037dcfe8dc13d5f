import type { Condition } from "../../../wire/common.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { Row } from "../../model.ts";
import { parseTime } from "../../../wire/values.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { conditionList, facts, labelSections, objectLink, section, words } from "./blocks.ts";
import type { AnyWorkload, WorkloadData, WorkloadKey } from "./workload.ts";

/** What it is related to, what it asks for, how it stands. */
export function workloadSide<K extends WorkloadKey>(
  v: Viewing,
  data: WorkloadData<K>,
  item: AnyWorkload,
): Html {
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
