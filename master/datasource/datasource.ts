import type { ClusterView } from "../../views/model.ts";
import type { StoredEvent } from "../../views/event-model.ts";
import { eventsSource, listSources, metricsSource, statusSource } from "../../wire/envelope.ts";
import { type KindKey, kindKeys } from "../../wire/kinds.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { seesAll, type Sight } from "../access/sight.ts";
import type { ClusterRecord } from "../database/clusters.ts";
import type { EnvelopeRecord, Hub } from "../hub/hub.ts";
import type { Noted } from "../history/marks.ts";
import type { EventsTaken, ListItem, ListPayload, MetricsTaken, StatusTaken } from "../hub/payloads.ts";
import { Awaited, graceOf } from "./awaited.ts";
import { AlertFacts, type ClusterFacts } from "./alert-facts.ts";
import { Changes } from "./changes.ts";
import { ClusterViews } from "./cluster-views.ts";
import { Clusters } from "./clusters.ts";
import type { Entry } from "./entry.ts";
import { hostNode, loads, metricsVerdict, NodeMetricsStore } from "./nodes.ts";
import { Notices, type Topic } from "./notices.ts";
import { nodeUsageID, Objects } from "./objects.ts";
import { OpenEvents } from "./open-events.ts";
import { createReader, type SeenDatasource } from "./reader.ts";
import { UsageStore } from "./usage.ts";
import type { Past } from "./values/live.ts";

export interface DatasourceOptions {
  hub: Hub;
  silentAfterMs: number;
  /** A fault in a subscriber; the others go on. */
  failed?: (error: unknown) => void;
  now?: () => number;
  /** Told of what happens to objects, as charts mark it. */
  noted?: (one: Noted) => void;
}

/** The datasource with what the master itself does to it. */
export interface ManagedDatasource extends SeenDatasource {
  /** The same as one sees it who sees a part. */
  seenBy(sight: Sight): SeenDatasource & Pick<ManagedDatasource, "changed">;
  /** Tells subscribers of something that is not the datasource's own; `cluster` may be empty. */
  changed(cluster: string, topic: Topic): void;
  /** Takes the database's clusters: new ones appear, missing ones go with all that is known of them. */
  setClusters(records: readonly ClusterRecord[]): void;
  /**
   * Makes ready what a list will put in, with pauses for others, so that it takes effect at once and in little time
   * when it comes through the hub. Until it has come, no other message about the same objects may.
   */
  prepare(kind: KindKey, cluster: string, items: readonly ListItem[]): Promise<void>;
  /** The pod on a node that has this UID, and what it belongs to at the top: itself, where nothing owns it. */
  ownerOf(
    cluster: string,
    node: string,
    uid: string,
  ): { namespace: string; name: string; kind: string; owner: string } | undefined;
  /** What stands at the top above a pod of a name, as `Kind/name`. */
  ownerOfPod(cluster: string, namespace: string, name: string): string | undefined;
  /** Takes occurrences that were open before the master started. */
  loadOpenEvents(events: Iterable<StoredEvent>): void;
  /** What is to be done as time passes: judges again, lets go of what is old. Called every second or so. */
  tick(): void;
  /** What rules of alerts are judged by. */
  facts(past?: Past): ClusterFacts[];
  /** What rules that miss something have seen, to be kept over a restart. */
  seen: Pick<AlertFacts, "changes" | "keepOnly" | "restore">;
  /** How many objects and clusters there are, for the metrics. */
  sizes(): { objects: [KindKey, number][]; connections: [ClusterView["connection"], number][] };
  stop(): void;
}

const kindOfSource = new Map(listSources.map((source) => [source.names[0]!, source.kind!]));

export function createDatasource({
  hub,
  silentAfterMs,
  failed = () => undefined,
  now = Date.now,
  noted = () => undefined,
}: DatasourceOptions): ManagedDatasource {
  const usage = new UsageStore();
  const changes = new Changes();
  const notices = new Notices(failed);
  const startedMs = now();
  const clusters = new Clusters(silentAfterMs, startedMs + graceOf(silentAfterMs));
  const metrics = new NodeMetricsStore(changes, noted);
  const open = new OpenEvents();
  const load = (what: "cpu" | "memory" | "disk") => (entry: Entry) => {
    const found = metrics.get(entry.cluster, entry.name);
    return found ? loads(found.snapshot)[what] : Number.NaN;
  };
  const objects: Objects = new Objects(
    usage,
    changes,
    {
      cpu: load("cpu"),
      memory: load("memory"),
      disk: load("disk"),
      load: (entry) => metrics.get(entry.cluster, entry.name)?.snapshot.cpu?.load1 ?? Number.NaN,
      pods: (entry) => objects.tables.pod.byNode.get(entry.cluster, entry.name).size,
    },
    now,
    noted,
  );
  const awaited = new Awaited(clusters, objects, silentAfterMs, startedMs);
  const connections = new Map<string, ClusterView["connection"]>();
  const lists = new Map<string, readonly KindKey[]>();
  const views = new ClusterViews({ awaited, clusters, objects, metrics, open, changes, notices, now });

  const facts = new AlertFacts({ awaited, clusters, objects, metrics, usage, views, failed, now });

  function take({ clusterID, source, payload }: EnvelopeRecord): void {
    const time = now();
    awaited.heard(clusterID, time);
    clusters.seen(clusterID, time);
    const kind = kindOfSource.get(source);
    if (kind) {
      if (objects.apply(kind, clusterID, payload as ListPayload)) notices.changed(clusterID, kind);
    } else if (source === metricsSource.names[0]) {
      let fresh = false;
      for (const snapshot of (payload as MetricsTaken).snapshots)
        fresh = takeMetrics(clusterID, snapshot, time) || fresh;
      if (fresh) notices.changed(clusterID, "metrics");
    } else if (source === eventsSource.names[0]) {
      for (const event of (payload as EventsTaken).events) {
        open.put(clusterID, event);
        facts.happened(clusterID, event);
      }
      notices.changed(clusterID, "events");
    } else if (source === statusSource.names[0]) {
      clusters.setStatus(clusterID, (payload as StatusTaken).agent);
      notices.changed(clusterID, "status");
    }
    noteConnection(clusterID, time);
  }

  function takeMetrics(cluster: string, snapshot: NodeMetricsSnapshot, time: number): boolean {
    if (!metrics.put(cluster, snapshot, time)) return false;
    const { nodeName, cpu, memory } = snapshot;
    if (cpu && memory)
      usage.put(cluster, nodeUsageID(nodeName), cpu.usage * (cpu.cores ?? 1), memory.used, time);
    const sums = new Map<string, { cpu: number; memory: number }>();
    for (const { podUID, cpuCores, memoryWorkingSet } of snapshot.containers ?? []) {
      const sum = sums.get(podUID) ?? { cpu: 0, memory: 0 };
      sum.cpu += cpuCores;
      sum.memory += memoryWorkingSet;
      sums.set(podUID, sum);
    }
    for (const [uid, sum] of sums) usage.put(cluster, uid, sum.cpu, sum.memory, time);
    if (clusters.get(cluster)?.status?.flavour === "host") {
      const text = JSON.stringify(hostNode(snapshot));
      if (objects.apply("node", cluster, { mode: "delta", items: [{ key: nodeName, text }], removed: [] }))
        notices.changed(cluster, "node");
    }
    if (objects.judgeNode(cluster, nodeName, metricsVerdict(snapshot))) notices.changed(cluster, "node");
    return true;
  }

  /** A page shows the connection: it has to hear when that changes, which no message says. */
  function noteConnection(id: string, time: number): void {
    const connection = clusters.connection(id, time);
    if (connections.get(id) !== connection) {
      connections.set(id, connection);
      notices.changed(id, "clusters");
    }
    noteLists(id, time);
  }

  /** Pages say of which kinds nothing is known yet; an empty list changes nothing else. */
  function noteLists(id: string, time: number): void {
    const before = lists.get(id) ?? [];
    const after = awaited.of(id, time)?.kinds ?? [];
    if (before.length === 0 && after.length === 0) return;
    lists.set(id, after);
    const come = before.filter((kind) => !after.includes(kind));
    for (const kind of come) notices.changed(id, kind);
    if (before.length !== after.length) notices.changed(id, "clusters");
  }

  function removeCluster(id: string): void {
    objects.removeCluster(id);
    metrics.removeCluster(id);
    usage.removeCluster(id);
    open.removeCluster(id);
    changes.removeCluster(id);
    views.forget(id);
    facts.forget(id);
    awaited.forget(id);
    connections.delete(id);
    lists.delete(id);
    notices.changed(id, "clusters");
  }

  const unsubscribe = hub.subscribe(take);
  const changed = (cluster: string, topic: Topic) => notices.changed(cluster, topic);
  const sources = { clusters, objects, metrics, views, notices, now };
  const datasource: ManagedDatasource = Object.assign(createReader(sources, "everything"), {
    changed,
    seenBy: (sight: Sight) =>
      seesAll(sight, clusters.ids()) ? datasource : Object.assign(createReader(sources, sight), { changed }),
    prepare: (kind: KindKey, cluster: string, items: readonly ListItem[]) =>
      objects.prepare(kind, cluster, items),
    setClusters(records: readonly ClusterRecord[]) {
      const { changed, removed } = clusters.refresh(records);
      for (const id of changed) notices.changed(id, "clusters");
      for (const id of removed) removeCluster(id);
    },
    ownerOf: (cluster: string, node: string, uid: string) => objects.ownerOf(cluster, node, uid),
    ownerOfPod: (cluster: string, namespace: string, name: string) =>
      objects.ownerOfPod(cluster, namespace, name),
    loadOpenEvents(events: Iterable<StoredEvent>) {
      for (const { cluster, ...event } of events) open.put(cluster, event);
    },
    tick() {
      const time = now();
      for (const { cluster, kind } of objects.recheck()) notices.changed(cluster, kind);
      for (const id of clusters.ids()) noteConnection(id, time);
      usage.sweep(time);
      metrics.sweep(time);
    },
    facts: (past?: Past) => facts.read(past),
    seen: facts,
    sizes() {
      const count = { waiting: 0, connected: 0, silent: 0 };
      for (const id of clusters.ids()) count[clusters.connection(id, now())]++;
      return {
        objects: kindKeys.map((kind): [KindKey, number] => [kind, objects.tables[kind].size]),
        connections: Object.entries(count) as [ClusterView["connection"], number][],
      };
    },
    stop() {
      unsubscribe();
      notices.stop();
    },
  });
  return datasource;
}
