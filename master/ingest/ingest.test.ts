import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { eventsSource, listSources, openEventsRoute, sources } from "../../wire/envelope.ts";
import { kinds } from "../../wire/kinds.ts";
import { startTestMaster, type TestCluster, type TestMaster } from "../harness.ts";

const podList = "/ingest/podlist";
const pod = (name: string, more: object = {}) => ({ summary: { name, namespace: "shop", ...more } });
const event = (id: string, more: object = {}) => ({
  id,
  ts_ms: 1_700_000_000_000,
  kind: "Pod",
  namespace: "shop",
  name: "web-1",
  reason: "BackOff",
  severity: "warning",
  ...more,
});

async function send(
  master: TestMaster,
  path: string,
  body: string | Uint8Array<ArrayBuffer> | undefined,
  headers: Record<string, string> = {},
) {
  const response = await fetch(master.url + path, { method: "POST", headers, ...(body ? { body } : {}) });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body: answer };
}
const bearer = (cluster: TestCluster) => ({ authorization: `Bearer ${cluster.token}` });

test("every list of the wire is taken on its route, and the API has it", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  for (const { kind, names, route } of listSources) {
    const { field, namespaced } = kinds[kind!];
    const item = { summary: { name: "one", ...(namespaced ? { namespace: "shop" } : {}) } };
    expect(await cluster.push(route, names[0]!, { [field]: [item] })).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    const listed = await master.api(`/api/v1/${field}`);
    expect(listed.body).toMatchObject({ total: 1, items: [{ ...item, atlhyper: { cluster: cluster.id } }] });
    expect((await cluster.push(route, names[0]!, { [field]: [] })).status).toBe(200);
    expect((await master.api(`/api/v1/${field}`)).body.total).toBe(0);
  }
});

test("what AtlHyper 1.x sends is taken on each of its routes: token in the path, no sync, null for empty, gzip", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("old");
  const push = (route: string, source: string, payload: unknown) =>
    send(
      master,
      `/t/${cluster.token}${route}`,
      gzipSync(JSON.stringify({ version: "v1", cluster_id: "uid", source, ts_ms: 1, payload })),
      { "content-encoding": "gzip", "content-type": "application/json" },
    );
  const first = ["pod", "node", "service", "namespace", "ingress", "deployment", "configmap"];
  for (const { kind, names, route } of listSources.filter((one) => first.includes(one.kind!))) {
    const { field, namespaced } = kinds[kind!];
    const summary = { name: "one", ...(namespaced ? { namespace: "shop" } : {}), age: "5d", badges: null };
    expect(await push(route, names[0]!, { [field]: [{ summary, labels: null }] })).toMatchObject({
      status: 200,
    });
    expect((await master.api(`/api/v1/${field}`)).body.total).toBe(1);
    expect(await push(route, names[0]!, { [field]: null })).toMatchObject({ status: 200 });
  }
  const legacy = {
    Timestamp: "2025-01-02T03:04:05Z",
    Kind: "Pod",
    Name: "web-1",
    ReasonCode: "OOMKilled",
    Severity: "critical",
  };
  expect(await push("/ingest/events/v1/eventlog", "k8s_event", { events: [legacy, legacy] })).toMatchObject({
    status: 200,
    body: { ok: true, stored: 1 },
  });
  expect((await master.api("/api/v1/events")).body.items).toMatchObject([
    { reason: "OOMKilled", severity: "critical" },
  ]);
  const snapshot = { nodeName: "n1", timestamp: "2025-01-02T03:04:05Z", cpu: { usage: 0.5, cores: 4 } };
  expect(
    await push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots: { n1: [snapshot] } }),
  ).toMatchObject({
    status: 200,
  });
  expect((await master.api("/api/v1/nodes/old/n1/metrics")).body).toMatchObject({ snapshot });
});

test("values of environment variables are dropped on arrival", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const containers = [{ name: "c", env: [{ name: "PASSWORD", value: "hunter2" }] }];
  await cluster.push(podList, "pod_list_snapshot", { pods: [{ ...pod("web-1"), containers }] });
  expect(JSON.stringify((await master.api("/api/v1/pods")).body)).not.toContain("hunter2");
  expect(JSON.stringify(master.parts.hub.snapshot())).not.toContain("hunter2");
});

test("an event that is acknowledged is in the history, and sending it again stores it once", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const push = (count: number) =>
    cluster.push(eventsSource.route, "events", { events: [event("a", { count })] });
  expect(await push(1)).toEqual({ status: 200, body: { ok: true, stored: 1, changed: 0 } });
  expect(await push(1)).toMatchObject({ status: 200, body: { stored: 0 } });
  expect(await push(2)).toMatchObject({ status: 200, body: { stored: 0, changed: 1 } });
  expect((await master.api("/api/v1/events?q=BackOff")).body).toMatchObject({
    total: 1,
    items: [{ id: "a", count: 2 }],
  });
});

test("an agent gets the occurrences of its own cluster that are open", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const other = await master.addCluster("away");
  const open = event("a", { origin: "diagnosis" });
  const over = event("b", { origin: "diagnosis", resolved_ts_ms: 1_700_000_000_001 });
  await cluster.push(eventsSource.route, "events", { events: [open, over] });
  await other.push(eventsSource.route, "events", { events: [event("c", { origin: "diagnosis" })] });
  const answer = await send(master, openEventsRoute, undefined, bearer(cluster));
  expect(answer).toMatchObject({ status: 200, body: { events: [open] } });
  expect(answer.body.events).toHaveLength(1);
});

test("without a token, with an unknown one, or with a user's, nothing is taken", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  for (const { route } of sources) {
    expect((await send(master, route, "{}")).status).toBe(401);
    expect((await send(master, `/t/atlc_${"x".repeat(43)}${route}`, "{}")).status).toBe(401);
  }
  expect(
    (await send(master, podList, "{}", { authorization: "Bearer wrong" })).headers.get("www-authenticate"),
  ).toContain("Bearer");
  const viewer = { authorization: `Bearer ${await master.apiToken("admin")}` };
  expect((await send(master, podList, "{}", viewer)).status).toBe(403);
  expect((await send(master, `/t/${cluster.token}`, "{}")).status).toBe(404);
});

test("a token is bound to the first cluster it speaks for, and is refused for another", async () => {
  await using master = await startTestMaster();
  const home = await master.addCluster("home");
  const away = await master.addCluster("away");
  expect((await home.push(podList, "pod_list_snapshot", { pods: [] })).status).toBe(200);
  expect((await away.push(podList, "pod_list_snapshot", { pods: [] })).status).toBe(200);
  const stolen = await away.push(
    podList,
    "pod_list_snapshot",
    { pods: [pod("evil")] },
    { cluster_id: home.clusterID },
  );
  expect(stolen).toMatchObject({ status: 403, body: { status: 403 } });
  expect((await master.api("/api/v1/pods")).body.total).toBe(0);
});

test("a fault is told as a problem that points to it from the envelope's root", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const push = (payload: unknown, more = {}) => cluster.push(podList, "pod_list_snapshot", payload, more);
  const faulty = { pods: [pod("ok"), { summary: { name: 5, namespace: "shop" } }] };
  expect(await push(faulty)).toMatchObject({
    status: 422,
    body: { status: 422, pointer: "/payload/pods/1/summary/name", request: expect.any(String) },
  });
  expect(await push({})).toMatchObject({ status: 422, body: { pointer: "/payload/pods" } });
  expect(await push({ pods: [] }, { version: "v2" })).toMatchObject({
    status: 422,
    body: { pointer: "/version" },
  });
  expect(await push({ pods: [] }, { ts_ms: "5" })).toMatchObject({
    status: 422,
    body: { pointer: "/ts_ms" },
  });
  expect(await push({ pods: [] }, { source: "events" })).toMatchObject({
    status: 422,
    body: { pointer: "/source" },
  });
  expect(await push({ pods: [] }, { sync: { run: "r", seq: 0, mode: "full" } })).toMatchObject({
    status: 422,
    body: { pointer: "/sync/seq" },
  });
  const wrong = { events: [event("a"), event("b", { severity: "bad" })] };
  const refused = await cluster.push(eventsSource.route, "events", wrong);
  expect(refused).toMatchObject({ status: 422 });
  expect(refused.body.pointer).toStartWith("/payload/events/1");
  expect((await master.api("/api/v1/events")).body.total).toBe(0);
});

test("sync is taken in the payload as well as in the envelope", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const sync = { run: "r", seq: 1, mode: "full" };
  expect(await cluster.push(podList, "pod_list_snapshot", { pods: [pod("a")], sync })).toMatchObject({
    status: 200,
  });
  const delta = { run: "r", seq: 2, mode: "delta", removed: ["shop/a"] };
  const changed = await cluster.push(podList, "pod_list_snapshot", { pods: [pod("b")], sync: delta });
  expect(changed).toMatchObject({ status: 200 });
  expect((await master.api("/api/v1/pods")).body.items).toMatchObject([pod("b")]);
});

test("a delta without its base is answered with 409 and resync, after a restart too", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const push = (sync: object, pods: object[]) =>
    cluster.push(podList, "pod_list_snapshot", { pods }, { sync });
  expect(await push({ run: "r", seq: 1, mode: "delta" }, [])).toMatchObject({
    status: 409,
    body: { status: 409, resync: true },
  });
  await push({ run: "r", seq: 2, mode: "full", part: 1, parts: 2 }, [pod("a")]);
  expect((await master.api("/api/v1/pods")).body.total).toBe(0);
  await push({ run: "r", seq: 2, mode: "full", part: 2, parts: 2 }, [pod("b")]);
  expect((await master.api("/api/v1/pods")).body.total).toBe(2);
  expect(await push({ run: "r", seq: 3, mode: "delta" }, [pod("c")])).toMatchObject({ status: 200 });
  expect(await push({ run: "r", seq: 3, mode: "delta" }, [pod("c")])).toMatchObject({
    status: 200,
    body: { duplicate: true },
  });
  expect((await master.api("/api/v1/pods")).body.total).toBe(3);
});

test("a cluster that sends too much is told when to come again", async () => {
  await using master = await startTestMaster({ ingestPerMinute: 20 });
  const cluster = await master.addCluster("home");
  const send = () => cluster.push(podList, "pod_list_snapshot", { pods: [] });
  expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
  const response = await fetch(master.url + podList, {
    method: "POST",
    headers: bearer(cluster),
    body: "{}",
  });
  expect(response.status).toBe(429);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(((await response.json()) as { request: string }).request).toBeString();
});

test("when events cannot be stored, nothing of them is acknowledged", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  master.database.events.run("PRAGMA query_only = ON");
  const refused = await cluster.push(eventsSource.route, "events", { events: [event("a")] });
  expect(refused.status).toBeGreaterThanOrEqual(503);
  master.database.events.run("PRAGMA query_only = OFF");
  expect((await master.api("/api/v1/events")).body.total).toBe(0);
});

test("only POST is taken, and what is wrong is never in the log with its token", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const response = await fetch(`${master.url}${podList}`, { headers: bearer(cluster) });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  await send(master, podList, "[1]", bearer(cluster));
  await send(master, `/t/${cluster.token}${podList}`, "[1]");
  await send(master, `/t/${cluster.token}/nothing`, "[1]");
  expect(master.lines.length).toBeGreaterThan(3);
  expect(JSON.stringify(master.lines)).not.toContain(cluster.token);
});
