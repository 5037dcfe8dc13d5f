import { expect, test } from "bun:test";
import { collectTwice } from "../testing/context.ts";
import { parsePressure, pressure } from "./pressure.ts";

test("the averages are shares, not percents", () => {
  expect(collectTwice(pressure, "raspberry-pi-5").pressure!.cpu).toEqual({
    some10: 0.123,
    some60: 0.05,
    some300: 0.012,
    full10: 0,
    full60: 0,
    full300: 0,
  });
});

test("a kernel without PSI says so", () => {
  expect(() => collectTwice(pressure, "raspberry-pi-4")).toThrow("no PSI");
});

test("kernels before 5.13 have no full line for the CPU", () => {
  expect(parsePressure("some avg10=1.00 avg60=2.00 avg300=3.00 total=4\n")).toEqual({
    some10: 0.01,
    some60: 0.02,
    some300: 0.03,
    full10: undefined,
    full60: undefined,
    full300: undefined,
  });
  expect(parsePressure("some avg10=nan avg60=2.00 avg300=3.00 total=4\n")).toBeUndefined();
});
