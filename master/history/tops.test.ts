import { expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { openDatabase } from "../database/database.ts";
import { createMetricsHistory } from "./history.ts";
import type { TopsQuery } from "./tops.ts";
import { windowsOf } from "./pieces.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const begin = Date.UTC(2026, 0, 5);
const mebi = 2 ** 20;

/** A history in which `tell` says what a node and its pods use at a time; it is given every 20 s. */
function lab(tell: (ms: number) => Partial<NodeMetricsSnapshot>, ms: number, everyMs = 20_000) {
  const clock = { now: begin };
  const faults: unknown[] = [];
  const history = createMetricsHistory(openDatabase(":memory:"), {
    keptMs: [2 * day, 14 * day, 90 * day, 730 * day],
    maxBytes: 2 ** 40,
    findPod(_cluster, _node, uid) {
      const [namespace = "", owner = "", number] = uid.split("/");
      return { namespace, name: `${owner}-${number}`, kind: "Deployment", owner };
    },
    now: () => clock.now,
    failed: (_what, error) => faults.push(error),
  });
  for (; clock.now < begin + ms; clock.now += everyMs) {
    const timestamp = new Date(clock.now).toISOString();
    history.take("c", [{ nodeName: "n1", timestamp, ...tell(clock.now - begin) }]);
    if ((clock.now - begin) % (10 * minute) === 0) history.settle();
  }
  history.settle();
  return { history, faults, clock };
}
const pod = (uid: string, cpuCores: number, memory: number) => ({
  id: uid,
  podUID: uid,
  cpuCores,
  memoryWorkingSet: memory * mebi,
});
const query = (more: Partial<TopsQuery> = {}): TopsQuery => ({
  of: "pods",
  by: "cpu",
  order: "mean",
  most: 10,
  rangeMs: day,
  ...more,
});
const told = (ms: number): Partial<NodeMetricsSnapshot> => ({
  cpu: { usage: 0.5, cores: 4 },
  memory: { total: 1000 * mebi, used: (ms < 12 * hour ? 300 : 500) * mebi },
  disk: [
    { mountPoint: "/", total: 100 * mebi, used: 40 * mebi },
    { mountPoint: "/data", total: 100 * mebi, used: 80 * mebi },
  ],
  network: [
    { interface: "eth0", rxKBps: 10, txKBps: 6 },
    { interface: "docker0", rxKBps: 500, txKBps: 500 },
  ],
  containers: [
    pod("shop/web/1", 0.2, 100),
    // Twice as much for half of the time, and then it is gone.
    ...(ms < 12 * hour ? [pod("shop/web/2", 0.6, 50)] : []),
    // A moment of much.
    pod("bank/db/1", ms === 6 * hour ? 4 : 0.1, 400),
  ],
});

test("over a day: pods by mean and by most, those that are gone too, what all use together and each one's share", async () => {
  const { history, faults } = lab(told, day + 25 * minute);
  const { items, total, sum, fromMs, toMs } = await history.top(query({ lines: true }));
  expect(Math.abs(fromMs - (begin + 25 * minute))).toBeLessThanOrEqual(hour);
  expect(toMs).toBe(begin + day + 25 * minute);
  expect(total).toBe(3);
  expect(items.map((one) => `${one.namespace}/${one.name}`)).toEqual([
    "shop/web-2",
    "shop/web-1",
    "bank/db-1",
  ]);
  const [gone, still, spike] = items;
  // As if it used nothing in the half in which it was not there.
  expect(gone!.mean).toBeCloseTo(0.6 * (12 / (24 + 25 / 60)), 2);
  expect(gone!.seconds).toBeCloseTo(12 * 3600, -2);
  expect(gone).toMatchObject({
    max: 0.6,
    kind: "Pod",
    uid: "shop/web/2",
    owner: { kind: "Deployment", name: "web" },
  });
  expect(still!.mean).toBeCloseTo(0.2, 3);
  expect(still!.others).toEqual({ memory: expect.closeTo(100 * mebi, -4) });
  expect(spike!.max).toBe(4);
  expect(sum).toBeCloseTo(gone!.mean + still!.mean + spike!.mean, 6);
  expect(items.reduce((all, one) => all + one.share, 0)).toBeCloseTo(1, 6);
  expect(gone!.line.length).toBeGreaterThan(11);
  expect(gone!.line[3]).toBeCloseTo(0.6, 3);
  expect(gone!.line.at(-1)).toBeNaN();
  expect(still!.line.every((one) => Math.abs(one - 0.2) < 0.001)).toBeTrue();

  // The spike is no twentieth of the time; web-2 counts while it was there.
  expect([gone!.p95, still!.p95]).toEqual([0.6, 0.2]);
  expect(spike!.p95).toBeWithin(0.1, 0.11);
  const byPercentile = await history.top(query({ order: "p95" }));
  expect(byPercentile.items.map((one) => one.name)).toEqual(["web-2", "web-1", "db-1"]);
  expect(byPercentile.items.map(({ p95 }) => p95)).toEqual(items.map(({ p95 }) => p95));

  const byMost = await history.top(query({ order: "max", most: 2 }));
  expect(byMost.items.map((one) => one.name)).toEqual(["db-1", "web-2"]);
  expect(byMost.total).toBe(3);
  const byMemory = await history.top(query({ by: "memory" }));
  expect(byMemory.items.map((one) => one.name)).toEqual(["db-1", "web-1", "web-2"]);
  expect(byMemory.items[0]!.mean).toBeCloseTo(400 * mebi, -4);
  expect(faults).toEqual([]);
});

test("workloads and namespaces are all of their pods together, nodes what they are", async () => {
  const { history } = lab(told, day);
  const workloads = await history.top(query({ of: "workloads", lines: true }));
  expect(workloads.items.map((one) => [one.kind, one.name])).toEqual([
    ["Deployment", "web"],
    ["Deployment", "db"],
  ]);
  expect(workloads.items[0]!.max).toBeCloseTo(0.8, 3);
  expect(workloads.items[0]!.line[3]).toBeCloseTo(0.8, 2);
  expect(workloads.items[0]!.p95).toBeCloseTo(0.8, 3);
  const namespaces = await history.top(query({ of: "namespaces", lines: true }));
  expect(namespaces.items.map((one) => [one.kind, one.name])).toEqual([
    ["Namespace", "shop"],
    ["Namespace", "bank"],
  ]);
  expect(namespaces.items[0]!.p95).toBeNaN();
  expect(namespaces.items[0]!.mean).toBeCloseTo(0.5, 2);
  expect(namespaces.items[0]!.line[3]).toBeCloseTo(0.8, 2);
  const node = async (by: TopsQuery["by"]) => (await history.top(query({ of: "nodes", by }))).items[0]!;
  expect(await node("cpu")).toMatchObject({ name: "n1", mean: 0.5, share: 0.5 });
  expect((await node("cpu")).p95).toBe(0.5);
  expect((await node("memory")).p95 / (500 * mebi)).toBeWithin(0.999, 1.091);
  expect((await node("memory")).mean).toBeCloseTo(400 * mebi, -4);
  expect((await node("memory")).share).toBeCloseTo(0.4, 2);
  expect(await node("disk")).toMatchObject({ mean: 0.8, max: 0.8 });
  // Without what does not leave the machine.
  expect((await node("network")).mean).toBeCloseTo(16 * 1024, 0);
  expect((await history.top(query({ by: "network" }))).items).toEqual([]);
});

test("each time is added up from what is kept of it, and comes to the same", async () => {
  const steady = () => ({
    cpu: { usage: 0.5 },
    containers: [pod("shop/web/1", 0.25, 64), pod("shop/web/2", 0.75, 64)],
  });
  const { history, clock } = lab(steady, 16 * day, 5 * minute);
  for (const rangeMs of [hour / 4, hour, 6 * hour, day, 7 * day, 30 * day, 730 * day]) {
    const { items, sum } = await history.top(query({ rangeMs, lines: true }));
    expect(items.map((one) => one.name)).toEqual(["web-2", "web-1"]);
    expect(sum, String(rangeMs)).toBeCloseTo(1, 1);
    expect(
      items[0]!.line.filter((one) => !Number.isNaN(one)).every((one) => Math.abs(one - 0.75) < 0.01),
    ).toBeTrue();
  }
  clock.now += 30_000;
  expect((await history.top(query())).toMs).toBeLessThan(clock.now);
});

test("of an hour long ago who used most is told by the pieces that are still kept of it, and which these are", async () => {
  const busy = 30 * hour;
  const { history, faults, clock } = lab(
    (ms) => ({
      cpu: { usage: 0.5 },
      containers: [
        pod("shop/web/1", 0.25, 64),
        pod("shop/web/2", ms >= busy && ms < busy + 2 * hour ? 2 : 0.1, 64),
      ],
    }),
    18 * day,
    5 * minute,
  );
  const at = async (fromMs: number, rangeMs: number) => {
    const found = await history.top(query({ rangeMs, toMs: begin + fromMs + rangeMs, lines: true }));
    return {
      ...found,
      names: found.items.map((one) => one.name),
      fromMs: found.fromMs - begin,
      toMs: found.toMs - begin,
    };
  };
  const days = (one: number) => one * day;
  // By ten minutes, two hours, and a day: where the time lies in them makes no difference.
  expect(await at(days(18) - 3 * hour, hour)).toMatchObject({
    fromMs: days(18) - 3 * hour,
    toMs: days(18) - 2 * hour,
  });
  for (const shift of [0, 17, 59, 60, 61, 119].map((minutes) => minutes * minute)) {
    const recent = await at(days(10) + shift, hour);
    expect(recent.names).toEqual(["web-1", "web-2"]);
    expect(recent.toMs - recent.fromMs).toBe(2 * hour);
    expect(recent.items[0]!.mean).toBeCloseTo(0.25, 3);
    expect(recent.items[0]!.line.some((one) => Math.abs(one - 0.25) < 0.001)).toBeTrue();
  }
  const six = await at(days(10) + 5 * hour, 6 * hour);
  expect(six.toMs - six.fromMs).toBeWithin(4 * hour, 9 * hour);
  expect(six.items[0]!.line.filter((one) => !Number.isNaN(one)).length).toBeGreaterThan(1);
  const old = await at(busy, hour);
  expect([old.fromMs, old.toMs]).toEqual([days(1), days(2)]);
  expect(old.names).toEqual(["web-2", "web-1"]);
  expect(old.items[0]!.max).toBe(2);
  for (const length of [hour, day / 2, day, 2 * day])
    expect((await at(days(1) + 13 * hour, length)).names.length).toBe(2);
  // What has not been yet is not there either.
  expect((await at(days(18) + hour, hour)).toMs).toBeLessThanOrEqual(clock.now - begin);
  const ahead = await at(days(18) + hour, day);
  expect([ahead.items, ahead.fromMs <= ahead.toMs]).toEqual([[], true]);
  const partly = await at(days(18) - 4 * hour, days(2));
  expect(partly.names.length).toBe(2);
  expect(partly.fromMs).toBeWithin(days(18) - 6 * hour, days(18) - 2 * hour);
  expect((await at(-days(9), hour)).items).toEqual([]);
  expect(faults).toEqual([]);
});

test("what comes late counts in the longer pieces, too, that are made already", async () => {
  const { history, faults, clock } = lab(
    () => ({ cpu: { usage: 0.5 }, containers: [pod("shop/web/1", 0.25, 64)] }),
    4 * hour + 30 * minute,
    minute,
  );
  for (let ms = 3 * hour + 40 * minute; ms < 3 * hour + 50 * minute; ms += minute) {
    const timestamp = new Date(begin + ms).toISOString();
    history.take("c", [
      { nodeName: "n2", timestamp, cpu: { usage: 0.5 }, containers: [pod("shop/web/2", 1, 64)] },
    ]);
    // One after the other is late by less, or it is the clock that is wrong.
    clock.now += 10_000;
  }
  clock.now += 20 * minute;
  history.settle();
  const { items } = await history.top(query({ rangeMs: 2 * hour, toMs: begin + 4 * hour }));
  expect(items.map((one) => one.name)).toEqual(["web-1", "web-2"]);
  expect(items[0]!.mean).toBeCloseTo(0.25, 2);
  expect(items[1]!.max).toBe(1);
  expect(items[1]!.seconds).toBeWithin(500, 700);
  expect(faults).toEqual([]);
});

test("the mean is never above the most, also when the block has begun a moment ago", async () => {
  for (const ms of [1000, 2000, 7000]) {
    const { history } = lab(
      () => ({ cpu: { usage: 0.5 }, containers: [pod("shop/web/1", 0.75, 64)] }),
      ms,
      Math.min(ms, 5000),
    );
    const { items, sum, measured } = await history.top(query({ rangeMs: hour }));
    expect(items).toMatchObject([{ name: "web-1", mean: 0.75, max: 0.75 }]);
    expect(sum).toBeCloseTo(0.75, 3);
    expect(measured).toBeLessThanOrEqual(10);
  }
});

test("of a part one sees its namespaces, and no node", async () => {
  const { history } = lab(told, hour);
  const seen = history.seenBy(new Map([["c", new Set(["shop"])]]));
  const names = async (of: TopsQuery["of"]) =>
    (await seen.top(query({ of, rangeMs: hour }))).items.map((one) => one.name);
  expect(await names("pods")).toEqual(["web-2", "web-1"]);
  expect(await names("workloads")).toEqual(["web"]);
  expect(await names("namespaces")).toEqual(["shop"]);
  expect(await names("nodes")).toEqual([]);
  const { sum, items } = await seen.top(query({ rangeMs: hour }));
  expect(sum).toBeCloseTo(0.8, 2);
  expect(items[0]!.share).toBeCloseTo(0.75, 2);
  const other = history.seenBy(new Map());
  expect((await other.top(query())).total).toBe(0);
});

test("a time is whole pieces that follow each other, as long as they can be", () => {
  const reach = [
    { first: 0, until: Number.POSITIVE_INFINITY },
    { first: 0, until: 999 * 7200 },
    { first: 0, until: 83 * 86_400 },
    { first: 0, until: 11 * 604_800 },
  ];
  const to = 1000 * 7200 + 1300;
  for (const seconds of [900, 3600, 86_400, 7 * 86_400, 30 * 86_400]) {
    const windows = windowsOf(to - seconds, to, reach);
    let at = windows[0]!.start;
    for (const { tier, start } of windows) {
      expect(start).toBe(at);
      at += [600, 7200, 86_400, 604_800][tier]!;
    }
    expect(at).toBeGreaterThan(to - 1);
    expect(Math.abs(windows[0]!.start - (to - seconds)) / seconds).toBeLessThan(0.34);
    expect(windows.length).toBeLessThan(60);
  }
  // What is not kept as finely any more begins with the next whole piece.
  const old = windowsOf(0, 86_400 * 3, [
    { first: 172_800, until: 1e9 },
    { first: 90_000, until: 260_000 },
    ...reach.slice(2).map(() => ({ first: undefined, until: 0 })),
  ]);
  expect(old[0]!.start).toBe(93_600);
});
