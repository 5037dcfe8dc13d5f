import { expect, test } from "bun:test";
import { collectTwice } from "../testing/context.ts";
import { parseFileHandles, parseRunning, parseThreads, parseUptime, system } from "./system.ts";

test("a machine tells since when it runs, its kernel and what it has to do", () => {
  expect(collectTwice(system, "raspberry-pi-5")).toEqual({
    system: {
      uptimeSeconds: 2440,
      bootID: "0c9d7c1e-52f4-4c55-8a5e-3f0f5b0e6c11",
      kernel: "6.6.51+rpt-rpi-2712",
      processes: 2,
      threads: 231,
      running: 5,
      blocked: 0,
      fileHandles: { used: 1344, max: 800000 },
    },
  });
});

test("no limit of file handles is a number that JSON holds", () => {
  expect(parseFileHandles("2304\t0\t9223372036854775807")).toEqual({
    used: 2304,
    max: Number.MAX_SAFE_INTEGER,
  });
});

test("what cannot be read is left out", () => {
  expect(parseUptime("garbage")).toBeUndefined();
  expect(parseThreads("0.1 0.2 0.3 2")).toBeUndefined();
  expect(parseRunning("procs_running x\n")).toEqual({ running: undefined, blocked: undefined });
  expect(parseFileHandles("1 2")).toBeUndefined();
});
