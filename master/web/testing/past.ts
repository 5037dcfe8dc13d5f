import { rowOf } from "../../../views/testing/viewing.ts";
import { openDatabase } from "../../database/database.ts";
import { createMetricsHistory } from "../../history/history.ts";
import { fakeDatasource } from "./datasource.ts";
import { sampleCluster } from "./sample.ts";
import { startWeb } from "./server.ts";

const hour = 3_600_000;

/** The pages of a master with two days of a node and of a pod on it, whose CPU is busy for one minute 20 hours ago. */
export async function startPast({ rawDays = 2 } = {}) {
  const database = openDatabase(":memory:");
  const clock = { now: 0 };
  const metrics = createMetricsHistory(database, {
    keptMs: [rawDays, 14, 90, 730].map((days) => days * 24 * hour),
    maxBytes: 2 ** 32,
    findPod: (_, __, uid) => ({
      namespace: "shop",
      name: uid === "u1" ? "web-1" : "web-2",
      kind: "Deployment",
      owner: "web",
    }),
    now: () => clock.now,
  });
  // Addresses name moments to the second.
  const end = Math.floor(Date.now() / 1000) * 1000;
  const busyMs = end - 20 * hour;
  for (clock.now = end - 48 * hour; clock.now <= end; clock.now += 30_000) {
    const busy = Math.abs(clock.now - busyMs) < 30_000;
    metrics.take("c1", [
      {
        nodeName: "n1",
        timestamp: new Date(clock.now).toISOString(),
        cpu: { usage: busy ? 0.97 : 0.125, cores: 4, perCore: [0.1, 0.2, 0.1, 0.1] },
        memory: { total: 2 ** 33, used: 2 ** 31 },
        disk: [{ mountPoint: "/", total: 2 ** 40, used: 2 ** 39 }],
        topCPUProcesses: [
          busy
            ? { pid: 66, user: "nobody", command: "miner", cpuPercent: 388, memoryMB: 20 }
            : { pid: 7, user: "root", command: "kubelet", cpuPercent: 12, memoryMB: 90 },
        ],
        containers: [
          { id: "x", podUID: "u1", cpuCores: 0.25, memoryWorkingSet: 2 ** 28 },
          { id: "y", podUID: "u2", cpuCores: busy ? 0.9 : 0.1, memoryWorkingSet: 2 ** 29 },
        ],
      },
    ]);
  }
  for (clock.now = end - 26 * hour; clock.now <= end; clock.now += 60_000)
    metrics.takeCluster("c1", [
      { group: "cpu", name: "used", unit: "cores", value: 1.5 },
      { group: "cpu", name: "total", unit: "cores", value: 4 },
      { group: "pods", name: "all", unit: "count", value: 12 },
    ]);
  clock.now = end;
  metrics.settle();
  const datasource = fakeDatasource();
  datasource.clusterViews = [sampleCluster("c1", "production")];
  datasource.rows = {
    node: [rowOf({ summary: { name: "n1" } }, { key: "n1" })],
    pod: [rowOf({ summary: { name: "web-1", namespace: "shop", node: "n1" } }, { key: "shop/web-1" })],
    deployment: [rowOf({ summary: { name: "web", namespace: "shop" } }, { key: "shop/web" })],
  };
  const web = await startWeb({ datasource, metrics, database });
  const get = async (path: string) => {
    const answer = await fetch(web.url + path, { headers: { accept: "text/html" } });
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status}`);
    return answer.text();
  };
  return { web, get, busyMs };
}
