import type { ContainerMetrics, NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { type DemoNode, nodes } from "./catalogue.ts";
import { quantity } from "./quantity.ts";
import type { Pod } from "./types.ts";
import type { Usage } from "./usage.ts";
import type { World } from "./world.ts";

const MiB = 2 ** 20;

/** What the probes of the demo's nodes would say now, with the same use of every pod that is on them. */
export class NodeMetrics {
  readonly #world: World;
  readonly #usage: Usage;
  readonly #bootMs: number;
  readonly #counters = new Map<string, { rx: number; tx: number; atMs: number }>();

  constructor(world: World, usage: Usage, bootMs: number) {
    this.#world = world;
    this.#usage = usage;
    this.#bootMs = bootMs;
  }

  /** One snapshot per node whose kubelet answers: a node that is away takes its probe along. */
  snapshots(): NodeMetricsSnapshot[] {
    const pods = this.#world.pods();
    return nodes
      .filter((node) => !this.#world.silentNodes.has(node.name))
      .map((node) =>
        this.#snapshot(
          node,
          pods.filter((pod) => pod.spec.nodeName === node.name),
        ),
      );
  }

  #snapshot(node: DemoNode, pods: Pod[]): NodeMetricsSnapshot {
    const used = pods.map((pod) => ({ pod, ...this.#usage.of(pod) })).filter((one) => one.memoryBytes > 0);
    const podCores = used.reduce((total, one) => total + one.cpuCores, 0);
    const podMemory = used.reduce((total, one) => total + one.memoryBytes, 0);
    const cpuShare = Math.min(0.99, (podCores + 0.12) / node.cores);
    const total = quantity(node.memory) * 0.985;
    const usedMemory = Math.min(total * 0.97, podMemory + 620 * MiB);
    const load = cpuShare * node.cores * (1 + this.#world.random() * 0.1);
    const iowait = 0.01 + this.#world.random() * 0.01;
    return {
      nodeName: node.name,
      timestamp: this.#world.rest.now().toISOString(),
      cpu: {
        usage: round(cpuShare, 4),
        cores: node.cores,
        load1: round(load, 2),
        load5: round(load * 0.96, 2),
        load15: round(load * 0.92, 2),
        perCore: Array.from({ length: node.cores }, (_, core) =>
          round(
            Math.min(1, Math.max(0, cpuShare + 0.08 * Math.sin(this.#world.nowMs / 9000 + core * 1.7))),
            3,
          ),
        ),
        modes: {
          user: round(cpuShare * 0.72, 4),
          nice: 0,
          system: round(cpuShare * 0.25, 4),
          idle: round(Math.max(0, 1 - cpuShare - iowait), 4),
          iowait: round(iowait, 4),
          irq: 0,
          softirq: round(cpuShare * 0.03, 4),
          steal: 0,
        },
        model: node.model,
      },
      memory: {
        total,
        used: Math.round(usedMemory),
        available: Math.round(total - usedMemory),
        usage: round(usedMemory / total, 4),
        buffers: 48 * MiB,
        cached: Math.round((total - usedMemory) * 0.6),
      },
      temperature: temperature(node, cpuShare),
      disk: this.#disks(node),
      diskIO: [
        {
          device: node.arch === "amd64" ? "nvme0n1" : "mmcblk0",
          readPerSecond: Math.round(180_000 * cpuShare),
          writtenPerSecond: Math.round(420_000 + 900_000 * cpuShare),
          readsPerSecond: round(9 * cpuShare, 1),
          writesPerSecond: round(18 + 30 * cpuShare, 1),
          busy: round(0.02 + cpuShare * 0.1, 3),
        },
      ],
      network: [this.#network(node, podCores)],
      ...processes(used),
      pressure: pressure(cpuShare, usedMemory / total),
      containers: used.flatMap(({ pod, cpuCores, memoryBytes }) => containers(pod, cpuCores, memoryBytes)),
      system: {
        uptimeSeconds: Math.round((this.#world.nowMs - this.#bootMs) / 1000),
        kernel: node.kernel,
        processes: 140 + used.length * 4,
        threads: 480 + used.length * 22,
        running: 1 + Math.round(load),
        blocked: 0,
        fileHandles: { used: 3_200 + used.length * 160, max: 9_223_372 },
      },
      probeVersion: "demo",
    };
  }

  #disks(node: DemoNode) {
    const total = quantity(node.disk);
    const days = (this.#world.nowMs - this.#bootMs) / 86_400_000;
    const used = Math.round(total * Math.min(0.93, 0.34 + days * 0.002 + (node.name === "pi-3" ? 0.42 : 0)));
    const root = {
      mountPoint: "/",
      device: node.arch === "amd64" ? "/dev/nvme0n1p2" : "/dev/mmcblk0p2",
      filesystem: "ext4",
      total,
      used,
      free: total - used,
      usage: round(used / total, 4),
      inodes: { total: Math.round(total / 16_384), used: Math.round(used / 48_000) },
    };
    const boot = {
      mountPoint: "/boot/firmware",
      device: "/dev/mmcblk0p1",
      filesystem: "vfat",
      total: 512 * MiB,
      used: 78 * MiB,
    };
    return node.name.startsWith("pi")
      ? [root, { ...boot, free: boot.total - boot.used, usage: round(boot.used / boot.total, 4) }]
      : [root];
  }

  #network(node: DemoNode, podCores: number) {
    const rxKBps = round(40 + podCores * 260 * (0.8 + this.#world.random() * 0.4), 1);
    const txKBps = round(30 + podCores * 340 * (0.8 + this.#world.random() * 0.4), 1);
    const before = this.#counters.get(node.name) ?? { rx: 48e9, tx: 61e9, atMs: this.#world.nowMs };
    const seconds = (this.#world.nowMs - before.atMs) / 1000;
    const now = {
      rx: before.rx + rxKBps * 1000 * seconds,
      tx: before.tx + txKBps * 1000 * seconds,
      atMs: this.#world.nowMs,
    };
    this.#counters.set(node.name, now);
    return {
      interface: node.arch === "amd64" ? "enp2s0" : "eth0",
      rxKBps,
      txKBps,
      rxBytes: Math.round(now.rx),
      txBytes: Math.round(now.tx),
      rxErrors: 0,
      txErrors: 0,
      rxDropped: 0,
      txDropped: 0,
      speedMbps: node.arch === "amd64" ? 2500 : 1000,
      virtual: false,
    };
  }
}

function temperature(node: DemoNode, share: number) {
  const cpuDegrees = round((node.arch === "amd64" ? 39 : 46) + share * 31, 1);
  const sensors = [
    {
      name: node.arch === "amd64" ? "coretemp Package id 0" : "cpu_thermal",
      degrees: cpuDegrees,
      critical: node.arch === "amd64" ? 100 : 110,
    },
  ];
  if (node.arch !== "amd64") return { cpuDegrees, sensors };
  const nvmeDegrees = round(36 + share * 12, 1);
  return {
    cpuDegrees,
    nvmeDegrees,
    sensors: [...sensors, { name: "nvme Composite", degrees: nvmeDegrees, critical: 84.8 }],
  };
}

type Used = { pod: Pod; cpuCores: number; memoryBytes: number };

function processes(used: Used[]) {
  const all = used.map(({ pod, cpuCores, memoryBytes }) => ({
    pid: 1000 + Number(Bun.hash.wyhash(pod.metadata.uid) % 31_000n),
    user: pod.metadata.namespace === "kube-system" ? "root" : "1000",
    command: pod.metadata.labels?.app ?? pod.metadata.name,
    cpuPercent: round(cpuCores * 100, 1),
    memoryMB: round(memoryBytes / MiB, 1),
  }));
  const own = [
    { pid: 612, user: "root", command: "kubelet", cpuPercent: 3.4, memoryMB: 92 },
    { pid: 588, user: "root", command: "containerd", cpuPercent: 1.9, memoryMB: 71 },
  ];
  const list = [...all, ...own];
  return {
    topCPUProcesses: list.toSorted((a, b) => b.cpuPercent - a.cpuPercent).slice(0, 8),
    topMemoryProcesses: list.toSorted((a, b) => b.memoryMB - a.memoryMB).slice(0, 8),
  };
}

function containers(pod: Pod, cpuCores: number, memoryBytes: number): ContainerMetrics[] {
  const statuses = pod.status.containerStatuses?.filter((one) => one.state.running && one.containerID) ?? [];
  return statuses.map((one) => {
    const limit = quantity(
      pod.spec.containers.find((container) => container.name === one.name)?.resources?.limits?.memory,
    );
    return {
      id: one.containerID!.replace("containerd://", ""),
      podUID: pod.metadata.uid,
      cpuCores: round(cpuCores / statuses.length, 4),
      memoryWorkingSet: Math.round(memoryBytes / statuses.length),
      ...(limit > 0 ? { memoryLimit: limit } : {}),
    };
  });
}

function pressure(cpuShare: number, memoryShare: number) {
  const some = (base: number) => ({
    some10: round(base, 4),
    some60: round(base * 0.9, 4),
    some300: round(base * 0.8, 4),
    full10: 0,
    full60: 0,
    full300: 0,
  });
  return {
    cpu: some(cpuShare ** 2 * 0.4),
    memory: some(memoryShare > 0.9 ? 0.08 : 0),
    io: some(cpuShare * 0.03),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
