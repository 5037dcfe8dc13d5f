import type { ProblemView } from "../../views/model.ts";
import type { Event, Severity } from "../../wire/event.ts";
import { type ItemOf, type KindKey, kindKeys, kinds } from "../../wire/kinds.ts";
import { beforeMs, type Change, type Changes, configMapsOf, shortImage } from "./changes.ts";
import { type Entry, ownerKey } from "./entry.ts";
import type { Objects } from "./objects.ts";
import type { OpenEvents } from "./open-events.ts";
import { parseTime } from "../../wire/values.ts";

const rank: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };
/** Kinds whose rows are asked where no agent diagnoses. */
const judged: KindKey[] = [
  "pod",
  "node",
  "deployment",
  "statefulset",
  "daemonset",
  "job",
  "persistentvolumeclaim",
];

/** Kinds that something else may have made, by their names. */
const ownedKinds: Record<string, KindKey> = { Pod: "pod", ReplicaSet: "replicaset", Job: "job" };

/** One fault of one object, before faults of the same workload are put together. */
export interface Fault extends ProblemView {
  /** The object that the fault is shown under: `Kind/namespace/name`. */
  group: string;
}

/** Each fault of each object, as it is found. */
export function faultsOf(cluster: string, diagnoses: boolean, open: OpenEvents, objects: Objects): Fault[] {
  return diagnoses ? fromEvents(cluster, open, objects) : fromRows(cluster, objects);
}

/** What is wrong now in one cluster: the same workload's faults as one, worst and newest first. */
export function problemsOf(
  cluster: string,
  diagnoses: boolean,
  open: OpenEvents,
  objects: Objects,
  changes: Changes,
): ProblemView[] {
  const faults = faultsOf(cluster, diagnoses, open, objects);
  const groups = new Map<string, Fault[]>();
  for (const fault of faults) {
    const known = groups.get(fault.group);
    if (known) known.push(fault);
    else groups.set(fault.group, [fault]);
  }
  return [...groups].map(([group, members]) => {
    const problem = together(group, members);
    const changed = changedBefore(problem, members, objects, changes);
    return changed ? { ...problem, changedBefore: changed } : problem;
  });
}

export function worstProblemFirst(a: ProblemView, b: ProblemView): number {
  return rank[a.severity] - rank[b.severity] || b.sinceMs - a.sinceMs || (a.name < b.name ? -1 : 1);
}

function fromEvents(cluster: string, open: OpenEvents, objects: Objects): Fault[] {
  const faults: Fault[] = [];
  for (const event of open.of(cluster)) {
    if (event.severity === "info") continue;
    const namespace = event.namespace ?? "";
    const own = ownerKey(event.kind, namespace, event.name);
    faults.push({
      cluster,
      kind: event.kind,
      namespace,
      name: event.name,
      node: event.node ?? "",
      reason: event.reason,
      message: event.message ?? "",
      severity: event.severity,
      sinceMs: event.first_ts_ms ?? event.ts_ms,
      lastMs: event.ts_ms,
      count: event.count ?? 1,
      eventID: event.id,
      group: open.groupOf(cluster, event, outermost(owned(cluster, event, objects))) ?? own,
    });
  }
  return faults;
}

function fromRows(cluster: string, objects: Objects): Fault[] {
  const faults: Fault[] = [];
  for (const kind of judged)
    for (const entry of objects.tables[kind].attention(cluster)) {
      if (entry.health !== "critical" && entry.health !== "warning") continue;
      const { namespace, name } = entry;
      faults.push({
        cluster,
        kind: kinds[kind].kind,
        namespace,
        name,
        node: entry.node,
        // A number of replicas is a state but no reason.
        reason: entry.state.includes("/") ? "Unavailable" : entry.state,
        message: entry.why,
        severity: entry.health,
        sinceMs: entry.sinceMs,
        lastMs: entry.sinceMs,
        count: 1,
        group:
          (ownedKinds[kinds[kind].kind] && outermost(entry)) ?? ownerKey(kinds[kind].kind, namespace, name),
      });
    }
  return faults;
}

/** A pod's fault is shown under the outermost of its owners that we know as an object. */
const outermost = (entry: Entry | undefined): string | undefined =>
  entry?.owners.findLast((owner) => !owner.startsWith("Node/"));

/** The entry of an object that may be shown under its owner. */
function owned(cluster: string, { kind, namespace = "", name }: Event, objects: Objects) {
  const key = ownedKinds[kind];
  return key && objects.tables[key].get(cluster, `${namespace}/${name}`);
}

function together(group: string, members: Fault[]): ProblemView {
  const [kind = "", namespace = "", ...rest] = group.split("/");
  // The worst tells the reason; among equals a pod's, since it is nearer to the cause than "unavailable".
  const first = members.reduce((best, one) => (nearerToCause(one, best) < 0 ? one : best));
  const { group: _, ...told } = first;
  const ofPods = members.filter((one) => one.kind === "Pod");
  const pods = new Set(ofPods.map((one) => one.name)).size;
  const text = (message: string) => (pods > 1 && kind !== "Pod" ? `${pods} pods: ${message}` : message);
  // Below what a workload lacks stands why; how often is counted of what is told.
  const below = first.kind !== "Pod" && ofPods.length > 0;
  const cause = below
    ? ofPods.reduce((best, one) => (nearerToCause(one, best) < 0 ? one : best)).message
    : undefined;
  const counted = below ? members.filter((one) => one.kind !== "Pod") : members;
  const nodes = new Set(members.map((one) => one.node).filter(Boolean));
  return {
    ...told,
    kind,
    namespace,
    name: rest.join("/"),
    node: nodes.size === 1 ? [...nodes][0]! : "",
    message: below ? told.message : text(told.message),
    ...(cause ? { cause: text(cause) } : {}),
    sinceMs: Math.min(...members.map((one) => one.sinceMs)),
    lastMs: Math.max(...members.map((one) => one.lastMs)),
    count: counted.reduce((sum, one) => sum + one.count, 0),
  };
}

function nearerToCause(a: Fault, b: Fault): number {
  return (
    rank[a.severity] - rank[b.severity] ||
    Number(b.kind === "Pod") - Number(a.kind === "Pod") ||
    a.sinceMs - b.sinceMs
  );
}

function changedBefore(
  problem: ProblemView,
  members: Fault[],
  objects: Objects,
  changes: Changes,
): string | undefined {
  const subjects = new Set([ownerKey(problem.kind, problem.namespace, problem.name)]);
  for (const { node } of members) if (node) subjects.add(ownerKey("Node", "", node));
  const kind = kindKeys.find((one) => kinds[one].kind === problem.kind);
  const entry = kind && objects.tables[kind].get(problem.cluster, keyIn(problem));
  let newest: Change | undefined;
  if (entry && (kind === "deployment" || kind === "statefulset" || kind === "daemonset")) {
    const item = JSON.parse(entry.text) as ItemOf["deployment"];
    for (const name of configMapsOf(item.template))
      subjects.add(ownerKey("ConfigMap", problem.namespace, name));
    if (kind === "deployment") newest = rollout(item, entry, problem.sinceMs);
  }
  const noted = changes.lastBefore(problem.cluster, subjects, problem.sinceMs);
  if (noted && (!newest || noted.atMs > newest.atMs)) newest = noted;
  return newest && `${newest.text} ${span(problem.sinceMs - newest.atMs)}`;
}

function keyIn({ namespace, name }: ProblemView): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The newest ReplicaSet of a Deployment, if it was made in the 15 minutes before a time and was not the first. */
function rollout(item: ItemOf["deployment"], entry: Entry, ms: number): Change | undefined {
  const sets = [...(item.replicaSets ?? [])].sort((a, b) => parseTime(b.createdAt) - parseTime(a.createdAt));
  const [newest, before] = sets;
  const atMs = parseTime(newest?.createdAt);
  if (!newest || !before || atMs > ms + 2000 || atMs < ms - beforeMs) return undefined;
  const other = newest.images?.find((image) => !before.images?.includes(image));
  const text =
    other && before.images?.length
      ? `image changed to ${shortImage(other.slice(other.indexOf("=") + 1))}`
      : `revision ${newest.revision ?? ""} rolled out`.replace("  ", " ");
  return { atMs, subject: entry.key, text };
}

/** `2m before`, in kubectl's durations. */
function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 2) return "just before";
  return seconds < 120 ? `${seconds}s before` : `${Math.round(seconds / 60)}m before`;
}
