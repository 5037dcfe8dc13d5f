import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** So long a process has from being asked to end until it is made to. */
const patienceMs = 5000;

/** What a lab has started, by the process ids that it keeps. */
export function startedIn(folder: string): number[] {
  return [...new Bun.Glob("*.pid").scanSync(folder)]
    .map((file) => Number(readFileSync(join(folder, file), "utf8")))
    .filter((pid) => pid > 1);
}

/** Processes by the words of their command line. */
export function processesOf(wanted: (words: string[]) => boolean): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return wanted(readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0"));
      } catch {
        return false; // It has ended meanwhile.
      }
    })
    .map(Number);
}

/**
 * Waits until processes that were asked to end have done so, and kills those that do not: a containerd that outlives its
 * lab answers for the next one, and starts none of its pods.
 */
export async function haveEnded(pids: readonly number[]): Promise<void> {
  const end = performance.now() + patienceMs;
  for (const pid of pids) {
    while (runs(pid) && performance.now() < end) await Bun.sleep(50);
    if (!runs(pid)) continue;
    console.log(`killed: ${pid} of a lab, which did not end`);
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended at this moment.
    }
  }
}

/** One that has ended and that nobody asked for its exit code is still listed, as a zombie. */
function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
