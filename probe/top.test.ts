import { expect, test } from "bun:test";
import { seeded } from "./testing/mangle.ts";
import { highest } from "./top.ts";

test("the highest are the same as if all had been sorted", () => {
  const random = seeded(7);
  for (let round = 0; round < 50; round++) {
    const items = Array.from({ length: 40 }, () => Math.floor(random() * 20));
    const sorted = items.filter((item) => item > 0).sort((a, b) => b - a);
    expect(highest(items, 6, (item) => item)).toEqual(sorted.slice(0, 6));
  }
});

test("none are asked for, none are given", () => {
  expect(highest([3, 2, 1], 0, (item) => item)).toEqual([]);
});
