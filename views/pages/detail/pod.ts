import type { Node } from "../../../wire/node.ts";
import type { Pod } from "../../../wire/pod.ts";
import type { Service } from "../../../wire/service.ts";
import { type Content, type Html, html } from "../../html.ts";
import type { Marked } from "../../mark.ts";
import type { ProblemView, RecentMetrics, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { parseTime } from "../../../wire/values.ts";
import { badge, mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { conditionList, facts, labelSections, objectLink, section, words } from "./blocks.ts";
import { containerPart, containerTable, table } from "./containers.ts";
import { currentTab, detailHead, problemsPart } from "./head.ts";
import { marksPart } from "./marks.ts";
import type { MomentView } from "./moment.ts";
import { timelinePart } from "./timeline.ts";
import { claimsOf, configMapsOf, volumeKind, volumeSource } from "./uses.ts";
import { boundsOf, usagePart } from "./usage.ts";

export interface PodData {
  row: Row<Pod>;
  events: StoredEvent[];
  moreEvents: boolean;
  /** What it used over the time that the address names, where it names one. */
  past?: RecentMetrics | undefined;
  marked?: Marked;
  moment?: MomentView | undefined;
  problems: ProblemView[];
  node: Row<Node> | undefined;
  /** Services whose selector matches it. */
  services: Row<Service>[];
}

const podTabs = ["overview", "containers", "events"] as const;

export function podPage(v: Viewing, data: PodData): Record<string, Html> {
  const { row } = data;
  const pod = row.item;
  const { name, namespace } = pod.summary;
  const head = detailHead(v, {
    kind: "pod",
    row,
    tabs: podTabs,
    owners: [...owners(pod)].reverse(),
    more: html` <span class="soft">${v.t.detail.readyOf(pod.summary.ready ?? "–")}${
      pod.summary.node &&
      html` · ${v.t.column.node} ${objectLink(v, row.cluster, { kind: "Node", name: pod.summary.node })}`
    }</span>${(pod.summary.badges ?? []).map((one) => html` ${badge(one)}`)}`,
    commands: podCommands(pod),
  });
  const problems = problemsPart(v, data.problems, { kind: "Pod", name, state: row.state });
  const tab = currentTab(v, podTabs);
  const events = timelinePart(
    v,
    data.events,
    { cluster: row.cluster, kind: "Pod", namespace, name },
    data.moreEvents,
  );
  if (tab === "events") return { head, problems, timeline: events };
  if (tab === "containers")
    return {
      head,
      problems,
      ...Object.fromEntries(
        (pod.containers ?? []).map((one, at) => [`container-${at}`, containerPart(v, one, at)]),
      ),
      volumes: volumes(v, row),
    };
  return {
    head,
    problems,
    containers: containerTable(v, pod.containers),
    usage: usagePart(v, row.usage, [pod], boundsOf(pod.containers), {
      ...data,
      of: { cluster: row.cluster, kind: "Pod", namespace, name },
    }),
    marks: marksPart(v, data.marked),
    timeline: events,
    side: side(v, data),
  };
}

/** The chain of owners, nearest first. */
function owners(pod: Pod) {
  return pod.summary.owners ?? (pod.summary.controlledBy ? [pod.summary.controlledBy] : []);
}

function podCommands(pod: Pod): { label: string; text: string }[] {
  const { name, namespace, restarts = 0 } = pod.summary;
  const many = (pod.containers ?? []).length > 1 ? " --all-containers" : "";
  const logs = { label: "kubectl logs", text: `kubectl -n ${namespace} logs ${name}${many}` };
  return restarts > 0
    ? [logs, { label: "kubectl logs --previous", text: `${logs.text} --previous` }]
    : [logs];
}

function side(v: Viewing, data: PodData): Html {
  const t = v.t.detail;
  const { row } = data;
  const { summary, spec, network } = row.item;
  return html`<aside id="side">${section("related", t.related, related(v, data))}${section(
    "facts",
    t.about,
    facts([
      [t.phase, summary.phase],
      [t.started, age(v, parseTime(summary.startTime))],
      [t.created, age(v, row.createdMs)],
      [t.deleting, age(v, parseTime(summary.deletedAt))],
      [
        t.podIP,
        [summary.podIP, ...(network?.podIPs ?? []).filter((one) => one !== summary.podIP)]
          .filter(Boolean)
          .join(", "),
      ],
      [t.hostIP, network?.hostIP],
      [t.hostNetwork, network?.hostNetwork && t.yes],
      [t.dnsPolicy, network?.dnsPolicy],
      [t.serviceAccount, network?.serviceAccountName],
      [t.qos, summary.qosClass],
      [t.priority, spec?.priorityClassName],
      [t.restartPolicy, spec?.restartPolicy],
      [t.grace, spec?.terminationGracePeriodSeconds != null && `${spec.terminationGracePeriodSeconds}s`],
      [t.scheduler, spec?.schedulerName],
      [t.nodeSelector, words(spec?.nodeSelector)],
      [t.affinity, words(spec?.affinity)],
      [t.tolerations, tolerations(row.item)],
    ]),
  )}${
    (row.item.conditions ?? []).length > 0 &&
    section("conditions", t.conditions, conditionList(v, row.item.conditions))
  }${labelSections(v, row.item.labels, row.item.annotations)}</aside>`;
}

function tolerations(pod: Pod): Content {
  return (pod.spec?.tolerations ?? []).map(
    (one) =>
      html`<code class="block">${one.key ?? "*"}${one.value && `=${one.value}`}:${one.effect ?? "*"}${
        one.tolerationSeconds !== undefined && ` ${one.tolerationSeconds}s`
      }</code>`,
  );
}

/** What it stands on and what stands on it: owners, node, services, claims, ConfigMaps. */
function related(v: Viewing, { row, node, services }: PodData): Html {
  const pod = row.item;
  const { namespace } = pod.summary;
  const link = (kind: string, name: string) => objectLink(v, row.cluster, { kind, namespace, name });
  const list = (names: Iterable<string>, kind: string) =>
    [...names].filter(Boolean).map((name) => html`<span class="item">${link(kind, name)}</span>`);
  return facts([
    ...owners(pod).map((one) => [one.kind ?? "", one.name && link(one.kind ?? "", one.name)] as const),
    [
      v.t.column.node,
      pod.summary.node &&
        html`${node && mark(v, node.health)} ${link("Node", pod.summary.node)}${node && node.health !== "ok" && html` <span class="soft">${node.state}</span>`}`,
    ],
    [
      v.t.kind.service,
      services.map(
        (one) =>
          html`<span class="item">${mark(v, one.health)} ${link("Service", one.item.summary.name)}</span>`,
      ),
    ],
    [v.t.detail.claims, list(claimsOf(pod), "PersistentVolumeClaim")],
    [v.t.kind.configmap, list(configMapsOf(pod), "ConfigMap")],
    [v.t.column.namespace, objectLink(v, row.cluster, { kind: "Namespace", name: namespace })],
  ]);
}

function volumes(v: Viewing, row: Row<Pod>): Html {
  const t = v.t.detail;
  const { namespace } = row.item.summary;
  const rows = (row.item.volumes ?? []).map((one) => [
    html`<code>${one.name}</code>`,
    one.type,
    volumeKind(one)
      ? objectLink(v, row.cluster, { kind: volumeKind(one), namespace, name: volumeSource(one) })
      : words(one.source),
  ]);
  return section(
    "volumes",
    t.volumes,
    rows.length > 0
      ? table([v.t.column.name, v.t.column.type, t.source], rows)
      : html`<p class="soft">${t.none}</p>`,
  );
}
