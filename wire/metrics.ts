import { type Static, Type as T } from "@sinclair/typebox";

/**
 * One node's metrics at one moment, as the probe measures them. Rates are over the time since the sample
 * before; usages are shares from 0 to 1; temperatures are in °C. The fields of AtlHyper 1.x come first in
 * each object, everything behind them is optional.
 */

const Share = T.Number();
const Bytes = T.Number();

/** Shares of all cores' time, summing to 1. */
export const CpuModes = T.Object({
  user: Share,
  nice: Share,
  system: Share,
  idle: Share,
  iowait: Share,
  irq: Share,
  softirq: Share,
  steal: Share,
});

export const CpuMetrics = T.Object({
  usage: Share,
  cores: T.Optional(T.Number()),
  load1: T.Optional(T.Number()),
  load5: T.Optional(T.Number()),
  load15: T.Optional(T.Number()),
  /** Usage of each core, by its number. */
  perCore: T.Optional(T.Array(Share)),
  modes: T.Optional(CpuModes),
  /** The highest usage of the shorter samples since the snapshot before. */
  peak: T.Optional(Share),
  model: T.Optional(T.String()),
});

export const MemoryMetrics = T.Object({
  total: Bytes,
  used: Bytes,
  available: T.Optional(Bytes),
  usage: T.Optional(Share),
  buffers: T.Optional(Bytes),
  cached: T.Optional(Bytes),
  /** Absent on a machine without swap. */
  swap: T.Optional(
    T.Object({ total: Bytes, used: Bytes, inPerSecond: T.Optional(Bytes), outPerSecond: T.Optional(Bytes) }),
  ),
});

export const TemperatureMetrics = T.Object({
  cpuDegrees: T.Optional(T.Number()),
  gpuDegrees: T.Optional(T.Number()),
  nvmeDegrees: T.Optional(T.Number()),
  sensors: T.Optional(
    T.Array(T.Object({ name: T.String(), degrees: T.Number(), critical: T.Optional(T.Number()) })),
  ),
});

export const DiskMetrics = T.Object({
  mountPoint: T.String(),
  total: Bytes,
  used: Bytes,
  free: T.Optional(Bytes),
  usage: T.Optional(Share),
  device: T.Optional(T.String()),
  filesystem: T.Optional(T.String()),
  inodes: T.Optional(T.Object({ total: T.Number(), used: T.Number() })),
});

export const DiskIoMetrics = T.Object({
  device: T.String(),
  readPerSecond: Bytes,
  writtenPerSecond: Bytes,
  readsPerSecond: T.Number(),
  writesPerSecond: T.Number(),
  /** Share of the time in which at least one request was under way. */
  busy: Share,
});

export const NetworkMetrics = T.Object({
  interface: T.String(),
  rxKBps: T.Number(),
  txKBps: T.Number(),
  rxBytes: T.Optional(Bytes),
  txBytes: T.Optional(Bytes),
  rxErrors: T.Optional(T.Number()),
  txErrors: T.Optional(T.Number()),
  rxDropped: T.Optional(T.Number()),
  txDropped: T.Optional(T.Number()),
  /** Megabits per second, where the driver tells. */
  speedMbps: T.Optional(T.Number()),
  virtual: T.Optional(T.Boolean()),
});

export const ProcessMetrics = T.Object({
  pid: T.Number(),
  user: T.Optional(T.String()),
  command: T.String(),
  /** 100 is one core, as in top(1). */
  cpuPercent: T.Number(),
  memoryMB: T.Number(),
});

/** Pressure stall information: shares of the time in which some, or all, tasks waited for the resource. */
const Pressure = T.Object({
  some10: Share,
  some60: Share,
  some300: Share,
  full10: T.Optional(Share),
  full60: T.Optional(Share),
  full300: T.Optional(Share),
});
export const PressureMetrics = T.Object({
  cpu: T.Optional(Pressure),
  memory: T.Optional(Pressure),
  io: T.Optional(Pressure),
});

export const ContainerMetrics = T.Object({
  /** The container's id as the runtime names its cgroup. */
  id: T.String(),
  podUID: T.String(),
  /** Cores used, averaged over the time since the sample before. */
  cpuCores: T.Number(),
  /** Memory in use less what the kernel could drop at once (inactive file pages), as the kubelet counts it. */
  memoryWorkingSet: Bytes,
  memoryLimit: T.Optional(Bytes),
});

export const SystemMetrics = T.Object({
  uptimeSeconds: T.Optional(T.Number()),
  bootID: T.Optional(T.String()),
  kernel: T.Optional(T.String()),
  processes: T.Optional(T.Number()),
  threads: T.Optional(T.Number()),
  running: T.Optional(T.Number()),
  blocked: T.Optional(T.Number()),
  fileHandles: T.Optional(T.Object({ used: T.Number(), max: T.Number() })),
});

/** How each collector did: how long it took, and why it failed or what the machine lacks. */
export const CollectorReport = T.Object({
  name: T.String(),
  ms: T.Number(),
  error: T.Optional(T.String()),
  absent: T.Optional(T.String()),
});

export const NodeMetricsSnapshot = T.Object({
  nodeName: T.String({ minLength: 1, maxLength: 253 }),
  timestamp: T.String(),
  cpu: T.Optional(CpuMetrics),
  memory: T.Optional(MemoryMetrics),
  temperature: T.Optional(TemperatureMetrics),
  disk: T.Optional(T.Array(DiskMetrics)),
  network: T.Optional(T.Array(NetworkMetrics)),
  topCPUProcesses: T.Optional(T.Array(ProcessMetrics)),
  topMemoryProcesses: T.Optional(T.Array(ProcessMetrics)),
  diskIO: T.Optional(T.Array(DiskIoMetrics)),
  pressure: T.Optional(PressureMetrics),
  containers: T.Optional(T.Array(ContainerMetrics)),
  system: T.Optional(SystemMetrics),
  collectors: T.Optional(T.Array(CollectorReport)),
  probeVersion: T.Optional(T.String()),
});

export type CpuMetrics = Static<typeof CpuMetrics>;
export type CpuModes = Static<typeof CpuModes>;
export type MemoryMetrics = Static<typeof MemoryMetrics>;
export type TemperatureMetrics = Static<typeof TemperatureMetrics>;
export type DiskMetrics = Static<typeof DiskMetrics>;
export type DiskIoMetrics = Static<typeof DiskIoMetrics>;
export type NetworkMetrics = Static<typeof NetworkMetrics>;
export type ProcessMetrics = Static<typeof ProcessMetrics>;
export type Pressure = Static<typeof Pressure>;
export type PressureMetrics = Static<typeof PressureMetrics>;
export type ContainerMetrics = Static<typeof ContainerMetrics>;
export type SystemMetrics = Static<typeof SystemMetrics>;
export type CollectorReport = Static<typeof CollectorReport>;
export type NodeMetricsSnapshot = Static<typeof NodeMetricsSnapshot>;
