import { expect, test } from "bun:test";
import { collectTwice, contextOf, hostOf } from "../testing/context.ts";
import { parseCommandLine, parseProcessStat, parseResidentKB, parseUid } from "../process.ts";
import { processes } from "./processes.ts";

const stat = (pid: number, ticks: number, started = 100, pages = 50) =>
  `${pid} (p${pid}) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${started} 1000 ${pages} 0 0`;
const status = (kB: number) => `Name:\tx\nUid:\t0\t0\t0\t0\nVmRSS:\t ${kB} kB\n`;

test("the processes that use most are told, by CPU and by memory", () => {
  expect(collectTwice(processes, "raspberry-pi-4")).toEqual({
    topCPUProcesses: [
      { pid: 4121, user: "pi", command: "my (odd) name", cpuPercent: 50, memoryMB: 2 },
      { pid: 702, user: "root", command: "k3s-server", cpuPercent: 14, memoryMB: 552 },
    ],
    topMemoryProcesses: [
      { pid: 702, user: "root", command: "k3s-server", cpuPercent: 14, memoryMB: 552 },
      { pid: 5002, user: "65532", command: "kube-controller-manager", cpuPercent: 0, memoryMB: 32 },
      { pid: 1, user: "root", command: "systemd", cpuPercent: 0, memoryMB: 10.6 },
      { pid: 4121, user: "pi", command: "my (odd) name", cpuPercent: 50, memoryMB: 2 },
    ],
  });
});

test("how many are told is configured", () => {
  const part = collectTwice(processes, "raspberry-pi-4", { topProcesses: 1 });
  expect(part.topCPUProcesses!.map((one) => one.pid)).toEqual([4121]);
  expect(collectTwice(processes, "raspberry-pi-4", { topProcesses: 0 }).topMemoryProcesses).toEqual([]);
});

test("arguments, which may hold passwords, are sent only when asked for", () => {
  const told = (processArguments: boolean) =>
    JSON.stringify(collectTwice(processes, "raspberry-pi-4", { processArguments }));
  expect(told(false)).not.toContain("hunter2");
  expect(told(true)).toContain(
    "/usr/local/bin/kube-controller-manager --bind-address=127.0.0.1 --token=hunter2",
  );
});

test("a name that the kernel cut is completed from the program's path", () => {
  expect(collectTwice(processes, "x86-server").topMemoryProcesses!.map((one) => one.command)).toContain(
    "containerd-shim-runc-v2",
  );
  expect(parseCommandLine("/opt/other\0", "kube-controller", false)).toBe("kube-controller");
  expect(parseCommandLine("backup-databases password=x", "backup-database", false)).toBe("backup-databases");
  expect(parseCommandLine("", "kworker/0:1-cgr", true)).toBe("kworker/0:1-cgr");
});

test("a new process counts all of its time, and one that took over a pid is not mixed up with the old", () => {
  const files = new Map([
    ["/proc/7/stat", stat(7, 1000)],
    ["/proc/7/status", status(100)],
    ["/proc/8/stat", stat(8, 500)],
    ["/proc/8/status", status(100)],
  ]);
  const host = hostOf(files);
  const collecting = processes.start(contextOf(host));
  expect(collecting.collect().topCPUProcesses).toEqual([]);
  host.pass(5000);
  files.set("/proc/7/stat", stat(7, 50, 900));
  expect(collecting.collect().topCPUProcesses).toMatchObject([{ pid: 7, cpuPercent: 10 }]);
});

test("a process whose time goes backwards has used none", () => {
  const files = new Map([
    ["/proc/7/stat", stat(7, 1000)],
    ["/proc/7/status", status(100)],
  ]);
  const host = hostOf(files);
  const collecting = processes.start(contextOf(host));
  collecting.collect();
  host.pass(5000);
  files.set("/proc/7/stat", stat(7, 990));
  expect(collecting.collect()).toMatchObject({
    topCPUProcesses: [],
    topMemoryProcesses: [{ cpuPercent: 0 }],
  });
});

test("a process that could not be read once is not taken for a new one", () => {
  const files = new Map([
    ["/proc/7/stat", stat(7, 100_000)],
    ["/proc/7/status", status(100)],
  ]);
  const host = hostOf(files);
  const collecting = processes.start(contextOf(host));
  collecting.collect();
  host.pass(5000);
  files.set("/proc/7/stat", "");
  expect(collecting.collect().topCPUProcesses).toEqual([]);
  host.pass(5000);
  files.set("/proc/7/stat", stat(7, 100_100));
  expect(collecting.collect().topCPUProcesses).toMatchObject([{ cpuPercent: 20 }]);
});

test("a process that ends while it is looked at is left out", () => {
  const files = new Map([["/proc/7/stat", stat(7, 10)]]);
  expect(processes.start(contextOf(hostOf(files))).collect().topMemoryProcesses).toEqual([]);
});

test("ten thousand processes take less than a second", () => {
  const files = new Map<string, string>();
  for (let pid = 1; pid <= 10_000; pid++) {
    files.set(`/proc/${pid}/stat`, stat(pid, pid, 100, pid));
    files.set(`/proc/${pid}/status`, status(pid * 4));
  }
  const collecting = processes.start(contextOf(hostOf(files)));
  collecting.collect();
  const start = performance.now();
  const part = collecting.collect();
  expect(performance.now() - start).toBeLessThan(1000);
  expect(part.topMemoryProcesses!.map((one) => one.pid)).toEqual([10_000, 9999, 9998, 9997, 9996]);
});

test("a name may hold blanks and brackets", () => {
  expect(parseProcessStat(stat(7, 12, 34, 56).replace("(p7)", "(a) b) (c)"))).toEqual({
    command: "a) b) (c",
    ticks: 12,
    started: 34,
    residentPages: 56,
  });
  expect(parseProcessStat("7 (p7) S 1 1")).toBeUndefined();
  expect(parseProcessStat("")).toBeUndefined();
});

test("user and memory are read from the status, and the kernel's own threads have no memory", () => {
  expect(parseUid("Name:\tUid:\nUid:\t1000\t0\t0\t0\n")).toBe("1000");
  expect(parseResidentKB("Name:\tkthreadd\n")).toBe(0);
});
