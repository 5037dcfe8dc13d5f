import { words } from "./text.ts";

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
