import type { CpuModes } from "../../wire/metrics.ts";
import { type Collecting, type Collector, type Context, required } from "../collector.ts";
import { growth, parseCount, parseDecimal, round, share } from "../numbers.ts";
import { cut, words } from "../text.ts";

// Time is counted in ticks of 10 ms: over a moment, one of them would look like a burst.
const shortestSampleMs = 500;

/**
 * CPU time by mode, of all cores and of each, from /proc/stat. What is reported is the mean since the
 * snapshot before, and `peak`, the highest of the shorter samples in between: a burst of two seconds shows,
 * and nothing between the samples is lost.
 */
export const cpu: Collector = {
  name: "cpu",
  start(context) {
    const { host, procRoot } = context;
    const model = readModel(context);
    let reported: CpuTimes | undefined;
    let sampled: { times: CpuTimes; at: number } | undefined;
    let peak = 0;

    function look(cores: boolean): CpuTimes {
      const times = parseStat(required(host, `${procRoot}/stat`), cores);
      const at = host.monotonicMs();
      if (sampled && at - sampled.at < shortestSampleMs) return times;
      if (sampled?.times.total && times.total) peak = Math.max(peak, busy(times.total, sampled.times.total));
      sampled = { times, at };
      return times;
    }

    function collect() {
      const now = look(true);
      const before = reported;
      reported = now;
      if (!now.total) throw new Error("/proc/stat has no line of all cores");
      const usage = busy(now.total, before?.total ?? now.total);
      const highest = Math.max(peak, usage);
      peak = 0;
      return {
        cpu: {
          usage,
          cores: now.cores.size,
          ...parseLoadavg(host.readText(`${procRoot}/loadavg`) ?? ""),
          perCore: [...now.cores].map(([core, time]) => busy(time, before?.cores.get(core) ?? time)),
          modes: modesBetween(now.total, before?.total ?? now.total),
          peak: highest,
          model,
        },
      };
    }

    return { collect, sample: () => void look(false) } satisfies Collecting;
  },
};

/** Time in clock ticks by mode, in the order of /proc/stat; guest time is part of user and nice. */
type Ticks = number[];
const modeNames = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"] as const;
const idle = 3;
const iowait = 4;

export interface CpuTimes {
  total?: Ticks;
  /** By the core's number; cores that are offline are missing. */
  cores: Map<number, Ticks>;
}

const mostCores = 4096;

/** With `cores` false no more than the first line, that of all cores, is taken apart. */
export function parseStat(text: string, cores = true): CpuTimes {
  const times: CpuTimes = { cores: new Map() };
  // The lines of the CPUs come first; the interrupt counters behind them are long.
  const end = text.indexOf(cores ? "\nintr" : "\n");
  for (const line of (end < 0 ? text : text.slice(0, end)).split("\n")) {
    if (!line.startsWith("cpu")) break;
    const [name = "", ...fields] = words(line);
    const ticks = modeNames.map((_, index) => parseCount(fields[index]) ?? 0);
    if (name === "cpu") times.total = ticks;
    const core = parseCount(name.slice(3));
    if (core !== undefined && times.cores.size < mostCores) times.cores.set(core, ticks);
  }
  return times;
}

export function parseLoadavg(text: string): { load1?: number; load5?: number; load15?: number } {
  const [load1, load5, load15] = words(text).map(parseDecimal);
  return { load1, load5, load15 };
}

/** The name of the processor on x86, of the board on most ARM machines. */
export function parseModel(text: string): string | undefined {
  // A board's name says more than that of an ARM core, which 32-bit kernels give too.
  const model = (/^Model[ \t]*:[ \t]*(\S.*)$/m.exec(text) ??
    /^model name[ \t]*:[ \t]*(\S.*)$/m.exec(text))?.[1];
  return model === undefined ? undefined : cut(model.trim());
}

// Once only: on x86 reading /proc/cpuinfo interrupts every core to ask for its frequency.
function readModel({ host, procRoot }: Context): string | undefined {
  return parseModel(host.readText(`${procRoot}/cpuinfo`) ?? "");
}

// Each mode by itself: iowait and idle are known to go backwards (Documentation/filesystems/proc.rst).
function grown(now: Ticks, before: Ticks): { by: Ticks; total: number } {
  const by = now.map((ticks, mode) => growth(ticks, before[mode]));
  return { by, total: by.reduce((sum, ticks) => sum + ticks, 0) };
}

function busy(now: Ticks, before: Ticks): number {
  const { by, total } = grown(now, before);
  return share(total - by[idle]! - by[iowait]!, total);
}

function modesBetween(now: Ticks, before: Ticks): CpuModes {
  const { by, total } = grown(now, before);
  const modes = Object.fromEntries(
    modeNames.map((name, mode) => [name, share(by[mode]!, total)]),
  ) as CpuModes;
  const others = modeNames.reduce((sum, name) => (name === "idle" ? sum : sum + modes[name]), 0);
  // What is left, so that the rounded shares still sum to 1.
  return { ...modes, idle: round(Math.max(0, 1 - others), 3) };
}
