import { expect, test } from "bun:test";
import { unitOf } from "../alert-model.ts";
import { measureText } from "./measure.ts";

test("every series is in the unit that it is measured in", () => {
  for (const [group, series, unit] of [
    ["cpu", "usage", "share"],
    ["cpu", "iowait", "share"],
    ["cpu", "peak", "share"],
    ["cpu", "used", "cores"],
    ["cores", "3", "share"],
    ["load", "load5", "count"],
    ["load", "per core", "count"],
    ["memory", "used", "bytes"],
    ["memory", "share", "share"],
    ["swap", "in", "bytes/s"],
    ["swap", "used", "bytes"],
    ["pressure", "io full", "share"],
    ["temperature", "CPU", "celsius"],
    ["disk /", "used", "bytes"],
    ["disk /", "share", "share"],
    ["disk /", "inodes", "share"],
    ["disk /", "inodes used", "count"],
    ["io sda", "read", "bytes/s"],
    ["io sda", "reads", "1/s"],
    ["io sda", "busy", "share"],
    ["net eth0", "received", "bytes/s"],
    ["processes", "all", "count"],
    ["usage", "cpu", "cores"],
    ["usage", "memory", "bytes"],
    ["usage", "cpu of limit", "share"],
    ["nodes", "ready", "count"],
    ["pods", "attention", "count"],
  ] as const)
    expect([group, series, unitOf(group, series)]).toEqual([group, series, unit]);
});

test("values are told as people say them", () => {
  for (const [group, series, value, text] of [
    ["disk /", "share", 0.9199, "91.9 %"],
    ["memory", "share", 0.000123, "0.01 %"],
    ["memory", "share", 0, "0 %"],
    ["memory", "share", 1e-12, "0 %"],
    ["usage", "cpu", 0.00031, "0.0003 cores"],
    ["pods", "attention", 0.004, "0.004"],
    ["disk /", "share", 0.57, "57 %"],
    ["memory", "used", 1.5 * 2 ** 30, "1.5 GiB"],
    ["net eth0", "sent", 2 ** 20, "1 MiB/s"],
    ["usage", "cpu", 0.2504, "0.25 cores"],
    ["load", "load5", 2.345, "2.35"],
  ] as const)
    expect(measureText(group, series, value)).toBe(text);
});
