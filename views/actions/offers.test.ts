import { expect, test } from "bun:test";
import { commandTypeNames } from "../../wire/command-names.ts";
import type { KindKey } from "../../wire/kind-names.ts";
import type { AnyItem } from "../../wire/kinds.ts";
import { cluster, rowOf, viewer } from "../testing/viewing.ts";
import { texts } from "../text/text.ts";
import { offersOf, type Reason, reasonText } from "./offers.ts";
import { offersOfAll } from "./menu.ts";
import type { ActionObject } from "./registry.ts";

const control = { commands: commandTypeNames, protectedNamespaces: ["kube-system"], exec: true };
const status = { name: "p", flavour: "kubernetes", run: "r", agentVersion: "1", startedAt_ms: 1 } as const;
const seen = (more: object = {}) =>
  viewer("/", { clusters: [cluster("c1", "production", { status: { ...status, control, ...more } })] });

function object(kind: KindKey, summary: object, more: object = {}): ActionObject {
  const { name = "web", namespace = kind === "node" ? "" : "shop" } = summary as Record<string, string>;
  const item = { summary: { name, namespace, ...summary }, ...more } as AnyItem;
  return { cluster: "c1", kind, namespace, name, row: rowOf(item) };
}
const owned = { controlledBy: { kind: "ReplicaSet", name: "web-abc" } };
const possible = (v: ReturnType<typeof viewer>, one: ActionObject) =>
  offersOf(v, one)
    .filter((offer) => !offer.reason)
    .map((offer) => offer.action.key);
const against = (v: ReturnType<typeof viewer>, one: ActionObject, key: string): Reason | undefined =>
  offersOf(v, one).find((offer) => offer.action.key === key)?.reason;

test("each kind is offered what can be done with it, and nothing else", () => {
  const v = seen();
  expect(possible(v, object("pod", owned))).toEqual([
    "logs",
    "terminal",
    "restart",
    "evict",
    "delete",
    "edit",
  ]);
  expect(possible(v, object("node", {}))).toEqual(["cordon", "drain", "edit"]);
  expect(possible(v, object("node", {}, { spec: { unschedulable: true } }))).toEqual([
    "uncordon",
    "drain",
    "edit",
  ]);
  expect(possible(v, object("deployment", {}))).toEqual([
    "logs",
    "restart",
    "scale",
    "image",
    "rollback",
    "pause",
    "delete",
    "edit",
  ]);
  expect(possible(v, object("statefulset", {}))).toEqual([
    "logs",
    "restart",
    "scale",
    "image",
    "rollback",
    "delete",
    "edit",
  ]);
  expect(possible(v, object("daemonset", {}))).toEqual([
    "logs",
    "restart",
    "image",
    "rollback",
    "delete",
    "edit",
  ]);
  expect(possible(v, object("replicaset", {}))).toEqual(["logs", "scale", "delete", "edit"]);
  expect(possible(v, object("job", { state: "Failed" }))).toEqual(["logs", "retry", "delete", "edit"]);
  expect(possible(v, object("cronjob", {}))).toEqual(["image", "trigger", "suspend", "delete", "edit"]);
  expect(possible(v, object("cronjob", { suspended: true }))).toContain("unsuspend");
});

test("what the object itself speaks against is told with its reason", () => {
  const v = seen();
  expect(against(v, object("pod", {}), "restart")).toEqual({ by: "noController" });
  expect(against(v, object("pod", { ...owned, phase: "Succeeded" }), "restart")).toEqual({ by: "finished" });
  expect(against(v, object("pod", { ...owned, deletedAt: "2026-01-01T00:00:00Z" }), "evict")).toEqual({
    by: "ending",
  });
  const mirror = object("pod", { controlledBy: { kind: "Node", name: "n1" } });
  for (const key of ["restart", "evict", "delete"]) expect(against(v, mirror, key)).toEqual({ by: "static" });
  expect(against(v, object("deployment", { paused: true }), "restart")).toEqual({ by: "paused" });
  expect(against(v, object("replicaset", owned), "scale")).toEqual({
    by: "owned",
    owner: "ReplicaSet web-abc",
  });
  expect(against(v, object("job", { state: "Complete" }), "retry")).toEqual({ by: "notFailed" });
});

test("role, agent, protected namespaces and silence each have their reason, and reading is left where it can be", () => {
  const web = object("deployment", {});
  const viewOnly = viewer("/", { ...seen(), can: (type) => type === "PodLogsFollow" });
  expect(possible(viewOnly, web)).toEqual(["logs"]);
  expect(against(viewOnly, web, "scale")).toEqual({ by: "role" });
  expect(against(seen({ control: { ...control, commands: ["PodLogsFollow"] } }), web, "scale")).toEqual({
    by: "agent",
  });
  expect(against(seen({ control: undefined }), web, "scale")).toEqual({ by: "readonly" });
  expect(against(seen({ control: { ...control, exec: false } }), object("pod", owned), "terminal")).toEqual({
    by: "exec",
  });
  const silent = viewer("/", { clusters: [cluster("c1", "p", { connection: "silent" })] });
  expect(against(silent, web, "restart")).toEqual({ by: "silent" });
  const dns = object("deployment", { name: "coredns", namespace: "kube-system" });
  expect(against(seen(), dns, "restart")).toEqual({ by: "protected", namespace: "kube-system" });
  expect(possible(seen(), dns)).toEqual(["logs"]);
});

test("a machine without Kubernetes has no actions, and what is off for all is not shown at all", () => {
  const host = viewer("/", { clusters: [cluster("c1", "host", { flavour: "host" })] });
  expect(offersOf(host, object("node", {}))).toEqual([]);
  const off = viewer("/", { ...seen(), off: new Set(["PodExec"] as const) });
  expect(offersOf(off, object("pod", owned)).map((one) => one.action.key)).not.toContain("terminal");
});

test("every reason has words in both languages", () => {
  const reasons: Reason[] = [
    ...(["role", "agent", "readonly", "exec", "silent"] as const).map((by) => ({ by })),
    { by: "protected", namespace: "kube-system" },
    { by: "owned", owner: "Deployment web" },
  ];
  for (const t of Object.values(texts))
    for (const reason of reasons) expect(reasonText(t, reason).length).toBeGreaterThan(3);
});

test("several objects are offered what makes sense for several, and disabled only where none of them can", () => {
  const v = seen();
  const pods = [object("pod", { ...owned, name: "a" }), object("pod", { name: "b" })];
  const offers = offersOfAll(v, pods);
  expect(offers.map((one) => one.action.key)).toEqual(["restart", "evict", "delete"]);
  expect(offers[0]!.reason).toBeUndefined();
  expect(offers[0]!.href).toBe("/actions/restart?on=c1%2Fpod%2Fshop%2Fa&on=c1%2Fpod%2Fshop%2Fb");
  expect(offersOfAll(v, [pods[1]!, { ...pods[1]!, name: "c" }])[0]!.reason).toEqual({ by: "noController" });
});
