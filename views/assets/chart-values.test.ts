import { expect, test } from "bun:test";
import { linesOf, nearestTo, stacked, stepFor, withGaps } from "./chart-values.js";

const hour = 3_600_000;

test("there is about one value a pixel, and each sample where they are fewer than that", () => {
  expect(stepFor(hour, 1200)).toBe(0);
  expect(stepFor(1.5 * hour, 1200)).toBe(0);
  expect(stepFor(6 * hour, 1200)).toBe(20);
  expect(stepFor(24 * hour, 300)).toBe(300);
  expect(stepFor(730 * 24 * hour, 1200)).toBe(86_400);
  for (const width of [0, 1, 300, 4000])
    for (const span of [60_000, hour, 9000 * hour]) expect(stepFor(span, width)).toBeLessThanOrEqual(604_800);
});

test("lines come in the order of their keys, also those that there is nothing of", () => {
  const series = [
    { group: "cpu", name: "system", values: [1, null] },
    { group: "cpu", name: "user", values: [2, 3] },
  ];
  expect(linesOf({ times: [0, 1], series }, ["cpu:user", "cpu:steal", "cpu:system"])).toEqual([
    [2, 3],
    [null, null],
    [1, null],
  ]);
});

test("layers lie on each other; what is missing in one is no gap in the next", () => {
  expect(
    stacked([
      [1, null, null],
      [2, 2, null],
      [-1, 1, null],
    ]),
  ).toEqual([
    [1, null, null],
    [3, 2, null],
    [3, 3, null],
  ]);
});

test("a line ends where measuring did", () => {
  const times = [0, 5, 10, 60, 65];
  expect(withGaps(times, [[1, 2, 3, 4, 5]])).toEqual({
    times: [0, 5, 10, 59, 60, 65],
    lines: [[1, 2, 3, null, 4, 5]],
  });
  expect(withGaps([0, 5], [[1, 2]])).toEqual({ times: [0, 5], lines: [[1, 2]] });
  expect(withGaps([], [[]])).toEqual({ times: [], lines: [[]] });
});

test("the nearest value is told, and none within a gap", () => {
  const times = [0, 5, 10, 60, 65];
  expect(nearestTo(times, 7)).toBe(1);
  expect(nearestTo(times, 8)).toBe(2);
  expect(nearestTo(times, 62)).toBe(3);
  expect(nearestTo(times, 35)).toBeUndefined();
  expect(nearestTo([], 35)).toBeUndefined();
});
