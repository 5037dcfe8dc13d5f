import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigError } from "../kit/env.ts";
import { masterConfig, readMasterConfig } from "./config.ts";
import { startTestMaster } from "./harness.ts";

test("the configuration has a default for everything, and all faults are told at once", () => {
  expect(masterConfig()).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    data: "./data",
    metricsPublic: false,
  });
  try {
    readMasterConfig({
      ATLHYPER_PORT: "eighty",
      ATLHYPER_EVENT_RETENTION: "forever",
      ATLHYPER_LOG_LEVEL: "loud",
    });
    expect.unreachable();
  } catch (error) {
    expect((error as ConfigError).faults).toHaveLength(3);
  }
});

test("a new master offers one link that makes the first administrator", async () => {
  await using master = await startTestMaster({ publicUrl: "https://atlhyper.example" });
  expect(master.setupLink).toMatch(/^https:\/\/atlhyper\.example\/setup\?token=atls_/);
  expect(JSON.stringify(master.lines)).not.toContain("atls_");
});

test("what a master knew of its clusters, events and open occurrences is there after a restart", async () => {
  const data = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  try {
    const event = {
      id: "a",
      ts_ms: Date.now(),
      kind: "Pod",
      name: "web-1",
      reason: "BackOff",
      severity: "critical",
    };
    {
      await using master = await startTestMaster({ data });
      const cluster = await master.addCluster("home");
      await cluster.push("/ingest/events/v1/eventlog", "events", {
        events: [{ ...event, origin: "diagnosis" }],
      });
      const agent = { name: "home", flavour: "demo", run: "r", agentVersion: "2", startedAt_ms: 1 };
      await cluster.push("/ingest/agentstatus", "agent_status_snapshot", { agent });
    }
    await using master = await startTestMaster({ data });
    expect(master.datasource.clusters()).toMatchObject([
      { name: "home", flavour: "demo", connection: "connected", health: "critical", status: { run: "r" } },
    ]);
    expect(master.datasource.problems({})).toMatchObject([{ name: "web-1", eventID: "a" }]);
    expect((await master.api("/api/v1/events?q=BackOff")).body.total).toBe(1);
  } finally {
    rmSync(data, { recursive: true });
  }
});

test("stopping ends at once with connections open, and a second stop is the same one", async () => {
  const master = await startTestMaster();
  await fetch(`${master.url}/livez`);
  const start = performance.now();
  await Promise.all([master.stop(), master.stop()]);
  expect(performance.now() - start).toBeLessThan(3000);
  expect(fetch(`${master.url}/livez`)).rejects.toThrow();
});

test("large or endless bodies that are no agent's are refused", async () => {
  await using master = await startTestMaster();
  const post = (body: RequestInit["body"]) => fetch(`${master.url}/sign-in`, { method: "POST", body: body! });
  expect((await post("x".repeat(300_000))).status).toBe(413);
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(1000));
      controller.close();
    },
  });
  expect((await post(endless)).status).toBe(411);
});
