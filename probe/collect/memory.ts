import type { MemoryMetrics } from "../../wire/metrics.ts";
import { type Collector, required } from "../collector.ts";
import { parseCount, rate, share, significant } from "../numbers.ts";
import { fieldValue } from "../text.ts";

/** Memory and swap from /proc/meminfo; how much is swapped in and out from /proc/vmstat. */
export const memory: Collector = {
  name: "memory",
  start({ host, procRoot }) {
    let before: (SwapCounters & { at: number }) | undefined;
    return {
      collect() {
        const meminfo = parseMeminfo(required(host, `${procRoot}/meminfo`));
        const memory = memoryMetrics(meminfo);
        if (!memory.swap) return { memory };
        const now = {
          ...parseSwapCounters(host.readText(`${procRoot}/vmstat`) ?? "", meminfo),
          at: host.monotonicMs(),
        };
        const seconds = before ? (now.at - before.at) / 1000 : 0;
        memory.swap.inPerSecond = significant(rate(now.in ?? 0, before?.in, seconds));
        memory.swap.outPerSecond = significant(rate(now.out ?? 0, before?.out, seconds));
        before = now;
        return { memory };
      },
    };
  },
};

/** Bytes by the name /proc/meminfo gives them. */
export type Meminfo = Map<string, number>;

export function parseMeminfo(text: string): Meminfo {
  const meminfo: Meminfo = new Map();
  for (const match of text.matchAll(/^([\w()]{1,40}):[ \t]*(\d{1,16}) kB$/gm)) {
    if (meminfo.size < 200) meminfo.set(match[1]!, Number(match[2]) * 1024);
  }
  return meminfo;
}

export function memoryMetrics(meminfo: Meminfo): MemoryMetrics {
  const bytes = (name: string) => meminfo.get(name) ?? 0;
  const total = meminfo.get("MemTotal");
  if (total === undefined) throw new Error("/proc/meminfo has no MemTotal");
  const cached = bytes("Cached") + bytes("SReclaimable");
  // MemAvailable is there since Linux 3.14.
  const available = Math.min(
    total,
    meminfo.get("MemAvailable") ?? bytes("MemFree") + bytes("Buffers") + cached,
  );
  const swapTotal = bytes("SwapTotal");
  return {
    total,
    used: significant(total - available),
    available: significant(available),
    usage: share(total - available, total),
    buffers: significant(bytes("Buffers")),
    cached: significant(cached),
    ...(swapTotal > 0 && {
      swap: { total: swapTotal, used: significant(Math.max(0, swapTotal - bytes("SwapFree"))) },
    }),
  };
}

/** Bytes swapped in and out since the machine started. */
export interface SwapCounters {
  in?: number;
  out?: number;
}

/**
 * The counters are in pages, and pages are 4 to 64 KiB on ARM. The same memory counted both ways, in
 * pages here and in kB in /proc/meminfo, tells their size.
 */
export function parseSwapCounters(vmstat: string, meminfo: Meminfo): SwapCounters {
  const pages = (key: string) => parseCount(fieldValue(key, vmstat));
  const size = pageSize(pages("nr_mapped"), meminfo.get("Mapped"));
  const bytes = (count: number | undefined) => (count === undefined ? undefined : count * size);
  return { in: bytes(pages("pswpin")), out: bytes(pages("pswpout")) };
}

function pageSize(pages: number | undefined, bytes: number | undefined): number {
  if (!pages || !bytes) return 4096;
  // The two were read a moment apart, so the ratio is near a power of two, not at it.
  return Math.min(65536, Math.max(4096, 2 ** Math.round(Math.log2(bytes / pages))));
}
