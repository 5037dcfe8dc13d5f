import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { api, runOnce, start, temporaryFolder } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

interface NodeItem {
  summary: { name: string };
  atlhyper: { usage?: { cpu_cores: number; memory_bytes: number } };
}

const probePort = 28082;
const probeToken = "probe-token-of-the-test";

test("master, agent and probe as processes of their own: metrics arrive, each may go and come back, each stops cleanly", async () => {
  using folder = temporaryFolder();
  const environment = { ATLHYPER_DATA: folder.path, ATLHYPER_PORT: "28083" };
  await using master = start("master", environment);
  const [link] = await master.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
  const url = new URL(link).origin;
  const client = api(
    url,
    await runOnce(["token", "create", "--name", "e2e", "--role", "viewer"], environment),
  );
  const agentEnvironment = {
    KUBECONFIG: "/dev/null",
    ATLHYPER_MASTER_URL: url,
    ATLHYPER_TOKEN: await runOnce(["cluster", "add", "edge"], environment),
    ATLHYPER_CLUSTER_NAME: "edge",
    ATLHYPER_HOST: "127.0.0.1",
    ATLHYPER_PROBE_PORT: String(probePort),
    ATLHYPER_PROBE_TOKEN: probeToken,
  };
  const agent = start("agent", agentEnvironment);
  await using probe = start("probe", {
    ATLHYPER_AGENT_URL: `http://127.0.0.1:${probePort}`,
    ATLHYPER_PROBE_TOKEN: probeToken,
    ATLHYPER_NODE_NAME: "pi-1",
    ATLHYPER_PUSH_INTERVAL: "1s",
  });
  const node = async (name: string) =>
    (await client.get<{ items: NodeItem[] }>(`/api/v1/nodes?cluster=edge&q=${name}`)).items.find(
      (one) => one.summary.name === name,
    );
  await eventually("the node's metrics", async () => (await node("pi-1"))?.atlhyper.usage?.memory_bytes);

  // AtlHyper 1.x node collectors post to the agent as they are.
  const legacy = {
    nodeName: "old-1",
    timestamp: new Date().toISOString(),
    cpu: { usage: 0.5, cores: 4, load1: 1, load5: 1, load15: 1 },
    memory: {
      total: 8e9,
      used: 2e9,
      available: 6e9,
      usage: 0.25,
      totalReadable: "8 GB",
      usagePercent: "25%",
    },
    temperature: { cpuDegrees: 50, gpuDegrees: 0, nvmeDegrees: 0 },
    disk: [{ mountPoint: "/", total: 1e11, used: 5e10, free: 5e10, usage: 0.5 }],
    network: [{ interface: "eth0", rxKBps: 1, txKBps: 2 }],
    topCPUProcesses: [{ pid: 1, user: "root", command: "init", cpuPercent: 1, memoryMB: 10 }],
  };
  const posted = await fetch(`http://127.0.0.1:${probePort}/t/${probeToken}/ingest/metrics/v1/snapshot`, {
    method: "POST",
    headers: { "content-encoding": "gzip" },
    body: gzipSync(JSON.stringify(legacy)),
  });
  expect(posted.status).toBe(200);
  await eventually(
    "the old collector's node",
    async () => (await node("old-1"))?.atlhyper.usage?.cpu_cores === 2,
  );
  for (const authorization of ["", "Bearer wrong"]) {
    const refused = await fetch(`http://127.0.0.1:${probePort}/ingest/metrics/v1/snapshot`, {
      method: "POST",
      headers: { authorization },
      body: gzipSync(JSON.stringify(legacy)),
    });
    expect(refused.status).toBe(401);
  }

  // The agent goes without a word and comes back: the probe finds it again.
  await agent.stop("SIGKILL");
  await Bun.sleep(1500);
  await using again = start("agent", agentEnvironment);
  const before = Date.now();
  await eventually(
    "fresh metrics after the agent came back",
    async () =>
      (await client.get<{ received_ms: number }>("/api/v1/nodes/edge/pi-1/metrics")).received_ms > before,
    45_000,
  );

  for (const process of [probe, again, master]) {
    const from = performance.now();
    expect(await process.stop("SIGTERM")).toBe(0);
    expect(performance.now() - from).toBeLessThan(5000);
    expect(process.output()).not.toContain(probeToken);
  }
}, 120_000);

test("wrong configuration is one message that names every fault, with exit code 2", async () => {
  const cases: [string, Record<string, string>, string[]][] = [
    [
      "master",
      { ATLHYPER_PORT: "http", ATLHYPER_EVENT_RETENTION: "soon" },
      ["ATLHYPER_PORT", "ATLHYPER_EVENT_RETENTION"],
    ],
    [
      "agent",
      { ATLHYPER_MASTER_URL: "ftp://x", ATLHYPER_PROBE_PORT: "-1" },
      ["ATLHYPER_MASTER_URL", "ATLHYPER_TOKEN", "ATLHYPER_PROBE_PORT"],
    ],
    [
      "probe",
      { ATLHYPER_PUSH_INTERVAL: "1h", ATLHYPER_TOP_PROCESSES: "many" },
      ["ATLHYPER_PUSH_INTERVAL", "ATLHYPER_TOP_PROCESSES"],
    ],
    [
      "up",
      { ATLHYPER_PORT: "70000", ATLHYPER_CPU_INTERVAL: "9s", KUBECONFIG: "/dev/null" },
      ["ATLHYPER_PORT", "ATLHYPER_CPU_INTERVAL"],
    ],
  ];
  for (const [command, environment, names] of cases) {
    await using process = start(command, environment);
    expect(await process.exited).toBe(2);
    for (const name of names)
      expect({ command, output: process.output() }).toEqual({
        command,
        output: expect.stringContaining(name) as never,
      });
  }
});
