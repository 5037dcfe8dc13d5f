import { expect, test } from "bun:test";
import { collectTwice, contextOf, hostOf } from "../testing/context.ts";
import { containers, usageOf } from "./containers.ts";

const pod = "/sys/fs/cgroup/kubepods.slice/kubepods-pod11111111_2222_3333_4444_555555555555.slice";
const group = (letter: string) => `${pod}/cri-containerd-${letter.repeat(64)}.scope`;
const version2 = (usec: number, letter = "a"): [string, string][] => [
  [`${group(letter)}/cpu.stat`, `usage_usec ${usec}\n`],
  [`${group(letter)}/memory.current`, "3000\n"],
  [`${group(letter)}/memory.stat`, "inactive_file_x 7\ninactive_file 1000\n"],
];

test("version 2 with the systemd driver: all three classes, pod UIDs with dashes, limits where there are any", () => {
  expect(collectTwice(containers, "raspberry-pi-4").containers).toEqual([
    {
      id: "a".repeat(64),
      podUID: "11111111-2222-3333-4444-555555555555",
      cpuCores: 0.5,
      memoryWorkingSet: 41940000,
      memoryLimit: 134217728,
    },
    {
      id: "b".repeat(64),
      podUID: "66666666-7777-8888-9999-000000000000",
      cpuCores: 0,
      memoryWorkingSet: 20970000,
      memoryLimit: undefined,
    },
    // Its CPU time went backwards, and it has more inactive file pages than memory in use.
    {
      id: "c".repeat(64),
      podUID: "0123456789abcdef0123456789abcdef",
      cpuCores: 0,
      memoryWorkingSet: 0,
      memoryLimit: undefined,
    },
  ]);
});

test("version 1 with the cgroupfs driver, as recorded", () => {
  const found = collectTwice(containers, "x86-server").containers!;
  expect(found.map((one) => one.podUID)).toEqual([
    "6371ab1d-82a2-4b9d-b9d5-6a8de6659d4c",
    "4ee7ba3f-20ea-403b-82b2-54b32d40e62c",
    "4ee7ba3f-20ea-403b-82b2-54b32d40e62c",
    "476060c6-8f59-4954-b391-45e940dece47",
  ]);
  expect(found[1]).toMatchObject({ memoryWorkingSet: 475100, memoryLimit: 33554432 });
  expect(found[0]!.memoryLimit).toBeUndefined();
});

test("a machine without Kubernetes has no containers of pods", () => {
  expect(() => collectTwice(containers, "raspberry-pi-5")).toThrow("no pods");
});

test("a container that is new has used all of its time since the look before", () => {
  const files = new Map([["/sys/fs/cgroup/cgroup.controllers", "cpu memory\n"], ...version2(5_000_000)]);
  const first = hostOf(files);
  expect(containers.start(contextOf(first)).collect().containers).toMatchObject([
    { cpuCores: 0, memoryWorkingSet: 2000 },
  ]);

  const both = new Map([...files, ...version2(1_000_000, "b")]);
  const host = hostOf(both);
  const collecting = containers.start(contextOf(host));
  for (const [path] of version2(0, "b")) both.delete(path);
  collecting.collect();
  host.pass(5000);
  for (const [path, text] of version2(1_000_000, "b")) both.set(path, text);
  expect(collecting.collect().containers!.map((one) => one.cpuCores)).toEqual([0, 0.2]);
});

test("a container that could not be read once is not taken for a new one", () => {
  const files = new Map([["/sys/fs/cgroup/cgroup.controllers", "cpu memory\n"], ...version2(900_000_000)]);
  const host = hostOf(files);
  const collecting = containers.start(contextOf(host));
  collecting.collect();
  host.pass(5000);
  files.set(`${group("a")}/memory.current`, "");
  expect(collecting.collect().containers).toEqual([]);
  host.pass(5000);
  for (const [path, text] of version2(901_000_000)) files.set(path, text);
  expect(collecting.collect().containers).toMatchObject([{ cpuCores: 0.1 }]);
});

test("a group whose files are gone, or whose controller is off, is left out", () => {
  expect(usageOf({ cpuSeconds: undefined, used: "1", inactive: "0", limit: "" })).toBeUndefined();
  expect(usageOf({ cpuSeconds: 1, used: "", inactive: "0", limit: "" })).toBeUndefined();
});

test("no limit is told as none, in either version's way", () => {
  const limitOf = (limit: string) => usageOf({ cpuSeconds: 1, used: "1", inactive: undefined, limit })?.limit;
  expect(limitOf("max\n")).toBeUndefined();
  expect(limitOf("9223372036854771712\n")).toBeUndefined();
  expect(limitOf("33554432\n")).toBe(33554432);
});
