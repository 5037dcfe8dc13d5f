import type { ProcessMetrics } from "../../wire/metrics.ts";
import { Absent, type Collector } from "../collector.ts";
import type { Host } from "../host.ts";
import { growth, round } from "../numbers.ts";
import { cut, words } from "../text.ts";
import { highest } from "../top.ts";
import { userNames } from "../users.ts";

// USER_HZ: what the kernel shows to programs is in hundredths of a second on every architecture (proc(5)).
const ticksPerSecond = 100;
const mostProcesses = 20_000;

/**
 * The processes that use most CPU and those that use most memory, from /proc/PID/stat of all; what else
 * is said of a process is read for the few that are reported.
 */
export const processes: Collector = {
  name: "processes",
  start({ host, procRoot, hostRoot, topProcesses, processArguments }) {
    const users = userNames(host, hostRoot);
    let before: { at: number; seen: Map<string, ProcessStat> } | undefined;

    return {
      collect() {
        const pids = host.list(procRoot)?.filter(isPid).slice(0, mostProcesses);
        if (!pids) throw new Absent(`${procRoot} cannot be listed`);
        const at = host.monotonicMs();
        const seconds = before ? (at - before.at) / 1000 : 0;
        const seen = new Map<string, ProcessStat>();
        const running: Running[] = [];
        for (const pid of pids) {
          const stat = parseProcessStat(host.readText(`${procRoot}/${pid}/stat`) ?? "");
          const old = before?.seen.get(pid);
          if (!stat) {
            // It ended, or could not be read this once: then it is not to be taken for a new one.
            if (old) seen.set(pid, old);
            continue;
          }
          seen.set(pid, stat);
          running.push({ pid, ...stat, ticks: before ? ticksSince(old, stat) : 0 });
        }
        before = { at, seen };

        const described = new Map<string, ProcessMetrics | undefined>();
        const describe = (one: Running): ProcessMetrics | undefined => {
          if (!described.has(one.pid)) {
            const status = host.readText(`${procRoot}/${one.pid}/status`);
            described.set(
              one.pid,
              status === undefined
                ? undefined // It ended since.
                : {
                    pid: Number(one.pid),
                    user: users(parseUid(status)),
                    command: commandOf(host, `${procRoot}/${one.pid}`, one.command, processArguments),
                    cpuPercent: seconds > 0 ? round((one.ticks / ticksPerSecond / seconds) * 100, 1) : 0,
                    memoryMB: round(parseResidentKB(status) / 1024, 1),
                  },
            );
          }
          return described.get(one.pid);
        };
        const reported = (top: Running[]) => top.map(describe).filter((one) => one !== undefined);
        return {
          topCPUProcesses: reported(highest(running, topProcesses, (one) => one.ticks)),
          topMemoryProcesses: reported(highest(running, topProcesses, (one) => one.residentPages)),
        };
      },
    };
  },
};

type Running = ProcessStat & { pid: string };

export function isPid(name: string): boolean {
  return /^\d{1,10}$/.test(name);
}

export interface ProcessStat {
  command: string;
  /** CPU time in user and kernel mode. */
  ticks: number;
  /** When it started, in ticks since the machine did: with its pid, what tells it from a later process. */
  started: number;
  residentPages: number;
}

/** A line of /proc/PID/stat; its second field is the name in brackets, and may itself hold blanks and brackets. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  // Numbered as in proc(5). One pass over the text, without a string for each field: this runs for every process.
  let utime = 0;
  let stime = 0;
  let started = 0;
  let field = 2;
  for (let at = close + 1; at >= 0 && at < text.length; at = text.indexOf(" ", at + 1)) {
    field++;
    if (field === 14) utime = digitsAt(text, at + 1);
    else if (field === 15) stime = digitsAt(text, at + 1);
    else if (field === 22) started = digitsAt(text, at + 1);
    else if (field === 24) {
      const residentPages = digitsAt(text, at + 1);
      return { command: text.slice(open + 1, close), ticks: utime + stime, started, residentPages };
    }
  }
  return undefined;
}

/** The number at a place of a text; 0 where there is none. */
function digitsAt(text: string, start: number): number {
  let number = 0;
  for (let at = start; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return Number.isSafeInteger(number) ? number : 0;
}

/** CPU time since the sample before; all that it has if it was not there then, or was another process. */
function ticksSince(before: ProcessStat | undefined, now: ProcessStat): number {
  return before?.started === now.started ? growth(now.ticks, before.ticks) : now.ticks;
}

/** The real user id in /proc/PID/status. */
export function parseUid(status: string): string | undefined {
  return /^Uid:[ \t]+(\d{1,10})/m.exec(status)?.[1];
}

/** Resident memory in /proc/PID/status, in kB; 0 for the kernel's own threads. */
export function parseResidentKB(status: string): number {
  return Number(/^VmRSS:[ \t]+(\d{1,15}) kB/m.exec(status)?.[1] ?? 0);
}

// The kernel keeps 15 characters of a name (TASK_COMM_LEN). Arguments may hold passwords, so they are not
// read unless asked for; of a name that was cut, the rest comes from the path of the program.
const longestKernelName = 15;

function commandOf(host: Host, folder: string, name: string, withArguments: boolean): string {
  if (!withArguments && name.length < longestKernelName) return cut(name, 64);
  const command = parseCommandLine(host.readText(`${folder}/cmdline`) ?? "", name, withArguments);
  return cut(command, withArguments ? 256 : 64);
}

/** The text of /proc/PID/cmdline: NUL after each argument. A program may write anything there. */
export function parseCommandLine(text: string, name: string, withArguments: boolean): string {
  const [program = "", ...rest] = text.split("\0", 64);
  if (withArguments) return words([program, ...rest].join(" ")).join(" ") || name;
  const file = program.slice(program.lastIndexOf("/") + 1);
  return file.startsWith(name) ? file : name;
}
