import { expect, test } from "bun:test";
import { version } from "../wire/version.ts";
import { bunHost } from "./host/bun.ts";
import { createPush, Refused } from "./push.ts";
import { fakeAgent } from "./testing/agent.ts";

const host = bunHost();
const snapshot = { nodeName: "küche-1", timestamp: "2025-11-23T12:00:00.000Z" };
const target = { token: "probe-token" };

test("a snapshot arrives gzipped, with the probe's token and version", async () => {
  await using agent = fakeAgent();
  const push = createPush(host, { ...target, agent: agent.address });
  await push(snapshot);
  push.close!();
  expect(agent.arrivals).toHaveLength(1);
  const { path, headers, snapshot: arrived } = agent.arrivals[0]!;
  expect(path).toBe("/ingest/metrics/v1/snapshot");
  expect(headers.get("authorization")).toBe("Bearer probe-token");
  expect(headers.get("x-atlhyper")).toBe(version);
  expect(headers.get("content-encoding")).toBe("gzip");
  expect(arrived).toEqual(snapshot);
});

test("the connection is kept from one snapshot to the next", async () => {
  await using agent = fakeAgent();
  const push = createPush(host, { ...target, agent: agent.address });
  for (let count = 0; count < 5; count++) await push(snapshot);
  push.close!();
  expect(new Set(agent.arrivals.map((one) => one.port)).size).toBe(1);
});

test("an agent below a path is reached there", async () => {
  await using agent = fakeAgent();
  const push = createPush(host, { ...target, agent: { ...agent.address, path: "/agents/a" } });
  await push(snapshot);
  push.close!();
  expect(agent.arrivals[0]!.path).toBe("/agents/a/ingest/metrics/v1/snapshot");
});

test("a large snapshot arrives whole", async () => {
  await using agent = fakeAgent();
  const push = createPush(host, { ...target, agent: agent.address });
  const noise = Array.from({ length: 100_000 }, () => Math.random().toString(36)).join("");
  await push({ ...snapshot, probeVersion: noise });
  push.close!();
  expect(agent.arrivals[0]!.snapshot.probeVersion).toBe(noise);
});

test.each([401, 403])("an answer of %d is a refusal that names the variable to look at", async (status) => {
  await using agent = fakeAgent();
  agent.answer = () => new Response("no", { status });
  const push = createPush(host, { ...target, agent: agent.address });
  const error = await push(snapshot).catch((reason) => reason);
  push.close!();
  expect(error).toBeInstanceOf(Refused);
  expect(error.message).toContain("ATLHYPER_PROBE_TOKEN");
  expect(error.message).not.toContain("probe-token");
});

test("an answer of 500 is a failure, and the next snapshot goes over the same connection", async () => {
  await using agent = fakeAgent();
  agent.answer = () => new Response("x".repeat(1000), { status: 500 });
  const push = createPush(host, { ...target, agent: agent.address });
  await expect(push(snapshot)).rejects.toThrow("answered 500");
  agent.answer = () => Response.json({ ok: true });
  await push(snapshot);
  push.close!();
  expect(new Set(agent.arrivals.map((one) => one.port)).size).toBe(1);
});

test("an agent that does not answer in time is given up", async () => {
  await using agent = fakeAgent();
  agent.answer = () => new Promise(() => {});
  const push = createPush(host, { ...target, agent: agent.address }, 100);
  await expect(push(snapshot)).rejects.toThrow("no answer within 0.1 s");
  agent.answer = () => Response.json({ ok: true });
  await push(snapshot);
  push.close!();
  expect(agent.arrivals).toHaveLength(2);
});

test("where nobody listens, the push fails at once", async () => {
  const agent = fakeAgent();
  await agent.stop();
  const push = createPush(host, { ...target, agent: agent.address });
  const start = performance.now();
  await expect(push(snapshot)).rejects.toThrow(`no connection to ${agent.address.authority}`);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("after the agent's restart the next snapshot arrives, over a new connection", async () => {
  const before = fakeAgent();
  const push = createPush(host, { ...target, agent: before.address });
  await push(snapshot);
  await before.stop();
  await using after = fakeAgent(before.address.port);
  await push(snapshot);
  push.close!();
  expect(after.arrivals).toHaveLength(1);
});
