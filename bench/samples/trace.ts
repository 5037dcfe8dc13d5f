import { round, share, significant } from "../../probe/numbers.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";

/** Random numbers that are the same in each run. */
function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A node of eight cores as it is over time, in its whole envelope: a daily wave, bursts, noise of each core, caches
 * that grow and are dropped, disks that fill, sensors that follow the load; some 100 series and its pods. Values are
 * rounded as the probe rounds them.
 */
export class NodeTrace {
  readonly #random: () => number;
  readonly #name: string;
  readonly #pods: number;
  #load = 0.2;
  #burst = 0;
  #cache = 4 * 2 ** 30;
  #used = 6 * 2 ** 30;
  #disk = 40 * 2 ** 30;
  #heat = 45;
  #loads = [1, 1, 1];
  readonly #podMemory: number[] = [];

  constructor(number: number, pods = 0) {
    this.#random = randomBy(number + 1);
    this.#name = `node-${number}`;
    this.#pods = pods;
    for (let pod = 0; pod < pods; pod++) this.#podMemory.push((20 + this.#random() * 400) * 2 ** 20);
  }

  at(ms: number): NodeMetricsSnapshot {
    const random = this.#random;
    const noise = (by: number) => (random() + random() + random() - 1.5) * by;
    const wave = 0.25 + 0.15 * Math.sin((ms / 86_400_000) * 2 * Math.PI);
    if (random() < 0.004) this.#burst = 0.3 + random() * 0.4;
    this.#burst *= 0.93;
    this.#load += (wave + this.#burst - this.#load) * 0.3;
    const usage = Math.min(1, Math.max(0.01, this.#load + noise(0.04)));
    const system = usage * 0.25;
    const iowait = random() < 0.1 ? random() * 0.02 : 0;
    this.#loads = this.#loads.map((one, at) => one + (usage * 8 - one) / [12, 60, 180][at]!);
    this.#cache = random() < 0.0005 ? 2 ** 31 : Math.min(12 * 2 ** 30, this.#cache + random() * 2 ** 19);
    this.#used = Math.max(2 ** 32, this.#used + noise(6 * 2 ** 20));
    this.#disk += random() < 0.3 ? random() * 2 ** 18 : 0;
    this.#heat += (42 + usage * 30 - this.#heat) * 0.1 + noise(0.3);
    const rate = (mean: number) => (random() < 0.35 ? 0 : mean * usage * (0.3 + random()));
    const percent = (value: number) => share(value, 1);
    const [user, busy, softirq, wait] = [usage - system, system * 0.9, system * 0.1, iowait].map(percent) as [
      number,
      number,
      number,
      number,
    ];
    const total = 32 * 2 ** 30;
    const processes = Array.from({ length: 10 }, (_, at) => ({
      pid: 1000 + at * 37,
      user: at < 3 ? "root" : "app",
      command: [
        "kubelet",
        "containerd",
        "java",
        "postgres",
        "nginx",
        "node",
        "redis",
        "python3",
        "etcd",
        "envoy",
      ][at]!,
      cpuPercent: round(Math.max(0, (usage * 300) / (at + 1.5) + noise(4)), 1),
      memoryMB: round(significant(900 / (at + 1) + ((ms / 3_600_000) % 7), 3), 1),
    }));
    return {
      nodeName: this.#name,
      timestamp: new Date(ms + Math.round(noise(20))).toISOString(),
      cpu: {
        usage: percent(usage),
        cores: 8,
        load1: round(this.#loads[0]!, 2),
        load5: round(this.#loads[1]!, 2),
        load15: round(this.#loads[2]!, 2),
        perCore: Array.from({ length: 8 }, () => percent(usage + noise(0.15))),
        modes: {
          user,
          nice: 0,
          system: busy,
          // As the probe has it: what the others leave.
          idle: round(Math.max(0, 1 - user - busy - wait - softirq), 3),
          iowait: wait,
          irq: 0,
          softirq,
          steal: 0,
        },
        peak: percent(usage * (1 + random() * 0.3)),
      },
      memory: {
        total,
        used: significant(this.#used),
        available: significant(total - this.#used),
        cached: significant(this.#cache),
        buffers: significant(300 * 2 ** 20),
        swap: { total: 2 ** 32, used: 2 ** 26, inPerSecond: 0, outPerSecond: 0 },
      },
      temperature: {
        cpuDegrees: round(this.#heat, 1),
        nvmeDegrees: 38 + Math.round(this.#heat / 20),
        sensors: Array.from({ length: 6 }, (_, at) => ({
          name: `core ${at}`,
          degrees: Math.round(this.#heat + noise(4)),
        })),
      },
      disk: ["/", "/boot", "/var/lib"].map((mountPoint, at) => ({
        mountPoint,
        total: 200 * 2 ** 30,
        used: significant(at === 1 ? 2 ** 28 : this.#disk * (at + 1)),
        inodes: { total: 13_107_200, used: significant(at === 1 ? 40 : Math.round(this.#disk / 2 ** 14)) },
      })),
      diskIO: ["nvme0n1", "sda"].map((device, at) => ({
        device,
        readPerSecond: significant(at === 0 ? rate(200_000) : 0),
        writtenPerSecond: significant(at === 0 ? rate(900_000) : 0),
        readsPerSecond: round(at === 0 ? rate(20) : 0, 1),
        writesPerSecond: round(at === 0 ? rate(90) : 0, 1),
        busy: percent(at === 0 ? rate(0.04) : 0),
      })),
      network: ["lo", "eth0", "cni0", "flannel.1"].map((name, at) => ({
        interface: name,
        rxKBps: round(significant(rate(40 * (at + 1))), 1),
        txKBps: round(significant(rate(60 * (at + 1))), 1),
      })),
      pressure: {
        cpu: { some10: percent(rate(0.05)), some60: percent(rate(0.04)), some300: 0.02 },
        memory: { some10: 0, some60: 0, some300: 0, full10: 0, full60: 0, full300: 0 },
        io: { some10: wait, some60: wait, some300: 0, full10: percent(iowait / 2), full60: 0, full300: 0 },
      },
      system: {
        uptimeSeconds: Math.round(ms / 1000) % 1e7,
        bootID: "b",
        processes: 300 + Math.round(noise(6)),
        running: 1 + Math.round(usage * 6),
        blocked: random() < 0.05 ? 1 : 0,
      },
      topCPUProcesses: [...processes].sort((a, b) => b.cpuPercent - a.cpuPercent),
      topMemoryProcesses: processes,
      containers: this.#podMemory.map((memory, at) => {
        this.#podMemory[at] = Math.max(2 ** 22, memory + (random() < 0.3 ? noise(2 ** 19) : 0));
        return {
          id: `${this.#name}-${at}`,
          podUID: `uid-${this.#name}-${at}`,
          cpuCores: round(random() < 0.6 ? 0.001 : Math.max(0, usage * 0.1 + noise(0.02)), 3),
          memoryWorkingSet: significant(this.#podMemory[at]!),
        };
      }),
    };
  }

  get pods(): number {
    return this.#pods;
  }
}
