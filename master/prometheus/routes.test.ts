import { afterAll, beforeAll, expect, test } from "bun:test";
import { createToken } from "../database/tokens.ts";
import { startTestMaster, type TestCluster, type TestMaster } from "../harness.ts";

let master: TestMaster;
let home: TestCluster;
let work: TestCluster;
let viewer: string;

const push = (cluster: TestCluster, node: string, pods: [namespace: string, uid: string][]) =>
  cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", {
    snapshots: [
      {
        nodeName: node,
        timestamp: new Date().toISOString(),
        cpu: { usage: 0.25, cores: 4, perCore: [0.2, 0.3] },
        disk: [{ mountPoint: "/data", total: 2 ** 30, used: 2 ** 29 }],
        containers: pods.map(([, uid]) => ({
          id: `c-${uid}`,
          podUID: uid,
          cpuCores: 0.5,
          memoryWorkingSet: 4096,
        })),
      },
    ],
  });

const list = (cluster: TestCluster, node: string, pods: [namespace: string, uid: string][]) =>
  cluster.push("/ingest/podlist", "pod_list_snapshot", {
    pods: pods.map(([namespace, uid]) => ({
      summary: { name: `pod-${uid}`, namespace, node, uid },
    })),
  });

beforeAll(async () => {
  master = await startTestMaster();
  home = await master.addCluster("home");
  work = await master.addCluster("work");
  const pods: [string, string][] = [
    ["shop", "u1"],
    ["back", "u2"],
  ];
  await list(home, "n1", pods);
  await push(home, "n1", pods);
  await push(work, "w1", []);
  viewer = await master.apiToken();
});
afterAll(() => master.stop());

interface Told {
  status: string;
  errorType?: string;
  error?: string;
  warnings?: string[];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what they get
  data?: any;
}

async function ask(
  path: string,
  parameters: Record<string, string> = {},
  init: RequestInit & { token?: string | null } = {},
): Promise<Told & { http: number }> {
  const { token = viewer, ...rest } = init;
  const search = init.method === "POST" ? "" : `?${new URLSearchParams(parameters)}`;
  const response = await fetch(`${master.url}/prometheus/api/v1/${path}${search}`, {
    ...rest,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
    ...(init.method === "POST" && init.body === undefined ? { body: new URLSearchParams(parameters) } : {}),
  });
  return { http: response.status, ...((await response.json()) as Told) };
}

test("answers what Grafana asks to test a datasource, by POST and by GET", async () => {
  for (const method of ["GET", "POST"])
    expect(await ask("query", { query: "1+1", time: "4" }, { method })).toEqual({
      http: 200,
      status: "success",
      data: { resultType: "scalar", result: [4, "2"] },
    });
  const { data } = await ask("status/buildinfo");
  expect(data.version).toBe("3.0.0");
  // Grafana takes anything with features for another product.
  expect(data.features).toBeUndefined();
  expect((await ask("rules")).data).toEqual({ groups: [] });
  expect(
    (await ask("query_exemplars", { query: "a", start: "1", end: "2" }, { method: "POST" })).data,
  ).toEqual([]);
});

test("queries what came in, at once and over time", async () => {
  const { data } = await ask("query", { query: 'atlhyper_node_cpu_usage_ratio{cluster="home"}' });
  expect(data.result).toEqual([
    {
      metric: { __name__: "atlhyper_node_cpu_usage_ratio", cluster: "home", cluster_id: home.id, node: "n1" },
      value: [expect.any(Number), "0.25"],
    },
  ]);
  // A whole second after the sample.
  const now = Math.floor(Date.now() / 1000) + 5;
  const range = { start: `${now - 10}`, end: `${now}`, step: "5s" };
  const over = await ask(
    "query_range",
    { query: "sum(atlhyper_pod_cpu_cores)", ...range },
    { method: "POST" },
  );
  expect(over.data).toMatchObject({ resultType: "matrix", result: [{ metric: {} }] });
  expect(over.data.result[0].values.at(-1)).toEqual([now, "1"]);
  expect((await ask("query_range", { query: "1", ...range })).data.result[0].values).toHaveLength(3);
  expect((await ask("query", { query: '"text"', time: "1" })).data).toEqual({
    resultType: "string",
    result: [1, "text"],
  });
  const samples = await ask("query", { query: "atlhyper_workload_memory_bytes[5m]" });
  expect(samples.data.result.map((one: { metric: { workload: string } }) => one.metric.workload)).toEqual([]);
  const pods = await ask("query", {
    query: 'atlhyper_pod_memory_bytes{workload_kind="Pod"}[5m]',
    time: `${now}`,
  });
  expect(pods.data.result.map((one: { values: unknown[] }) => one.values.length)).toEqual([1, 1]);
});

test("tells series, labels, their values and what metrics are", async () => {
  const { data: series } = await ask("series", { "match[]": 'atlhyper_node_disk_used_bytes{mount="/data"}' });
  expect(series.map((one: { node: string }) => one.node).sort()).toEqual(["n1", "w1"]);
  expect((await ask("labels", { "match[]": '{node="w1"}' }, { method: "POST" })).data).toEqual([
    "__name__",
    "cluster",
    "cluster_id",
    "core",
    "mount",
    "node",
  ]);
  expect((await ask("label/pod/values")).data).toEqual(["pod-u1", "pod-u2"]);
  expect((await ask("label/namespace/values", { limit: "1" })).warnings).toEqual([
    "results truncated due to limit",
  ]);
  expect((await ask("label/none/values")).data).toEqual([]);
  const some = await ask("series", { "match[]": '{__name__!=""}', limit: "3" });
  expect([some.data.length, some.warnings]).toEqual([3, ["results truncated due to limit"]]);
  const { data: told } = await ask("metadata", { metric: "atlhyper_node_disk_used_bytes" });
  expect(told).toEqual({
    atlhyper_node_disk_used_bytes: [{ type: "gauge", help: "Of a node: disk used, bytes.", unit: "bytes" }],
  });
  expect(Object.keys((await ask("metadata", { limit: "2" })).data)).toHaveLength(2);
});

test.each([
  ["query", {}, 400, "bad_data", 'invalid parameter "query"'],
  ["query", { query: "sum(" }, 400, "bad_data", "1:5: parse error"],
  ["query", { query: "a", time: "noon" }, 400, "bad_data", "cannot parse"],
  ["query", { query: "a", timeout: "soon" }, 400, "bad_data", "valid duration"],
  ["query_range", { query: "a", start: "1", end: "2" }, 400, "bad_data", 'invalid parameter "step"'],
  ["query_range", { query: "a", start: "0", end: "20000", step: "1" }, 400, "bad_data", "11,000 points"],
  ["query_range", { query: "a[5m]", start: "1", end: "2", step: "1" }, 400, "bad_data", "range vector"],
  ["series", {}, 400, "bad_data", "no match[] parameter provided"],
  ["series", { "match[]": "a + b" }, 400, "bad_data", "no series selector"],
  ["label/a-b/values", {}, 400, "bad_data", "invalid label name"],
  ["labels", { limit: "-1" }, 400, "bad_data", "whole number"],
  [
    "query",
    { query: "atlhyper_node_core_usage_ratio + on (node) atlhyper_node_core_usage_ratio" },
    422,
    "execution",
    "many-to-many",
  ],
] as const)("%s of %p is a fault as Prometheus tells it", async (path, parameters, http, errorType, text) => {
  const told = await ask(path, parameters as Record<string, string>);
  expect(told).toMatchObject({ http, status: "error", errorType });
  expect(told.error).toContain(text);
});

test("asks for a token of role viewer: as Bearer, or as the password of basic authentication", async () => {
  const basic = (password: string, user = "grafana") => ({
    token: null,
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
  });
  expect((await ask("query", { query: "1" }, basic(viewer))).http).toBe(200);
  expect((await ask("query", { query: "1" }, { ...basic(viewer, ""), method: "POST" })).http).toBe(200);
  for (const no of [{ token: null }, { token: "atla_x" }, basic("wrong"), basic(""), basic(home.token)])
    expect([401, 403]).toContain((await ask("query", { query: "1" }, no)).http);
  const refused = await fetch(`${master.url}/prometheus/api/v1/query?query=1`, {
    headers: { accept: "text/html" },
  });
  expect(refused.status).toBe(401);
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  const form = await ask(
    "query",
    {},
    { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
  );
  expect(form).toMatchObject({ http: 400, errorType: "bad_data" });
});

test("who sees a part finds nothing of the rest: no series, no label, no value, no metric", async () => {
  const token = await createToken(master.database, {
    name: "of the shop",
    role: "viewer",
    clusters: [home.id],
    namespaces: ["shop"],
  });
  const seen = async (path: string, parameters: Record<string, string> = {}) =>
    (await ask(path, parameters, { token })).data;
  expect(await seen("label/namespace/values")).toEqual(["shop"]);
  expect(await seen("label/pod/values")).toEqual(["pod-u1"]);
  expect(await seen("label/cluster/values")).toEqual(["home"]);
  expect(await seen("label/node/values")).toEqual([]);
  expect(await seen("label/mount/values")).toEqual([]);
  expect(Object.keys(await seen("metadata"))).toEqual([
    "atlhyper_pod_cpu_cores",
    "atlhyper_pod_memory_bytes",
  ]);
  expect(await seen("series", { "match[]": '{__name__!=""}' })).toHaveLength(2);
  expect((await seen("query", { query: 'count({__name__!=""})' })).result[0].value[1]).toBe("2");
  expect((await seen("query", { query: "atlhyper_node_cpu_usage_ratio" })).result).toEqual([]);
  expect((await seen("query", { query: `{cluster_id="${work.id}"}` })).result).toEqual([]);
  const text = JSON.stringify([await seen("labels"), await seen("series", { "match[]": '{__name__!=""}' })]);
  for (const hidden of ["back", "pod-u2", "work", work.id, "n1"]) expect(text).not.toContain(`"${hidden}"`);
});

/** What would take a minute. */
const long = {
  query: `sum(quantile_over_time(0.9, (${Array.from({ length: 100 }, () => "time()").join(" + ")})[1d:2s]))`,
  start: "0",
  end: "6000",
  step: "1",
};

test("a long query gives way to others, and ends when its time is over", async () => {
  const ended: string[] = [];
  const asked = ask("query_range", { ...long, timeout: "1s" }).finally(() => ended.push("long"));
  // It has begun.
  await Bun.sleep(20);
  await ask("query", { query: "1" }).finally(() => ended.push("short"));
  expect(await asked).toMatchObject({ http: 503, status: "error", errorType: "timeout" });
  expect(ended).toEqual(["short", "long"]);
});

test("queries of who went away make room for others, which wait for their turn within their time", async () => {
  const gone = new AbortController();
  const asked = [1, 2, 3].map(() => ask("query_range", long, { signal: gone.signal }).catch(() => "gone"));
  await Bun.sleep(20);
  expect(await ask("query", { query: "1", timeout: "50ms" })).toMatchObject({ errorType: "timeout" });
  gone.abort();
  expect(await Promise.all(asked)).toEqual(["gone", "gone", "gone"]);
  expect(await ask("query", { query: "1" })).toMatchObject({ http: 200 });
}, 15_000);

test("a label may be called as what every object has, and is not there", async () => {
  expect((await ask("label/constructor/values")).data).toEqual([]);
  const query = "atlhyper_node_cpu_usage_ratio";
  const vector = async (text: string) =>
    (await ask("query", { query: text })).data.result.map((one: { metric: unknown }) => one.metric);
  const plain = await vector(query);
  expect(await vector(`${query}{constructor=""}`)).toEqual(plain);
  expect(await vector(`label_replace(${query}, "x", "$1", "constructor", "(.*)")`)).toEqual(plain);
  expect(await vector(`label_join(${query}, "x", "", "toString")`)).toEqual(plain);
});

test("a time that ends in thousands of years takes no longer than what there is", async () => {
  const start = performance.now();
  const range = { start: "-8e12", end: "8e12", step: "1e12" };
  expect((await ask("query_range", { query: '{__name__!=""}', ...range })).http).toBe(200);
  const last = "cluster=home&kind=Node&name=n1&from=0&to=253402300799999&step=86400000s";
  const response = await fetch(`${master.url}/api/v1/query_range?${last}`, {
    headers: { authorization: `Bearer ${viewer}` },
  });
  expect(response.status).toBe(200);
  expect(performance.now() - start).toBeLessThan(2000);
});
