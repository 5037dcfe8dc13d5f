import { join } from "node:path";
import { addCluster } from "../../master/database/clusters.ts";
import type { Database } from "../../master/database/database.ts";
import { createMetricsHistory } from "../../master/history/history.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { promtool } from "./prometheus.ts";

const day = 86_400_000;

/** Samples of one series as Prometheus would have them: in seconds and in its own names. */
export interface Known {
  labels: string;
  samples: [ms: number, value: number][];
}

export interface Seeded {
  id: string;
  /** By metric. */
  known: Map<string, Known[]>;
  beginMs: number;
  endMs: number;
}

/** Steady noise between 0 and 1, the same in each run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const times = (value: number, step: number) => Math.round(value * step);

/**
 * Fills the history of a cluster with hours of three nodes and their pods: one is away for a while, one comes late, a
 * count grows and begins anew. Gives the same as it has to be in Prometheus, from the values themselves. `everyMs` is a
 * multiple of 5 s; `keptMs` says how long each tier is kept, as the configuration does.
 */
export async function seedHistory(
  db: Database,
  hours: number,
  {
    everyMs = 5000,
    keptMs = [2, 14, 90, 730].map((days) => days * day),
    endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000,
  } = {},
): Promise<Seeded> {
  const { id } = await addCluster(db, "home");
  const beginMs = endMs - hours * 3_600_000;
  const clock = { now: beginMs };
  const history = createMetricsHistory(db, {
    keptMs,
    maxBytes: 2 ** 40,
    findPod: (_cluster, node, uid) => ({
      namespace: uid.endsWith("0") ? "shop" : "back",
      name: `pod-${uid}-${node}`,
      kind: "Deployment",
      owner: uid.endsWith("0") ? "web" : "api",
    }),
    now: () => clock.now,
    failed: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  const known = new Map<string, Map<string, Known>>();
  const put = (metric: string, labels: string, ms: number, value: number) => {
    let series = known.get(metric);
    if (!series) {
      series = new Map();
      known.set(metric, series);
    }
    const all = `cluster="home",cluster_id="${id}",${labels}`;
    const one = series.get(all) ?? { labels: all, samples: [] };
    series.set(all, one);
    one.samples.push([ms, value]);
  };
  const any = noise(7);
  const inodes = [1000, 2000, 3000];
  for (let tick = 0; tick * everyMs < endMs - beginMs; tick++) {
    const pods = new Map<string, number[]>();
    for (const [number, node] of ["n1", "n2", "n3"].entries()) {
      const minute = (tick * everyMs) / 60_000;
      // It goes at the end of ten minutes: where a coarser tier has one value for all of them, that is their last one
      // and stands at their end, so that a node that goes in between is told for some minutes more.
      if (node === "n2" && minute % 240 >= 100 && minute % 240 < 112) continue;
      if (node === "n3" && minute < 130) continue;
      // Between whole steps, and never on a moment that is asked for.
      const ms = beginMs + tick * everyMs + 2000 + Math.floor(any() * 9) * 100;
      clock.now = ms + 200;
      inodes[number]! += Math.floor(any() * 4);
      if (tick % 2000 === 1999) inodes[number] = 5;
      const usage = times(0.4 + 0.3 * Math.sin(tick / 300 + number) + 0.2 * any(), 1000) / 1000;
      const cores = [usage, times(any(), 1000) / 1000];
      const used = times(1e5 + 5e4 * Math.sin(tick / 900) + 1e4 * any(), 1) * 4096;
      const disk = (1_000_000 + tick * (number + 1) + Math.floor(any() * 50)) * 4096;
      const received = Math.floor(any() * 4000);
      const degrees = times(40 + 20 * any(), 10) / 10;
      history.take(id, [
        {
          nodeName: node,
          timestamp: new Date(ms).toISOString(),
          cpu: { usage, cores: 2, perCore: cores },
          memory: { total: 2 ** 31, used },
          temperature: { sensors: [{ name: "Package id 0", degrees }] },
          disk: [
            {
              mountPoint: "/",
              used: disk,
              total: 2 ** 40,
              inodes: { used: inodes[number]!, total: 10 ** 6 },
            },
          ],
          network: [{ interface: "eth0", rxKBps: received / 4, txKBps: 0 }],
          containers: [0, 1].map((pod) => ({
            id: `c${pod}-${node}`,
            podUID: `${number}${pod}`,
            cpuCores: times(usage * (pod + 1) * 0.3, 1000) / 1000,
            memoryWorkingSet: 4096 * (1000 * (pod + 1) + Math.floor(tick / 100)),
          })),
        } as unknown as NodeMetricsSnapshot,
      ]);
      const at = `node="${node}"`;
      put("atlhyper_node_cpu_usage_ratio", at, ms, usage);
      for (const [core, share] of cores.entries())
        put("atlhyper_node_core_usage_ratio", `core="${core}",${at}`, ms, share);
      put("atlhyper_node_memory_used_bytes", at, ms, used);
      put("atlhyper_node_memory_total_bytes", at, ms, 2 ** 31);
      put("atlhyper_node_temperature_celsius", `${at},sensor="Package id 0"`, ms, degrees);
      put("atlhyper_node_disk_used_bytes", `mount="/",${at}`, ms, disk);
      put("atlhyper_node_disk_total_bytes", `mount="/",${at}`, ms, 2 ** 40);
      put("atlhyper_node_disk_inodes", `mount="/",${at}`, ms, 10 ** 6);
      put("atlhyper_node_net_sent_bytes_per_second", `device="eth0",${at}`, ms, 0);
      put("atlhyper_node_disk_inodes_used", `mount="/",${at}`, ms, inodes[number]!);
      put("atlhyper_node_net_received_bytes_per_second", `device="eth0",${at}`, ms, received * 256);
      for (const pod of [0, 1]) {
        const [namespace, workload] = pod === 0 ? ["shop", "web"] : ["back", "api"];
        const of = `namespace="${namespace}",workload="${workload}",workload_kind="Deployment"`;
        const cpu = times(usage * (pod + 1) * 0.3, 1000) / 1000;
        const slot = Math.floor((ms - beginMs) / 5000) * 5000 + beginMs;
        put("atlhyper_pod_cpu_cores", `${of},pod="pod-${number}${pod}-${node}"`, slot, cpu);
        pods.set(of, [...(pods.get(of) ?? []), cpu]);
      }
    }
    if (tick % 120 === 0) {
      history.flush();
      history.settle();
    }
  }
  clock.now = endMs + 3_600_000;
  history.flush();
  history.settle();
  history.close();
  return {
    id,
    known: new Map([...known].map(([metric, series]) => [metric, [...series.values()]])),
    beginMs,
    endMs,
  };
}

function openMetrics(known: Seeded["known"]): string {
  const lines: string[] = [];
  for (const [metric, series] of known) {
    lines.push(`# TYPE ${metric} gauge`);
    for (const { labels, samples } of series)
      for (const [ms, value] of samples) lines.push(`${metric}{${labels}} ${value} ${ms / 1000}`);
  }
  return `${lines.join("\n")}\n# EOF\n`;
}

/** Writes the same samples into the store of a Prometheus that is to be started in this folder. */
export async function storeFor(folder: string, { known }: Seeded): Promise<void> {
  const text = join(folder, "samples.om");
  await Bun.write(text, openMetrics(known));
  const made = Bun.spawnSync([
    promtool!,
    "tsdb",
    "create-blocks-from",
    "openmetrics",
    text,
    join(folder, "data"),
  ]);
  if (made.exitCode !== 0) throw new Error(made.stderr.toString());
}
