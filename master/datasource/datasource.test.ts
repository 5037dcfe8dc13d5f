import { expect, test } from "bun:test";
import type { ChangeNotice } from "../../views/model.ts";
import type { Event } from "../../wire/event.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { ago, crashingPod, runningPod, testDatasource } from "./testing.ts";

type Source = ReturnType<typeof testDatasource>;

function sendMetrics(source: Source, more: Partial<NodeMetricsSnapshot> = {}): void {
  const snapshot = {
    nodeName: "n1",
    timestamp: new Date(source.clock.now).toISOString(),
    cpu: { usage: 0.25, cores: 4 },
    memory: { total: 1000, used: 400 },
    ...more,
  };
  source.send("metrics_snapshot", { snapshots: [snapshot] });
}
const container = (podUID: string, cpuCores: number, memoryWorkingSet: number) => ({
  id: `${podUID}-${cpuCores}`,
  podUID,
  cpuCores,
  memoryWorkingSet,
});
const diagnosis = (id: string, more: Partial<Event> = {}): Event => ({
  id,
  ts_ms: Date.UTC(2026, 0, 1),
  first_ts_ms: Date.UTC(2026, 0, 1) - 60_000,
  kind: "Pod",
  namespace: "shop",
  name: "web-1",
  reason: "CrashLoopBackOff",
  severity: "critical",
  origin: "diagnosis",
  ...more,
});
const status = (more: object = {}) => ({
  agent: { name: "x", flavour: "kubernetes", run: "r", agentVersion: "2", startedAt_ms: 1, ...more },
});

test("what containers use is the pod's, its workload's, its namespace's and its node's", () => {
  const source = testDatasource();
  const owners = [
    { kind: "ReplicaSet", name: "web-7d9f8c6b5d" },
    { kind: "Deployment", name: "web" },
  ];
  source.full("pod", [runningPod("web-1", { owners }), runningPod("web-2", { owners }), runningPod("other")]);
  source.full("deployment", [{ summary: { name: "web", namespace: "shop" } }]);
  source.full("namespace", [{ summary: { name: "shop" } }]);
  source.full("node", [{ summary: { name: "n1", ready: "True" } }]);
  sendMetrics(source, {
    containers: [
      container("uid-web-1", 0.5, 100),
      container("uid-web-1", 0.25, 50),
      container("uid-web-2", 1, 7),
    ],
  });
  const usage = (kind: "pod" | "deployment" | "namespace" | "node", name: string) => {
    const row = source.datasource.get(kind, { cluster: "c1", namespace: "shop", name });
    return row?.usage && [row.usage.cpuCores, row.usage.memoryBytes, row.usage.cpuHistory.at(-1)];
  };
  expect(usage("pod", "web-1")).toEqual([0.75, 150, 0.75]);
  expect(usage("pod", "other")).toBeUndefined();
  expect(usage("deployment", "web")).toEqual([1.75, 157, 1.75]);
  expect(usage("namespace", "shop")).toEqual([1.75, 157, 1.75]);
  expect(usage("node", "n1")).toEqual([1, 400, 1]);
  const byCpu = source.datasource.list("pod", { sort: "-cpu" }).items.map((row) => row.item.summary.name);
  expect(byCpu).toEqual(["web-2", "web-1", "other"]);
  expect(source.datasource.cluster("c1")?.usage).toEqual({
    cpuCores: 1,
    cpuTotal: 4,
    memoryBytes: 400,
    memoryTotal: 1000,
  });
});

test("the Deployment behind a pod of AtlHyper 1.x follows from the ReplicaSet's name, and its usage from the pod", () => {
  const source = testDatasource();
  const controlledBy = { kind: "ReplicaSet", name: "web-7d9f8c6b5d" };
  const metrics = { cpu: { usage: "250m" }, memory: { usage: "64Mi" } };
  source.full("pod", [
    runningPod("web-1", { controlledBy }, { metrics }),
    runningPod("x", { controlledBy: { kind: "ReplicaSet", name: "plain" } }),
  ]);
  source.full("deployment", [{ summary: { name: "web", namespace: "shop" } }]);
  const owner = { kind: "Deployment", namespace: "shop", name: "web" };
  expect(source.datasource.podsOf("c1", { owner }).map((row) => row.key)).toEqual(["shop/web-1"]);
  expect(
    source.datasource.get("deployment", { cluster: "c1", namespace: "shop", name: "web" })?.usage,
  ).toMatchObject({
    cpuCores: 0.25,
    memoryBytes: 64 * 2 ** 20,
  });
});

test("a static pod's usage is joined on the name of its cgroup", () => {
  const source = testDatasource();
  source.full("pod", [runningPod("etcd-n1", { cgroupUID: "8b5b4d1e" })]);
  sendMetrics(source, { containers: [container("8b5b4d1e", 0.5, 100)] });
  const row = source.datasource.get("pod", { cluster: "c1", namespace: "shop", name: "etcd-n1" });
  expect(row?.usage).toMatchObject({ cpuCores: 0.5, memoryBytes: 100 });
});

test("pods are found by node, by owner through a cron job's jobs, and by labels exactly", () => {
  const source = testDatasource();
  source.full("job", [
    { summary: { name: "night-1", namespace: "shop", controlledBy: { kind: "CronJob", name: "night" } } },
  ]);
  source.full("pod", [
    runningPod("a", { controlledBy: { kind: "Job", name: "night-1" } }),
    runningPod("b", { node: "n2" }, { labels: { app: "web" } }),
    runningPod("c", {}, { labels: { app: "Web" } }),
    runningPod("d", { namespace: "other" }, { labels: { app: "web" } }),
  ]);
  const found = (by: Parameters<typeof source.datasource.podsOf>[1]) =>
    source.datasource.podsOf("c1", by).map((row) => row.item.summary.name);
  expect(found({ node: "n2" })).toEqual(["b"]);
  expect(found({ owner: { kind: "CronJob", namespace: "shop", name: "night" } })).toEqual(["a"]);
  expect(found({ selector: { namespace: "shop", labels: { app: "web" } } })).toEqual(["b"]);
  expect(found({ selector: { namespace: "shop", labels: {} } })).toEqual([]);
});

test("recent metrics reach 15 minutes back, with gaps where nothing came", () => {
  const source = testDatasource();
  for (let at = 0; at < 300; at++) {
    source.clock.now += 5000;
    sendMetrics(source, at === 298 ? { cpu: undefined as never } : {});
  }
  const recent = source.datasource.recentMetrics("c1", "n1")!;
  expect(recent.times.length).toBe(181);
  expect(recent.times.at(-1)).toBe(source.clock.now);
  const [cpu] = recent.groups.find((one) => one.name === "cpu")!.series;
  expect(cpu).toMatchObject({ name: "usage", unit: "share" });
  expect([...cpu!.values].slice(-3)).toEqual([0.25, Number.NaN, 0.25]);
  expect(source.datasource.latestMetrics("c1", "n1")?.receivedMs).toBe(source.clock.now);
  expect(source.datasource.recentMetrics("c1", "n2")).toBeUndefined();
});

test("the same snapshot sent twice is one, and one that comes no more is forgotten after 15 minutes", () => {
  const source = testDatasource();
  sendMetrics(source);
  const before = source.datasource.revision;
  sendMetrics(source);
  expect(source.datasource.revision).toBe(before);
  source.clock.now += 16 * 60_000;
  source.datasource.tick();
  expect(source.datasource.allLatestMetrics()).toEqual([]);
});

test("a node whose disk is nearly full is in need of attention until it is not", () => {
  const source = testDatasource();
  source.full("node", [{ summary: { name: "n1", ready: "True" } }]);
  const node = () => source.datasource.get("node", { cluster: "c1", name: "n1" });
  sendMetrics(source, { disk: [{ mountPoint: "/var", total: 100, used: 97 }] });
  expect(node()).toMatchObject({ health: "warning", state: "DiskFull", why: "/var is over 95 % full" });
  source.clock.now += 5000;
  sendMetrics(source, { disk: [{ mountPoint: "/var", total: 100, used: 50 }] });
  expect(node()).toMatchObject({ health: "ok", state: "Ready" });
});

test("a machine without Kubernetes stands in the list of nodes by its metrics", () => {
  const source = testDatasource();
  source.send("agent_status_snapshot", status({ flavour: "host" }));
  sendMetrics(source);
  expect(source.datasource.list("node", {}).items).toMatchObject([{ key: "n1", health: "ok" }]);
  expect(source.datasource.cluster("c1")).toMatchObject({
    flavour: "host",
    counts: { nodes: 1, nodesReady: 1 },
  });
});

test("a cluster waits, is connected, and is silent after a while, which is a problem", () => {
  const source = testDatasource();
  const cluster = () => source.datasource.cluster("c1");
  expect(cluster()).toMatchObject({ connection: "waiting", health: "info", counts: { pods: 0 } });
  source.full("pod", []);
  expect(cluster()).toMatchObject({ connection: "connected", health: "unknown" });
  source.full("job", []);
  source.full("node", []);
  expect(cluster()).toMatchObject({ connection: "connected", health: "ok" });
  source.clock.now += 91_000;
  source.datasource.tick();
  expect(cluster()).toMatchObject({ connection: "silent", health: "unknown" });
  expect(source.datasource.problems({})).toMatchObject([{ kind: "Cluster", reason: "AgentSilent" }]);
});

test("after a restart clusters are shown as the database has them", () => {
  const agent = status({ kubernetesVersion: "1.34" }).agent as never;
  const source = testDatasource([
    { id: "c9", name: "home", lastSeenMs: Date.UTC(2026, 0, 1) - 3000, status: agent },
  ]);
  expect(source.datasource.clusters()).toMatchObject([
    { id: "c9", name: "home", connection: "connected", status: { kubernetesVersion: "1.34" } },
  ]);
  expect(source.datasource.findCluster("home")).toBe("c9");
});

test("a cluster that was removed goes with everything that is known of it", () => {
  const source = testDatasource(["c1", "c2"]);
  source.full("pod", [runningPod("a")]);
  source.full("pod", [runningPod("b")], "c2");
  sendMetrics(source);
  source.send("events", { events: [diagnosis("a")] });
  source.datasource.setClusters(source.records.filter((one) => one.id !== "c1"));
  expect(source.datasource.list("pod", {}).items.map((row) => row.cluster)).toEqual(["c2"]);
  expect(source.datasource.problems({})).toEqual([]);
  expect(source.datasource.allLatestMetrics()).toEqual([]);
});

test("an API server that the agent cannot reach is a problem of the cluster", () => {
  const source = testDatasource();
  source.send("agent_status_snapshot", status({ api: { reachable: false, since_ms: 5, error: "refused" } }));
  expect(source.datasource.problems({ cluster: "c1" })).toMatchObject([
    { reason: "APIServerUnreachable", message: "refused", sinceMs: 5, severity: "critical" },
  ]);
});

test("what is wrong now are the occurrences that are open, a workload's as one, worst first", () => {
  const source = testDatasource();
  const owners = [
    { kind: "ReplicaSet", name: "web-1" },
    { kind: "Deployment", name: "web" },
  ];
  source.full("pod", [runningPod("web-1", { owners }), runningPod("web-2", { owners, node: "n2" })]);
  for (const kind of ["job", "node"] as const) source.full(kind, []);
  source.send("events", {
    events: [
      diagnosis("n", {
        kind: "Node",
        namespace: "",
        name: "n7",
        reason: "DiskPressure",
        severity: "warning",
      }),
      diagnosis("d", { kind: "Deployment", name: "web", reason: "Unavailable", severity: "critical" }),
      diagnosis("p1", { name: "web-1", node: "n1", count: 4, message: "exit code 1" }),
      diagnosis("p2", { name: "web-2", node: "n2", first_ts_ms: 1000 }),
      diagnosis("i", { severity: "info", name: "quiet" }),
      diagnosis("k", { origin: "kubernetes", name: "noise" }),
    ],
  });
  expect(source.datasource.problems({})).toMatchObject([
    {
      kind: "Deployment",
      name: "web",
      reason: "CrashLoopBackOff",
      severity: "critical",
      sinceMs: 1000,
      count: 6,
      node: "",
      message: expect.stringContaining("2 pods"),
    },
    { kind: "Node", name: "n7", severity: "warning" },
  ]);
  expect(source.datasource.problems({ namespace: "other" })).toEqual([]);
  expect(source.datasource.cluster("c1")?.health).toBe("critical");
  const over = { resolved_ts_ms: source.clock.now };
  source.send("events", { events: ["d", "p1", "p2", "n"].map((id) => diagnosis(id, over)) });
  expect(source.datasource.problems({})).toEqual([]);
  expect(source.datasource.cluster("c1")?.health).toBe("ok");
});

test("occurrences that were open before a restart are open after it", () => {
  const source = testDatasource();
  source.datasource.loadOpenEvents([{ ...diagnosis("a"), cluster: "c1" }]);
  expect(source.datasource.problems({})).toMatchObject([{ name: "web-1", eventID: "a" }]);
});

test("where no agent diagnoses, what is wrong follows from the objects", () => {
  const source = testDatasource();
  source.full("pod", [
    crashingPod("web-1", { controlledBy: { kind: "ReplicaSet", name: "web-7d9f8c6b5d" } }),
    runningPod("ok"),
  ]);
  source.full("node", [{ summary: { name: "n1", ready: "False" } }]);
  expect(source.datasource.problems({}).map(({ kind, name, reason }) => [kind, name, reason])).toEqual([
    ["Node", "n1", "NotReady"],
    ["Deployment", "web", "CrashLoopBackOff"],
  ]);
});

test("a static pod, which names its node as its owner, stands for itself", () => {
  const source = testDatasource();
  const owned = (name: string, kind: string, owner: string) =>
    runningPod(name, { owners: [{ kind, name: owner }] });
  source.full("pod", [owned("etcd-n1", "Node", "n1"), owned("web-1", "Deployment", "web")]);
  const { datasource } = source;
  expect(datasource.ownerOf("c1", "n1", "uid-etcd-n1")).toMatchObject({ kind: "Pod", owner: "etcd-n1" });
  expect(datasource.ownerOf("c1", "n1", "uid-web-1")).toMatchObject({ kind: "Deployment", owner: "web" });
});

test("a workload's problem counts what it tells of, and says what is wrong with the pods below it", () => {
  const source = testDatasource();
  const owners = [{ kind: "Deployment", name: "web" }];
  source.full("pod", [runningPod("web-1", { owners }), runningPod("web-2", { owners })]);
  const crash = { severity: "warning", reason: "CrashLoopBackOff", count: 5 } as const;
  const message = "container main exited with code 3";
  const none = "none of 2 replicas is available";
  source.send("events", {
    events: [
      diagnosis("e1", { ...crash, name: "web-1", message }),
      diagnosis("e2", { ...crash, name: "web-2", message }),
      diagnosis("e3", {
        kind: "Deployment",
        name: "web",
        severity: "critical",
        reason: "NoReplicasAvailable",
        message: none,
        count: 1,
      }),
    ],
  });
  const [problem] = source.datasource.problems({});
  expect(problem).toMatchObject({
    kind: "Deployment",
    name: "web",
    reason: "NoReplicasAvailable",
    message: none,
    count: 1,
    cause: `2 pods: ${message}`,
  });
});

test("a pod that is gone before its occurrence is over stays its owner's problem", () => {
  const source = testDatasource();
  source.full("pod", [runningPod("web-1", { owners: [{ kind: "Deployment", name: "web" }] })]);
  const fault = diagnosis("e1", { name: "web-1" });
  source.send("events", { events: [fault] });
  const problems = () => source.datasource.problems({}).map(({ kind, name }) => [kind, name]);
  expect(problems()).toEqual([["Deployment", "web"]]);
  source.full("pod", []);
  source.send("events", { events: [{ ...fault, ts_ms: fault.ts_ms + 1, count: 9 }] });
  expect(problems()).toEqual([["Deployment", "web"]]);
  source.send("events", { events: [{ ...fault, ts_ms: fault.ts_ms + 2, resolved_ts_ms: fault.ts_ms + 2 }] });
  expect(problems()).toEqual([]);
});

test("what changed just before is told: a new image, a config map, a node that rebooted, a new revision", () => {
  const source = testDatasource();
  const { now } = source.clock;
  const owners = [{ kind: "Deployment", name: "web" }];
  const deployment = (image: string, more = {}) => ({
    summary: { name: "web", namespace: "shop" },
    template: {
      containers: [{ name: "c", image, env: [{ name: "*", source: "configmap settings" }] }],
    },
    ...more,
  });
  source.full("pod", [runningPod("web-1", { owners })]);
  source.full("deployment", [deployment("registry/web:1.3")]);
  source.full("configmap", [{ summary: { name: "settings", namespace: "shop", resourceVersion: "1" } }]);
  const changed = () => {
    source.send("events", {
      events: [diagnosis("p", { node: "n1", first_ts_ms: source.clock.now, ts_ms: source.clock.now })],
    });
    return source.datasource.problems({})[0]?.changedBefore;
  };
  expect(changed()).toBeUndefined();
  sendMetrics(source, { system: { uptimeSeconds: 60, bootID: "b1" } });
  expect(changed()).toBe("node n1 rebooted 60s before");
  source.delta("deployment", [deployment("registry/web:1.4")]);
  source.clock.now = now + 120_000;
  expect(changed()).toBe("image changed to web:1.4 2m before");
  source.delta("configmap", [{ summary: { name: "settings", namespace: "shop", resourceVersion: "2" } }]);
  source.clock.now += 30_000;
  expect(changed()).toBe("ConfigMap settings changed 30s before");
  const replicaSets = [
    { name: "web-a", revision: "4", createdAt: ago(source.clock.now, 864e5), images: ["c=registry/web:1.4"] },
    {
      name: "web-b",
      revision: "5",
      createdAt: ago(source.clock.now, 10_000),
      images: ["c=registry/web:1.5"],
    },
  ];
  source.delta("deployment", [deployment("registry/web:1.4", { replicaSets })]);
  expect(changed()).toBe("image changed to web:1.5 10s before");
  source.clock.now += 16 * 60_000;
  expect(changed()).toBeUndefined();
});

test("subscribers are told at most every 100 ms what changed where", async () => {
  const source = testDatasource(["c1", "c2"]);
  const told: ChangeNotice[][] = [];
  const stop = source.datasource.subscribe((notices) => told.push(notices));
  source.full("pod", [runningPod("a")]);
  source.full("node", [{ summary: { name: "n1" } }]);
  source.full("pod", [runningPod("b")], "c2");
  await Bun.sleep(130);
  expect(told).toHaveLength(1);
  expect(told[0]!.map(({ cluster, topics }) => [cluster, [...topics].sort()])).toEqual([
    ["c1", ["clusters", "node", "pod"]],
    ["c2", ["clusters", "pod"]],
  ]);
  stop();
  source.full("pod", []);
  await Bun.sleep(130);
  expect(told).toHaveLength(1);
});

test("a state that time alone makes worse is judged again as time passes", () => {
  const source = testDatasource();
  const createdAt = new Date(source.clock.now).toISOString();
  source.full("pod", [
    runningPod("a", { phase: "Pending", reason: "ContainerCreating", ready: "0/1", createdAt }),
  ]);
  const health = () => source.datasource.list("pod", {}).items[0]?.health;
  expect(health()).toBe("info");
  source.clock.now += 121_000;
  source.datasource.tick();
  expect(health()).toBe("warning");
});
