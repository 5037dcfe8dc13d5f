import { expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { openDatabase } from "../database/database.ts";
import { createMetricsHistory } from "./history.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const begin = Date.UTC(2026, 0, 5);
const gibi = 2 ** 30;

type Disks = Record<string, (ms: number) => number>;

/** Nodes whose disks of 100 GiB are as full as is told, measured each five minutes. */
function lab(nodes: Record<string, Disks>, ms: number) {
  const clock = { now: begin };
  const history = createMetricsHistory(openDatabase(":memory:"), {
    keptMs: [2 * day, 14 * day, 90 * day, 730 * day],
    maxBytes: 2 ** 40,
    findPod: () => undefined,
    now: () => clock.now,
    failed(what, error) {
      throw new Error(what, { cause: error });
    },
  });
  for (; clock.now <= begin + ms; clock.now += 5 * minute) {
    const at = clock.now - begin;
    const snapshots = Object.entries(nodes).map(
      ([nodeName, disks]): NodeMetricsSnapshot => ({
        nodeName,
        timestamp: new Date(clock.now).toISOString(),
        memory: { total: 8 * gibi, used: 3 * gibi },
        disk: Object.entries(disks).map(([mountPoint, used]) => ({
          mountPoint,
          total: 100 * gibi,
          used: used(at) * gibi,
        })),
      }),
    );
    history.take("c", snapshots);
    history.takeCluster("c", [
      { group: "memory", name: "used", unit: "bytes", value: (10 + (at / day) * 2) * gibi },
      { group: "memory", name: "total", unit: "bytes", value: 32 * gibi },
    ]);
    if (at % (30 * minute) === 0) history.settle();
  }
  history.settle();
  return { history, clock };
}
const days = (ms: number) => ms / day;
const noise = (ms: number) => Math.sin(ms / 7e5) + Math.sin(ms / 3e6);

test("what grows evenly is full when it gets there; what does not, shrinks or jumps is not told to be", async () => {
  const { history, clock } = lab(
    {
      n1: { "/": (ms) => 60 + days(ms) * 4, "/noisy": (ms) => 50 + noise(ms), "/still": () => 20 },
      n2: {
        "/shrinks": (ms) => 80 - days(ms) * 3,
        "/jumped": (ms) => (ms < 4 * day ? 30 : 60),
        "/soon": (ms) => 68.4 + days(ms) * 4 + noise(ms) / 10,
      },
    },
    7 * day,
  );
  const fleet = await history.fleet("7d", undefined);
  const told = fleet.map((one) => [
    one.what === "disk" ? `${one.name} ${one.mount}` : `${one.kind} ${one.name}`,
    one.fullMs === undefined ? "no" : Math.round((one.fullMs - clock.now) / day),
  ]);
  expect(told).toEqual([
    ["n2 /soon", 1],
    ["n1 /", 3],
    ["Cluster ", 4],
    ["n2 /jumped", "no"],
    ["n2 /shrinks", "no"],
    ["n1 /noisy", "no"],
    ["Node n1", "no"],
    ["Node n2", "no"],
    ["n1 /still", "no"],
  ]);
  const of = (mount: string) => fleet.find((one) => one.mount === mount)!;
  expect(of("/").perDay / gibi).toBeCloseTo(4, 1);
  expect(of("/")).toMatchObject({ steady: true, total: 100 * gibi });
  expect(of("/shrinks").perDay / gibi).toBeCloseTo(-3, 1);
  expect(of("/still").perDay).toBeCloseTo(0, 3);
  expect(of("/jumped").steady).toBeFalse();
  expect(of("/").line.at(-1)).toBeCloseTo(0.88, 1);
});

test("one node is told by itself, over hours too, and only to who sees all of its cluster", async () => {
  const { history } = lab({ n1: { "/": (ms) => 60 + days(ms) * 24 } }, 8 * hour);
  const ref = { cluster: "c", kind: "Node", name: "n1" };
  const [disk] = history.capacity(ref, "6h")!.filter((one) => one.what === "disk");
  expect(disk!.perDay / gibi).toBeCloseTo(24, 0);
  // Eight hours say nothing of a week.
  expect(
    history.capacity(ref, "7d")!.every((one) => one.fullMs === undefined && Number.isNaN(one.perDay)),
  ).toBeTrue();
  const part = history.seenBy(new Map([["c", new Set(["shop"])]]));
  expect(part.capacity(ref, "6h")).toBeUndefined();
  expect(await part.fleet("6h", undefined)).toEqual([]);
  expect((await history.fleet("6h", "other")).length).toBe(0);
});

test("a node that is gone is not told of", async () => {
  const { history, clock } = lab({ n1: { "/": () => 60 } }, 2 * hour);
  clock.now += 2 * day;
  expect(await history.fleet("6h", undefined)).toEqual([]);
});
