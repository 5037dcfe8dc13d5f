import type { ContainerMetrics } from "../../wire/metrics.ts";
import { Absent, type Collector, type Context } from "../collector.ts";
import { findContainers } from "../cgroup.ts";
import { parseCount, rate, round, significant } from "../numbers.ts";
import { fieldValue } from "../text.ts";

/** CPU and memory of every container of a pod, from the control groups that the kubelet makes. */
export const containers: Collector = {
  name: "containers",
  start(context) {
    let before = new Map<string, { cpuSeconds: number; at: number }>();
    let lastAt: number | undefined;
    return {
      collect() {
        const readUsage = usageReader(context);
        const found = findContainers(context.host, readUsage.root);
        if (!found) throw new Absent("no pods");
        const seen: typeof before = new Map();
        const containers: ContainerMetrics[] = [];
        for (const { id, podUID, path } of found) {
          const usage = readUsage.read(path);
          const at = context.host.monotonicMs();
          // One that was not there before has used all of its time since then.
          const old = before.get(id) ?? (lastAt === undefined ? undefined : { cpuSeconds: 0, at: lastAt });
          if (!usage) {
            // It ends just now, or could not be read this once: then it is not to be taken for a new one.
            if (old) seen.set(id, old);
            continue;
          }
          seen.set(id, { cpuSeconds: usage.cpuSeconds, at });
          containers.push({
            id,
            podUID,
            cpuCores: old ? round(rate(usage.cpuSeconds, old.cpuSeconds, (at - old.at) / 1000), 3) : 0,
            memoryWorkingSet: significant(usage.workingSet),
            memoryLimit: usage.limit,
          });
        }
        before = seen;
        lastAt = context.host.monotonicMs();
        return { containers };
      },
    };
  },
};

interface Usage {
  cpuSeconds: number;
  workingSet: number;
  limit?: number;
}

interface UsageReader {
  /** The hierarchy in which the pods' groups are looked for. */
  root: string;
  read(path: string): Usage | undefined;
}

function usageReader({ host, sysRoot }: Context): UsageReader {
  const cgroup = `${sysRoot}/fs/cgroup`;
  const text = (path: string) => host.readText(path) ?? "";
  // Documentation/admin-guide/cgroup-v2.rst
  if (host.readText(`${cgroup}/cgroup.controllers`) !== undefined) {
    return {
      root: cgroup,
      read(path) {
        const folder = cgroup + path;
        return usageOf({
          cpuSeconds: scaled(fieldValue("usage_usec", text(`${folder}/cpu.stat`)), 1e6),
          used: text(`${folder}/memory.current`),
          inactive: fieldValue("inactive_file", text(`${folder}/memory.stat`)),
          limit: text(`${folder}/memory.max`),
        });
      },
    };
  }
  // Documentation/admin-guide/cgroup-v1/: one hierarchy for each controller, with the same paths.
  const cpu = ["cpu,cpuacct", "cpuacct", "cpu"].map((name) => `${cgroup}/${name}`);
  const accounting = cpu.find((folder) => host.readText(`${folder}/cpuacct.usage`) !== undefined) ?? cgroup;
  return {
    root: `${cgroup}/memory`,
    read(path) {
      const folder = `${cgroup}/memory${path}`;
      return usageOf({
        cpuSeconds: scaled(text(`${accounting}${path}/cpuacct.usage`), 1e9),
        used: text(`${folder}/memory.usage_in_bytes`),
        inactive: fieldValue("total_inactive_file", text(`${folder}/memory.stat`)),
        limit: text(`${folder}/memory.limit_in_bytes`),
      });
    },
  };
}

function scaled(text: string | undefined, scale: number): number | undefined {
  const count = parseCount(text?.trim());
  return count === undefined ? undefined : count / scale;
}

// "No limit" is "max" in version 2, and in version 1 the greatest multiple of a page in 63 bits.
const unlimited = 2 ** 60;

/** Undefined when the group is gone, or nothing is told of its CPU or memory. */
export function usageOf(told: {
  cpuSeconds: number | undefined;
  used: string;
  inactive: string | undefined;
  limit: string;
}): Usage | undefined {
  const used = parseCount(told.used.trim());
  if (told.cpuSeconds === undefined || used === undefined) return undefined;
  const limit = parseCount(told.limit.trim());
  return {
    cpuSeconds: told.cpuSeconds,
    workingSet: Math.max(0, used - (parseCount(told.inactive) ?? 0)),
    limit: limit !== undefined && limit < unlimited ? limit : undefined,
  };
}
