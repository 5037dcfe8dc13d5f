import type { Systeminformation } from "systeminformation";
import type { CollectorReport, NodeMetricsSnapshot, ProcessMetrics } from "../../wire/metrics.ts";
import { version } from "../../wire/version.ts";
import type { Part } from "../collector.ts";
import type { ProbeConfig } from "../config.ts";
import { round, share, significant } from "../numbers.ts";
import type { Sampler } from "../sampler.ts";
import { cut, matchesAny } from "../text.ts";
import { highest } from "../top.ts";

/** The part of the package that is used; tests put their own in its place. */
export type SystemInformation = Pick<
  typeof import("systeminformation"),
  | "cpu"
  | "cpuTemperature"
  | "currentLoad"
  | "fsSize"
  | "mem"
  | "networkStats"
  | "osInfo"
  | "processes"
  | "time"
>;

export type StandInConfig = Pick<ProbeConfig, "nodeName" | "topProcesses" | "excludedInterfaces">;

/**
 * Snapshots of a machine without /proc (macOS, Windows), for `atlhyper up` on a laptop. The package starts
 * programs of the system for most of its data, so what is slow to ask for is asked for less often. It knows
 * less than the collectors do: no pressure, no containers, no file handles.
 */
export async function standInSampler(
  config: StandInConfig,
  si?: SystemInformation,
  platform: NodeJS.Platform = process.platform,
): Promise<Sampler> {
  const source = si ?? (await import("systeminformation"));
  const parts = partsOf(source, config, platform);
  return {
    sample() {}, // The package measures load from one call to the next by itself.
    async snapshot() {
      const snapshot: NodeMetricsSnapshot = {
        nodeName: config.nodeName,
        timestamp: new Date().toISOString(),
        probeVersion: version,
      };
      const reports = await Promise.all(
        Object.entries(parts).map(([name, ask]) => askInto(snapshot, name, ask)),
      );
      return { ...snapshot, collectors: reports };
    },
  };
}

async function askInto(
  snapshot: NodeMetricsSnapshot,
  name: string,
  ask: () => Promise<Part | undefined>,
): Promise<CollectorReport> {
  const start = performance.now();
  const ms = () => round(performance.now() - start, 1);
  try {
    const part = await ask();
    if (part) Object.assign(snapshot, part);
    return { name, ms: ms(), ...(!part && { absent: "not told by this system" }) };
  } catch (error) {
    return { name, ms: ms(), error: cut((error as Error).message, 256) };
  }
}

function partsOf(
  si: SystemInformation,
  config: StandInConfig,
  platform: NodeJS.Platform,
): Record<string, () => Promise<Part | undefined>> {
  const processor = atMostEvery(3_600_000, () => si.cpu());
  const system = atMostEvery(3_600_000, () => si.osInfo());
  return {
    cpu: async () => cpuPart(await si.currentLoad(), await processor()),
    memory: async () => memoryPart(await si.mem()),
    disk: atMostEvery(30_000, async () => diskPart(await si.fsSize())),
    network: async () => networkPart(await si.networkStats("*"), config.excludedInterfaces),
    temperature: atMostEvery(30_000, async () => temperaturePart(await si.cpuTemperature())),
    processes: atMostEvery(15_000, async () =>
      processesPart(await si.processes(), config.topProcesses, platform, (await processor()).cores),
    ),
    system: async () => ({
      system: { uptimeSeconds: Math.floor(si.time().uptime), kernel: cut((await system()).kernel, 64) },
    }),
  };
}

/** Asks again only after some time, and gives the answer of before until then. A failure is not kept. */
function atMostEvery<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { value: T; at: number } | undefined;
  return async () => {
    if (!last || performance.now() - last.at >= ms) last = { value: await ask(), at: performance.now() };
    return last.value;
  };
}

function cpuPart(load: Systeminformation.CurrentLoadData, processor: Systeminformation.CpuData): Part {
  const mode = (percent: number) => share(percent, 100);
  return {
    cpu: {
      usage: mode(load.currentLoad),
      cores: load.cpus.length,
      perCore: load.cpus.map((core) => mode(core.load)),
      modes: {
        user: mode(load.currentLoadUser),
        nice: mode(load.currentLoadNice),
        system: mode(load.currentLoadSystem),
        idle: mode(load.currentLoadIdle),
        iowait: 0,
        irq: mode(load.currentLoadIrq),
        softirq: 0,
        steal: mode(load.currentLoadSteal),
      },
      model: cut(`${processor.manufacturer} ${processor.brand}`.trim()),
    },
  };
}

function memoryPart(mem: Systeminformation.MemData): Part {
  return {
    memory: {
      total: mem.total,
      used: significant(mem.total - mem.available),
      available: significant(mem.available),
      usage: share(mem.total - mem.available, mem.total),
      ...(mem.swaptotal > 0 && { swap: { total: mem.swaptotal, used: significant(mem.swapused) } }),
    },
  };
}

function diskPart(filesystems: Systeminformation.FsSizeData[]): Part | undefined {
  // The volumes of macOS's own share one container's space; the one on / stands for them.
  const disk = filesystems
    .filter((one) => one.size > 0 && !one.mount.startsWith("/System/Volumes/"))
    .map((one) => ({
      mountPoint: cut(one.mount, 256),
      total: one.size,
      used: significant(one.used),
      free: significant(one.available),
      usage: share(one.used, one.used + one.available),
      device: cut(one.fs),
      filesystem: cut(one.type, 32),
    }));
  return disk.length > 0 ? { disk } : undefined;
}

function networkPart(stats: Systeminformation.NetworkStatsData[], excluded: string[]): Part {
  const kibPerSecond = (bytes: number | null) => round(Math.max(0, bytes ?? 0) / 1024, 1);
  return {
    network: stats
      .filter((one) => one.operstate !== "down" && !matchesAny(one.iface, excluded))
      .map((one) => ({
        interface: cut(one.iface, 64),
        rxKBps: kibPerSecond(one.rx_sec),
        txKBps: kibPerSecond(one.tx_sec),
        rxBytes: one.rx_bytes,
        txBytes: one.tx_bytes,
        rxErrors: one.rx_errors,
        txErrors: one.tx_errors,
        rxDropped: one.rx_dropped,
        txDropped: one.tx_dropped,
      })),
  };
}

function temperaturePart({ main, cores }: Systeminformation.CpuTemperatureData): Part | undefined {
  if (!(main > 0)) return undefined;
  const sensors = cores.map((degrees, core) => ({ name: `Core ${core}`, degrees: round(degrees, 1) }));
  return { temperature: { cpuDegrees: round(main, 1), sensors } };
}

function processesPart(
  { list }: Systeminformation.ProcessesData,
  count: number,
  platform: NodeJS.Platform,
  cores: number,
): Part {
  // Percent of one core on macOS, of all of them elsewhere.
  const scale = platform === "darwin" ? 1 : cores;
  const told = ({
    pid,
    user,
    name,
    cpu,
    memRss,
  }: Systeminformation.ProcessesProcessData): ProcessMetrics => ({
    pid,
    ...(user && { user: cut(user, 32) }),
    command: cut(name, 64),
    cpuPercent: round(cpu * scale, 1),
    memoryMB: round(memRss / 1024, 1),
  });
  return {
    topCPUProcesses: highest(list, count, (one) => one.cpu).map(told),
    topMemoryProcesses: highest(list, count, (one) => one.memRss).map(told),
  };
}
