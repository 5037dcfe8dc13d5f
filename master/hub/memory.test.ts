import { expect, test } from "bun:test";
import { createMemoryHub, type HubLimits } from "./memory.ts";

function hubAt(limits: Partial<HubLimits> = {}) {
  const clock = { now: 1000 };
  const hub = createMemoryHub({ ttlMs: 60_000, maxRecords: 100, maxBytes: 1000, ...limits }, () => clock.now);
  return { hub, clock };
}
const message = (clusterID: string, source: string, payload: unknown = {}) => ({
  version: "v1",
  clusterID,
  source,
  sentAtMs: 5,
  payload,
});

test("an appended message carries the time at which it came in", () => {
  const { hub } = hubAt();
  expect(hub.append(message("a", "events"))).toEqual({ ...message("a", "events"), enqueuedAt: 1000 });
  expect(hub.len()).toBe(1);
});

test("a batch has one time of enqueueing", () => {
  let now = 1000;
  const hub = createMemoryHub({ ttlMs: 1e6, maxRecords: 10, maxBytes: 10 }, () => now++);
  const records = hub.appendBatch([message("a", "x"), message("a", "y"), message("b", "x")]);
  expect(new Set(records.map((one) => one.enqueuedAt)).size).toBe(1);
});

test("an envelope is appended under the hub's names", () => {
  const { hub } = hubAt();
  const record = hub.appendEnvelope({ version: "v1", cluster_id: "a", source: "s", ts_ms: 7, payload: [1] });
  expect(record).toEqual({
    version: "v1",
    clusterID: "a",
    source: "s",
    sentAtMs: 7,
    enqueuedAt: 1000,
    payload: [1],
  });
});

test("replacing the latest leaves one message of that cluster and source, and all others", () => {
  const { hub } = hubAt();
  hub.appendBatch([message("a", "x", 1), message("a", "x", 2), message("a", "y"), message("b", "x")]);
  let seen = -1;
  hub.subscribe(() => {
    seen = hub.snapshot({ clusterID: "a", source: "x" }).length;
  });
  hub.replaceLatest(message("a", "x", 3));
  expect(hub.snapshot({ clusterID: "a", source: "x" }).map((one) => one.payload)).toEqual([3]);
  expect(hub.len()).toBe(3);
  expect(seen).toBe(1);
});

test("messages go when their time is over", () => {
  const { hub, clock } = hubAt({ ttlMs: 100 });
  hub.append(message("a", "x"));
  clock.now += 60;
  hub.append(message("a", "y"));
  clock.now += 60;
  expect(hub.snapshot().map((one) => one.source)).toEqual(["y"]);
  clock.now += 60;
  expect(hub.len()).toBe(0);
});

test("the oldest go when there are too many", () => {
  const { hub } = hubAt({ maxRecords: 3 });
  for (let at = 0; at < 500; at++) hub.append(message("a", String(at)));
  expect(hub.snapshot().map((one) => one.source)).toEqual(["497", "498", "499"]);
});

test("the oldest go when their bytes are too many, also after a replacement", () => {
  const { hub } = hubAt({ maxBytes: 100 });
  hub.append(message("a", "x"), 60);
  hub.replaceLatest(message("a", "x"), 60);
  expect(hub.len()).toBe(1);
  hub.append(message("a", "y"), 30);
  expect(hub.len()).toBe(2);
  hub.append(message("a", "z"), 30);
  expect(hub.snapshot().map((one) => one.source)).toEqual(["y", "z"]);
});

test("a subscriber gets every message in order until it stops", () => {
  const { hub } = hubAt();
  const got: string[] = [];
  const stop = hub.subscribe((record) => got.push(record.source));
  hub.append(message("a", "1"));
  hub.appendBatch([message("a", "2"), message("a", "3")]);
  stop();
  hub.append(message("a", "4"));
  expect(got).toEqual(["1", "2", "3"]);
});
