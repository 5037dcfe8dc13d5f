import type { ClusterView, Health, Row, UsageView } from "../../../views/model.ts";
import type { Pod } from "../../../wire/pod.ts";
import type { FakeDatasource } from "./datasource.ts";

const names = ["web", "api", "checkout", "cart", "search", "mailer", "billing", "images", "auth", "worker"];
const spaces = ["shop", "default", "kube-system", "monitoring"];
const troubles: [Health, string, string][] = [
  ["critical", "CrashLoopBackOff", "container web exits with 1: cannot connect to postgres:5432"],
  ["critical", "OOMKilled", "container api was killed at its memory limit of 256Mi"],
  ["warning", "ImagePullBackOff", "registry answers 404 for checkout:1.4.2-rc1"],
  ["unknown", "Unknown", "its node has not been heard for 2m"],
];

export function sampleUsage(seed: number): UsageView {
  const wave = (base: number, swing: number) =>
    Float32Array.from({ length: 30 }, (_, at) =>
      at < (seed % 5) - 2 ? Number.NaN : base + swing * Math.abs(Math.sin(seed + at / (2 + (seed % 4)))),
    );
  return {
    cpuCores: 0.02 + (seed % 17) / 20,
    memoryBytes: (40 + ((seed * 37) % 700)) * 2 ** 20,
    cpuHistory: wave(0.02, 0.3),
    memoryHistory: wave(80 * 2 ** 20, 30 * 2 ** 20),
  };
}

export function sampleCluster(id: string, name: string, more: Partial<ClusterView> = {}): ClusterView {
  return {
    id,
    name,
    flavour: "kubernetes",
    connection: "connected",
    lastSeenMs: Date.now(),
    health: "critical",
    counts: {
      nodes: 3,
      nodesReady: 3,
      pods: 0,
      podsAttention: 0,
      workloads: 0,
      workloadsAttention: 0,
      namespaces: spaces.length,
    },
    usage: { cpuCores: 3.2, cpuTotal: 12, memoryBytes: 14 * 2 ** 30, memoryTotal: 48 * 2 ** 30 },
    ...more,
  };
}

export function samplePod(cluster: string, at: number, now = Date.now()): Row<Pod> {
  const name = `${names[at % names.length]}-${(at * 7919).toString(36).padStart(6, "0")}-${(at * 104729).toString(36).slice(-5)}`;
  const namespace = spaces[at % spaces.length]!;
  const [health, state, why] =
    at % 97 === 3 ? troubles[at % troubles.length]! : (["ok", "Running", ""] as const);
  const createdMs = now - 60_000 * (3 + ((at * 31) % 9000));
  return {
    cluster,
    key: `${namespace}/${name}`,
    health,
    state,
    why,
    sinceMs: health === "ok" ? createdMs : now - 192_000,
    createdMs,
    usage: sampleUsage(at),
    item: {
      summary: {
        name,
        namespace,
        ready: health === "ok" ? "1/1" : "0/1",
        restarts: health === "critical" ? 12 : 0,
        node: `node-${(at % 3) + 1}`,
        podIP: `10.42.0.${at % 250}`,
      },
    },
  };
}

/** Puts a cluster with this many pods into a datasource. */
export function sample(datasource: FakeDatasource, pods = 60, cluster = "c1"): void {
  const rows = Array.from({ length: pods }, (_, at) => samplePod(cluster, at));
  const view = sampleCluster(cluster, cluster === "c1" ? "production" : cluster);
  view.counts.pods = pods;
  view.counts.podsAttention = rows.filter((row) => row.health !== "ok").length;
  datasource.clusterViews.push(view);
  datasource.rows.pod = [...(datasource.rows.pod ?? []), ...rows];
  datasource.rows.namespace = [
    ...(datasource.rows.namespace ?? []),
    ...spaces.map((name) => ({
      cluster,
      key: name,
      item: { summary: { name, phase: "Active" } },
      health: "ok" as const,
      state: "Active",
      why: "",
      sinceMs: 0,
      createdMs: Date.now() - 864e5 * 40,
    })),
  ];
}
