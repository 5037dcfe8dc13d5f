import { expect, test } from "bun:test";
import { openDatabase } from "../database.ts";
import { MarkTable, type StoredMark } from "./marks.ts";

test("where a cluster has too many, the oldest of its most frequent kind go, and no other cluster's", () => {
  const table = new MarkTable(openDatabase(":memory:").metrics);
  const add = (what: StoredMark["what"], atMs: number, cluster = "c") =>
    table.add({ cluster, what, kind: "Pod", namespace: "", name: "p", owner: "", atMs, ref: "", detail: {} });
  for (let at = 1; at <= 10; at++) add("restart", at);
  add("deploy", 1);
  for (let at = 1; at <= 20; at++) add("restart", at, "other");
  expect(table.thin("c", 11, 100)).toBe(0);
  expect(table.thin("c", 8, 100)).toBe(3);
  const times = (cluster: string, what: StoredMark["what"]) =>
    table.newest({ cluster, what, fromMs: 0, toMs: 100 }, 100).map((one) => one.atMs);
  expect(times("c", "restart")).toEqual([10, 9, 8, 7, 6, 5, 4]);
  expect(times("c", "deploy")).toEqual([1]);
  expect(times("other", "restart")).toHaveLength(20);
  expect(table.prune(3, 100)).toBe(3);
});
