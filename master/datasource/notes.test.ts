import { expect, test } from "bun:test";
import type { Deployment, Template } from "../../wire/deployment.ts";
import type { Noted } from "../history/marks.ts";
import { ago, runningPod, testDatasource } from "./testing.ts";

function noting() {
  const noted: Noted[] = [];
  const source = testDatasource(["c1"], (one) => noted.push(one));
  return { ...source, noted, taken: () => noted.splice(0) };
}
const web = (
  image: string,
  more: Partial<Deployment> = {},
  template: Partial<Template> = {},
): Deployment => ({
  summary: { name: "web", namespace: "shop" },
  template: { containers: [{ name: "app", image }], ...template },
  ...more,
});

test("another image, another number of replicas and a restart of the rollout are noted, what the cluster does by itself is not", () => {
  const { full, delta, taken } = noting();
  full("deployment", [web("registry.example/team/web:1", { spec: { replicas: 2 } })]);
  expect(taken()).toEqual([]);
  delta("deployment", [web("registry.example/team/web:2", { spec: { replicas: 5 } })]);
  expect(taken()).toMatchObject([
    { what: "scale", kind: "Deployment", namespace: "shop", name: "web", detail: { from: 2, to: 5 } },
    { what: "deploy", detail: { image: "web:2" } },
  ]);
  delta("deployment", [
    web("registry.example/team/web:2", { spec: { replicas: 5 }, status: { readyReplicas: 3 } }),
  ]);
  expect(taken()).toEqual([]);
  const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
  delta("deployment", [web("registry.example/team/web:2", { spec: { replicas: 5 } }, { annotations })]);
  expect(taken()).toMatchObject([{ what: "deploy", detail: { change: "restart" } }]);
});

test("a rollout of before the start is told by its newest revision", () => {
  const { full, clock, taken } = noting();
  const set = (revision: string, minutesAgo: number) => ({
    name: `web-${revision}`,
    revision,
    createdAt: ago(clock.now, minutesAgo * 60_000),
    images: [`app=web:${revision}`],
  });
  full("deployment", [web("web:3", { replicaSets: [set("2", 600), set("3", 60)] })]);
  expect(taken()).toMatchObject([
    { what: "deploy", atMs: clock.now - 3_600_000, nearMs: 30_000, detail: { image: "web:3", revision: 3 } },
  ]);
});

test("the first revision of what is new is told once it is there", () => {
  const { full, delta, clock, taken } = noting();
  full("deployment", [web("web:1")]);
  const set = { name: "web-1", revision: "1", createdAt: ago(clock.now, 0), images: ["app=web:1"] };
  delta("deployment", [web("web:1", { replicaSets: [set] })]);
  const first = { what: "deploy", nearMs: 30_000, detail: { image: "web:1", revision: 1 } };
  expect(taken()).toMatchObject([first]);
  delta("deployment", [web("web:1", { replicaSets: [{ ...set, ready: 1 }] })]);
  expect(taken()).toEqual([]);
  // The two of one rollout are so near to each other that the second is not added to the marks.
  const next = { ...set, name: "web-2", revision: "2", images: ["app=web:2"] };
  delta("deployment", [web("web:2", { replicaSets: [set, next] })]);
  expect(taken().map((one) => [one.nearMs, one.detail.image])).toEqual([
    [undefined, "web:2"],
    [30_000, "web:2"],
  ]);
});

test("what has no revisions in the lists is told when it was made", () => {
  const { full, clock, taken } = noting();
  const set = (name: string, more: object = {}) => ({
    summary: { name, namespace: "shop", createdAt: ago(clock.now, 3_600_000), ...more },
    template: { containers: [{ name: "app", image: "db:1" }] },
  });
  full("statefulset", [set("db")]);
  expect(taken()).toMatchObject([
    { what: "deploy", kind: "StatefulSet", atMs: clock.now - 3_600_000, detail: { image: "db:1" } },
  ]);
  full("replicaset", [set("of-a-deployment", { controlledBy: { kind: "Deployment", name: "web" } })]);
  expect(taken()).toEqual([]);
});

test("each restart of a container is noted once, when it was, with why and whose pod it is", () => {
  const { full, delta, clock, taken } = noting();
  const owners = [
    { kind: "ReplicaSet", name: "web-5d8" },
    { kind: "Deployment", name: "web" },
  ];
  const pod = (restarts: number, minutesAgo: number) =>
    runningPod(
      "web-1",
      { restarts, owners },
      {
        containers: [
          {
            name: "app",
            status: {
              restartCount: restarts,
              lastTerminatedAt: ago(clock.now, minutesAgo * 60_000),
              lastTerminatedReason: "OOMKilled",
              lastTerminatedExitCode: 137,
            },
          },
          { name: "proxy", status: { restartCount: 0 } },
        ],
      },
    );
  full("pod", [pod(1, 30)]);
  const first = {
    what: "restart",
    kind: "Pod",
    name: "web-1",
    ref: "app",
    owner: "Deployment/web",
    atMs: clock.now - 30 * 60_000,
    detail: { container: "app", reason: "OOMKilled", exit: 137 },
  };
  expect(taken()).toMatchObject([first]);
  delta("pod", [{ ...pod(1, 30), labels: { changed: "yes" } }]);
  expect(taken()).toEqual([]);
  delta("pod", [pod(4, 1)]);
  expect(taken()).toMatchObject([{ atMs: clock.now - 60_000, detail: { times: 3 } }]);
  // Long ago, and of a pod that was not known: charts of these days have no use for it.
  full("pod", [pod(4, 1), { ...runningPod("old", { restarts: 2 }), containers: pod(2, 20_000).containers! }]);
  expect(taken()).toEqual([]);
});

test("a node's boot is noted when it is heard first and when it boots again", () => {
  const { send, clock, taken } = noting();
  const hear = (bootID: string, uptimeSeconds: number) => {
    clock.now += 5000;
    const timestamp = new Date(clock.now).toISOString();
    send("metrics_snapshot", {
      snapshots: [{ nodeName: "n1", timestamp, system: { bootID, uptimeSeconds } }],
    });
  };
  hear("a", 86_400);
  expect(taken()).toMatchObject([{ what: "reboot", kind: "Node", name: "n1", atMs: clock.now - 86_400_000 }]);
  hear("a", 86_405);
  expect(taken()).toEqual([]);
  hear("b", 3);
  expect(taken()).toMatchObject([{ what: "reboot", atMs: clock.now - 3000 }]);
});
