import { type Collector, required } from "../collector.ts";
import { parseCounts, rate, round, share, significant } from "../numbers.ts";
import { cut, words } from "../text.ts";

const mostDevices = 256;

/** What each disk reads and writes, from /proc/diskstats (Documentation/admin-guide/iostats.rst). */
export const diskio: Collector = {
  name: "diskio",
  start({ host, procRoot, sysRoot }) {
    let before: { at: number; counters: Map<string, DiskCounters> } | undefined;
    return {
      collect() {
        const counters = parseDiskstats(required(host, `${procRoot}/diskstats`));
        const at = host.monotonicMs();
        const seconds = before ? (at - before.at) / 1000 : 0;
        // Partitions are in diskstats too, and their traffic would count twice; /sys/block has none of them.
        const whole = host.list(`${sysRoot}/block`);
        const diskIO = [...counters]
          .filter(([device, now]) => isDisk(device, now) && (!whole || whole.includes(device)))
          .slice(0, mostDevices)
          .map(([device, now]) => {
            const old = before?.counters.get(device);
            return {
              device: cut(device, 64),
              readPerSecond: significant(rate(now.readBytes, old?.readBytes, seconds)),
              writtenPerSecond: significant(rate(now.writtenBytes, old?.writtenBytes, seconds)),
              readsPerSecond: round(rate(now.reads, old?.reads, seconds), 1),
              writesPerSecond: round(rate(now.writes, old?.writes, seconds), 1),
              busy: share(rate(now.busyMs, old?.busyMs, seconds), 1000),
            };
          });
        before = { at, counters };
        return { diskIO };
      },
    };
  },
};

export interface DiskCounters {
  reads: number;
  readBytes: number;
  writes: number;
  writtenBytes: number;
  busyMs: number;
}

// A sector is 512 bytes here whatever the device's own are.
const sector = 512;

export function parseDiskstats(text: string): Map<string, DiskCounters> {
  const counters = new Map<string, DiskCounters>();
  for (const line of text.split("\n", 10_000)) {
    const fields = words(line);
    const device = fields[2];
    const numbers = parseCounts(fields.slice(3, 13));
    if (!device || !numbers || numbers.length < 10) continue;
    counters.set(device, {
      reads: numbers[0]!,
      readBytes: numbers[2]! * sector,
      writes: numbers[4]!,
      writtenBytes: numbers[6]! * sector,
      busyMs: numbers[9]!,
    });
  }
  return counters;
}

/** Neither memory in disguise, nor a card's boot areas, nor a drive that was never used. */
function isDisk(device: string, counters: DiskCounters): boolean {
  return !/^(loop|ram|zram|fd|sr)\d|boot\d$|rpmb$/.test(device) && counters.reads + counters.writes > 0;
}
