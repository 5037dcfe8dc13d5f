import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../master/database/database.ts";
import { startTestMaster, type TestMaster } from "../master/harness.ts";
import { type Seeded, seedHistory } from "./lib/seeded-history.ts";

const cpu = "atlhyper_node_cpu_usage_ratio";
const inodes = "atlhyper_node_disk_inodes_used";
const pod = "atlhyper_pod_cpu_cores";
const folder = mkdtempSync(join(tmpdir(), "atlhyper-grafana-"));
let seeded: Seeded;
let master: TestMaster;
let headers: Record<string, string>;

beforeAll(async () => {
  const db = openDatabase(folder);
  seeded = await seedHistory(db, 2.5);
  db.close();
  master = await startTestMaster({ data: folder });
  headers = {
    authorization: `Basic ${Buffer.from(`grafana:${await master.apiToken()}`).toString("base64")}`,
  };
}, 120_000);
afterAll(async () => {
  await master?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Parameters = Record<string, string>;

/** Asks as Grafana does: lists and queries by a form, all else by GET; gives `data`. */
async function ask(method: "GET" | "POST", path: string, parameters: Parameters = {}): Promise<unknown> {
  const form = new URLSearchParams(parameters);
  const address = `${master.url}/prometheus/api/v1/${path}`;
  const response =
    method === "GET"
      ? await fetch(`${address}?${form}`, { headers })
      : await fetch(address, { method, headers, body: form });
  const { status, data } = (await response.json()) as { status: string; data: unknown };
  expect([path, response.status, status]).toEqual([path, 200, "success"]);
  return data;
}

const range = () => ({ start: `${seeded.beginMs / 1000}`, end: `${seeded.endMs / 1000}` });

// pkg/promlib: healthcheck.go, heuristics.go.
test("save and test", async () => {
  expect(await ask("POST", "query", { query: "1+1", time: "4" })).toEqual({
    resultType: "scalar",
    result: [4, "2"],
  });
  expect(await ask("GET", "status/buildinfo")).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
});

// packages/grafana-prometheus: language_provider.ts, resource_clients.ts.
test("what helps writing a query: metrics, labels, values, series", async () => {
  const limit = "40000";
  expect(await ask("GET", "rules")).toEqual({ groups: [] });
  expect(await ask("GET", "metadata", { limit })).toMatchObject({ [cpu]: [{ type: "gauge" }] });
  expect(await ask("GET", "label/__name__/values", { ...range(), limit })).toEqual(
    [
      ...seeded.known.keys(),
      "atlhyper_pod_memory_bytes",
      "atlhyper_workload_cpu_cores",
      "atlhyper_workload_memory_bytes",
    ].sort(),
  );
  expect(await ask("POST", "labels", { ...range(), limit, "match[]": pod })).toEqual([
    ...["__name__", "cluster", "cluster_id", "namespace", "pod", "workload", "workload_kind"],
  ]);
  const ofNodes = { ...range(), limit: "2", "match[]": `{__name__="${cpu}"}` };
  expect(await ask("GET", "label/node/values", ofNodes)).toEqual(["n1", "n2"]);
  const all = await ask("POST", "series", { ...range(), limit, "match[]": '{__name__!=""}' });
  expect((all as unknown[]).length).toBeGreaterThan(30);
});

// pkg/promlib/client/client.go: times and steps in seconds, with fractions.
test("panels", async () => {
  const over = await ask("POST", "query_range", {
    query: `sum by (node) (rate(${inodes}[1m0s]))`,
    ...range(),
    step: "60",
  });
  expect(over).toMatchObject({ resultType: "matrix", result: [{ metric: { node: "n1" } }, {}, {}] });
  const time = `${seeded.endMs / 1000 - 0.123}`;
  expect(await ask("POST", "query", { query: `topk(3, ${cpu})`, time })).toMatchObject({
    resultType: "vector",
    result: [{ value: [Number(time), expect.any(String)] }, {}, {}],
  });
  expect(await ask("POST", "query_exemplars", { query: cpu, ...range() })).toEqual([]);
});
