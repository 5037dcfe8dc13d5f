import { expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { random } from "../control/lab.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { createMetricsHistory, type MetricsHistoryOptions } from "./history.ts";
import type { Range } from "./query.ts";

const hour = 3_600_000;
const day = 24 * hour;
const begin = Date.UTC(2026, 0, 5);

/** A history with a clock that tests set. */
function lab(options: Partial<MetricsHistoryOptions> = {}, db: Database = openDatabase(":memory:")) {
  const clock = { now: begin };
  const faults: unknown[] = [];
  const open = () =>
    createMetricsHistory(db, {
      keptMs: [2 * day, 14 * day, 90 * day, 730 * day],
      maxBytes: 2 ** 40,
      findPod: (_cluster, _node, uid) => ({
        namespace: "shop",
        name: `pod-${uid}`,
        kind: "Deployment",
        owner: "web",
      }),
      now: () => clock.now,
      failed: (_what, error) => faults.push(error),
      ...options,
    });
  return { clock, faults, open, history: open(), db };
}

const snapshot = (
  ms: number,
  usage: number,
  more: Partial<NodeMetricsSnapshot> = {},
): NodeMetricsSnapshot => ({
  nodeName: "n1",
  timestamp: new Date(ms).toISOString(),
  cpu: { usage, cores: 4 },
  memory: { total: 8 * 2 ** 30, used: 2 ** 30 + Math.round(usage * 1000) * 4096 },
  ...more,
});
const node = { cluster: "c", kind: "Node", name: "n1" };
const usage = ({ group, name }: { group: string; name: string }) => group === "cpu" && name === "usage";
const range = (fromMs: number, toMs: number, stepMs = 0): Range => ({ fromMs, toMs, stepMs });

test("what comes in is read back at once, sealed, and after a new start", () => {
  const { clock, history, open, faults, db } = lab();
  const told: number[] = [];
  for (let at = 0; at < 300; at++) {
    clock.now = begin + at * 5000;
    const value = Math.round(500 + 400 * Math.sin(at / 20)) / 1000;
    told.push(value);
    history.take("c", [snapshot(clock.now, value)]);
  }
  const check = (one: typeof history) => {
    const found = one.over(node, range(begin, clock.now), usage)!;
    expect([...found.series[0]!.values.avg]).toEqual(told);
    expect(found.times[299]! - found.times[0]!).toBe(299 * 5000);
  };
  check(history);
  history.flush();
  check(open());
  clock.now += 60_000;
  history.settle();
  expect(history.sizes().tiers[0]!.blocks).toBe(2);
  check(history);
  // The rest is in progress, and in the journal alone.
  check(open());
  history.close();
  db.close();
  expect(faults).toEqual([]);
});

test("each tier has the least, greatest, mean and last of what is below it", () => {
  const { clock, history, faults } = lab();
  const next = random(7);
  const values: number[] = [];
  const every = 20_000;
  for (let at = 0; at < (9 * day) / every; at++) {
    clock.now = begin + at * every;
    const value = Math.round(next() * 1000) / 1000;
    values.push(value);
    history.take("c", [snapshot(clock.now, value)]);
    if (at % 1000 === 0) history.settle();
  }
  clock.now += hour;
  history.settle();
  for (const stepMs of [60_000, 600_000, 3_600_000, 6 * hour]) {
    const found = history.over(node, range(begin, begin + 9 * day - 1, stepMs), usage)!;
    expect(found.stepMs).toBe(stepMs);
    const { avg, min, max, last } = found.series[0]!.values;
    const per = stepMs / every;
    expect(avg).toHaveLength((9 * day) / stepMs);
    for (let step = 0; step < avg.length; step++) {
      const own = values.slice(step * per, (step + 1) * per);
      expect(min[step]).toBe(Math.min(...own));
      expect(max[step]).toBe(Math.max(...own));
      expect(last[step]).toBe(own.at(-1)!);
      const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
      // Rounded to its precision in each tier that it went through.
      expect(Math.abs(avg[step]! - mean)).toBeLessThan(0.0016);
    }
  }
  const { tiers } = history.sizes();
  expect(tiers.map((one) => one.blocks > 0)).toEqual([true, true, true, true]);
  // Raw values are kept for two days and what a block is longer.
  expect(clock.now / 1000 - tiers[0]!.oldest!).toBeLessThanOrEqual(2 * 86_400 + 1200);
  expect(faults).toEqual([]);
});

test("of a node that was there for a minute a day tells of that minute", () => {
  const { clock, history } = lab();
  for (clock.now = begin; clock.now < begin + day; clock.now += 300_000) {
    history.take("c", [snapshot(clock.now, 0.5)]);
    if (clock.now === begin + 19 * hour)
      history.take("c", [{ ...snapshot(clock.now, 0.75), nodeName: "short" }]);
    history.settle();
  }
  for (const stepMs of [0, 60_000, 300_000, hour]) {
    const found = history.over({ ...node, name: "short" }, range(begin, clock.now, stepMs), usage)!;
    expect([...found.series[0]!.values.avg].filter((one) => !Number.isNaN(one))).toEqual([0.75]);
  }
});

test("late samples go to their own time, also where that is sealed and rolled up; doubled ones are one", () => {
  const { clock, history, faults } = lab();
  const skipped = new Set([100, 101, 102, 103]);
  const all: NodeMetricsSnapshot[] = [];
  for (let at = 0; at < 3000; at++) {
    clock.now = begin + at * 5000;
    const one = snapshot(clock.now, 0.5);
    all.push(one);
    if (!skipped.has(at)) history.take("c", [one, one]);
  }
  clock.now += 600_000;
  history.settle();
  const missing = history.over(node, range(begin, clock.now, 60_000), usage)!.series[0]!.values.max[8];
  expect(missing).toBe(0.5);
  history.take("c", [snapshot(clock.now, 0.5)]);
  // Within the hour: four that were stuck on their way.
  const late = [2400, 2401, 2402, 2403].map((at) => snapshot(begin + at * 5000 + 1000, 0.9));
  history.take("c", late);
  history.take("c", late);
  clock.now += 1_200_000;
  history.settle();
  const raw = history.over(node, range(begin + 2399 * 5000, begin + 2404 * 5000), usage)!;
  expect([...raw.series[0]!.values.avg]).toEqual([0.5, 0.5, 0.9, 0.5, 0.9, 0.5, 0.9, 0.5, 0.9, 0.5]);
  // In the minute, which had been made from the samples before.
  const minute = history.over(node, range(begin + 2400 * 5000, begin + 2411 * 5000, 60_000), usage)!;
  expect(minute.series[0]!.values.max[0]).toBe(0.9);
  expect(faults).toEqual([]);
});

test("a clock that is wrong or jumps is not believed, and nothing is lost by it", () => {
  const { clock, history, faults } = lab();
  const offsets = [
    0,
    0,
    0,
    10 * 365 * day,
    10 * 365 * day,
    -day * 3,
    -day * 3,
    -600_000,
    -600_000,
    -600_000,
    0,
    0,
  ];
  for (const [at, offset] of offsets.entries()) {
    clock.now = begin + hour + at * 5000;
    history.take("c", [snapshot(clock.now + offset, at / 100)]);
  }
  history.take("c", [{ ...snapshot(0, 0.5), timestamp: "never" }]);
  const found = history.over(node, range(begin, clock.now), usage)!;
  // The first that is ten minutes behind could be late; all that follow it show that the clock is.
  const expected = offsets.map((_, at) => at / 100);
  expect([...found.series[0]!.values.avg].sort((a, b) => a - b)).toEqual(expected);
  const misplaced = [...found.times].filter((time) => time < begin + hour - 1);
  expect(misplaced).toHaveLength(1);
  expect(faults).toEqual([]);
});

test("disks, interfaces and cores that come and go have their values while they are there", () => {
  const { clock, history } = lab();
  const disk = (mountPoint: string) => ({ mountPoint, total: 2 ** 40, used: 2 ** 30 });
  for (let at = 0; at < 400; at++) {
    clock.now = begin + at * 5000;
    const disks = at < 100 ? ["/"] : at < 200 ? ["/", "/data"] : at < 300 ? ["/data"] : ["/", "/new"];
    history.take("c", [snapshot(clock.now, 0.1, { disk: disks.map(disk) })]);
  }
  for (const settled of [false, true]) {
    if (settled) {
      clock.now += hour;
      history.settle();
    }
    const found = history.over(node, range(begin, begin + 400 * 5000), ({ name }) => name === "used")!;
    const count = (group: string) =>
      [...(found.series.find((one) => one.group === group)?.values.avg ?? [])].filter(Number.isFinite).length;
    expect([count("disk /"), count("disk /data"), count("disk /new")]).toEqual([300, 200, 100]);
  }
});

test("a workload is the sum of its pods on all nodes, and keeps those that are gone", () => {
  const { clock, history, faults } = lab();
  const pods = (uids: string[]) =>
    uids.map((podUID, at) => ({
      id: podUID,
      podUID,
      cpuCores: 0.1 * (at + 1),
      memoryWorkingSet: 4096 * 100,
    }));
  for (let at = 0; at < 720 * 3; at++) {
    clock.now = begin + at * 5000;
    const third = at < 720 ? ["c"] : ["d"];
    history.take("c", [
      snapshot(clock.now, 0.1, { containers: pods(["a", "b"]) }),
      // Measured a little later, by another probe.
      { ...snapshot(clock.now + 1700, 0.1, { containers: pods(third) }), nodeName: "n2" },
    ]);
  }
  clock.now += hour;
  history.settle();
  const web = { cluster: "c", kind: "Deployment", namespace: "shop", name: "web" };
  for (const stepMs of [0, 60_000]) {
    const { series } = history.over(web, range(begin, begin + 3 * hour - 1, stepMs))!;
    const [cpu, memory] = series.map((one) =>
      [...one.values.avg].map((value) => Math.round(value * 1000) / 1000),
    );
    // Where one pod takes the other's place both are counted for a moment.
    expect(cpu!.filter((value) => value !== 0.4).length).toBeLessThanOrEqual(5);
    expect(memory!.filter((value) => value !== 3 * 409_600).length).toBeLessThanOrEqual(5);
  }
  const c = history.over({ ...web, kind: "Pod", name: "pod-c" }, range(begin, begin + 3 * hour - 1, 60_000))!;
  expect([...c.series[0]!.values.avg].filter(Number.isFinite)).toHaveLength(60);
  const all = history.podsOver(web, "cpu", range(begin, begin + 3 * hour - 1, 60_000), 2)!;
  expect(all.total).toBe(4);
  expect(all.series.map((one) => one.name)).toEqual(["pod-b", "pod-a"]);
  expect(faults).toEqual([]);
});

test("what owns pods may be called Cluster too, as the resource of an operator is", async () => {
  const { clock, history, faults } = lab({
    findPod: () => ({ namespace: "shop", name: "pg-1", kind: "Cluster", owner: "pg" }),
  });
  const containers = [{ id: "a", podUID: "a", cpuCores: 0.25, memoryWorkingSet: 4096 * 100 }];
  for (let at = 0; at < 240; at++) {
    clock.now = begin + at * 5000;
    history.take("c", [snapshot(clock.now, 0.1, { containers })]);
  }
  clock.now += 120_000;
  history.settle();
  const over = (ref: object) =>
    history.over({ cluster: "c", name: "", ...ref } as never, range(begin, begin + hour, 60_000))?.series;
  const [cpu] = over({ kind: "Cluster", namespace: "shop", name: "pg" })!;
  expect(Math.max(...cpu!.values.avg.filter(Number.isFinite))).toBe(0.25);
  // Of the whole cluster nothing was taken.
  expect(over({ kind: "Cluster" })).toBeUndefined();
  expect((await history.fleet("6h", undefined)).map((one) => [one.kind, one.name, one.what])).toEqual([
    ["Node", "n1", "memory"],
  ]);
  expect(faults).toEqual([]);
});

test("who was busy is known at a moment of last week", () => {
  const { clock, history } = lab();
  const process = (command: string, cpuPercent: number, pid = 7) => ({
    pid,
    command,
    cpuPercent,
    memoryMB: 50,
  });
  for (let at = 0; at < (4 * day) / 60_000; at++) {
    clock.now = begin + at * 60_000;
    const spike = at === 333;
    history.take("c", [
      snapshot(clock.now, spike ? 0.99 : 0.1, {
        topCPUProcesses: [process(spike ? "miner" : "web", spike ? 390 : 5, spike ? 666 : 7)],
      }),
    ]);
    if (at % 300 === 0) history.settle();
  }
  expect(history.sizes().tiers[0]!.oldest! * 1000).toBeGreaterThan(begin + day);
  const at = begin + 333 * 60_000;
  const found = history.processes(node, at - 60_000, at + 60_000)!;
  const top = found.find((one) => one.atMs === at)!;
  expect(top.processes).toEqual([{ pid: 666, user: "", command: "miner", cpu: 390, memory: 50 }]);
});

test("the oldest of the largest tier go at the size cap, and the size is what SQLite says", () => {
  const { clock, history, db, faults } = lab({ maxBytes: 300 * 1024 });
  const next = random(3);
  for (let at = 0; at < (2 * day) / 5000; at += 3) {
    clock.now = begin + at * 5000;
    history.take("c", [
      snapshot(clock.now, next(), { cpu: { usage: next(), perCore: Array.from({ length: 8 }, next) } }),
    ]);
    if (at % 600 === 0) history.settle();
  }
  history.settle();
  const { tiers, bytes } = history.sizes();
  expect(bytes).toBeLessThanOrEqual(300 * 1024);
  expect(bytes).toBeGreaterThan(150 * 1024);
  for (const [tier, size] of tiers.entries())
    expect(
      db.metrics
        .query(`SELECT count(*) AS blocks, coalesce(sum(length(data)), 0) AS bytes FROM blocks${tier}`)
        .get(),
    ).toEqual({ blocks: size.blocks, bytes: size.bytes });
  expect(faults).toEqual([]);
});

test("a cluster that was removed leaves nothing, and others stay", async () => {
  const { clock, history, open, db } = lab();
  for (let at = 0; at < 400; at++) {
    clock.now = begin + at * 5000;
    for (const cluster of ["c", "d"])
      history.take(cluster, [
        snapshot(clock.now, 0.5, {
          containers: [{ id: "x", podUID: `${cluster}-x`, cpuCores: 1, memoryWorkingSet: 1 }],
        }),
      ]);
  }
  clock.now += hour;
  history.settle();
  history.take("c", [snapshot(clock.now, 0.5)]);
  await history.forget("c");
  const all = range(begin, clock.now);
  expect(history.over(node, all)).toBeUndefined();
  expect(history.over({ ...node, cluster: "d" }, all)).toBeDefined();
  expect(db.metrics.query("SELECT DISTINCT cluster FROM subjects").all()).toEqual([{ cluster: "d" }]);
  expect(db.metrics.query("SELECT uid FROM pods").all()).toEqual([{ uid: "d-x" }]);
  // Neither is it back after a new start, although the journal had it.
  history.take("d", [snapshot(clock.now, 0.5)]);
  history.flush();
  const again = open();
  expect(again.over(node, all)).toBeUndefined();
  expect(again.over({ ...node, cluster: "d" }, all)!.times.at(-1)).toBe(clock.now);
});

test("a block or journal that is damaged is told of and missing; all else is there", () => {
  const { clock, history, faults, db, open } = lab();
  for (let at = 0; at < 400; at++) {
    clock.now = begin + at * 5000;
    history.take("c", [snapshot(clock.now, 0.5)]);
  }
  clock.now += 1_800_000;
  history.settle();
  db.metrics.run("UPDATE blocks0 SET data = x'01ff03' WHERE key = (SELECT min(key) FROM blocks0)");
  const found = history.over(node, range(begin, clock.now), usage)!;
  expect(found.times).toHaveLength(280);
  expect(faults.length).toBeGreaterThan(0);
  history.take("c", [snapshot(clock.now, 0.5)]);
  history.flush();
  db.metrics.run("UPDATE journal SET rows = x'ffffff'");
  expect(open().over(node, range(begin, clock.now), usage)!.times).toHaveLength(280);
});
