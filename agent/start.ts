import { hostname } from "node:os";
import { createLog, type Log } from "../kit/log.ts";
import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import type { AgentStatus } from "../wire/status.ts";
import { version } from "../wire/version.ts";
import { identify } from "./cluster/identity.ts";
import { type ClusterModel, createModel } from "./cluster/model.ts";
import { type ClusterWatch, watchCluster } from "./cluster/watch.ts";
import type { AgentConfig } from "./config.ts";
import { commandsOf, type ControlLoop, startControl } from "./control/control.ts";
import type { ExecutorTimes } from "./control/executor.ts";
import { AgentDiagnosis } from "./diagnosis.ts";
import { createEvents } from "./events.ts";
import { hostId } from "./host-id.ts";
import { startIngest } from "./ingest/server.ts";
import type { KubeAccess } from "./kube/access.ts";
import { KubeClient } from "./kube/client.ts";
import { ByteText } from "./lists/byte-text.ts";
import { EventLane } from "./push/event-lane.ts";
import { EventQueue } from "./push/event-queue.ts";
import type { Lane } from "./push/lane.ts";
import { LegacyListLane, legacyKinds } from "./push/legacy-list-lane.ts";
import { type LinkOptions, MasterLink } from "./push/link.ts";
import { ListLane } from "./push/list-lane.ts";
import { MetricsLane } from "./push/metrics-lane.ts";
import { OpenEventsLane } from "./push/open-events-lane.ts";
import { Pusher, type PusherTimes } from "./push/pusher.ts";
import { StatusLane } from "./push/status-lane.ts";
import { SnapshotStore } from "./store/snapshots.ts";

export interface AgentDeps {
  /** The way into the cluster; undefined on a machine without Kubernetes. */
  kube?: KubeAccess;
  log?: Log;
  /** Shorter in tests. */
  times?: Partial<PusherTimes & ExecutorTimes>;
}

export interface Agent {
  /** A node's metrics, as if its probe had posted them. */
  putMetrics(snapshot: NodeMetricsSnapshot): void;
  /** As the master gets it; `id` is empty until the cluster is identified. */
  status(): AgentStatus & { id: string };
  /** Where probes are taken; undefined where they are not. */
  readonly probePort: number | undefined;
  /** Ends within 5 s; what is still to be sent is sent before, where the master takes it. */
  stop(): Promise<void>;
}

/** How long changes gather before they are sent, and how far apart a list's messages are. */
const gatherMs = 50;
const apartMs = 250;
const legacyListMs = 30_000;
const flushMs = 3500;

/** Starts an agent; it comes back at once, and finds its cluster and its master in the background. */
export async function startAgent(config: AgentConfig, deps: AgentDeps = {}): Promise<Agent> {
  const { kube } = deps;
  const events = createEvents(deps.log ?? createLog("agent"));
  const run = Bun.randomUUIDv7();
  const startedMs = Date.now();
  const flavour = kube === undefined ? "host" : kube.from === "demo" ? "demo" : "kubernetes";
  const name = (config.clusterName || kube?.context || hostname() || "cluster").slice(0, 253);
  const stopping = new AbortController();
  events.started(flavour, name, config.masterUrl);

  const masterCa = config.masterCa === "" ? undefined : await Bun.file(config.masterCa).text();
  const master: LinkOptions = { url: config.masterUrl, token: config.token, ca: masterCa };
  let id = kube === undefined ? config.clusterId || (await hostId()) : "";
  let kubernetesVersion: string | undefined;
  let trouble: string | undefined;
  let watch: ClusterWatch | undefined;
  let control: ControlLoop | undefined;
  const clusterId = () => id;

  const store = new SnapshotStore();
  const queue = new EventQueue(config.eventBuffer);
  const diagnosis = new AgentDiagnosis(queue);
  const model: ClusterModel | undefined =
    kube &&
    createModel({
      diagnosis,
      configMapPreview: config.configMapPreview,
      certificates: config.certificates,
      tellEvent: (event) => queue.put(event, event.severity !== "info"),
    });

  function status(): AgentStatus {
    const view = watch?.view();
    const away = { reachable: false, since_ms: startedMs, error: trouble };
    return {
      name,
      flavour,
      run,
      agentVersion: version,
      startedAt_ms: startedMs,
      kubernetesVersion,
      api: kube && (view?.api ?? (trouble === undefined ? undefined : away)),
      denied: view && view.denied.length > 0 ? view.denied : undefined,
      droppedEvents: queue.dropped > 0 ? queue.dropped : undefined,
      control: kube && {
        commands: commandsOf(config.rules),
        protectedNamespaces: [...config.rules.protectedNamespaces],
        exec: config.rules.exec,
      },
      certificates: model?.certificates?.soonest(),
      synced: kube ? (view?.synced ?? false) : true,
    };
  }

  const { pusher, statusLane } = createPusher();
  const ingest =
    config.ingest && startIngest({ ...config.ingest, events, ready: () => id !== "", take: putMetrics });
  if (config.ingest === undefined) events.ingestClosed();
  if (id !== "") {
    diagnosis.ready("Node");
    pusher.start();
  } else void begin(kube!);

  function putMetrics(snapshot: NodeMetricsSnapshot): void {
    store.putSnapshot(snapshot);
    diagnosis.probeHeard(snapshot.nodeName);
    pusher.wake();
  }

  /** Finds out who the cluster is: nothing can be sent, and so nothing needs to be known, before. */
  async function begin(access: KubeAccess): Promise<void> {
    const client = new KubeClient(access);
    const identity = await identify(client, config.clusterId, stopping.signal, (message) => {
      if (trouble === undefined) events.apiTrouble(message);
      trouble = message;
    });
    if (identity === undefined) return;
    id = identity.id;
    kubernetesVersion = identity.kubernetesVersion;
    events.identified(id, kubernetesVersion);
    pusher.start();
    watch = watchCluster({
      client,
      model: model!,
      onFault: events.objectFault,
      onReady: (kind) => diagnosis.ready(kind),
      onRefused: (kind, state, message) =>
        state === "live" ? events.kindReadable(kind) : events.kindRefused(kind, state, message),
      onChange: tellStatus,
    });
    control = startControl({
      link: master,
      client,
      clusterId: id,
      run,
      startedAtMs: startedMs,
      rules: config.rules,
      legacy: config.legacyMaster,
      events,
      times: { verifyMs: config.verifyMs, ...deps.times },
    });
    tellStatus();
  }

  let wasReachable = true;
  let wasSynced = false;
  function tellStatus(): void {
    const { api, synced } = status();
    const reachable = api?.reachable ?? true;
    if (reachable !== wasReachable) {
      if (reachable) events.apiReachable();
      else events.apiUnreachable(api?.error);
      wasReachable = reachable;
    }
    if (synced && !wasSynced) {
      const pods = model?.trackers.find((one) => one.resource.plural === "pods")?.items.size ?? 0;
      events.synced(pods, Date.now() - startedMs);
      wasSynced = true;
    }
    statusLane?.changed();
    pusher.wake();
  }

  function createPusher(): { pusher: Pusher; statusLane: StatusLane | undefined } {
    const link = new MasterLink(master);
    const openLane = config.legacyMaster
      ? undefined
      : new OpenEventsLane(clusterId, (open) => diagnosis.adopt(open));
    const statusLane = config.legacyMaster
      ? undefined
      : new StatusLane({ clusterId, run, status, everyMs: config.statusEveryMs });
    const eventLane = new EventLane({
      clusterId,
      queue,
      everyMs: config.eventsEveryMs,
      ready: () => openLane?.done ?? true,
      legacy: config.legacyMaster,
      onDropped: (event) => events.eventDropped(event.reason, event.name),
    });
    const lists = (model?.lists ?? []).filter(
      (list) => !config.legacyMaster || legacyKinds.includes(list.kind),
    );
    const out = new ByteText();
    const listLanes = lists.map((list): Lane => {
      if (config.legacyMaster) return new LegacyListLane(clusterId, list, out, legacyListMs);
      const onTooLarge = (key: string) => events.tooLarge(list.kind, key);
      return new ListLane({ clusterId, run, list, out, gatherMs, apartMs, onTooLarge });
    });
    const metricsLane = new MetricsLane(clusterId, store, config.metricsEveryMs);
    const lanes = [statusLane, openLane, eventLane, metricsLane, ...listLanes];
    let lost = 0;
    const pusher = new Pusher({
      link,
      lanes: lanes.filter((lane) => lane !== undefined),
      times: deps.times,
      onReachable() {
        events.masterReachable();
        if (queue.dropped > lost) events.eventsLost(queue.dropped - lost);
        lost = queue.dropped;
        statusLane?.changed();
      },
      onUnreachable: events.masterUnreachable,
      onRefused: events.masterRefused,
      onRejected: events.rejected,
    });
    for (const list of lists) list.onChange(() => pusher.wake());
    queue.onPut = () => pusher.wake();
    return { pusher, statusLane };
  }

  return {
    putMetrics,
    status: () => ({ ...status(), id }),
    probePort: ingest?.port,
    async stop() {
      stopping.abort();
      diagnosis.stop();
      const controlled = control?.stop();
      await Promise.all([ingest?.stop(), watch?.stop()]);
      await Promise.all([pusher.stop(flushMs), controlled]);
      events.stopped();
    },
  };
}
