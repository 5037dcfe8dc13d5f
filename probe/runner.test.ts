import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Absent, type Collector } from "./collector.ts";
import { collectors } from "./collectors.ts";
import { createEvents } from "./events.ts";
import { bunHost } from "./host/bun.ts";
import { createRunner } from "./runner.ts";
import { contextOf, hostOf } from "./testing/context.ts";
import { loadFixture, unpack } from "./testing/fixture.ts";

const identity = { nodeName: "node-1", version: "1.2.3" };
const fine: Collector = { name: "fine", start: () => ({ collect: () => ({ network: [] }) }) };

function failing(say: () => string | undefined): Collector {
  return {
    name: "moody",
    start: () => ({
      collect() {
        const message = say();
        if (message !== undefined) throw new Error(message);
        return { disk: [] };
      },
      sample() {
        throw new Error("not now");
      },
    }),
  };
}

test("a collector that fails is reported, and the others go on", async () => {
  const runner = createRunner(
    [failing(() => "broken"), fine],
    contextOf(hostOf(new Map())),
    identity,
    createEvents(() => {}),
  );
  runner.sample();
  expect(await runner.snapshot()).toEqual({
    nodeName: "node-1",
    timestamp: "2025-11-23T12:00:01.000Z",
    probeVersion: "1.2.3",
    network: [],
    collectors: [
      { name: "moody", ms: 0, error: "broken" },
      { name: "fine", ms: 0 },
    ],
  });
});

test("reports travel at first, once a minute, and when what is wrong has changed", async () => {
  const host = hostOf(new Map());
  let wrong: string | undefined;
  const runner = createRunner(
    [failing(() => wrong), fine],
    contextOf(host),
    identity,
    createEvents(() => {}),
  );
  const reported = async (afterMs: number) => {
    host.pass(afterMs);
    return (await runner.snapshot()).collectors?.map(({ name, error }) => `${name} ${error ?? "well"}`);
  };
  expect(await reported(0)).toEqual(["moody well", "fine well"]);
  expect(await reported(5000)).toEqual(["moody well", "fine well"]);
  expect(await reported(5000)).toBeUndefined();
  wrong = "broken";
  expect(await reported(5000)).toEqual(["moody broken", "fine well"]);
  expect(await reported(5000)).toBeUndefined();
  expect(await reported(54_999)).toBeUndefined();
  expect(await reported(1)).toEqual(["moody broken", "fine well"]);
  wrong = undefined;
  expect(await reported(5000)).toEqual(["moody well", "fine well"]);
});

test("how long a collector took is measured", async () => {
  const host = hostOf(new Map());
  const slow: Collector = {
    name: "slow",
    start: () => ({
      collect() {
        host.pass(12.34);
        return {};
      },
    }),
  };
  const runner = createRunner(
    [slow],
    contextOf(host),
    identity,
    createEvents(() => {}),
  );
  expect((await runner.snapshot()).collectors).toEqual([{ name: "slow", ms: 12.3 }]);
});

test("what a machine lacks is logged once, what fails is logged when it changes", async () => {
  const lines: string[] = [];
  let trouble: string | undefined = "broken";
  const lacking: Collector = {
    name: "lacking",
    start: () => ({
      collect() {
        throw new Absent("no such thing");
      },
    }),
  };
  const events = createEvents((level, message, fields) =>
    lines.push(`${level} ${message} ${fields?.collector}`),
  );
  const runner = createRunner(
    [lacking, failing(() => trouble)],
    contextOf(hostOf(new Map())),
    identity,
    events,
  );
  await runner.snapshot();
  await runner.snapshot();
  trouble = "otherwise broken";
  await runner.snapshot();
  trouble = undefined;
  await runner.snapshot();
  const last = await runner.snapshot();
  expect(last.collectors).toContainEqual({ name: "lacking", ms: 0, absent: "no such thing" });
  expect(lines).toEqual([
    "info not on this machine lacking",
    "warn collector failed moody",
    "warn collector failed moody",
    "info collector works moody",
  ]);
});

test("a machine mounted elsewhere is read through its roots, links and all", async () => {
  const root = mkdtempSync(join(tmpdir(), "probe-"));
  try {
    const fixture = loadFixture("raspberry-pi-4");
    unpack(fixture, root);
    // As a container sees it: the machine's disk is mounted where the host root is.
    writeFileSync(`${root}/proc/self/mountinfo`, `27 1 254:0 / ${root} rw - ext4 /dev/vda rw\n`);
    const context = contextOf(bunHost(), {
      procRoot: `${root}/proc`,
      sysRoot: `${root}/sys`,
      hostRoot: root,
    });
    const runner = createRunner(
      collectors,
      context,
      identity,
      createEvents(() => {}),
    );
    await runner.snapshot();
    for (const [path, text] of fixture.later) writeFileSync(root + path, text);
    const snapshot = await runner.snapshot();
    expect(snapshot).toMatchObject({
      cpu: { usage: 0.086, cores: 4 },
      memory: { total: 3977584640 },
      temperature: { cpuDegrees: 52.6 },
      system: { kernel: "6.6.51+rpt-rpi-v8", processes: 4 },
    });
    expect(snapshot.disk).toMatchObject([{ mountPoint: "/", device: "/dev/vda" }]);
    expect(snapshot.disk![0]!.total).toBeGreaterThan(0);
    expect(snapshot.network!.map((one) => [one.interface, one.virtual ?? false]).sort()).toEqual([
      ["eth0", false],
      ["flannel.1", true],
      ["lo", true],
    ]);
    expect(snapshot.containers!.map((one) => one.podUID).sort()).toEqual([
      "0123456789abcdef0123456789abcdef",
      "11111111-2222-3333-4444-555555555555",
      "66666666-7777-8888-9999-000000000000",
    ]);
    expect(snapshot.topMemoryProcesses![0]).toMatchObject({ command: "k3s-server", user: "root" });
    expect(snapshot.collectors!.filter((one) => one.error ?? one.absent)).toMatchObject([
      { name: "pressure" },
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
