import { expect, test } from "bun:test";
import { collectTwice } from "../testing/context.ts";
import { memory, memoryMetrics, parseMeminfo, parseSwapCounters } from "./memory.ts";

test("memory in use is what is not available", () => {
  expect(collectTwice(memory, "raspberry-pi-4")).toEqual({
    memory: {
      total: 3977584640,
      used: 1710000000,
      available: 2267000000,
      usage: 0.43,
      buffers: 83170000,
      cached: 1818000000,
    },
  });
});

test("a machine without swap reports none", () => {
  expect(collectTwice(memory, "x86-server").memory).not.toHaveProperty("swap");
});

test("swapping is counted in the machine's own pages, here of 16 KiB", () => {
  expect(collectTwice(memory, "raspberry-pi-5").memory!.swap).toEqual({
    total: 536854528,
    used: 54330000,
    inPerSecond: 32770,
    outPerSecond: 327700,
  });
});

test("pages are taken for 4 KiB when nothing tells their size", () => {
  expect(parseSwapCounters("pswpin 2\npswpout 3\n", new Map())).toEqual({ in: 8192, out: 12288 });
  expect(parseSwapCounters("", new Map())).toEqual({ in: undefined, out: undefined });
});

test("kernels before 3.14 do not tell what is available, so it is added up", () => {
  const meminfo = parseMeminfo("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 250 kB\n");
  expect(memoryMetrics(meminfo)).toMatchObject({ available: 400 * 1024 + 0, usage: 0.6 });
});

test("a meminfo without a total is an error, not a machine without memory", () => {
  expect(() => memoryMetrics(parseMeminfo("MemFree: 100 kB\n"))).toThrow("MemTotal");
});
