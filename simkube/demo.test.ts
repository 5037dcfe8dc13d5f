import { afterAll, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { NodeMetricsSnapshot } from "../wire/metrics.ts";
import type { Pod, Workload } from "./demo/types.ts";
import { type Demo, demoClusterId, startDemo } from "./demo.ts";
import { type Kind, kinds } from "./kinds.ts";
import type { Fields } from "./object.ts";

/** A demo whose time passes only when told to. */
async function startStill() {
  let nowMs = Date.parse("2026-11-23T06:00:30Z");
  const demo = await startDemo({ seed: 7, now: () => new Date(nowMs), tickMs: 0 });
  const pass = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      nowMs += 1000;
      demo.tick();
    }
  };
  return { demo, pass, [Symbol.asyncDispose]: () => demo.stop() };
}

/** One for the tests that look at one thing each and leave the rest as it is. */
const still = await startStill();
const { demo, pass } = still;
afterAll(() => still[Symbol.asyncDispose]());

const pods = (demo: Demo, namespace: string, app: string) =>
  (demo.rest.store.list(kinds.pods, namespace) as unknown as Pod[]).filter(
    (pod) => pod.metadata.labels?.app === app,
  );
const deployment = (demo: Demo, namespace: string, name: string) =>
  demo.rest.get(kinds.deployments, namespace, name) as unknown as Workload;
const conditionOf = (object: { status?: unknown }, type: string) =>
  ((object.status as { conditions?: Fields[] } | undefined)?.conditions ?? []).find(
    (one) => one.type === type,
  );
const ready = (pod: Pod) => conditionOf(pod, "Ready")?.status === "True";
const reasons = (demo: Demo, kind: Kind, name: string) =>
  demo.rest.store
    .list(kinds.events)
    .filter((event) => {
      const about = event.involvedObject as { kind: string; name: string };
      return about.kind === kind.kind && about.name.startsWith(name);
    })
    .map((event) => String(event.reason));

async function write(demo: Demo, method: string, path: string, body?: unknown) {
  const answer = await fetch(demo.url + path, {
    method,
    headers: {
      authorization: `Bearer ${demo.token}`,
      "content-type": "application/strategic-merge-patch+json",
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  expect(answer.status).toBeLessThan(300);
}

test("begins with five nodes and some sixty pods that have been there for days, and with the first fault", async () => {
  const all = demo.rest.store.list(kinds.pods) as unknown as Pod[];
  expect(demo.rest.store.count(kinds.nodes)).toBe(5);
  expect(all.length).toBeGreaterThanOrEqual(58);
  expect(all.filter(ready).length).toBeGreaterThanOrEqual(all.length - 4);
  expect(new Set(all.map((pod) => pod.metadata.namespace)).size).toBeGreaterThanOrEqual(6);
  expect(Date.parse(deployment(demo, "shop", "frontend").metadata.creationTimestamp)).toBeLessThan(
    Date.parse("2026-11-18"),
  );
  expect(demo.faults).toEqual(["crash loop"]);
  expect(demo.rest.get(kinds.namespaces, undefined, "kube-system").metadata.uid).toBe(demoClusterId);
});

test("the same seed and clock give the same cluster", async () => {
  await using one = await startStill();
  await using two = await startStill();
  one.pass(90);
  two.pass(90);
  const names = (demo: Demo) =>
    demo.rest.store.list(kinds.pods).map((pod) => `${pod.metadata.name} ${pod.metadata.uid}`);
  expect(names(one.demo)).toEqual(names(two.demo));
});

test("a round brings every fault as a real cluster would show it, and all of them end", async () => {
  await using still = await startStill();
  const { demo, pass } = still;
  const seen = new Set<string>();
  const note = () => {
    const images = pods(demo, "media", "transcoder").concat(
      pods(demo, "shop", "payments-worker"),
      pods(demo, "monitoring", "loki"),
    );
    for (const pod of images)
      for (const one of pod.status.containerStatuses ?? []) {
        if (one.state.waiting) seen.add(one.state.waiting.reason);
        if (one.lastState.terminated)
          seen.add(`${one.lastState.terminated.reason} ${one.lastState.terminated.exitCode}`);
      }
    for (const pod of pods(demo, "media", "photos-import")) {
      const scheduled = conditionOf(pod, "PodScheduled");
      if (scheduled?.status === "False") seen.add(String(scheduled.reason));
    }
    seen.add(String(conditionOf(deployment(demo, "shop", "checkout"), "Progressing")?.reason));
    const node = demo.rest.get(kinds.nodes, undefined, "pi-3");
    seen.add(`pi-3 ${conditionOf(node, "Ready")?.status}`);
    for (const job of demo.rest.store.list(kinds.jobs, "backup")) {
      const failed = conditionOf(job, "Failed");
      if (failed) seen.add(String(failed.reason));
    }
    const slice = demo.rest.store
      .list(kinds.endpointslices, "home")
      .find((one) => one.metadata.name.startsWith("weather-"));
    const endpoints = slice?.endpoints as { conditions: { ready: boolean } }[];
    if (endpoints.length > 0 && !endpoints.some((one) => one.conditions.ready)) seen.add("no endpoints");
  };
  for (let i = 0; i < 21 * 12; i++) {
    pass(5);
    note();
  }
  for (const sign of [
    "CrashLoopBackOff",
    "Error 2",
    "ErrImagePull",
    "ImagePullBackOff",
    "OOMKilled 137",
    "Unschedulable",
    "ProgressDeadlineExceeded",
    "pi-3 Unknown",
    "BackoffLimitExceeded",
    "no endpoints",
  ])
    expect(seen).toContain(sign);
  pass(60);
  expect(demo.faults).toEqual([]);
  const running = (demo.rest.store.list(kinds.pods) as unknown as Pod[]).filter(
    (pod) => pod.metadata.namespace !== "backup",
  );
  expect(running.filter((pod) => !ready(pod)).map((pod) => pod.metadata.name)).toEqual([]);
  expect(conditionOf(deployment(demo, "shop", "checkout"), "Progressing")?.reason).toBe(
    "NewReplicaSetAvailable",
  );
  expect(reasons(demo, kinds.nodes, "pi-3")).toContain("NodeNotReady");
  expect(reasons(demo, kinds.pods, "payments-worker")).toContain("BackOff");
}, 60_000);

test("deleting a pod of a ReplicaSet brings a new one", async () => {
  const [before] = pods(demo, "shop", "cart");
  await write(demo, "DELETE", `/api/v1/namespaces/shop/pods/${before!.metadata.name}`);
  pass(12);
  const after = pods(demo, "shop", "cart");
  expect(after).toHaveLength(2);
  expect(after.every(ready)).toBe(true);
  expect(after.map((pod) => pod.metadata.uid)).not.toContain(before!.metadata.uid);
});

test("scaling a Deployment up and down makes and removes pods", async () => {
  const path = "/apis/apps/v1/namespaces/shop/deployments/cart/scale";
  await write(demo, "PATCH", path, { spec: { replicas: 5 } });
  pass(12);
  expect(pods(demo, "shop", "cart").filter(ready)).toHaveLength(5);
  expect(deployment(demo, "shop", "cart").status.readyReplicas).toBe(5);
  await write(demo, "PATCH", path, { spec: { replicas: 2 } });
  pass(6);
  expect(pods(demo, "shop", "cart")).toHaveLength(2);
});

test("a new image rolls out without going below what must be available, and leaves the old ReplicaSet", async () => {
  const image = "registry.example.org/shop/frontend:2.15.0";
  await write(demo, "PATCH", "/apis/apps/v1/namespaces/shop/deployments/frontend", {
    spec: { template: { spec: { containers: [{ name: "frontend", image }] } } },
  });
  let fewest = 4;
  for (let i = 0; i < 60; i++) {
    pass(1);
    fewest = Math.min(
      fewest,
      pods(demo, "shop", "frontend").filter((pod) => ready(pod) && !pod.metadata.deletionTimestamp).length,
    );
  }
  expect(fewest).toBeGreaterThanOrEqual(3);
  expect(new Set(pods(demo, "shop", "frontend").map((pod) => pod.spec.containers[0]!.image))).toEqual(
    new Set([image]),
  );
  const { status, metadata } = deployment(demo, "shop", "frontend");
  expect(status).toMatchObject({ replicas: 4, updatedReplicas: 4, readyReplicas: 4 });
  expect(metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("2");
  const sets = demo.rest.store
    .list(kinds.replicasets, "shop")
    .filter((set) => set.metadata.name.startsWith("frontend-"));
  expect(sets.map((set) => set.spec?.replicas).toSorted()).toEqual([0, 4]);
});

test("an image that no registry has does not start, and the old pods stay", async () => {
  await write(demo, "PATCH", "/apis/apps/v1/namespaces/shop/deployments/cart", {
    spec: {
      template: { spec: { containers: [{ name: "cart", image: "registry.example.org/shop/crat:1.0.0" }] } },
    },
  });
  pass(30);
  const all = pods(demo, "shop", "cart");
  expect(all.filter(ready)).toHaveLength(2);
  expect(all.find((pod) => !ready(pod))?.status.containerStatuses?.[0]?.state.waiting?.reason).toBe(
    "ImagePullBackOff",
  );
});

test("nothing new is put on a cordoned node", async () => {
  await write(demo, "PATCH", "/api/v1/nodes/nuc-1", { spec: { unschedulable: true } });
  await write(demo, "PATCH", "/apis/apps/v1/namespaces/shop/deployments/frontend/scale", {
    spec: { replicas: 10 },
  });
  const before = new Set(pods(demo, "shop", "frontend").map((pod) => pod.metadata.uid));
  pass(15);
  const fresh = pods(demo, "shop", "frontend").filter((pod) => !before.has(pod.metadata.uid));
  expect(fresh).toHaveLength(6);
  expect(fresh.map((pod) => pod.spec.nodeName)).not.toContain("nuc-1");
});

test("logs of a crashed container and of the one before are there", async () => {
  pass(60);
  const [pod] = pods(demo, "shop", "payments-worker");
  const path = `${demo.url}/api/v1/namespaces/shop/pods/${pod!.metadata.name}/log`;
  const headers = { authorization: `Bearer ${demo.token}` };
  const previous = await fetch(`${path}?previous=true&tailLines=1`, { headers });
  expect(await previous.text()).toContain("panic: runtime error");
});

test("the nodes' metrics fit the wire, and name the containers of pods that are there", async () => {
  pass(30);
  const snapshots = demo.nodeMetrics();
  expect(snapshots.map((one) => one.nodeName)).toEqual(["pi-1", "pi-2", "pi-3", "rock-1", "nuc-1"]);
  for (const snapshot of snapshots) expect([...Value.Errors(NodeMetricsSnapshot, snapshot)]).toEqual([]);
  const known = new Set(demo.rest.store.list(kinds.pods).map((pod) => pod.metadata.uid));
  const used = snapshots.flatMap((snapshot) => snapshot.containers ?? []);
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((one) => !known.has(one.podUID))).toEqual([]);
  expect(used.every((one) => one.cpuCores > 0 && one.memoryWorkingSet > 0)).toBe(true);
});

test("acts by itself within a moment of a command when its clock runs", async () => {
  await using demo = await startDemo({ seed: 7 });
  await write(demo, "PATCH", "/apis/apps/v1/namespaces/shop/deployments/cart/scale", {
    spec: { replicas: 4 },
  });
  for (const end = Date.now() + 3_000; pods(demo, "shop", "cart").length < 4 && Date.now() < end; )
    await Bun.sleep(10);
  expect(pods(demo, "shop", "cart")).toHaveLength(4);
});
