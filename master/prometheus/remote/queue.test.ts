import { expect, test } from "bun:test";
import { mostInBatch, Queue } from "./queue.ts";

const values = (count: number, value = 1) => Array.from({ length: count }, () => value);

test("a batch is due when it is full, or when its first row has waited", () => {
  const queue = new Queue<string>(2, { samples: 1e6, bytes: 1e9 });
  queue.add(0, "a", 1, 100, values(1500));
  expect(queue.next(0, 99)).toBeUndefined();
  expect(queue.next(1, 1000)).toBeUndefined();
  queue.add(0, "b", 2, 200, values(501));
  expect(queue.next(0, 99)).toMatchObject({ samples: 1500, sets: ["a"] });
  queue.done(0);
  expect(queue.next(0, 199)).toBeUndefined();
  expect(queue.next(0, 200)).toMatchObject({ samples: 501, sets: ["b"], times: [2] });
});

test("nothing is added to a batch that is under way", () => {
  const queue = new Queue<string>(1, { samples: 1e6, bytes: 1e9 });
  queue.add(0, "a", 1, 0, values(10));
  const batch = queue.next(0, 0)!;
  queue.add(0, "b", 2, 0, values(10));
  expect(batch.samples).toBe(10);
  queue.done(0);
  expect(queue.next(0, 0)!.sets).toEqual(["b"]);
});

test("numbers are kept as they are, be they larger than most", () => {
  const queue = new Queue<string>(1, { samples: 1e6, bytes: 1e9 });
  const all = [1, -5, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 50, 0, 7];
  for (let at = 0; at < 200; at++) queue.add(0, "a", at, 0, all);
  expect([...queue.next(0, 0)!.values.subarray(0, 1600)]).toEqual(values(200).flatMap(() => all));
});

test("beyond its bounds the oldest of all lanes goes, is counted, and the one under way stays", () => {
  let dropped = 0;
  const queue = new Queue<number>(2, { samples: 10_000, bytes: 1e9 }, (samples) => (dropped += samples));
  for (let at = 0; at < 20; at++) {
    queue.add(at % 2, at, at, at, values(1500));
    if (at === 1) expect(queue.next(0, 0)!.sets).toEqual([0]);
  }
  expect(queue.samples).toBeLessThanOrEqual(10_000);
  expect(queue.samples + dropped).toBe(20 * 1500);
  expect(queue.next(0, 100)!.sets).toEqual([0]);
  queue.done(0);
  const left: number[] = [];
  for (const lane of [0, 1])
    for (let batch = queue.next(lane, 100); batch; batch = queue.next(lane, 100)) {
      left.push(...batch.sets);
      queue.done(lane);
    }
  expect(left.sort((a, b) => a - b)).toEqual([15, 16, 17, 18, 19]);
  expect({ samples: queue.samples, bytes: queue.bytes }).toEqual({ samples: 0, bytes: 0 });
});

test("memory is bounded too, small rows with all that they take besides", () => {
  let dropped = 0;
  const queue = new Queue<number>(4, { samples: 1e9, bytes: 200_000 }, (samples) => (dropped += samples));
  for (let at = 0; at < 100_000; at++) queue.add(at % 4, at, at, at, [at, at]);
  expect(queue.bytes).toBeLessThanOrEqual(200_000);
  expect(queue.samples).toBeGreaterThan(mostInBatch);
  expect(queue.samples + dropped).toBe(200_000);
});
