import { expect, test } from "bun:test";
import { collectTwice, contextOf, hostOf } from "../testing/context.ts";
import { cpu, parseLoadavg, parseModel, parseStat } from "./cpu.ts";

const stat = (user: number, idle: number) =>
  `cpu  ${user} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 ${user} 0 0 ${idle} 0 0 0 0 0 0\nintr 1 2 3\n`;

test("usage of all cores and of each is the share of time that was not idle", () => {
  expect(collectTwice(cpu, "raspberry-pi-4").cpu).toEqual({
    usage: 0.086,
    cores: 4,
    load1: 0.52,
    load5: 0.48,
    load15: 0.41,
    perCore: [0.14, 0.04, 0.08, 0.086],
    modes: { user: 0.054, nice: 0, system: 0.032, idle: 0.86, iowait: 0.054, irq: 0, softirq: 0, steal: 0 },
    peak: 0.086,
    model: "Raspberry Pi 4 Model B Rev 1.4",
  });
});

test("modes sum to one, steal among them", () => {
  const modes = collectTwice(cpu, "x86-server").cpu!.modes!;
  expect(modes.steal).toBe(0.002);
  expect(Object.values(modes).reduce((sum, one) => sum + one)).toBeCloseTo(1, 9);
});

test("a burst between two snapshots is in the peak, and the usage is the mean over the whole time", () => {
  const files = new Map([["/proc/stat", stat(0, 0)]]);
  const host = hostOf(files);
  const collecting = cpu.start(contextOf(host));
  collecting.collect();
  host.pass(2000);
  files.set("/proc/stat", stat(200, 0));
  collecting.sample!();
  host.pass(3000);
  files.set("/proc/stat", stat(200, 300));
  expect(collecting.collect().cpu).toMatchObject({ usage: 0.4, peak: 1 });
  host.pass(5000);
  files.set("/proc/stat", stat(200, 800));
  expect(collecting.collect().cpu).toMatchObject({ usage: 0, peak: 0 });
});

test("a snapshot right after a sample does not take a single tick for a burst", () => {
  const files = new Map([["/proc/stat", stat(0, 0)]]);
  const host = hostOf(files);
  const collecting = cpu.start(contextOf(host));
  collecting.collect();
  host.pass(5000);
  files.set("/proc/stat", stat(0, 500));
  collecting.sample!();
  host.pass(10);
  files.set("/proc/stat", stat(1, 500));
  expect(collecting.collect().cpu).toMatchObject({ peak: 0.002 });
});

test("counters that go backwards give no negative usage", () => {
  const files = new Map([["/proc/stat", stat(1000, 1000)]]);
  const collecting = cpu.start(contextOf(hostOf(files)));
  collecting.collect();
  files.set("/proc/stat", stat(10, 1100));
  expect(collecting.collect().cpu).toMatchObject({ usage: 0, perCore: [0], modes: { user: 0, idle: 1 } });
});

test("a core that went offline is left out, and one that came has no usage yet", () => {
  const files = new Map([["/proc/stat", "cpu 5 0 0 5\ncpu0 5 0 0 5\ncpu2 5 0 0 5\n"]]);
  const collecting = cpu.start(contextOf(hostOf(files)));
  collecting.collect();
  files.set("/proc/stat", "cpu 10 0 0 10\ncpu0 10 0 0 10\ncpu3 10 0 0 10\n");
  expect(collecting.collect().cpu).toMatchObject({ cores: 2, perCore: [0.5, 0] });
});

test("without /proc/stat there is no CPU to report", () => {
  expect(() => cpu.start(contextOf(hostOf(new Map()))).collect()).toThrow("/proc/stat cannot be read");
});

test("the lines behind those of the CPUs are not read", () => {
  expect(parseStat("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8\nintr 5\ncpu1 1\n")).toEqual({
    total: [1, 2, 3, 4, 5, 6, 7, 8],
    cores: new Map([[0, [1, 2, 3, 4, 5, 6, 7, 8]]]),
  });
});

test("old kernels print fewer modes, and those they lack are zero", () => {
  expect(parseStat("cpu 1 2 3 4").total).toEqual([1, 2, 3, 4, 0, 0, 0, 0]);
});

test("load averages are read, and their lack is not an error", () => {
  expect(parseLoadavg("0.52 0.48 0.41 2/402 81234\n")).toEqual({ load1: 0.52, load5: 0.48, load15: 0.41 });
  expect(parseLoadavg("")).toEqual({});
});

test("the model is that of the processor, or of the board", () => {
  expect(parseModel("model\t\t: 207\nmodel name\t: AMD EPYC 7B13\n")).toBe("AMD EPYC 7B13");
  expect(parseModel("model name\t: ARMv7 Processor rev 3 (v7l)\nModel\t\t: Raspberry Pi 2\n")).toBe(
    "Raspberry Pi 2",
  );
  expect(parseModel("Serial\t: 1\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n")).toBe(
    "Raspberry Pi 5 Model B Rev 1.0",
  );
  expect(parseModel("model name\t: \n")).toBeUndefined();
});
