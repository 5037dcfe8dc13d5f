import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { probeRoute } from "../../wire/routes.ts";
import { createEvents } from "../events.ts";
import { startIngest } from "./server.ts";

type Body = ConstructorParameters<typeof Response>[0];

const snapshot = { nodeName: "n1", timestamp: "2026-01-01T00:00:00Z", cpu: { usage: 0.5 } };
/** What a node collector of AtlHyper 1.x sends. */
const legacy = {
  nodeName: "n2",
  timestamp: "2026-01-01T00:00:00Z",
  cpu: { usage: 0.1, cores: 4, load1: 0.2, load5: 0.2, load15: 0.1, usagePercent: "10%" },
  memory: { total: 8e9, used: 4e9, available: 4e9, usage: 0.5, totalReadable: "7.5 GiB" },
  temperature: { cpuDegrees: 40, gpuDegrees: 0, nvmeDegrees: 35 },
  disk: [{ mountPoint: "/", total: 1e11, used: 5e10, free: 5e10, usage: 0.5 }],
  network: [{ interface: "eth0", rxKBps: 1.5, txKBps: 0.5 }],
  topCPUProcesses: [{ pid: 1, user: "root", command: "init", cpuPercent: 0.1, memoryMB: 10 }],
};

function start() {
  const taken: NodeMetricsSnapshot[] = [];
  let ready = true;
  const server = startIngest({
    host: "127.0.0.1",
    port: 0,
    token: "probe-token",
    ready: () => ready,
    take: (one) => taken.push(one),
    events: createEvents(() => {}),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const post = (
    body: Body,
    headers: Record<string, string> = { authorization: "Bearer probe-token" },
    path = probeRoute,
  ) => fetch(url + path, { method: "POST", body, headers });
  return {
    taken,
    url,
    post,
    setReady: (on: boolean) => (ready = on),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

test("snapshots of both kinds of probes are taken, gzip or not, with the token in header or path", async () => {
  await using ingest = start();
  for (const response of [
    await ingest.post(JSON.stringify(snapshot)),
    await ingest.post(gzipSync(JSON.stringify(legacy)), {
      "content-encoding": "gzip",
      authorization: "Bearer probe-token",
    }),
    await ingest.post(gzipSync(JSON.stringify(legacy)), {}, `/t/probe-token${probeRoute}`),
  ]) {
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
  }
  expect(ingest.taken.map((one) => one.nodeName)).toEqual(["n1", "n2", "n2"]);
});

test("without the token there is 401, whatever is in the body or the path", async () => {
  await using ingest = start();
  const bomb = gzipSync(new Uint8Array(64 * 2 ** 20));
  for (const [headers, path] of [
    [{}, probeRoute],
    [{ authorization: "Bearer wrong" }, probeRoute],
    [{ authorization: "Bearer " }, probeRoute],
    [{ authorization: "Basic probe-token" }, probeRoute],
    [{}, `/t/wrong${probeRoute}`],
    [{}, "/t/%E0%A4%A/x"],
    [{}, "/anything"],
  ] as const) {
    const response = await ingest.post(bomb, headers, path);
    expect([path, response.status]).toEqual([path, 401]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  }
  expect(ingest.taken).toEqual([]);
});

test("hostile bodies get the promised answer and leave the server alive", async () => {
  await using ingest = start();
  const cases: [Body, number][] = [
    ["{", 400],
    ["[".repeat(100_000), 400],
    [gzipSync("{}").subarray(0, 10), 400],
    [gzipSync(new Uint8Array(64 * 2 ** 20)), 413],
    [new Uint8Array(5 * 2 ** 20), 413],
    ["[]", 422],
    [JSON.stringify({ ...snapshot, nodeName: "" }), 422],
    [JSON.stringify({ ...snapshot, cpu: { usage: "much" } }), 422],
  ];
  for (const [body, status] of cases) expect((await ingest.post(body)).status).toBe(status);
  expect(
    (await ingest.post("x", { authorization: "Bearer probe-token", "content-encoding": "br" })).status,
  ).toBe(415);
  expect((await ingest.post(JSON.stringify(snapshot))).status).toBe(200);
});

test("other paths and methods are 404 and 405 for who may know", async () => {
  await using ingest = start();
  const headers = { authorization: "Bearer probe-token" };
  expect((await fetch(`${ingest.url}/nothing`, { headers })).status).toBe(404);
  expect((await fetch(ingest.url + probeRoute, { headers })).status).toBe(405);
});

test("it is alive at once and ready when the agent is", async () => {
  await using ingest = start();
  ingest.setReady(false);
  expect((await fetch(`${ingest.url}/livez`)).status).toBe(200);
  expect((await fetch(`${ingest.url}/readyz`)).status).toBe(503);
  ingest.setReady(true);
  expect((await fetch(`${ingest.url}/readyz`)).status).toBe(200);
});
