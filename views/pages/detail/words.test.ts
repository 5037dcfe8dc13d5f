import { expect, test } from "bun:test";
import type { Container } from "../../../wire/common.ts";
import { alertView, problemView, rowOf, storedEvent, viewer, cluster } from "../../testing/viewing.ts";
import { alertPage } from "../alerts/detail.ts";
import { overviewPage } from "../overview.ts";
import { words } from "./blocks.ts";
import { containerHealth, containerState, exitCode } from "./containers.ts";
import { nodePage } from "./node.ts";
import { boundsOf } from "./usage.ts";
import { claimsOf, configMapsOf } from "./uses.ts";

const v = viewer();
const plain = (text: string) => text.replace(/<[^>]*>/g, "");

test("an exit code says its signal or its meaning", () => {
  expect(exitCode(v, 137)).toBe("137 (SIGKILL)");
  expect(exitCode(v, 127)).toBe("127 (command not found)");
  expect(exitCode(v, 3)).toBe("3");
});

test("a container's state is told with its reason, and judged by it", () => {
  const of = (status: Container["status"]): Container => ({ name: "web", status });
  const crash = of({ state: "waiting", reason: "CrashLoopBackOff" });
  expect(containerState(v, crash)).toBe("waiting: CrashLoopBackOff");
  expect(containerHealth(crash)).toBe("critical");
  expect(containerHealth(of({ state: "waiting", reason: "ContainerCreating" }))).toBe("info");
  expect(containerState(v, of({ state: "terminated", reason: "OOMKilled", exitCode: 137 }))).toBe(
    "terminated: OOMKilled, exit code 137 (SIGKILL)",
  );
  expect(containerHealth(of({ state: "terminated", reason: "Completed", exitCode: 0 }))).toBe("ok");
  expect(containerHealth(of({ state: "Running", ready: false }))).toBe("warning");
  expect(containerHealth({ name: "web" })).toBe("unknown");
});

test("a pod's limit is one only where each of its containers has one", () => {
  const web = { name: "web", resources: { requests: { cpu: "250m" }, limits: { cpu: "1", memory: "64Mi" } } };
  const side = { name: "side", resources: { requests: { cpu: "50m" }, limits: { cpu: "500m" } } };
  const init = { name: "init", role: "init", resources: { limits: { memory: "1Gi" } } };
  const bounds = boundsOf([web, side, init]);
  expect(bounds.cpuRequest).toBeCloseTo(0.3);
  expect(bounds.cpuLimit).toBe(1.5);
  expect(bounds.memoryLimit).toBeNaN();
  expect(boundsOf(undefined).cpuLimit).toBeNaN();
});

test("claims and ConfigMaps are found as this agent and as AtlHyper 1.x write them", () => {
  const summary = { name: "web", namespace: "shop" };
  const volumes = [
    { name: "a", type: "persistentVolumeClaim", source: "data" },
    { name: "b", type: "PVC", source: { claimName: "old" } },
    { name: "c", type: "configMap", source: "settings" },
    {
      name: "d",
      type: "projected",
      source: "service account token, configmap kube-root-ca.crt, downward API",
    },
  ];
  const containers = [
    {
      name: "web",
      env: [
        { name: "A", source: "configmap flags/a" },
        { name: "B", source: "secret db/b" },
      ],
    },
  ];
  expect(claimsOf({ summary, volumes })).toEqual(["data", "old"]);
  expect(configMapsOf({ summary, volumes, containers })).toEqual(["settings", "kube-root-ca.crt", "flags"]);
});

test("unknown JSON is put into words without end, depth or prototype being a danger", () => {
  expect(words({ maxSurge: "25%", nested: { a: 1 }, list: ["x", "y"], none: null })).toBe(
    "maxSurge 25%, nested (a 1), list x, y",
  );
  let deep: unknown = "x";
  for (let at = 0; at < 1000; at++) deep = { deep };
  expect(words(deep).length).toBeLessThan(100);
});

test("the overview's sentence counts what is wrong, or says since when all is quiet", () => {
  const clusters = [{ view: cluster("c1", "production"), nodes: [], loads: new Map() }];
  const page = (
    problems: ReturnType<typeof problemView>[],
    warnings: ReturnType<typeof storedEvent>[] = [],
  ) => plain(overviewPage(v, { clusters, problems, warnings, alerts: [], host: undefined }).verdict!.text);
  expect(page([problemView()])).toBe("1 thing needs attention");
  expect(page([problemView(), problemView()])).toBe("2 things need attention");
  const alone = { clusters, problems: [], warnings: [], host: undefined };
  const firing = overviewPage(v, { ...alone, alerts: [alertView("CPUBusy", { severity: "warning" })] });
  expect(plain(firing.verdict!.text)).toBe("1 alert fires");
  expect(page([], [storedEvent({ ts_ms: v.now - 6 * 3_600_000 })])).toBe("All quiet for 6h");
  const two = viewer("/", { clusters: [cluster("c1", "a"), cluster("c2", "b")] });
  const problems = [problemView(), problemView({ cluster: "c2" }), problemView()];
  expect(
    plain(overviewPage(two, { clusters, problems, warnings: [], alerts: [], host: undefined }).verdict!.text),
  ).toBe("3 things need attention in 2 clusters");
});

test("the overview tells how to add a cluster where there is none", () => {
  const { text } = overviewPage(v, { clusters: [], problems: [], warnings: [], alerts: [], host: undefined })
    .clusters!;
  expect(text).toContain("cluster add my-cluster");
  expect(text).toContain("data-copy");
});

test("a warning that is a problem now is told once", () => {
  const clusters = [{ view: cluster("c1", "production"), nodes: [], loads: new Map() }];
  const { warnings } = overviewPage(v, {
    clusters,
    problems: [problemView({ eventID: "e1", name: "web" })],
    warnings: [
      storedEvent({ id: "e1", name: "other" }),
      storedEvent({ id: "e2", name: "web" }),
      storedEvent({ id: "e3", name: "db" }),
    ],
    alerts: [],
    host: undefined,
  });
  expect([...warnings!.text.matchAll(/<li>/g)]).toHaveLength(1);
  expect(warnings!.text).toContain(">db<");
});

test("a node says that it has no probe, or how old what its probe told is", () => {
  const base = {
    row: rowOf({ summary: { name: "n1" } }),
    pods: [],
    events: [],
    moreEvents: false,
    problems: [],
    recent: undefined,
    host: false,
  };
  expect(nodePage(v, { ...base, metrics: undefined }).stale!.text).toContain("atlhyper probe");
  const snapshot = { nodeName: "n1", timestamp: "" };
  const at = (age: number) =>
    nodePage(v, { ...base, metrics: { snapshot, receivedMs: v.now - age } }).stale!.text;
  expect(plain(at(300_000))).toContain("not been heard for 5m");
  expect(at(5000)).toContain("hidden");
});

test("what a machine cannot measure is said on its metrics", () => {
  const collectors = [
    { name: "temperature", ms: 1, absent: "no sensors" },
    { name: "disk", ms: 1, error: "statfs failed" },
    { name: "cpu", ms: 1 },
  ];
  const recent = { times: Float64Array.of(), groups: [] };
  const page = nodePage(viewer("/?tab=metrics"), {
    row: rowOf({ summary: { name: "n1" } }),
    pods: [],
    events: [],
    moreEvents: false,
    problems: [],
    metrics: { snapshot: { nodeName: "n1", timestamp: "", collectors }, receivedMs: v.now },
    recent,
    host: false,
  });
  expect(page.charts!.text).toContain("This machine has no temperature sensors.");
  expect(page.charts!.text).toContain("statfs failed");
});

test("a cluster that is silent as a whole leads to what is known of it, and is named once", () => {
  const two = viewer("/", { clusters: [cluster("c1", "edge"), cluster("c2", "core")] });
  const { problems } = overviewPage(two, {
    clusters: [],
    problems: [
      problemView({ kind: "Cluster", namespace: "", name: "edge", reason: "AgentSilent", message: "" }),
    ],
    warnings: [],
    alerts: [],
    host: undefined,
  });
  expect(problems!.text).toContain('href="/?cluster=c1"');
  expect(problems!.text.match(/edge/g)).toHaveLength(1);
});

test("an alert leads to the charts of what it is about, of the time in which it began", () => {
  const link = (kind: string, namespace: string) => {
    const alert = alertView("x", { kind, namespace, object: "o", sinceMs: Date.UTC(2026, 10, 24, 10) });
    const { facts } = alertPage(viewer("/alerts/x"), {
      alert,
      muted: undefined,
      history: [],
      deliveries: undefined,
      mayAct: false,
      zone: "UTC",
      escalations: [],
      channels: new Map(),
    });
    return /href="([^"]*range=[^"]*)"/.exec(facts!.text)?.[1]?.replaceAll("&amp;", "&");
  };
  const range = "range=20261124T091000Z-20261124T101000Z&at=20261124T100000Z";
  expect(link("Node", "")).toBe(`/nodes/c1/o?${range}&tab=metrics`);
  expect(link("Deployment", "shop")).toBe(`/deployments/c1/shop/o?${range}`);
  expect(link("Cluster", "")).toBe(`/?cluster=c1&${range}`);
  expect(link("Service", "shop")).toBeUndefined();
});
