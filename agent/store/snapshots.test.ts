import { expect, test } from "bun:test";
import { SnapshotStore } from "./snapshots.ts";

const snapshot = (nodeName: string, usage = 0) => ({ nodeName, timestamp: "", cpu: { usage } });

test("the latest snapshot of each node is kept, for ten minutes", () => {
  let now = 0;
  const store = new SnapshotStore(undefined, () => now);
  store.putSnapshot(snapshot("a", 0.1));
  store.putSnapshot(snapshot("a", 0.2));
  now = 300_000;
  store.put("b", snapshot("b"));
  expect(store.len()).toBe(2);
  expect(store.getAllLatestCopy().get("a")!.cpu!.usage).toBe(0.2);
  now = 600_001;
  expect([...store.getAllLatestCopy().keys()]).toEqual(["b"]);
  expect(store.len()).toBe(1);
});

test("the copy is the caller's", () => {
  const store = new SnapshotStore();
  store.putSnapshot(snapshot("a"));
  store.getAllLatestCopy().clear();
  expect(store.len()).toBe(1);
});

test("a reader gets what came after its mark, oldest first", () => {
  const store = new SnapshotStore();
  store.putSnapshot(snapshot("a"));
  store.putSnapshot(snapshot("b"));
  const mark = store.serial;
  expect(store.since(mark)).toEqual([]);
  store.putSnapshot(snapshot("c"));
  store.putSnapshot(snapshot("a"));
  expect(store.since(mark).map((one) => one.node)).toEqual(["c", "a"]);
});

test("reports of collectors are kept until there are newer ones", () => {
  const store = new SnapshotStore();
  const reports = [{ name: "disk", ms: 1, error: "broken" }];
  store.putSnapshot({ ...snapshot("a", 0.1), collectors: reports });
  store.putSnapshot(snapshot("a", 0.2));
  store.putSnapshot(snapshot("b"));
  expect(store.getAllLatestCopy().get("a")).toMatchObject({ cpu: { usage: 0.2 }, collectors: reports });
  expect(store.getAllLatestCopy().get("b")!.collectors).toBeUndefined();
  store.putSnapshot({ ...snapshot("a", 0.2), collectors: [{ name: "disk", ms: 1 }] });
  expect(store.getAllLatestCopy().get("a")!.collectors).toEqual([{ name: "disk", ms: 1 }]);
});
