import { expect, test } from "bun:test";
import { openDatabase } from "../database.ts";
import { bucketSize } from "./filter.ts";
import { Ids } from "./ids.ts";

/** Ids of which each has its own hash; `key` is what the test says it is. */
const hashOf = (n: number) => (n * 7_919_777_777) % 2 ** 52;

function setUp(events: number) {
  const sqlite = openDatabase(":memory:").events;
  const ids = new Ids(sqlite);
  const keys = new Map<number, number>();
  const buckets = new Map<number, number>();
  const write = (work: () => void) => {
    sqlite.run("BEGIN");
    work();
    ids.write();
    sqlite.run("COMMIT");
  };
  for (let from = 0; from < events; from += 5000)
    write(() => {
      for (let n = from; n < Math.min(events, from + 5000); n++) {
        keys.set(n, 1000 + n);
        buckets.set(n, ids.add(hashOf(n), 1000 + n));
      }
    });
  /** What an Ids finds of all; those that are found otherwise than they should be. */
  const wrong = (one: Ids) =>
    [...Array(events).keys()].filter((n) => {
      const found = [...new Set(one.find(hashOf(n)))];
      return found.join() !== (keys.has(n) ? String(keys.get(n)) : "");
    });
  return { sqlite, ids, keys, buckets, write, wrong };
}

test("ids are found while their bucket is open, on its way into the table, and there; also after a start", () => {
  const { sqlite, ids, wrong } = setUp(2 * bucketSize + 100);
  expect([ids.full, wrong(ids)]).toEqual([true, []]);
  let slices = 0;
  while (ids.full) {
    ids.seal();
    if (slices++ % 10 === 0) expect([wrong(ids), wrong(new Ids(sqlite))]).toEqual([[], []]);
  }
  expect(slices).toBeGreaterThan(20);
  expect([wrong(ids), wrong(new Ids(sqlite))]).toEqual([[], []]);
  expect(sqlite.query("SELECT count(*) AS n FROM ids").get()).toEqual({ n: 2 * bucketSize });
});

test("an id that gets another key or goes is so everywhere, whatever becomes of its bucket", () => {
  const { sqlite, ids, keys, buckets, write, wrong } = setUp(bucketSize + 100);
  const change = (from: number) =>
    write(() => {
      for (let n = from; n < bucketSize + 100; n += 997) {
        const [bucket, hash, key] = [buckets.get(n)!, hashOf(n), keys.get(n)];
        if (key === undefined) continue;
        if (n % 2 === 0) {
          ids.move(bucket, hash, key, key + 1_000_000);
          keys.set(n, key + 1_000_000);
        } else {
          ids.remove(bucket, hash, key);
          keys.delete(n);
        }
      }
    });
  change(1);
  ids.seal();
  ids.seal();
  change(2);
  expect([wrong(ids), wrong(new Ids(sqlite))]).toEqual([[], []]);
  while (ids.full) ids.seal();
  change(3);
  expect([wrong(ids), wrong(new Ids(sqlite))]).toEqual([[], []]);
});

test("what a transaction that was taken back had added is not found", () => {
  const { sqlite, ids, keys, wrong } = setUp(300);
  sqlite.run("BEGIN");
  ids.add(hashOf(1_000_000), 5);
  ids.move(1, hashOf(7), keys.get(7)!, 6);
  ids.write();
  sqlite.run("ROLLBACK");
  ids.reset();
  expect([ids.find(hashOf(1_000_000)), wrong(ids)]).toEqual([[], []]);
});
