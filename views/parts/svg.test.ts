import { expect, test } from "bun:test";
import { meter, sparkline } from "./svg.ts";

const path = (values: number[], max?: number) => /d="([^"]*)"/.exec(sparkline(values, max).text)![1];

test("a sparkline goes from the left edge to the right, its largest value at the top", () => {
  expect(path([0, 1, 0])).toBe("M1 15L30 1L59 15");
});

test("a gap is drawn as a gap, and a lone point is still seen", () => {
  expect(path([1, Number.NaN, 1])).toBe("M1 1h1M59 1h1");
});

test("a flat line of zeros lies at the bottom, and values above the maximum are cut", () => {
  expect(path([0, 0])).toBe("M1 15L59 15");
  expect(path([2, 1], 1)).toBe("M1 1L59 1");
});

test("nothing known draws nothing", () => {
  expect(path([Number.NaN, Number.NaN])).toBe("");
  expect(path([])).toBe("");
});

test("a meter is marked when it is nearly full", () => {
  expect(meter(0.5).text).toContain('class="fill" width="30"');
  expect(meter(0.85).text).toContain('class="fill warning"');
  expect(meter(1.2).text).toContain('class="fill critical" width="60"');
});
