import { afterAll, expect, test } from "bun:test";
import type { ProgressItem } from "../../wire/control.ts";
import { kinds } from "../../simkube/kinds.ts";
import type { PodObject } from "../project/kube.ts";
import { startOperating } from "../testing/operate.ts";
import { until } from "../testing/wire-master.ts";
import { judgePods } from "./drain-plan.ts";

const lab = await startOperating();
afterAll(() => lab[Symbol.asyncDispose]());
// The demo has budgets of its own.
for (const { metadata } of lab.demo.rest.store.list(kinds.poddisruptionbudgets))
  lab.demo.rest.delete(kinds.poddisruptionbudgets, metadata.namespace, metadata.name);

const all = { deleteEmptyDirData: true, force: true };
const podsOn = (node: string) =>
  lab.demo.rest.store
    .list(kinds.pods)
    .filter(
      (pod) =>
        pod.spec?.nodeName === node && !pod.metadata.ownerReferences?.some((one) => one.kind === "DaemonSet"),
    )
    .filter((pod) => !pod.metadata.annotations?.["kubernetes.io/config.mirror"]);
const nodeWith = (app: string) => lab.podsOf("shop", app)[0]!.spec!.nodeName as string;
const unschedulable = (node: string) => lab.get(kinds.nodes, undefined, node).spec?.unschedulable ?? false;

test("pods are judged as kubectl drain judges them", () => {
  const pod = (name: string, more: object = {}, spec: object = {}) =>
    ({ metadata: { name, namespace: "a", ...more }, spec }) as unknown as PodObject;
  const owned = (kind: string) => ({ ownerReferences: [{ kind, name: "x", controller: true }] });
  const local = { volumes: [{ name: "cache", emptyDir: {} }] };
  const pods = [
    pod("mirror", { annotations: { "kubernetes.io/config.mirror": "x" } }),
    pod("daemon", owned("DaemonSet")),
    pod("plain", owned("ReplicaSet")),
    pod("local", owned("ReplicaSet"), local),
    pod("bare"),
    { ...pod("done", {}, local), status: { phase: "Succeeded" } } as PodObject,
  ];
  const verdicts = (options: Partial<Parameters<typeof judgePods>[1]>) =>
    judgePods(pods, { ignoreDaemonSets: true, deleteEmptyDirData: false, force: false, ...options }).map(
      (one) => one.verdict,
    );
  expect(verdicts({})).toEqual(["skipped", "skipped", "evict", "refused", "refused", "evict"]);
  expect(verdicts(all)).toEqual(["skipped", "skipped", "evict", "evict", "evict", "evict"]);
  expect(verdicts({ ignoreDaemonSets: false })[1]).toBe("refused");
});

test("a dry run says which pods would go and which budget holds one, and changes nothing", async () => {
  const node = nodeWith("frontend");
  lab.demo.rest.create(kinds.poddisruptionbudgets, "shop", {
    metadata: { name: "keep" },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: "frontend" } } },
  });
  const ack = await lab.run("NodeDrain", { node }, { ...all, dryRun: true });
  const { pods } = ack.data as { pods: { name: string; verdict: string; budgets?: object[] }[] };
  const held = pods.filter((one) => one.budgets);
  expect(held.length).toBeGreaterThan(0);
  expect(held[0]).toMatchObject({ verdict: "evict", budgets: [{ name: "keep", allowed: 0 }] });
  expect(unschedulable(node)).toBe(false);
});

test("a drain that a budget blocks says so and waits; cancelled, it leaves the node as it says", async () => {
  const node = nodeWith("frontend");
  const id = lab.control.enqueue({
    type: "NodeDrain",
    target: { node },
    args: all,
    createdAt_ms: Date.now(),
  });
  const told = () => lab.control.told.filter((one) => one.commandID === id);
  await until(
    "it says which budget",
    () => told().some((one) => /wait for a budget/.test(one.message ?? "")),
    8000,
  );
  expect(unschedulable(node)).toBe(true);
  const waiting = told()
    .at(-1)!
    .items!.find((one: ProgressItem) => one.state === "waiting" && one.message);
  expect(waiting!.message).toContain("keep");
  lab.control.cancel(id);
  const ack = await lab.control.ended(id);
  expect(ack).toMatchObject({ status: "failed", errorCode: "Cancelled", undo: { type: "NodeUncordon" } });
  expect(ack.message).toContain("The node stays cordoned");
  expect(unschedulable(node)).toBe(true);
  expect((await lab.undo(ack)).status).toBe("success");
  expect(unschedulable(node)).toBe(false);
}, 20_000);

test("what must not go is refused before anything is done", async () => {
  const node = nodeWith("frontend");
  lab.demo.rest.create(kinds.pods, "shop", {
    metadata: { name: "alone" },
    spec: { nodeName: node, containers: [{ name: "main", image: "docker.io/library/traefik:v3" }] },
  });
  const ack = await lab.run("NodeDrain", { node }, { deleteEmptyDirData: true });
  expect(ack).toMatchObject({ status: "failed", errorCode: "BadRequest" });
  expect(ack.message).toContain("shop/alone has no controller that would make it again (force allows it)");
  expect(unschedulable(node)).toBe(false);
});

test("when the budget allows it, the node is emptied and uncordoned again by its undo", async () => {
  lab.demo.rest.delete(kinds.poddisruptionbudgets, "shop", "keep");
  const node = nodeWith("frontend");
  const uids = podsOn(node).map((pod) => pod.metadata.uid);
  const ack = await lab.control.run(
    { type: "NodeDrain", target: { node }, args: all, createdAt_ms: Date.now() },
    15_000,
  );
  expect(ack).toMatchObject({ status: "success", verified: "yes", undo: { type: "NodeUncordon" } });
  const left = podsOn(node).map((pod) => pod.metadata.uid);
  expect(uids.filter((uid) => left.includes(uid))).toEqual([]);
  expect((await lab.undo(ack)).status).toBe("success");
}, 20_000);
