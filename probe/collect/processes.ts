import type { ProcessMetrics } from "../../wire/metrics.ts";
import { Absent, type Collector } from "../collector.ts";
import type { Host } from "../host.ts";
import { growth, round, significant } from "../numbers.ts";
import { isPid, parseCommandLine, parseProcessStat, parseResidentKB, parseUid } from "../process.ts";
import { cut } from "../text.ts";
import { topOf } from "../top.ts";
import { userNames } from "../users.ts";

// USER_HZ: what the kernel shows to programs is in hundredths of a second on every architecture (proc(5)).
const ticksPerSecond = 100;
const mostProcesses = 20_000;

/** A process that is reported, with the CPU time that it used since the look before. */
interface Reported {
  pid: string;
  command: string;
  used: number;
}

/** Ticks of CPU time by process. No more is kept of each: there may be ten thousand. */
type Seen = Map<number, number>;

const longestLife = 2 ** 31;

/** A process's key: its pid, and, since pids are used again, when it started. */
const keyOf = (pid: string, started: number) => Number(pid) * longestLife + (started % longestLife);
const pidOf = (key: number) => Math.floor(key / longestLife);

/**
 * The processes that use most CPU and those that use most memory, from /proc/PID/stat of all; what else
 * is said of a process is read for the few that are reported.
 */
export const processes: Collector = {
  name: "processes",
  start({ host, procRoot, hostRoot, topProcesses, processArguments }) {
    const users = userNames(host, hostRoot);
    let before: { at: number; seen: Seen } | undefined;

    function look() {
      const names = host.list(procRoot);
      if (!names) throw new Absent(`${procRoot} cannot be listed`);
      const at = host.monotonicMs();
      const seconds = before ? (at - before.at) / 1000 : 0;
      const seen: Seen = new Map();
      const unread = new Set<number>();
      const byCpu = topOf<Reported>(topProcesses);
      const byMemory = topOf<Reported>(topProcesses);
      let left = mostProcesses;
      for (const pid of names) {
        if (!isPid(pid) || left-- <= 0) continue;
        const stat = parseProcessStat(host.readText(`${procRoot}/${pid}/stat`) ?? "");
        if (!stat) {
          unread.add(Number(pid));
          continue;
        }
        const { command, ticks, residentPages } = stat;
        const key = keyOf(pid, stat.started);
        seen.set(key, ticks);
        // All that it has if it was not there before, or was another process.
        const used = before ? growth(ticks, before.seen.get(key) ?? 0) : 0;
        if (!byCpu.takes(used) && !byMemory.takes(residentPages)) continue;
        const one = { pid, command, used };
        byCpu.add(used, one);
        byMemory.add(residentPages, one);
      }
      // One that could not be read this once is not to be taken for a new one the next time.
      if (unread.size > 0)
        for (const [key, ticks] of before?.seen ?? []) if (unread.has(pidOf(key))) seen.set(key, ticks);
      before = { at, seen };
      return { byCpu: byCpu.items, byMemory: byMemory.items, seconds };
    }

    function describe({ pid, command, used }: Reported, seconds: number): ProcessMetrics | undefined {
      const folder = `${procRoot}/${pid}`;
      const status = host.readText(`${folder}/status`);
      if (status === undefined) return undefined; // It ended since.
      return {
        pid: Number(pid),
        user: users(parseUid(status)),
        command: commandOf(host, folder, command, processArguments),
        cpuPercent: seconds > 0 ? round((used / ticksPerSecond / seconds) * 100, 1) : 0,
        memoryMB: round(significant(parseResidentKB(status) / 1024, 3), 1),
      };
    }

    return {
      collect() {
        const { byCpu, byMemory, seconds } = look();
        // Most are in both, and are described once.
        const described = new Map(
          [...new Set([...byCpu, ...byMemory])].map((one) => [one, describe(one, seconds)]),
        );
        const reported = (top: readonly Reported[]) =>
          top.map((one) => described.get(one)).filter((one) => one !== undefined);
        return { topCPUProcesses: reported(byCpu), topMemoryProcesses: reported(byMemory) };
      },
    };
  },
};

// The kernel keeps 15 characters of a name (TASK_COMM_LEN). Arguments may hold passwords, so they are not
// read unless asked for; of a name that was cut, the rest comes from the path of the program.
const longestKernelName = 15;

function commandOf(host: Host, folder: string, name: string, withArguments: boolean): string {
  if (!withArguments && name.length < longestKernelName) return cut(name, 64);
  const command = parseCommandLine(host.readText(`${folder}/cmdline`) ?? "", name, withArguments);
  return cut(command, withArguments ? 256 : 64);
}
