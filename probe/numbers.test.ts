import { expect, test } from "bun:test";
import { growth, parseCount, parseCounts, parseDecimal, rate, round, share, significant } from "./numbers.ts";

test("a counter that goes backwards grew by nothing", () => {
  expect(growth(5, 3)).toBe(2);
  expect(growth(3, 5)).toBe(0);
  expect(growth(3, undefined)).toBe(0);
  expect(rate(10, 0, 5)).toBe(2);
  expect(rate(10, 0, 0)).toBe(0);
});

test("a share is never outside of 0 to 1", () => {
  expect(share(1, 3)).toBe(0.333);
  expect(share(2, 1)).toBe(1);
  expect(share(-1, 1)).toBe(0);
  expect(share(1, 0)).toBe(0);
});

test("numbers are rounded to what was measured", () => {
  expect(round(1.25, 1)).toBe(1.3);
  expect(significant(123_456_789)).toBe(123_500_000);
  expect(significant(0)).toBe(0);
});

test("only what the kernel would print is a number", () => {
  expect(parseCount("42")).toBe(42);
  for (const text of ["-1", "4.2", "1e3", "", " 1", "0x10", undefined])
    expect(parseCount(text)).toBeUndefined();
  expect(parseCounts(["1", "2"])).toEqual([1, 2]);
  expect(parseCounts(["1", "-2"])).toBeUndefined();
  expect(parseDecimal("4.25")).toBe(4.25);
  for (const text of ["1e3", "-1", "NaN", "", "."]) expect(parseDecimal(text)).toBeUndefined();
});
