import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import type { Pod } from "../../wire/pod.ts";

export const podsOfNode = 100;
const uidOf = (cluster: number, number: number) => `${cluster}-${number}-5c1e-4a2f-9d3b-8f7e6d5c4b3a`;

/** A pod of a usual web service, about 2 kB of JSON. */
export function podOf(cluster: number, number: number, restarts: number): Pod {
  const app = `web-${number % 200}`;
  const namespace = `team-${(number % 200) % 17}`;
  return {
    summary: {
      name: `${app}-7d9f8c6b5d-${(number + 46_656).toString(36)}`,
      namespace,
      uid: uidOf(cluster, number),
      controlledBy: { kind: "ReplicaSet", name: `${app}-7d9f8c6b5d` },
      owners: [
        { kind: "ReplicaSet", name: `${app}-7d9f8c6b5d` },
        { kind: "Deployment", name: app },
      ],
      phase: "Running",
      ready: "1/1",
      restarts,
      startTime: "2026-01-01T00:00:00Z",
      createdAt: "2026-01-01T00:00:00Z",
      node: `node-${Math.floor(number / podsOfNode)}`,
      podIP: `10.${cluster}.${number >> 8}.${number & 255}`,
      qosClass: "Burstable",
      reason: restarts % 10 === 9 ? "CrashLoopBackOff" : "Running",
    },
    spec: { restartPolicy: "Always", schedulerName: "default-scheduler", terminationGracePeriodSeconds: 30 },
    containers: [
      {
        name: "web",
        image: `registry.example/${namespace}/${app}:1.${number % 9}.2`,
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
        env: [{ name: "DB_PASSWORD", source: "secret db/password" }, { name: "MODE" }],
        volumeMounts: [{ name: "config", mountPath: "/etc/web", readOnly: true }],
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        probes: { readiness: "http :8080/healthz every 10s" },
        status: {
          state: "running",
          ready: true,
          restartCount: restarts,
          startedAt: "2026-01-01T00:00:05Z",
          containerID: `containerd://${uidOf(cluster, number)}`,
        },
      },
    ],
    volumes: [{ name: "config", type: "configMap", source: app }],
    network: { podIP: `10.${cluster}.${number >> 8}.${number & 255}`, serviceAccountName: "default" },
    conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) => ({
      type,
      status: "True",
      lastTransitionTime: "2026-01-01T00:00:10Z",
    })),
    labels: { app, "pod-template-hash": "7d9f8c6b5d", team: namespace },
  };
}

/** What a probe pushes of a node with 100 pods. */
export function metricsOf(cluster: number, node: number, pods: number): NodeMetricsSnapshot {
  const random = Math.random;
  return {
    nodeName: `node-${node}`,
    timestamp: new Date().toISOString(),
    cpu: {
      usage: random(),
      cores: 8,
      load1: random(),
      load5: random(),
      load15: random(),
      perCore: Array.from({ length: 8 }, random),
      modes: { user: 0.2, nice: 0, system: 0.1, idle: 0.6, iowait: 0.05, irq: 0, softirq: 0.05, steal: 0 },
    },
    memory: { total: 32e9, used: 8e9 + random() * 1e9, available: 20e9, cached: 5e9, buffers: 1e8 },
    disk: ["/", "/var"].map((mountPoint) => ({ mountPoint, total: 5e11, used: 2e11 })),
    diskIO: [
      {
        device: "nvme0n1",
        readPerSecond: 1e6,
        writtenPerSecond: 2e6,
        readsPerSecond: 9,
        writesPerSecond: 8,
        busy: 0.1,
      },
    ],
    network: ["eth0", "cni0"].map((name) => ({
      interface: name,
      rxKBps: random() * 100,
      txKBps: random() * 100,
    })),
    topCPUProcesses: Array.from({ length: 10 }, (_, pid) => ({
      pid,
      command: `process-${pid}`,
      cpuPercent: 3,
      memoryMB: 90,
    })),
    containers: Array.from({ length: Math.min(podsOfNode, pods - node * podsOfNode) }, (_, one) => ({
      id: `container-${one}`,
      podUID: uidOf(cluster, node * podsOfNode + one),
      cpuCores: random(),
      memoryWorkingSet: random() * 1e9,
    })),
    system: { uptimeSeconds: 1e6, bootID: `boot-${node}`, processes: 300 },
  };
}
