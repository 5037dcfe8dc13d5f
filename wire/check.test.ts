import { expect, test } from "bun:test";
import { Type as T } from "@sinclair/typebox";
import { decode } from "./check.ts";
import { Envelope, EventsPayload, listSources, MetricsPayload, sources } from "./envelope.ts";
import { keyOf } from "./kinds.ts";
import { Pod } from "./pod.ts";
import { ProblemError } from "./problem.ts";

function fault(run: () => unknown): { status: number; pointer?: string; detail?: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error("it was accepted");
}

test("a value of the right shape comes back, unknown fields included", () => {
  const pod = { summary: { name: "web", namespace: "shop", age: "3m" }, future: true };
  expect(decode(Pod, pod)).toEqual(pod as never);
});

test("a wrong shape is a 422 that points to the first fault", () => {
  const envelope = { version: "v1", cluster_id: "c", source: "events", ts_ms: "now", payload: {} };
  expect(fault(() => decode(Envelope, envelope))).toMatchObject({ status: 422, pointer: "/ts_ms" });
  expect(fault(() => decode(Pod, { summary: { name: "web" } })).pointer).toBe("/summary/namespace");
  const events = { events: [{ id: "1", ts_ms: 1, kind: "Pod", name: "web", reason: "x", severity: "loud" }] };
  expect(fault(() => decode(EventsPayload, events, "/payload")).pointer).toStartWith("/payload/events/0");
});

test("of variants that a constant tells apart, the fault is of the one that was meant", () => {
  const shape = T.Union([
    T.Object({ type: T.Literal("a"), name: T.String() }),
    T.Object({ type: T.Literal("b"), at: T.Object({ x: T.Number() }), of: T.Number() }),
  ]);
  const at = (value: object) => fault(() => decode(T.Object({ one: shape }), { one: value })).pointer;
  expect(at({ type: "b", at: { x: 1 } })).toBe("/one/of");
  expect(at({ type: "b", at: { x: "1" }, of: 1 })).toBe("/one/at/x");
  expect(at({ type: "a" })).toBe("/one/name");
  expect(at({ type: "c", name: "x", at: { x: 1 }, of: 1 })).toBe("/one/type");
});

test("of words to choose from, those that would be right are named", () => {
  const shape = T.Object({
    op: T.Optional(T.Union([T.Literal("above"), T.Literal("below")])),
    one: T.Optional(T.Union([T.Object({ type: T.Literal("a") }), T.Object({ type: T.Literal("b") })])),
    value: T.Optional(T.Union([T.String(), T.Null()])),
  });
  const said = (value: object) => fault(() => decode(shape, value)).detail;
  expect(said({ op: "over" })).toBe("must be one of above, below");
  expect(said({ one: { type: "c" } })).toBe("must be one of a, b");
  expect(said({ value: 1 })).toBe("Expected union value");
});

test("both forms of events and of metrics are taken", () => {
  const ours = { id: "1", ts_ms: 1, kind: "Pod", name: "web", reason: "Failed", severity: "warning" };
  const theirs = { Timestamp: "2025-01-01T00:00:00Z", Kind: "Pod", Name: "web", ReasonCode: "Failed" };
  expect(decode(EventsPayload, { events: [ours, theirs] }).events).toHaveLength(2);
  const snapshot = { nodeName: "a", timestamp: "2025-01-01T00:00:00Z" };
  for (const snapshots of [[snapshot], { a: snapshot }, { a: [snapshot] }, null])
    expect(decode(MetricsPayload, { snapshots }) as unknown).toEqual({ snapshots });
});

test("the lists of the wire have the sources and routes that AtlHyper 1.x knows", () => {
  const routes = Object.fromEntries(listSources.map((source) => [source.names[0], source.route]));
  expect(routes).toMatchObject({
    pod_list_snapshot: "/ingest/podlist",
    node_list_snapshot: "/ingest/nodelist",
    service_list_snapshot: "/ingest/servicelist",
    namespace_list_snapshot: "/ingest/namespacelist",
    ingress_list_snapshot: "/ingest/ingresslist",
    deployment_list_snapshot: "/ingest/deploymentlist",
    configmap_list_snapshot: "/ingest/configmaplist",
    statefulset_list_snapshot: "/ingest/statefulsetlist",
  });
  expect(new Set(sources.map((source) => source.route)).size).toBe(sources.length);
});

test("an object is named by its namespace and name, or its name alone", () => {
  expect(keyOf({ summary: { name: "web", namespace: "shop" } })).toBe("shop/web");
  expect(keyOf({ summary: { name: "node-1" } })).toBe("node-1");
});
