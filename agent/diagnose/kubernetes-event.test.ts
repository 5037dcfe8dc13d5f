import { expect, test } from "bun:test";
import { categoryOf, projectEvent } from "./kubernetes-event.ts";

const metadata = {
  name: "web.1",
  namespace: "shop",
  uid: "event-uid",
  creationTimestamp: "2026-01-01T00:00:00Z",
};
const about = {
  kind: "Pod",
  namespace: "shop",
  name: "web",
  uid: "pod-uid",
  fieldPath: "spec.containers{app}",
};

test("an Event is the same under either API", () => {
  const core = projectEvent({
    metadata,
    involvedObject: about,
    reason: "BackOff",
    message: "Back-off",
    type: "Warning",
    count: 3,
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:05:00Z",
    eventTime: null,
    source: { host: "n1" },
  });
  const v1 = projectEvent({
    metadata,
    regarding: about,
    reason: "BackOff",
    note: "Back-off",
    type: "Warning",
    deprecatedCount: 3,
    deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
    deprecatedLastTimestamp: "2026-01-01T00:05:00Z",
    eventTime: null,
    deprecatedSource: { host: "n1" },
  });
  expect(v1).toEqual(core);
  expect(core).toMatchObject({
    id: "event-uid",
    count: 3,
    ts_ms: Date.parse("2026-01-01T00:05:00Z"),
    first_ts_ms: Date.parse("2026-01-01T00:00:00Z"),
    container: "app",
    node: "n1",
    severity: "warning",
    origin: "kubernetes",
  });
});

test("a series counts and tells when it was last observed", () => {
  const event = projectEvent({
    metadata,
    regarding: about,
    reason: "FailedScheduling",
    type: "Warning",
    eventTime: "2026-01-01T00:00:00.123456Z",
    series: { count: 9, lastObservedTime: "2026-01-01T01:00:00.000000Z" },
  });
  expect(event).toMatchObject({
    count: 9,
    ts_ms: Date.parse("2026-01-01T01:00:00Z"),
    category: "scheduling",
  });
});

test("a bare Event is taken as it is, and Normal ones are news", () => {
  expect(projectEvent({ metadata: { name: "x", namespace: "y" } })).toMatchObject({
    id: "y/x",
    kind: "Unknown",
    name: "x",
    reason: "Unknown",
    severity: "info",
    count: 1,
  });
  expect(projectEvent({ metadata, type: "Normal", reason: "NodeNotReady" }).severity).toBe("critical");
});

test("reasons of Kubernetes' components fall into their categories", () => {
  const reasons = {
    FailedScheduling: "scheduling",
    Pulling: "image",
    ErrImageNeverPull: "image",
    Unhealthy: "health",
    FailedMount: "storage",
    ProvisioningFailed: "storage",
    NodeNotReady: "node",
    SystemOOM: "node",
    ScalingReplicaSet: "scaling",
    FailedGetResourceMetric: "scaling",
    BackOff: "container",
    Started: "container",
    FailedCreatePodSandBox: "network",
    BackoffLimitExceeded: "workload",
    SuccessfulCreate: "workload",
    Whatever: "other",
  };
  expect(Object.fromEntries(Object.keys(reasons).map((reason) => [reason, categoryOf(reason)]))).toEqual(
    reasons as never,
  );
});
