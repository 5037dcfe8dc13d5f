import type { SystemMetrics } from "../../wire/metrics.ts";
import { type Collector, required } from "../collector.ts";
import { parseCount, parseDecimal } from "../numbers.ts";
import { isPid } from "../process.ts";
import { cut, fieldValue, words } from "../text.ts";

/** Since when the machine runs, its kernel, and how many processes, threads and file handles there are. */
export const system: Collector = {
  name: "system",
  start({ host, procRoot }) {
    const line = (path: string) => host.readText(`${procRoot}/${path}`)?.split("\n")[0];
    const named = (path: string) => {
      const name = line(path);
      return name ? cut(name, 64) : undefined;
    };
    // Neither changes without a reboot, which the probe does not survive.
    const bootID = named("sys/kernel/random/boot_id");
    const kernel = named("sys/kernel/osrelease");
    return {
      collect() {
        const system: SystemMetrics = {
          uptimeSeconds: parseUptime(required(host, `${procRoot}/uptime`)),
          bootID,
          kernel,
          processes: countOf(host.list(procRoot), isPid),
          threads: parseThreads(line("loadavg") ?? ""),
          ...parseRunning(host.readText(`${procRoot}/stat`) ?? ""),
          fileHandles: parseFileHandles(line("sys/fs/file-nr") ?? ""),
        };
        return { system };
      },
    };
  },
};

function countOf(names: string[] | undefined, counts: (name: string) => boolean): number | undefined {
  let count = 0;
  for (const name of names ?? []) if (counts(name)) count++;
  return names && count;
}

export function parseUptime(text: string): number | undefined {
  const seconds = parseDecimal(words(text)[0]);
  return seconds === undefined ? undefined : Math.floor(seconds);
}

/** All threads: what stands behind the slash in /proc/loadavg. */
export function parseThreads(text: string): number | undefined {
  return parseCount(words(text)[3]?.split("/")[1]);
}

/** Threads that run or could, and those blocked on I/O. */
export function parseRunning(stat: string): { running?: number; blocked?: number } {
  return {
    running: parseCount(fieldValue("procs_running", stat)),
    blocked: parseCount(fieldValue("procs_blocked", stat)),
  };
}

export function parseFileHandles(text: string): { used: number; max: number } | undefined {
  const fields = words(text);
  const used = parseCount(fields[0]);
  const max = parseCount(fields[2]);
  if (used === undefined || max === undefined) return undefined;
  // "No limit" is 2^63 - 1, which a JSON number does not hold.
  return { used: Math.min(used, Number.MAX_SAFE_INTEGER), max: Math.min(max, Number.MAX_SAFE_INTEGER) };
}
