import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { createApp, createExtras, createNamespace, createNode } from "./demo/build.ts";
import { apps, jobImage, nodes, staticPods } from "./demo/catalogue.ts";
import { runBudgets, runClaims, runCordons, runEventTtl, runNodes } from "./demo/cluster-state.ts";
import { runDeployments } from "./demo/deployments.ts";
import { runCronJobs, runJobs } from "./demo/jobs.ts";
import { Kubelets } from "./demo/kubelet.ts";
import { demoLogs } from "./demo/logs.ts";
import { NodeMetrics } from "./demo/metrics.ts";
import { runEndpoints } from "./demo/network.ts";
import { runGarbageCollector, runReplicaSets } from "./demo/replicas.ts";
import { runScheduler } from "./demo/scheduler.ts";
import { runDaemonSets, runStatefulSets } from "./demo/stateful.ts";
import { Story } from "./demo/story.ts";
import { runUpkeep } from "./demo/upkeep.ts";
import { Usage } from "./demo/usage.ts";
import { seeded, World } from "./demo/world.ts";
import { kinds } from "./kinds.ts";
import type { Rest } from "./rest.ts";
import { type SimKube, startSimKube } from "./server.ts";
import { Store } from "./store.ts";

export interface DemoOptions {
  /** Nothing breaks: a cluster that is well, for tests of what has to stay quiet. */
  quiet?: boolean;
  port?: number;
  token?: string;
  /** The same seed and clock give the same cluster. */
  seed?: number;
  now?: () => Date;
  /** How often the controllers look; 0: only when `tick` is called. A second by default. */
  tickMs?: number;
}

export interface Demo extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly kubeconfig: object;
  readonly rest: Rest;
  /** The faults that are there now, by their names. */
  readonly faults: string[];
  /** What the nodes' probes would push now. */
  nodeMetrics(): NodeMetricsSnapshot[];
  /** Lets every controller look once. */
  tick(): void;
  stop(): Promise<void>;
}

/** The demo cluster is one and the same over restarts, so that its history stays together. */
export const demoClusterId = "de300000-0000-4000-8000-000000000001";

const dayMs = 86_400_000;

/**
 * A cluster of 5 nodes and some 60 pods in this process, on a Kubernetes API at 127.0.0.1, in which things break
 * and heal again. Its controllers act on whatever is written through the API, so commands work on it.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const realNow = options.now ?? (() => new Date());
  let behindMs = 45 * dayMs;
  const now = () => new Date(realNow().getTime() - behindMs);
  const random = seeded(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const uid = () => uuid(random);
  const store = new Store();
  putSystemNamespace(store, now());
  const simkube: SimKube = await startSimKube({
    store,
    port: options.port,
    token: options.token,
    now,
    uid,
    bookmarkMs: 30_000,
    logs: (pod, container, previous) => demoLogs(world)(pod, container, previous),
  });
  const world = new World(simkube.rest, random);
  for (const image of [...apps, ...staticPods].map((app) => app.image).concat(jobImage))
    world.repositories.add(image.replace(/[:@][^/]*$/, ""));

  const bootMs = now().getTime();
  const kubelets = new Kubelets(world);
  const usage = new Usage(world);
  const metrics = new NodeMetrics(world, usage, bootMs);
  const controllers = [
    runNodes,
    runCordons,
    runClaims,
    runCronJobs,
    runJobs,
    runDeployments,
    runReplicaSets,
    runStatefulSets,
    runDaemonSets,
    runScheduler,
    () => kubelets.run(),
    runBudgets,
    runEndpoints,
    runGarbageCollector,
  ];
  const tick = () => {
    for (const run of controllers) run(world);
  };

  await buildPast();
  const story = new Story(world);
  let upkeepMs = 0;
  const live = () => {
    if (!options.quiet) story.run();
    tick();
    if (world.nowMs - upkeepMs < 15_000) return;
    upkeepMs = world.nowMs;
    runUpkeep(world, usage);
    runEventTtl(world);
  };
  live();
  store.compact();

  const stopTicking = keepTicking(options.tickMs ?? 1_000, live, store);
  const stop = async () => {
    stopTicking();
    await simkube.stop();
  };
  return {
    url: simkube.url,
    token: simkube.token,
    kubeconfig: simkube.kubeconfig,
    rest: simkube.rest,
    get faults() {
      return story.active;
    },
    nodeMetrics: () => metrics.snapshots(),
    tick: live,
    stop,
    [Symbol.asyncDispose]: stop,
  };

  /** Everything is deployed at its own day in the past and runs, so that ages are as they would be. */
  async function buildPast(): Promise<void> {
    const settle = (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        behindMs -= 1000;
        tick();
      }
    };
    nodes.forEach((node, index) => {
      createNode(world, node, index);
    });
    settle(12);
    const before = [...apps].sort((a, b) => b.age - a.age);
    for (const age of new Set(before.map((app) => app.age))) {
      behindMs = age * dayMs;
      for (const app of before) if (app.age === age) createApp(world, app);
      settle(20);
      // Half a second in all, which whoever else lives in this process need not wait for.
      await new Promise((resolve) => setImmediate(resolve));
    }
    createNamespace(world, "backup");
    createExtras(world);
    behindMs = 0;
    // What happened in those days is long forgotten; leases and heartbeats are of now.
    for (const event of store.list(kinds.events)) store.remove(kinds.events, event);
    tick();
    for (const pod of world.pods())
      if (pod.metadata.labels?.app === "payments-worker") kubelets.restarted(pod, 3);
  }
}

/** Ticks at an interval, and shortly after somebody else wrote something, so that commands take effect at once. */
function keepTicking(everyMs: number, tick: () => void, store: Store): () => void {
  if (everyMs === 0) return () => {};
  let ticking = false;
  let soon: Timer | undefined;
  const run = () => {
    ticking = true;
    try {
      tick();
    } finally {
      ticking = false;
    }
  };
  const timer = setInterval(run, everyMs);
  const unsubscribe = store.subscribe(() => {
    if (ticking || soon !== undefined) return;
    soon = setTimeout(() => {
      soon = undefined;
      run();
    }, 50);
  });
  return () => {
    clearInterval(timer);
    clearTimeout(soon);
    unsubscribe();
  };
}

function putSystemNamespace(store: Store, at: Date): void {
  const name = "kube-system";
  store.put(kinds.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      uid: demoClusterId,
      resourceVersion: "",
      creationTimestamp: at.toISOString().replace(/\.\d+Z$/, "Z"),
      labels: { "kubernetes.io/metadata.name": name },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
