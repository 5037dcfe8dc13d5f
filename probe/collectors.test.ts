import { expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { collectors } from "./collectors.ts";
import { createEvents } from "./events.ts";
import { createRunner } from "./runner.ts";
import { contextOf } from "./testing/context.ts";
import { crowdedMachine } from "./testing/crowd.ts";
import { type Fixture, fixtureHost, loadFixture, machines } from "./testing/fixture.ts";
import { mangled, type Random, seeded } from "./testing/mangle.ts";

const identity = { nodeName: "node-1", version: "1.2.3" };

async function secondSnapshot(fixture: Fixture): Promise<NodeMetricsSnapshot> {
  const host = fixtureHost(fixture);
  const runner = createRunner(
    collectors,
    contextOf(host),
    identity,
    createEvents(() => {}),
  );
  await runner.snapshot();
  runner.sample();
  host.pass(5000);
  return runner.snapshot();
}

/** Every number, by where it stands. */
function numbersIn(value: unknown, at = ""): [string, number][] {
  if (typeof value === "number") return [[at, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${at}/${key}`));
}

function longestText(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestText));
}

function expectSane(snapshot: NodeMetricsSnapshot): void {
  expect([...Value.Errors(NodeMetricsSnapshot, JSON.parse(JSON.stringify(snapshot)))]).toEqual([]);
  for (const [at, number] of numbersIn(snapshot)) {
    const least = /egrees$|critical$/.test(at) ? -60 : 0;
    if (!(number >= least && number < 1e24)) throw new Error(`${at} is ${number}`);
  }
  expect(longestText(snapshot)).toBeLessThan(300);
}

test.each(machines)("a snapshot of %s has the wire's shape, and no collector fails", async (machine) => {
  const snapshot = await secondSnapshot(loadFixture(machine));
  expectSane(snapshot);
  expect((snapshot.collectors ?? []).filter((one) => one.error !== undefined)).toEqual([]);
});

test("the snapshot of a recorded machine is the one on file", async () => {
  const snapshot = await secondSnapshot(loadFixture("raspberry-pi-5"));
  const golden = Bun.file(new URL("testdata/raspberry-pi-5.golden.json", import.meta.url));
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(await golden.json());
});

test.each(machines)(
  "whatever the files of %s hold, no parser throws and no number is out of place",
  async (machine) => {
    const fixture = loadFixture(machine);
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed);
      const snapshot = await secondSnapshot({
        ...fixture,
        files: broken(random, fixture.files),
        later: broken(random, fixture.later),
      });
      expectSane(snapshot);
      // A file may be so broken that there is nothing to tell, which the collector then says in its own words.
      const own = /^\/proc\/(stat has no line of all cores|meminfo has no MemTotal)$/;
      for (const { name, error } of snapshot.collectors ?? [])
        if (error !== undefined && !own.test(error)) throw new Error(`seed ${seed}: ${name} threw ${error}`);
    }
  },
);

function broken(random: Random, files: Map<string, string>): Map<string, string> {
  return new Map([...files].map(([path, text]) => [path, random() < 0.5 ? mangled(random, text) : text]));
}

test("a machine that is empty reports what it lacks, ten times over, and no more", async () => {
  const snapshot = await secondSnapshot({
    files: new Map(),
    later: new Map(),
    links: new Map(),
    sizes: new Map(),
  });
  expect(Object.keys(snapshot).sort()).toEqual(["collectors", "nodeName", "probeVersion", "timestamp"]);
  expect(snapshot.collectors!.filter((one) => one.absent !== undefined)).toHaveLength(collectors.length);
});

test("a machine of 10,000 processes, 500 interfaces, 2,000 mounts and 1,000 containers is measured in time", async () => {
  const host = fixtureHost(crowdedMachine());
  const runner = createRunner(
    collectors,
    contextOf(host),
    identity,
    createEvents(() => {}),
  );
  await runner.snapshot();
  host.pass(5000);
  const start = performance.now();
  const snapshot = await runner.snapshot();
  expect(performance.now() - start).toBeLessThan(2000);
  expectSane(snapshot);
  expect(snapshot.system!.processes).toBeGreaterThan(10_000);
  expect(snapshot.network).toHaveLength(500);
  expect(snapshot.disk).toHaveLength(128);
  expect(snapshot.containers).toHaveLength(1003);
  // Far below what the agent takes.
  expect(JSON.stringify(snapshot).length).toBeLessThan(512 * 1024);
});
