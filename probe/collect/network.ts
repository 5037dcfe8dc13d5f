import type { NetworkMetrics } from "../../wire/metrics.ts";
import { type Collector, type Context, required } from "../collector.ts";
import { parseCounts, rate, round, significant } from "../numbers.ts";
import { cut, matchesAny, words } from "../text.ts";

const mostInterfaces = 512;

/** The traffic of every interface that is up. */
export const network: Collector = {
  name: "network",
  start(context) {
    const { host, procRoot, virtualInterfaces, excludedInterfaces } = context;
    let before: { at: number; counters: Map<string, InterfaceCounters> } | undefined;
    return {
      collect() {
        // Those of process 1: a probe in a container has a network of its own.
        const text = host.readText(`${procRoot}/1/net/dev`) ?? required(host, `${procRoot}/net/dev`);
        const counters = parseNetDev(text);
        const at = host.monotonicMs();
        const seconds = before ? (at - before.at) / 1000 : 0;
        const network: NetworkMetrics[] = [];
        for (const [name, now] of counters) {
          if (matchesAny(name, excludedInterfaces)) continue;
          const facts = readFacts(context, name);
          if (!facts.up || (facts.virtual && !virtualInterfaces)) continue;
          const old = before?.counters.get(name);
          network.push({
            interface: cut(name, 64),
            rxKBps: round(significant(rate(now.rxBytes, old?.rxBytes, seconds) / 1024), 1),
            txKBps: round(significant(rate(now.txBytes, old?.txBytes, seconds) / 1024), 1),
            ...now,
            // Totals are looked at; what moves is told by the rates.
            rxBytes: significant(now.rxBytes, 6),
            txBytes: significant(now.txBytes, 6),
            speedMbps: facts.speedMbps,
            virtual: facts.virtual || undefined,
          });
        }
        before = { at, counters };
        return { network };
      },
    };
  },
};

export interface InterfaceCounters {
  rxBytes: number;
  txBytes: number;
  rxErrors: number;
  txErrors: number;
  rxDropped: number;
  txDropped: number;
}

/** The table of /proc/net/dev: eight columns received, eight sent. */
export function parseNetDev(text: string): Map<string, InterfaceCounters> {
  const counters = new Map<string, InterfaceCounters>();
  for (const line of text.split("\n", 4096)) {
    // The last colon: an alias such as eth0:1 has one in its name.
    const colon = line.lastIndexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim();
    const numbers = parseCounts(words(line.slice(colon + 1)));
    if (name === "" || !numbers || numbers.length < 16) continue;
    if (counters.size >= mostInterfaces) break;
    counters.set(name, {
      rxBytes: numbers[0]!,
      txBytes: numbers[8]!,
      rxErrors: numbers[2]!,
      txErrors: numbers[10]!,
      rxDropped: numbers[3]!,
      txDropped: numbers[11]!,
    });
  }
  return counters;
}

interface InterfaceFacts {
  up: boolean;
  virtual: boolean;
  speedMbps?: number;
}

function readFacts({ host, sysRoot }: Context, name: string): InterfaceFacts {
  const folder = `${sysRoot}/class/net/${name}`;
  const flags = host.readText(`${folder}/flags`);
  // Without a /sys of the same network it is there, and that is all one knows.
  if (flags === undefined) return { up: true, virtual: false };
  const up = isUp(flags, host.readText(`${folder}/operstate`) ?? "");
  if (!up) return { up, virtual: false };
  const virtual = host.readLink(folder)?.includes("/devices/virtual/") ?? false;
  return {
    up,
    virtual,
    // The driver's; -1 where it does not know, and of a virtual one it means nothing.
    speedMbps: virtual ? undefined : parseSpeed(host.readText(`${folder}/speed`) ?? ""),
  };
}

/** Switched on (IFF_UP), and with a carrier as far as the driver can tell (RFC 2863's operational states). */
export function isUp(flags: string, operstate: string): boolean {
  const on = (Number.parseInt(flags, 16) & 1) === 1;
  return on && ["up", "unknown", ""].includes(operstate.trim());
}

export function parseSpeed(text: string): number | undefined {
  const speed = Number(text.trim());
  return Number.isInteger(speed) && speed > 0 ? speed : undefined;
}
