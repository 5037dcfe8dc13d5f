import { expect, test } from "bun:test";
import { formatNumber, formatUnit, scaleOf } from "./chart-scale.ts";

test("an axis ends at the first round mark above the largest value", () => {
  expect(scaleOf("count", 0, 7).marks).toEqual([0, 2, 4, 6, 8]);
  expect(scaleOf("cores", 0, 0.37).marks).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  expect(scaleOf("share", 0, 1).marks).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test("bytes are divided in powers of two, so that the marks are round in binary units", () => {
  const { marks } = scaleOf("bytes", 0, 15.5 * 2 ** 30);
  expect(marks.map((mark) => formatUnit("bytes", mark))).toEqual([
    "0 B",
    "4 GiB",
    "8 GiB",
    "12 GiB",
    "16 GiB",
  ]);
});

test("an axis reaches below zero where values do", () => {
  const { min, max, marks } = scaleOf("celsius", -12, 30);
  expect(min).toBeLessThanOrEqual(-12);
  expect(max).toBeGreaterThanOrEqual(30);
  expect(marks).toContain(0);
});

test("an axis without values, or with ones that are no numbers, is still an axis", () => {
  for (const high of [0, Number.NaN, Number.POSITIVE_INFINITY, -5])
    for (const unit of ["share", "bytes", "bytes/s", "cores", "celsius", "count", "1/s"] as const) {
      const { min, max, marks } = scaleOf(unit, 0, high);
      expect(max).toBeGreaterThan(min);
      expect(marks.every(Number.isFinite)).toBe(true);
    }
});

test("huge and tiny values give few, finite marks", () => {
  for (const high of [1e-300, 1e-9, 1e15, 1e299, Number.MAX_VALUE])
    for (const unit of ["count", "cores", "bytes"] as const) {
      const { marks } = scaleOf(unit, 0, high);
      expect(marks.length).toBeGreaterThanOrEqual(2);
      expect(marks.length).toBeLessThanOrEqual(7);
      expect(marks.every(Number.isFinite)).toBe(true);
    }
});

test("numbers are written with three digits at most, and thousands apart", () => {
  expect(formatNumber(0.123)).toBe("0.12");
  expect(formatNumber(12.34)).toBe("12.3");
  expect(formatNumber(12_345)).toBe("12,345");
  expect(formatNumber(-3.5)).toBe("−3.5");
  expect(formatUnit("celsius", 52.66)).toBe("52.7 °C");
  expect(formatUnit("count", Number.NaN)).toBe("–");
});
