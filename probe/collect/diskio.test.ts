import { expect, test } from "bun:test";
import { collectTwice, contextOf, hostOf } from "../testing/context.ts";
import { diskio, parseDiskstats } from "./diskio.ts";

test("rates and busy share are told of each disk, not of its partitions", () => {
  expect(collectTwice(diskio, "raspberry-pi-4").diskIO).toEqual([
    {
      device: "mmcblk0",
      readPerSecond: 20480,
      writtenPerSecond: 409600,
      readsPerSecond: 2,
      writesPerSecond: 20,
      busy: 0.1,
    },
  ]);
});

test("memory in disguise, boot areas of cards and drives never used are left out", () => {
  expect(collectTwice(diskio, "raspberry-pi-5").diskIO!.map((one) => one.device)).toEqual([
    "mmcblk0",
    "nvme0n1",
  ]);
  expect(collectTwice(diskio, "x86-server").diskIO!.map((one) => one.device)).toEqual(["vda"]);
});

test("a disk that was replugged counts from zero, and its rates are never negative", () => {
  const line = (reads: number) => `8 0 sda ${reads} 0 ${reads * 8} 10 5 0 40 10 0 ${reads} 20 0 0 0 0 0 0\n`;
  const files = new Map([["/proc/diskstats", line(1000)]]);
  const host = hostOf(files);
  const collecting = diskio.start(contextOf(host));
  collecting.collect();
  host.pass(5000);
  files.set("/proc/diskstats", line(10));
  expect(collecting.collect().diskIO).toMatchObject([{ readPerSecond: 0, readsPerSecond: 0, busy: 0 }]);
});

test("without a /sys every device that did something is told", () => {
  const files = new Map([
    ["/proc/diskstats", "8 0 sda 1 0 8 1 0 0 0 0 0 1 1\n8 1 sda1 1 0 8 1 0 0 0 0 0 1 1\n"],
  ]);
  const collecting = diskio.start(contextOf(hostOf(files)));
  expect(collecting.collect().diskIO!.map((one) => one.device)).toEqual(["sda", "sda1"]);
});

test("kernels before 4.18 print eleven counters, and that is enough", () => {
  expect(parseDiskstats("   8       0 sda 10 0 80 5 20 0 160 6 0 7 11\n8 1 sda1 1 2 3\n")).toEqual(
    new Map([["sda", { reads: 10, readBytes: 40960, writes: 20, writtenBytes: 81920, busyMs: 7 }]]),
  );
});
