import type { ProcessMetrics } from "../../wire/metrics.ts";
import { Absent, type Collector } from "../collector.ts";
import type { Host } from "../host.ts";
import { growth, round } from "../numbers.ts";
import {
  isPid,
  type ProcessStat,
  parseCommandLine,
  parseProcessStat,
  parseResidentKB,
  parseUid,
} from "../process.ts";
import { cut } from "../text.ts";
import { highest } from "../top.ts";
import { userNames } from "../users.ts";

// USER_HZ: what the kernel shows to programs is in hundredths of a second on every architecture (proc(5)).
const ticksPerSecond = 100;
const mostProcesses = 20_000;

/** A process, with the CPU time that it used since the look before. */
interface Running {
  pid: string;
  stat: ProcessStat;
  used: number;
}

/**
 * The processes that use most CPU and those that use most memory, from /proc/PID/stat of all; what else
 * is said of a process is read for the few that are reported.
 */
export const processes: Collector = {
  name: "processes",
  start({ host, procRoot, hostRoot, topProcesses, processArguments }) {
    const users = userNames(host, hostRoot);
    let before: { at: number; seen: Map<string, ProcessStat> } | undefined;

    function look(): { running: Running[]; seconds: number } {
      const pids = host.list(procRoot)?.filter(isPid).slice(0, mostProcesses);
      if (!pids) throw new Absent(`${procRoot} cannot be listed`);
      const at = host.monotonicMs();
      const seconds = before ? (at - before.at) / 1000 : 0;
      const seen = new Map<string, ProcessStat>();
      const running: Running[] = [];
      for (const pid of pids) {
        const old = before?.seen.get(pid);
        const stat = parseProcessStat(host.readText(`${procRoot}/${pid}/stat`) ?? "");
        if (stat) running.push({ pid, stat, used: before ? ticksSince(old, stat) : 0 });
        // One that could not be read this once is not to be taken for a new one the next time.
        const kept = stat ?? old;
        if (kept) seen.set(pid, kept);
      }
      before = { at, seen };
      return { running, seconds };
    }

    function describe({ pid, stat, used }: Running, seconds: number): ProcessMetrics | undefined {
      const folder = `${procRoot}/${pid}`;
      const status = host.readText(`${folder}/status`);
      if (status === undefined) return undefined; // It ended since.
      return {
        pid: Number(pid),
        user: users(parseUid(status)),
        command: commandOf(host, folder, stat.command, processArguments),
        cpuPercent: seconds > 0 ? round((used / ticksPerSecond / seconds) * 100, 1) : 0,
        memoryMB: round(parseResidentKB(status) / 1024, 1),
      };
    }

    return {
      collect() {
        const { running, seconds } = look();
        const byCpu = highest(running, topProcesses, (one) => one.used);
        const byMemory = highest(running, topProcesses, (one) => one.stat.residentPages);
        // Most are in both, and are described once.
        const described = new Map(
          [...new Set([...byCpu, ...byMemory])].map((one) => [one, describe(one, seconds)]),
        );
        const reported = (top: Running[]) =>
          top.map((one) => described.get(one)).filter((one) => one !== undefined);
        return { topCPUProcesses: reported(byCpu), topMemoryProcesses: reported(byMemory) };
      },
    };
  },
};

/** CPU time since the sample before; all that it has if it was not there then, or was another process. */
function ticksSince(before: ProcessStat | undefined, now: ProcessStat): number {
  return before?.started === now.started ? growth(now.ticks, before.ticks) : now.ticks;
}

// The kernel keeps 15 characters of a name (TASK_COMM_LEN). Arguments may hold passwords, so they are not
// read unless asked for; of a name that was cut, the rest comes from the path of the program.
const longestKernelName = 15;

function commandOf(host: Host, folder: string, name: string, withArguments: boolean): string {
  if (!withArguments && name.length < longestKernelName) return cut(name, 64);
  const command = parseCommandLine(host.readText(`${folder}/cmdline`) ?? "", name, withArguments);
  return cut(command, withArguments ? 256 : 64);
}
