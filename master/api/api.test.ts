import { expect, test } from "bun:test";
import { trustedProxies } from "../trusted-proxies.ts";
import { startTestMaster, type TestMaster } from "../harness.ts";

async function demo(): Promise<TestMaster> {
  const master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const pods = ["a", "b", "c"].map((name) => ({
    summary: { name, namespace: "shop", phase: "Running", ready: "1/1", node: "n1", uid: `uid-${name}` },
  }));
  const broken = { summary: { name: "d", namespace: "data", phase: "Failed", reason: "Error" } };
  await cluster.push("/ingest/podlist", "pod_list_snapshot", { pods: [...pods, broken] });
  await cluster.push("/ingest/nodelist", "node_list_snapshot", {
    nodes: [{ summary: { name: "n1", ready: "True" } }],
  });
  const snapshot = {
    nodeName: "n1",
    timestamp: new Date().toISOString(),
    cpu: { usage: 0.5, cores: 2 },
    memory: { total: 100, used: 50 },
    containers: [{ id: "x", podUID: "uid-a", cpuCores: 0.5, memoryWorkingSet: 10 }],
  };
  await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots: [snapshot] });
  const events = ["info", "warning", "critical"].map((severity, at) => ({
    id: `e${at}`,
    ts_ms: Date.now() - at * 60_000,
    kind: "Pod",
    namespace: "shop",
    name: "a",
    reason: `Reason${at}`,
    severity,
    origin: at === 2 ? "diagnosis" : "kubernetes",
    message: "something happened",
  }));
  await cluster.push("/ingest/events/v1/eventlog", "events", { events });
  return master;
}

test("lists answer with the wire's objects and what the master knows of them", async () => {
  await using master = await demo();
  const [cluster] = master.datasource.clusters();
  const { status, body } = await master.api("/api/v1/pods?q=shop&limit=1");
  expect(status).toBe(200);
  expect(body).toEqual({
    items: [
      {
        summary: { name: "a", namespace: "shop", phase: "Running", ready: "1/1", node: "n1", uid: "uid-a" },
        atlhyper: {
          cluster: cluster!.id,
          health: "ok",
          state: "Running",
          why: "",
          since_ms: 0,
          created_ms: 0,
          usage: { cpu_cores: 0.5, memory_bytes: 10 },
        },
      },
    ] as never,
    total: 3,
    attention: 0,
    next: expect.any(String),
  });
});

test("a list is read to its end by its cursors", async () => {
  await using master = await demo();
  const names: string[] = [];
  let cursor = "";
  do {
    const { body } = await master.api(`/api/v1/pods?sort=-name&limit=2${cursor && `&cursor=${cursor}`}`);
    names.push(...body.items.map((one: { summary: { name: string } }) => one.summary.name));
    cursor = (body.next as string | undefined) ?? "";
  } while (cursor);
  expect(names).toEqual(["d", "c", "b", "a"]);
});

test("clusters are named by id or name, in filters and in addresses", async () => {
  await using master = await demo();
  const { id } = master.datasource.clusters()[0]!;
  for (const name of [id, "home", "uid-of-home"]) {
    expect((await master.api(`/api/v1/pods?cluster=${name}`)).body.total).toBe(4);
    expect((await master.api(`/api/v1/pods/${name}/data/d`)).body).toMatchObject({ summary: { name: "d" } });
    expect((await master.api(`/api/v1/clusters/${name}`)).body).toMatchObject({ id, counts: { pods: 4 } });
    expect((await master.api(`/api/v1/nodes/${name}/n1`)).body).toMatchObject({
      atlhyper: { state: "Ready" },
    });
  }
  expect((await master.api("/api/v1/clusters")).body).toMatchObject({ total: 1, items: [{ name: "home" }] });
});

test("a node's metrics come with their last 15 minutes", async () => {
  await using master = await demo();
  const { body } = await master.api("/api/v1/nodes/home/n1/metrics");
  expect(body).toMatchObject({ snapshot: { nodeName: "n1", cpu: { usage: 0.5 } } });
  const recent = body.recent as { times_ms: number[]; groups: { name: string; series: unknown[] }[] };
  expect(recent.times_ms).toHaveLength(1);
  const cpu = recent.groups.find((one) => one.name === "cpu");
  expect(cpu?.series).toEqual([{ name: "usage", unit: "share", values: [0.5] }]);
});

test("events are searched and filtered, one is read by its id, and what is wrong is told", async () => {
  await using master = await demo();
  const ids = async (query: string) =>
    (await master.api(`/api/v1/events?${query}`)).body.items.map((one: { id: string }) => one.id);
  expect(await ids("")).toEqual(["e0", "e1", "e2"]);
  expect(await ids("severity=warning")).toEqual(["e1"]);
  expect(await ids("q=Reason2&cluster=home&namespace=shop")).toEqual(["e2"]);
  expect(await ids("open=true")).toEqual(["e2"]);
  expect(await ids(`from=${encodeURIComponent(new Date(Date.now() - 90_000).toISOString())}`)).toEqual([
    "e0",
    "e1",
  ]);
  expect((await master.api("/api/v1/events/home/e1")).body).toMatchObject({ id: "e1", severity: "warning" });
  expect((await master.api("/api/v1/problems")).body).toMatchObject({
    total: 1,
    items: [{ name: "a", reason: "Reason2", event_id: "e2" }],
  });
});

test("a wrong parameter is told with what would be right", async () => {
  await using master = await demo();
  const cases: [string, string, string][] = [
    ["pods?limit=0", "/limit", "limit must be a whole number from 1 to 1000"],
    ["pods?limit=many", "/limit", "limit must be"],
    ["pods?sort=colour", "/sort", "sort must be one of name, namespace"],
    ["pods?cursor=x", "/cursor", "cursor is not one"],
    ["pods?cluster=nowhere", "/cluster", "cluster must be one of home"],
    ["pods?namespaces=shop", "/namespaces", "there is no parameter namespaces: cluster, namespace"],
    ["events?severity=bad", "/severity", "severity must be one of info, warning, critical"],
    ["events?open=perhaps", "/open", "open must be true or false"],
    ["events?from=yesterday", "/from", "from must be a time"],
    [
      "events?from=1764200000",
      "/from",
      "from must be a time in RFC 3339 or in ms since 1970: 1764200000 looks",
    ],
    ["events?to=99999999999999999", "/to", "to must be a time in RFC 3339 or in ms since 1970, up to"],
    ["events?from=-000001-01-01T00:00:00Z", "/from", "from must be a time"],
    ["events?from=-5", "/from", "from must be a time"],
    ["events?from=2026-02-30", "/from", "from must be a time"],
    ["events?from=2026-02-03T10:00", "/from", "from must be a time"],
    ["clusters?x=1", "/x", "there is no parameter x: none is taken"],
  ];
  for (const [path, pointer, detail] of cases) {
    const { status, body } = await master.api(`/api/v1/${path}`);
    expect({ path, status, pointer: body.pointer }).toEqual({ path, status: 422, pointer });
    expect(body.detail).toStartWith(detail);
  }
});

test("what is not there is 404 and another method is 405 with those that are allowed", async () => {
  await using master = await demo();
  for (const path of [
    "pods/home/shop/zzz",
    "pods/nowhere/shop/a",
    "nodes/home/zz/metrics",
    "events/home/zz",
    "zz",
  ])
    expect([path, (await master.api(`/api/v1/${path}`)).status]).toEqual([path, 404]);
  for (const method of ["POST", "DELETE", "PUT"]) {
    const response = await fetch(`${master.url}/api/v1/pods/home/shop/a`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }
});

test("nothing is read without a token or session, nor with an agent's token", async () => {
  await using master = await demo();
  const agent = await master.addCluster("away");
  for (const path of ["/api/v1/pods", "/api/v1/clusters", "/api/v1/events", "/api/v1/problems", "/metrics"]) {
    const status = async (headers: Record<string, string>) =>
      (await fetch(master.url + path, { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: "Bearer atla_wrong" })).toBe(401);
    expect(await status({ authorization: `Bearer ${agent.token}` })).toBe(403);
  }
});

test("every answer carries the security headers, and a fault the request's name, which the log has too", async () => {
  await using master = await demo();
  const response = await fetch(`${master.url}/api/v1/pods`);
  expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(response.headers.get("referrer-policy")).toBe("same-origin");
  expect(response.headers.get("strict-transport-security")).toBeNull();
  const { request } = (await response.json()) as { request: string };
  expect(response.headers.get("x-request-id")).toBe(request);
  expect(master.lines.some((line) => line.fields.request === request)).toBe(true);
});

test("behind a proxy with TLS browsers are told to come by TLS only", async () => {
  await using master = await startTestMaster({ trustedProxies: trustedProxies(["127.0.0.1"]) });
  const response = await fetch(`${master.url}/livez`, { headers: { "x-forwarded-proto": "https" } });
  expect(response.headers.get("strict-transport-security")).toContain("max-age");
});

test("no internal text leaves with a fault of the master's own", async () => {
  await using master = await demo();
  master.parts.datasource.list = () => {
    throw new Error("internal: /var/lib/secret");
  };
  const { status, body } = await master.api("/api/v1/pods");
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain("secret");
  expect(master.lines.find((line) => line.message === "failed")?.fields).toMatchObject({
    request: body.request,
  });
});

test("health is told without a token, and ready is not said while the database is away", async () => {
  await using master = await startTestMaster();
  const get = async (path: string) => (await fetch(master.url + path)).status;
  expect([await get("/livez"), await get("/readyz"), await get("/healthz")]).toEqual([200, 200, 200]);
  const query = master.database.main.query;
  master.database.main.query = () => {
    throw new Error("disk I/O error");
  };
  expect([await get("/livez"), await get("/readyz"), await get("/healthz")]).toEqual([200, 503, 503]);
  master.database.main.query = query;
});
