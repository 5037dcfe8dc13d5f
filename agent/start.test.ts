import { expect, test } from "bun:test";
import { kinds } from "../simkube/kinds.ts";
import { type SimKube, startSimKube } from "../simkube/server.ts";
import type { Event } from "../wire/event.ts";
import type { Pod } from "../wire/pod.ts";
import { type AgentConfig, agentConfig } from "./config.ts";
import { tokenAccess } from "./kube/access.ts";
import { type Agent, startAgent } from "./start.ts";
import { startWireMaster, until, type WireMaster } from "./testing/wire-master.ts";

const silent = () => {};
const times = { backoffMs: 20, backoffMaxMs: 50, refusedMs: 50, unknownMs: 100 };

async function start(master: WireMaster, kube: SimKube | undefined, more: Partial<AgentConfig> = {}) {
  const config = agentConfig({
    masterUrl: master.url,
    token: "atlc_test",
    eventsEveryMs: 50,
    metricsEveryMs: 50,
    statusEveryMs: 100,
    ...more,
  });
  const access = kube && tokenAccess(kube.url, kube.token, "lab");
  const agent = await startAgent(config, { kube: access, log: silent, times });
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.stop() }) as Agent & AsyncDisposable;
}

const pod = (name: string, more: object = {}) => ({
  metadata: { name, labels: { app: "web" }, ...more },
  spec: { containers: [{ name: "web", image: "web:1", env: [{ name: "PASSWORD", value: "hunter2" }] }] },
});
const setStatus = (kube: SimKube, name: string, status: object) =>
  kube.rest.update(
    kinds.pods,
    "default",
    name,
    { ...kube.rest.get(kinds.pods, "default", name), status },
    "status",
  );
const podAt = (master: WireMaster, name: string) =>
  master.lists.get("pod")?.get(`default/${name}`) as Pod | undefined;
const eventsOf = (master: WireMaster, reason: string): Event[] =>
  [...master.events.values()].filter((event) => event.reason === reason);

test("a cluster is at the master in full, and a change of it within moments", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("web-1"));
  await using master = startWireMaster();
  await using agent = await start(master, kube);
  await until("all lists", () => master.lists.size === 14 && master.status?.synced);
  expect(podAt(master, "web-1")!.summary).toMatchObject({ reason: "Pending", ready: "0/1" });
  expect(JSON.stringify([...master.lists.get("pod")!.values()])).not.toContain("hunter2");
  expect(master.lists.get("namespace")!.get("default")).toMatchObject({
    counts: { pods: 1, podsPending: 1 },
  });
  expect(JSON.stringify(master.lists.get("namespace")!.get("default"))).not.toContain("secrets");
  const uid = kube.rest.get(kinds.namespaces, undefined, "kube-system").metadata.uid;
  expect(agent.status().id).toBe(uid);
  expect(master.received.every(({ envelope }) => envelope.cluster_id === uid)).toBe(true);
  expect(master.status).toMatchObject({ name: "lab", flavour: "demo", api: { reachable: true } });

  const before = performance.now();
  kube.rest.create(kinds.pods, "default", pod("web-2"));
  await until("new pod", () => podAt(master, "web-2") !== undefined);
  kube.rest.delete(kinds.pods, "default", "web-1", { gracePeriodSeconds: 0 });
  await until("gone pod", () => podAt(master, "web-1") === undefined);
  expect(performance.now() - before).toBeLessThan(1500);
  await until(
    "count",
    () =>
      (master.lists.get("namespace")!.get("default") as never as { counts: { pods: number } }).counts.pods ===
      1,
  );
});

test("nothing is sent but the sign of life while nothing changes", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("web-1"));
  await using master = startWireMaster();
  await using _agent = await start(master, kube);
  await until("synced", () => master.lists.size === 14 && master.status?.synced);
  // What was joined from several kinds is told a moment later.
  let from = master.received.length;
  const quiet = async () => {
    from = master.received.length;
    await Bun.sleep(150);
    return master.received.slice(from).every(({ route }) => route === "/ingest/agentstatus");
  };
  while (!(await quiet()));
  await Bun.sleep(400);
  expect(new Set(master.received.slice(from).map(({ route }) => route))).toEqual(
    new Set(["/ingest/agentstatus"]),
  );
});

test("owners, ReplicaSets and endpoints are joined, in whatever order they come", async () => {
  await using kube = await startSimKube();
  await using master = startWireMaster();
  await using _agent = await start(master, kube);
  await until("synced", () => master.lists.size === 14);
  const owner = (kind: string, name: string) => ({
    ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: "u", controller: true }],
  });
  const spec = {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: pod("x").spec },
  };
  kube.rest.create(kinds.pods, "default", pod("web-1-abc", owner("ReplicaSet", "web-1")));
  await until("pod", () => podAt(master, "web-1-abc") !== undefined);
  kube.rest.create(kinds.replicasets, "default", {
    metadata: {
      name: "web-1",
      annotations: { "deployment.kubernetes.io/revision": "1" },
      ...owner("Deployment", "web"),
    },
    spec,
  });
  await until("owners", () => podAt(master, "web-1-abc")!.summary.owners?.length === 2);
  expect(podAt(master, "web-1-abc")!.summary.owners).toEqual([
    { kind: "ReplicaSet", name: "web-1" },
    { kind: "Deployment", name: "web" },
  ]);
  kube.rest.create(kinds.deployments, "default", { metadata: { name: "web" }, spec });
  await until("revision", () =>
    JSON.stringify(master.lists.get("deployment")?.get("default/web"))?.includes('"revision":"1"'),
  );
  expect(master.lists.get("replicaset")!.size).toBe(0);
  kube.rest.create(kinds.endpointslices, "default", {
    metadata: { name: "web-x", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    ports: [{ port: 80 }],
    endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true } }],
  });
  kube.rest.create(kinds.services, "default", {
    metadata: { name: "web" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  await until("backends", () =>
    JSON.stringify(master.lists.get("service")?.get("default/web"))?.includes('"ready":1'),
  );
});

const crashLoop = (restartCount: number) => ({
  phase: "Running",
  containerStatuses: [
    {
      name: "web",
      ready: false,
      restartCount,
      image: "web:1",
      imageID: "",
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
      lastState: { terminated: { exitCode: 1, reason: "Error", finishedAt: new Date().toISOString() } },
    },
  ],
});

test("a crash loop is one event over restarts of container and agent, and over when the pod is deleted", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("web-1"));
  setStatus(kube, "web-1", crashLoop(2));
  await using master = startWireMaster();
  {
    await using _first = await start(master, kube);
    await until("event", () => eventsOf(master, "CrashLoopBackOff").length === 1);
    setStatus(kube, "web-1", crashLoop(3));
    await until("count", () => eventsOf(master, "CrashLoopBackOff")[0]!.count === 3);
  }
  master.open = eventsOf(master, "CrashLoopBackOff");
  setStatus(kube, "web-1", crashLoop(5));
  await using _second = await start(master, kube);
  await until("count", () => eventsOf(master, "CrashLoopBackOff")[0]!.count === 5);
  expect(eventsOf(master, "CrashLoopBackOff")).toHaveLength(1);
  kube.rest.delete(kinds.pods, "default", "web-1", { gracePeriodSeconds: 0 });
  await until("resolved", () => eventsOf(master, "CrashLoopBackOff")[0]!.resolved_ts_ms !== undefined);
  expect(eventsOf(master, "CrashLoopBackOff")).toMatchObject([
    {
      kind: "Pod",
      namespace: "default",
      name: "web-1",
      container: "web",
      origin: "diagnosis",
      severity: "critical",
    },
  ]);
});

test("Kubernetes Events arrive once each, with a count that grows", async () => {
  await using kube = await startSimKube();
  await using master = startWireMaster();
  await using _agent = await start(master, kube);
  const event = {
    metadata: { name: "web-1.abc" },
    involvedObject: { kind: "Pod", namespace: "default", name: "web-1", fieldPath: "spec.containers{web}" },
    reason: "BackOff",
    message: "Back-off restarting failed container",
    type: "Warning",
    count: 1,
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    source: { component: "kubelet", host: "n1" },
  };
  const made = kube.rest.create(kinds.events, "default", event);
  await until("event", () => master.events.has(made.metadata.uid));
  expect(master.events.get(made.metadata.uid)).toMatchObject({
    reason: "BackOff",
    severity: "warning",
    container: "web",
    node: "n1",
    origin: "kubernetes",
    count: 1,
  });
  kube.rest.update(kinds.events, "default", "web-1.abc", {
    ...made,
    count: 4,
    lastTimestamp: "2026-01-01T00:05:00Z",
  });
  await until("count", () => master.events.get(made.metadata.uid)!.count === 4);
  expect(eventsOf(master, "BackOff")).toHaveLength(1);
});

test("kinds that may not be read are named, and all others go on", async () => {
  await using kube = await startSimKube({
    denies: (_verb, kind) => kind.plural === "configmaps" || kind.plural === "endpointslices",
  });
  kube.rest.create(kinds.services, "default", {
    metadata: { name: "web" },
    spec: { selector: { app: "x" }, ports: [{ port: 80 }] },
  });
  await using master = startWireMaster();
  await using _agent = await start(master, kube);
  await until("denied", () => master.status?.denied?.length === 2, 15_000);
  expect(master.status!.denied!.map((one) => `${one.kind} ${one.reason}`).sort()).toEqual([
    "ConfigMap forbidden",
    "EndpointSlice forbidden",
  ]);
  await until("services", () => master.lists.get("service")?.size === 1);
  expect(master.lists.get("service")!.get("default/web")).not.toHaveProperty("backends");
  await until("namespaces", () => (master.lists.get("namespace")?.size ?? 0) > 0);
  expect(JSON.stringify(master.lists.get("namespace")!.get("default"))).not.toContain("configMaps");
}, 20_000);

test("an API server that goes away is told, and what was known stays", async () => {
  const kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("web-1"));
  await using master = startWireMaster();
  await using _agent = await start(master, kube);
  await until("synced", () => master.status?.synced && podAt(master, "web-1") !== undefined);
  await kube.stop();
  await until("unreachable", () => master.status?.api?.reachable === false, 10_000);
  expect(podAt(master, "web-1")).toBeDefined();
  await using again = await startSimKube({ port: kube.port, token: kube.token, store: kube.store });
  await until("reachable", () => master.status?.api?.reachable === true, 10_000);
  again.rest.create(kinds.pods, "default", pod("web-2"));
  await until("new pod", () => podAt(master, "web-2") !== undefined, 10_000);
}, 30_000);

test("a machine without Kubernetes sends its metrics and status", async () => {
  await using master = startWireMaster();
  await using agent = await start(master, undefined, { clusterName: "laptop" });
  agent.putMetrics({ nodeName: "laptop", timestamp: new Date().toISOString(), cpu: { usage: 0.5 } });
  await until("metrics", () => master.metrics.has("laptop"));
  await until("status", () => master.status !== undefined);
  expect(master.status).toMatchObject({ flavour: "host", name: "laptop", synced: true });
  expect(agent.status().id).toMatch(/^host-[0-9a-f]{16}$/);
  expect(agent.status().api).toBeUndefined();
});

test("a master of AtlHyper 1.x gets full lists without sync, and events in its form", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("web-1"));
  setStatus(kube, "web-1", crashLoop(2));
  await using master = startWireMaster();
  await using _agent = await start(master, kube, { legacyMaster: true });
  await until("pods and events", () => podAt(master, "web-1") !== undefined && master.events.size > 0);
  expect(master.received.every(({ envelope }) => envelope.sync === undefined)).toBe(true);
  expect([...master.events.values()] as object[]).toMatchObject([
    { Kind: "Pod", ReasonCode: "CrashLoopBackOff" },
  ]);
  expect(master.requests.map(({ route }) => route)).not.toContain("/ingest/agentstatus");
});

test("an agent tells what it may be asked for, and carries it out", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("web-1"));
  kube.rest.create(kinds.pods, "kube-system", pod("dns-1"));
  await using master = startWireMaster();
  const rules = {
    commands: ["PodDelete", "PodEvict"] as const,
    protectedNamespaces: ["kube-system"],
    exec: false,
  };
  await using _agent = await start(master, kube, { rules });
  const target = (ns: string, name: string) => ({ type: "PodDelete", target: { ns, pod: name } });
  expect(await master.control.run(target("default", "web-1"))).toMatchObject({ status: "success" });
  expect(await master.control.run(target("kube-system", "dns-1"))).toMatchObject({ errorCode: "Refused" });
  await until("status", () => master.status?.control !== undefined);
  expect(master.status!.control).toEqual({
    commands: ["PodDelete", "PodEvict"],
    protectedNamespaces: ["kube-system"],
    exec: false,
  });
  expect(master.control.watches[0]).toMatchObject({ run: master.status!.run });
});

test("stopping ends within moments, also while the cluster cannot be found", async () => {
  await using master = startWireMaster();
  const agent = await startAgent(agentConfig({ masterUrl: master.url, token: "atlc_test" }), {
    kube: tokenAccess("http://127.0.0.1:1", "x"),
    log: silent,
  });
  await Bun.sleep(20);
  const before = performance.now();
  await agent.stop();
  expect(performance.now() - before).toBeLessThan(1000);
});
