import { expect, test } from "bun:test";
import { startTestMaster } from "../harness.ts";

const source = "agent_status_snapshot";
const agent = { name: "home", flavour: "kubernetes", run: "r", agentVersion: "2", startedAt_ms: 1 };

test("a sign of life counts as the status that it says is still so, and only as that", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const push = (payload: object, seq: number, mode: string, run = "r") =>
    cluster.push("/ingest/agentstatus", source, payload, { sync: { run, seq, mode } });
  const refused = { status: 409, body: { resync: true } };
  expect(await push({}, 1, "delta")).toMatchObject(refused);
  expect(await push({ agent }, 1, "full")).toMatchObject({ status: 200 });
  const [told] = master.parts.hub.snapshot({ source });
  expect(await push({}, 1, "delta")).toMatchObject({ status: 200 });
  const [still, ...more] = master.parts.hub.snapshot({ source });
  expect(more).toEqual([]);
  expect(still).not.toBe(told);
  expect(still!.payload).toEqual({ agent });
  expect(master.datasource.clusters()).toMatchObject([{ status: { run: "r" } }]);
  expect(await push({}, 2, "delta")).toMatchObject(refused);
  expect(await push({}, 1, "delta", "another")).toMatchObject(refused);
  expect(await push({}, 2, "full")).toMatchObject({ status: 422 });
});

test("the master says which of its runs answers, to an agent's sign of life and to its nodes' metrics", async () => {
  const run = async () => {
    await using master = await startTestMaster();
    const cluster = await master.addCluster("home");
    const snapshots = [{ nodeName: "n1", timestamp: new Date().toISOString() }];
    const said = [
      await cluster.push("/ingest/agentstatus", source, { agent }),
      await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots }),
    ].map(({ body }) => (body as unknown as { run: string }).run);
    expect(said[0]).toMatch(/^[0-9a-f]{8}$/);
    expect(said[1]).toBe(said[0]!);
    return said[0];
  };
  expect(await run()).not.toBe(await run());
});

test("an agent's answers carry no headers that are for browsers, a refusal all of them", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const ask = async (token: string) => {
    const envelope = { version: "v1", cluster_id: "uid", source, ts_ms: 1, payload: { agent } };
    const { headers } = await fetch(`${master.url}/ingest/agentstatus`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(envelope),
    });
    return [headers.get("x-content-type-options"), headers.has("content-security-policy")];
  };
  expect(await ask(cluster.token)).toEqual(["nosniff", false]);
  expect(await ask("wrong")).toEqual(["nosniff", true]);
});
