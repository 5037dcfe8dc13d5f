import { expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { type SystemInformation, standInSampler } from "./systeminformation.ts";

const config = { nodeName: "laptop", topProcesses: 2, excludedInterfaces: ["utun*"] };
const gib = 2 ** 30;

/** A laptop, as far as it is asked; each answer may be overridden. */
function laptop(changes: Partial<Record<keyof SystemInformation, unknown>> = {}): SystemInformation {
  const answers: Record<keyof SystemInformation, unknown> = {
    cpu: { manufacturer: "Apple", brand: "M2", cores: 8 },
    cpuTemperature: { main: 0, cores: [], max: 0 },
    currentLoad: {
      currentLoad: 25,
      currentLoadUser: 15,
      currentLoadNice: 0,
      currentLoadSystem: 10,
      currentLoadIdle: 75,
      currentLoadIrq: 0,
      currentLoadSteal: 0,
      cpus: [{ load: 50 }, { load: 0.04 }],
    },
    fsSize: [
      {
        fs: "/dev/disk3s1s1",
        type: "APFS",
        size: 500 * gib,
        used: 100 * gib,
        available: 300 * gib,
        mount: "/",
      },
      {
        fs: "/dev/disk3s6",
        type: "APFS",
        size: 500 * gib,
        used: 1,
        available: 1,
        mount: "/System/Volumes/VM",
      },
    ],
    mem: { total: 16 * gib, available: 12 * gib, swaptotal: 0, swapused: 0 },
    networkStats: [
      {
        iface: "en0",
        operstate: "up",
        rx_bytes: 5000,
        tx_bytes: 6000,
        rx_sec: 2048,
        tx_sec: null,
        rx_errors: 0,
        tx_errors: 0,
        rx_dropped: 0,
        tx_dropped: 0,
      },
      {
        iface: "en1",
        operstate: "down",
        rx_bytes: 0,
        tx_bytes: 0,
        rx_sec: 0,
        tx_sec: 0,
        rx_errors: 0,
        tx_errors: 0,
        rx_dropped: 0,
        tx_dropped: 0,
      },
      {
        iface: "utun3",
        operstate: "unknown",
        rx_bytes: 0,
        tx_bytes: 0,
        rx_sec: 0,
        tx_sec: 0,
        rx_errors: 0,
        tx_errors: 0,
        rx_dropped: 0,
        tx_dropped: 0,
      },
    ],
    osInfo: { kernel: "24.1.0" },
    processes: {
      list: [
        { pid: 1, user: "root", name: "launchd", cpu: 0.5, memRss: 20_480 },
        { pid: 2, user: "me", name: "idle", cpu: 0, memRss: 102_400 },
        { pid: 3, user: "", name: "build", cpu: 12, memRss: 51_200 },
      ],
    },
    time: { uptime: 1234.5 },
    ...changes,
  };
  const asks = Object.entries(answers).map(([name, answer]) => [
    name,
    typeof answer === "function" ? answer : name === "time" ? () => answer : async () => answer,
  ]);
  return Object.fromEntries(asks);
}

test("a laptop's snapshot has what its system tells", async () => {
  const snapshot = await (await standInSampler(config, laptop(), "darwin")).snapshot();
  expect([...Value.Errors(NodeMetricsSnapshot, JSON.parse(JSON.stringify(snapshot)))]).toEqual([]);
  expect(snapshot).toMatchObject({
    nodeName: "laptop",
    cpu: { usage: 0.25, cores: 2, perCore: [0.5, 0], modes: { user: 0.15, idle: 0.75 }, model: "Apple M2" },
    memory: { total: 16 * gib, usage: 0.25 },
    network: [{ interface: "en0", rxKBps: 2, txKBps: 0 }],
    system: { uptimeSeconds: 1234, kernel: "24.1.0" },
    topCPUProcesses: [
      { pid: 3, command: "build", cpuPercent: 12, memoryMB: 50 },
      { pid: 1, user: "root", cpuPercent: 0.5 },
    ],
    topMemoryProcesses: [{ pid: 2 }, { pid: 3 }],
  });
  expect(snapshot.disk!.map((one) => [one.mountPoint, one.usage])).toEqual([["/", 0.25]]);
  expect(snapshot.memory).not.toHaveProperty("swap");
});

test("percent of all cores, as Windows has it, becomes percent of one", async () => {
  const snapshot = await (await standInSampler(config, laptop(), "win32")).snapshot();
  expect(snapshot.topCPUProcesses![0]!.cpuPercent).toBe(96);
});

test("what fails or is not told takes nothing from the rest", async () => {
  const failing = laptop({ mem: () => Promise.reject(new Error("vm_stat: not found")) });
  const snapshot = await (await standInSampler(config, failing, "darwin")).snapshot();
  expect(snapshot.memory).toBeUndefined();
  expect(snapshot.cpu).toBeDefined();
  expect(snapshot.collectors).toContainEqual(
    expect.objectContaining({ name: "memory", error: "vm_stat: not found" }),
  );
  expect(snapshot.collectors).toContainEqual(
    expect.objectContaining({ name: "temperature", absent: "not told by this system" }),
  );
});

test("what is slow to ask for is not asked for at each snapshot", async () => {
  let asked = 0;
  const counting = laptop({
    processes: async () => {
      asked++;
      return { list: [] };
    },
  });
  const sampler = await standInSampler(config, counting, "darwin");
  for (let count = 0; count < 3; count++) await sampler.snapshot();
  expect(asked).toBe(1);
});

test("the package itself gives a snapshot of the wire's shape", async () => {
  const snapshot = await (await standInSampler(config)).snapshot();
  expect([...Value.Errors(NodeMetricsSnapshot, JSON.parse(JSON.stringify(snapshot)))]).toEqual([]);
  expect(snapshot.memory!.total).toBeGreaterThan(0);
  expect(snapshot.topMemoryProcesses!.length).toBe(2);
});
