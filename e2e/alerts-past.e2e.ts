import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asking } from "../master/alert/testing.ts";
import { addCluster } from "../master/database/clusters.ts";
import { openDatabase } from "../master/database/database.ts";
import { startTestMaster, type TestMaster } from "../master/harness.ts";
import { createMetricsHistory } from "../master/history/history.ts";
import { encodeBody } from "../wire/body.ts";
import { eventually } from "./lib/wait.ts";

/**
 * Rules over what has been: a master that has hours of a cluster in its history when it starts, told by an agent what
 * is now; every condition as the API takes it.
 */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const gib = 2 ** 30;
const data = mkdtempSync(join(tmpdir(), "atlhyper-past-"));
let token = "";
let master: TestMaster;
let ask: ReturnType<typeof asking>;

/** A disk that grows by 30 GiB an hour and pods that leak 64 MiB each, until `at`. */
const snapshot = (at: number, begin: number, mounts: readonly string[] = ["/data", "/steady"]) => ({
  nodeName: "n1",
  timestamp: new Date(at).toISOString(),
  cpu: { usage: 0.2, cores: 4 },
  memory: { total: 64 * gib, used: 20 * gib },
  disk: mounts.map((mountPoint) => ({
    device: "sda",
    mountPoint,
    total: 1000 * gib,
    used: Math.round((mountPoint === "/data" ? 600 + ((at - begin) / hour) * 30 : 700) * gib),
  })),
  containers: ["web-1", "web-2"].map((podUID) => ({
    id: podUID,
    podUID,
    cpuCores: 0.1,
    memoryWorkingSet: Math.round(gib + ((at - begin) / hour) * 64 * 2 ** 20),
  })),
});
const begin = Date.now() - 6 * hour;

async function seed(): Promise<void> {
  const db = openDatabase(data);
  const cluster = await addCluster(db, "prod");
  token = cluster.token;
  const clock = { now: begin };
  const history = createMetricsHistory(db, {
    keptMs: [2, 14, 90, 730].map((days) => days * day),
    maxBytes: 2 ** 40,
    findPod: (_cluster, _node, uid) => ({ namespace: "shop", name: uid, kind: "Deployment", owner: "web" }),
    now: () => clock.now,
  });
  for (let at = begin; at < Date.now(); at += 15_000) {
    clock.now = at;
    history.take(cluster.id, [snapshot(at, begin) as never]);
  }
  history.settle();
  history.close();
  db.close();
}

async function push(source: string, route: string, payload: unknown): Promise<void> {
  const envelope = { version: "v1", cluster_id: "uid-of-prod", source, ts_ms: Date.now(), payload };
  const response = await fetch(master.url + route, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: encodeBody(envelope),
  });
  expect([source, response.status, await response.text()]).toEqual([source, 200, expect.any(String)]);
}

const pod = (name: string) => ({
  summary: {
    name,
    namespace: "shop",
    uid: name,
    node: "n1",
    phase: "Running",
    ready: "1/1",
    owners: [
      { kind: "ReplicaSet", name: "web-x" },
      { kind: "Deployment", name: "web" },
    ],
  },
  containers: [{ name: "web", resources: { limits: { memory: "4Gi" } } }],
});

async function start(): Promise<void> {
  master = await startTestMaster({ data });
  ask = asking(master, await master.apiToken("admin"));
  await push("node_list_snapshot", "/ingest/nodelist", {
    nodes: [{ summary: { name: "n1", ready: "True" } }],
  });
  await push("pod_list_snapshot", "/ingest/podlist", { pods: ["web-1", "web-2"].map(pod) });
  await push("job_list_snapshot", "/ingest/joblist", { jobs: [] });
  await push("deployment_list_snapshot", "/ingest/deploymentlist", {
    deployments: ["web", "api"].map((name) => ({ summary: { name, namespace: "shop" } })),
  });
  await measure();
}
let measuring: Timer;
let mounts: readonly string[] | undefined;
const measure = () =>
  push("metrics_snapshot", "/ingest/metrics/snapshot", {
    snapshots: [snapshot(Date.now(), begin, mounts)],
  });

interface Alert {
  name: string;
  object: string;
  state: string;
  annotations: Record<string, string>;
}
const alerts = async () => (await ask("/api/v1/alerts")).body.items as Alert[];
const fires = async (name: string, object: string) =>
  (
    await eventually(
      `${name} fires for ${object}`,
      async () =>
        (await alerts()).find((one) => one.name === name && one.object === object && one.state === "firing"),
      20_000,
    )
  ).value;

async function add(name: string, condition: object, more: object = {}): Promise<void> {
  const { status, text } = await ask("/api/v1/alert-rules", {
    name,
    enabled: true,
    severity: "warning",
    condition,
    forMs: 0,
    keepMs: 0,
    scope: {},
    labels: {},
    annotations: { summary: "{{ kind }} {{ name }}: {{ message }}", description: "" },
    ...more,
  });
  expect([name, status, status < 300 ? "" : text]).toEqual([name, status < 300 ? status : 200, ""]);
}

beforeAll(async () => {
  await seed();
  await start();
  measuring = setInterval(() => void measure().catch(() => {}), 3000);
}, 60_000);
afterAll(async () => {
  clearInterval(measuring);
  await master.stop();
  rmSync(data, { recursive: true, force: true });
});

test("a disk that fills within the day is told of with when, a steady one is not; also after a restart", async () => {
  const { body } = await ask("/api/v1/alert-rules");
  const { id, origin: _, ...soon } = body.items.find((one: { id: string }) => one.id === "disk-full-soon");
  expect((await ask(`/api/v1/alert-rules/${id}`, { ...soon, forMs: 0 })).status).toBe(200);
  const found = await fires("DiskFullSoon", "n1");
  expect(found.annotations.summary).toMatch(
    /^\/data of node n1 is full in about 7 h at (29|30|31)(\.\d)? GiB\/h$/,
  );
  expect((await alerts()).filter((one) => one.name === "DiskFullSoon")).toHaveLength(1);

  await master.stop();
  await start();
  // Not even while the past is read again.
  for (const until = Date.now() + 4000; Date.now() < until; await Bun.sleep(100))
    expect((await alerts()).find((one) => one.name === "DiskFullSoon")?.state).toBe("firing");
}, 40_000);

test("what pods and workloads use counts as it is, as it changes, and as a share of their limits", async () => {
  await add("Leak", {
    type: "rate",
    of: "workload",
    group: "usage",
    series: "memory",
    op: "rises",
    per: "hour",
    trigger: 100 * 2 ** 20,
    clear: 50 * 2 ** 20,
    windowMs: 3 * hour,
  });
  await add("NearLimit", {
    type: "threshold",
    of: "pod",
    group: "usage",
    series: "memory of limit",
    op: "above",
    trigger: 0.3,
    clear: 0.2,
  });
  await add("LimitSoon", {
    type: "forecast",
    of: "pod",
    group: "usage",
    series: "memory of limit",
    op: "rises",
    level: 0.5,
    windowMs: 6 * hour,
    withinMs: 24 * hour,
    clearMs: 48 * hour,
  });
  expect((await fires("Leak", "web")).annotations.summary).toMatch(
    /^Deployment web: memory rises by 12\d MiB\/h, now 2\.7\d GiB$/,
  );
  expect((await fires("NearLimit", "web-2")).annotations.summary).toContain("is 34.");
  expect((await fires("LimitSoon", "web-1")).annotations.summary).toContain("reaches 50 % in about 10 h");
}, 40_000);

test("values and objects that are not there any more are missed, and certificates that expire told of", async () => {
  await add(
    "DiskGone",
    { type: "absence", what: "values", group: "disk *", series: "used" },
    { forMs: 3000 },
  );
  await add("ApiGone", { type: "absence", what: "object", kinds: ["Deployment"], names: ["ap*"] });
  await Bun.sleep(7000);
  expect((await alerts()).filter((one) => one.name.endsWith("Gone"))).toEqual([]);
  mounts = ["/data"];
  await measure();
  await push("deployment_list_snapshot", "/ingest/deploymentlist", {
    deployments: [{ summary: { name: "web", namespace: "shop" } }],
  });
  expect((await fires("ApiGone", "api")).annotations.summary).toBe(
    "Deployment api: the object is not there any more",
  );
  expect((await fires("DiskGone", "n1")).annotations.summary).toBe(
    "Node n1: no values of disk /steady used come any more",
  );
  await push("agent_status_snapshot", "/ingest/agentstatus", {
    agent: {
      name: "prod",
      flavour: "kubernetes",
      run: "r",
      agentVersion: "2",
      startedAt_ms: begin,
      synced: true,
      certificates: [
        {
          namespace: "shop",
          name: "web-tls",
          notBefore_ms: Date.now() - 80 * day,
          notAfter_ms: Date.now() + 10.5 * day,
        },
      ],
    },
  });
  expect((await fires("CertificateExpiresSoon", "web-tls")).annotations.summary).toMatch(
    /^Secret shop\/web-tls: the certificate expires in 10 d, on /,
  );
}, 60_000);

test("events that were stored before a rule was there count, too", async () => {
  const event = (number: number) => ({
    id: `e${number}`,
    ts_ms: Date.now() - number * minute,
    kind: "Pod",
    namespace: "shop",
    name: `web-${number}`,
    reason: "BackOff",
    message: "Back-off pulling image web:2",
    severity: "warning",
    origin: "kubernetes",
  });
  await push("events", "/ingest/events/v1/eventlog", { events: [1, 2, 3].map(event) });
  await Bun.sleep(300);
  await add("Pulling", {
    type: "events",
    reasons: ["BackOff"],
    message: "pulling * web:2",
    by: "namespace",
    count: 4,
    windowMs: hour,
  });
  await Bun.sleep(6000);
  expect((await alerts()).filter((one) => one.name === "Pulling")).toEqual([]);
  await push("events", "/ingest/events/v1/eventlog", { events: [event(0)] });
  expect((await fires("Pulling", "shop")).annotations.summary).toBe(
    "Namespace shop: 4 events within 1 h, the newest BackOff: Back-off pulling image web:2",
  );
}, 40_000);
