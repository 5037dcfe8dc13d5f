import { bunHost } from "../../probe/host/bun.ts";
import { parseProcessStat } from "../../probe/process.ts";

const host = bunHost();

/**
 * CPU time in ms, of all threads. The kernel counts it twice: by the clock's ticks (user and system time),
 * which may miss a short run, and in nanoseconds for each thread that still lives. The greater one is told.
 */
export function cpuMs(pid: number): number {
  const ticks = parseProcessStat(host.readText(`/proc/${pid}/stat`) ?? "")?.ticks ?? 0;
  const threads = host.list(`/proc/${pid}/task`) ?? [];
  const run = threads.map((one) =>
    Number(host.readText(`/proc/${pid}/task/${one}/schedstat`)?.split(" ")[0] ?? 0),
  );
  return Math.max(ticks * 10, run.reduce((sum, ns) => sum + ns, 0) / 1e6);
}

/** Resident memory in MB, all of it and what is no file's. */
export function memoryMB(pid: number): { all: number; anonymous: number } {
  const status = host.readText(`/proc/${pid}/status`) ?? "";
  const of = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
  return { all: of("VmRSS"), anonymous: of("RssAnon") };
}

export function handles(pid: number): number {
  return host.list(`/proc/${pid}/fd`)?.length ?? 0;
}

export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
