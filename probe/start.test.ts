import { expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { bunHost } from "./host/bun.ts";
import { startProbe } from "./start.ts";
import { fakeAgent } from "./testing/agent.ts";
import { config } from "./testing/config.ts";

const quick = { ...config, pushIntervalMs: 40, cpuIntervalMs: 15 };
/** Time runs faster, so that a second passes in 20 ms. */
function hurried() {
  const host = bunHost();
  const lines: string[] = [];
  return {
    lines,
    ...host,
    after: (ms: number, run: () => void) => host.after(Math.min(ms, 20), run),
    printError: (line: string) => void lines.push(line),
  };
}

test("a probe measures this machine and its snapshots arrive at the agent", async () => {
  await using agent = fakeAgent();
  const host = hurried();
  const probe = startProbe({ ...quick, agent: agent.address }, host);
  await agent.arrived(3);
  await probe.stop();
  const { snapshot, headers } = agent.arrivals[2]!;
  expect(headers.get("authorization")).toBe("Bearer probe-token");
  expect(snapshot).toMatchObject({ nodeName: "node-1" });
  expect(snapshot.memory!.total).toBeGreaterThan(0);
  expect(snapshot.topMemoryProcesses!.length).toBeGreaterThan(0);
  expect(snapshot.probeVersion).toBe(headers.get("x-atlhyper")!);
  expect(host.lines.join("\n")).not.toContain("probe-token");
});

test("in one process with the agent, snapshots are handed over without a server", async () => {
  const snapshots: NodeMetricsSnapshot[] = [];
  let enough = () => {};
  const three = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const probe = startProbe(quick, hurried(), {
    deliver: async (snapshot) => {
      if (snapshots.push(snapshot) === 3) enough();
    },
  });
  await three;
  await probe.stop();
  const told = snapshots.length;
  await Bun.sleep(80);
  expect(snapshots).toHaveLength(told);
  expect(new Set(snapshots.map((one) => one.timestamp)).size).toBe(told);
});

test("a sampler that fails is logged once, and the probe goes on", async () => {
  const host = hurried();
  let calls = 0;
  const probe = startProbe(quick, host, {
    sampler: {
      sample() {},
      async snapshot() {
        calls++;
        throw new Error("no data");
      },
    },
    deliver: async () => {},
  });
  while (calls < 4) await Bun.sleep(5);
  await probe.stop();
  expect(host.lines.filter((line) => line.includes('error="no data"'))).toHaveLength(1);
});

/** A clock that moves only when told to, with the timers that hang on it. */
function manualClock() {
  let now = 0;
  const timers = new Map<() => void, number>();
  return {
    ...bunHost(),
    monotonicMs: () => now,
    printError() {},
    after(ms: number, run: () => void) {
      const entry = () => run();
      timers.set(entry, now + ms);
      return () => void timers.delete(entry);
    },
    /** One step; a machine that slept finds its timers due all at once. */
    async pass(ms: number) {
      now += ms;
      for (const [run, due] of timers) {
        if (due > now) continue;
        timers.delete(run);
        run();
      }
      await Bun.sleep(0);
    },
    timers,
  };
}

test("the CPU is sampled at its interval and a snapshot made at its own, without drift", async () => {
  const clock = manualClock();
  const at = { sample: [] as number[], snapshot: [] as number[] };
  const sampler = {
    sample: () => void at.sample.push(clock.monotonicMs()),
    async snapshot() {
      at.snapshot.push(clock.monotonicMs());
      return { nodeName: "node-1", timestamp: "" };
    },
  };
  const probe = startProbe(config, clock, { sampler, deliver: async () => {} });
  await Bun.sleep(0);
  // Timers come late, by up to 300 ms.
  while (clock.monotonicMs() < 12_000) await clock.pass(300);
  expect(at.snapshot).toEqual([0, 1200, 6000, 11_100]);
  expect(at.sample).toEqual([2100, 4200, 6000, 8100, 10_200, 12_000]);

  // The machine sleeps for an hour: what was missed is not made up for.
  await clock.pass(3_600_000);
  await clock.pass(300);
  expect(at.snapshot).toHaveLength(5);
  await probe.stop();
  expect(clock.timers.size).toBe(0);
});
