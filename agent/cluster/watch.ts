import type { AgentStatus } from "../../wire/status.ts";
import type { KubeClient } from "../kube/client.ts";
import { type Informer, type InformerState, startInformer } from "../kube/informer.ts";
import { createSyncGate } from "../kube/sync-gate.ts";
import type { ClusterModel } from "./model.ts";
import type { AnyTracker } from "./tracker.ts";

export interface WatchOptions {
  client: KubeClient;
  model: ClusterModel;
  /** A kind cannot be read, or can be again. */
  onRefused(kind: string, status: "denied" | "absent" | "live", message: string | undefined): void;
  onFault(message: string): void;
  /** Something of what `view` gives has changed. */
  onChange(): void;
  /** All objects of the kind are known, or will not be. */
  onReady(kind: string): void;
}

export interface ClusterView {
  api: AgentStatus["api"];
  denied: NonNullable<AgentStatus["denied"]>;
  synced: boolean;
}

export interface ClusterWatch {
  view(): ClusterView;
  stop(): Promise<void>;
}

/** How many kinds list at once: the peak of memory is that of the largest list, and not of their sum. */
const listsAtOnce = 2;

/**
 * While lists stream in, garbage is collected after this many objects: JavaScriptCore would let the heap grow to
 * several times of what is kept (10,000 pods: 9 MB lower at the peak, 0.2 s longer).
 */
const collectEvery = 500;

/** Runs an informer for each of the model's resources, and knows how they are. */
export function watchCluster(options: WatchOptions): ClusterWatch {
  const { client, model } = options;
  const gate = createSyncGate(listsAtOnce);
  const informers = new Map<string, Informer<unknown>>();
  const states = new Map<string, InformerState>();
  const refused = new Set<string>();
  let listed = 0;
  let reachable = true;
  let sinceMs = Date.now();

  function start(tracker: AnyTracker): void {
    const { plural, group } = tracker.resource;
    const id = `${plural}.${group}`;
    states.set(id, { status: "syncing", sinceMs: Date.now() });
    const informer: Informer<unknown> = startInformer<unknown>({
      client,
      gate,
      resource: tracker.resource,
      ...(tracker.fieldSelector ? { fieldSelector: tracker.fieldSelector } : {}),
      project(object) {
        if (!informer.synced && ++listed % collectEvery === 0) Bun.gc(true);
        return tracker.project(object);
      },
      same: tracker.same ?? Object.is,
      onChange: (change) => tracker.change(change),
      onFault: options.onFault,
      onState: (state) => onState(tracker, id, state),
    });
    tracker.items = informer.items;
    informers.set(id, informer);
  }

  function onState(tracker: AnyTracker, id: string, state: InformerState): void {
    if (states.get(id)?.status === state.status && state.status === "live") return;
    states.set(id, state);
    const { plural, kind } = tracker.resource;
    const { status, message } = state;
    if (status === "denied" || status === "absent") {
      if (tracker === model.events && !states.has("events.")) start(model.coreEvents);
      else if (!refused.has(id)) {
        refused.add(id);
        options.onRefused(kind, status, message);
      }
    } else if (status === "live" && refused.delete(id)) options.onRefused(kind, status, undefined);
    if (status !== "syncing") {
      const known = status === "live";
      model.settled(plural, known);
      if (status !== "failed") options.onReady(kind);
    }
    judge();
    options.onChange();
  }

  /** The API server is away when nothing is live and something failed, which one kind alone may do. */
  function judge(): void {
    const all = [...states.values()].map((one) => one.status);
    const now = all.includes("live") || !all.includes("failed");
    if (now === reachable) return;
    reachable = now;
    sinceMs = Date.now();
  }

  for (const tracker of [...model.trackers, model.events]) start(tracker);

  return {
    view() {
      const denied: ClusterView["denied"] = [];
      let error: string | undefined;
      let synced = true;
      for (const [id, { status, message }] of states) {
        const kind = informers.get(id)?.resource.kind ?? id;
        // What the other Events API cannot give, this one does.
        const replaced = id === "events.events.k8s.io" && states.get("events.")?.status === "live";
        if (status === "denied" && !replaced)
          denied.push({ kind, reason: "forbidden", message: cut(message) });
        else if (status === "absent" && !replaced)
          denied.push({ kind, reason: "absent", message: cut(message) });
        else if (status === "failed") {
          error ??= message;
          if (reachable) denied.push({ kind, reason: "failed", message: cut(message) });
        }
        const known = informers.get(id)?.synced || status === "denied" || status === "absent";
        if (!known) synced = false;
      }
      const api = { reachable, since_ms: sinceMs, error: reachable ? undefined : cut(error) };
      return { api, denied, synced };
    },
    async stop() {
      await Promise.all([...informers.values()].map((one) => one.stop()));
    },
  };
}

const cut = (text: string | undefined): string | undefined => text?.slice(0, 2000);
