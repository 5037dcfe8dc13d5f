import { parseCount } from "./numbers.ts";
import { words } from "./text.ts";

/** Nothing else in /proc begins with a digit. */
export function isPid(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && name.length <= 10;
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
  // Numbered as in proc(5); what stands behind field 24 is not taken apart: this runs for every process.
  const fields = text.slice(close + 2).split(" ", 22);
  if (fields.length < 22) return undefined;
  const count = (field: number) => parseCount(fields[field - 3]) ?? 0;
  return {
    command: text.slice(open + 1, close),
    ticks: count(14) + count(15),
    started: count(22),
    residentPages: count(24),
  };
}

/** The real user id in /proc/PID/status. */
export function parseUid(status: string): string | undefined {
  return /^Uid:[ \t]+(\d{1,10})/m.exec(status)?.[1];
}

/** Resident memory in /proc/PID/status, in kB; 0 for the kernel's own threads. */
export function parseResidentKB(status: string): number {
  return Number(/^VmRSS:[ \t]+(\d{1,15}) kB/m.exec(status)?.[1] ?? 0);
}

/** The text of /proc/PID/cmdline: NUL after each argument. A program may write anything there. */
export function parseCommandLine(text: string, name: string, withArguments: boolean): string {
  const [program = "", ...rest] = text.split("\0", 64);
  if (withArguments) return words([program, ...rest].join(" ")).join(" ") || name;
  const file = program.slice(program.lastIndexOf("/") + 1);
  // A program that rewrote its title has all of it here: no more than the end of the name is taken.
  return file.startsWith(name) ? name + (/^\S*/.exec(file.slice(name.length))?.[0] ?? "") : name;
}
