import { expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { bunHost } from "./host/bun.ts";
import { startProbe } from "./start.ts";
import { fakeAgent } from "./testing/agent.ts";
import { config } from "./testing/context.ts";

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
