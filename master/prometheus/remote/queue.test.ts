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

test("beyond its bounds it says so once; cleared, what is under way stays", () => {
  let told = 0;
  const queue = new Queue<number>(2, { samples: 10_000, bytes: 1e9 }, () => told++);
  for (let at = 0; at < 20; at++) {
    queue.add(at % 2, at, at, at, values(1500));
    if (at === 1) expect(queue.next(0, 0)!.sets).toEqual([0]);
  }
  expect(told).toBe(1);
  queue.clear();
  expect(queue.samples).toBe(1500);
  expect(queue.next(1, 100)).toBeUndefined();
  queue.done(0);
  expect(queue.next(0, 100)).toBeUndefined();
  expect({ samples: queue.samples, bytes: queue.bytes }).toEqual({ samples: 0, bytes: 0 });
  for (let at = 0; at < 20; at++) queue.add(0, at, at, at, values(1500));
  expect(told).toBe(2);
});

test("memory is bounded too, small rows with all that they take besides", () => {
  let fullAt = 0;
  const queue = new Queue<number>(4, { samples: 1e9, bytes: 200_000 }, () => (fullAt ||= queue.samples));
  for (let at = 0; at < 100_000; at++) queue.add(at % 4, at, at, at, [at, at]);
  expect(fullAt).toBeWithin(mostInBatch, 200_000 / 8);
});

test("a row of which more follows in the next batch is not whole", () => {
  const queue = new Queue<string>(1, { samples: 1e6, bytes: 1e9 });
  queue.add(0, "a", 5, 0, values(3000), 0, 2000);
  queue.add(0, "b", 5, 0, values(3000), 2000, 3000);
  expect(queue.next(0, 0)!.whole).toEqual([4]);
  queue.done(0);
  expect(queue.next(0, 0)!.whole).toEqual([5]);
});
