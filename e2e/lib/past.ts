import { startTestMaster, type TestMaster } from "../../master/harness.ts";
import { addCluster } from "../../master/database/clusters.ts";
import { openDatabase } from "../../master/database/database.ts";
import { createMarks } from "../../master/history/marks.ts";
import { createMetricsHistory } from "../../master/history/history.ts";
import { encodeBody } from "../../wire/body.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { temporaryFolder } from "./product.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

export interface PastMaster extends AsyncDisposable {
  master: TestMaster;
  cluster: string;
  /** A minute, a week ago, in which one process took all CPU. */
  busyMs: number;
  /** Sends what the node measures now, as its agent does. */
  push(): Promise<void>;
}

/** A master that has known a node, a pod of a Deployment on it and their cluster for ten days. */
export async function startPastMaster(): Promise<PastMaster> {
  const folder = temporaryFolder();
  const end = Date.now();
  const busyMs = Math.floor((end - 7 * day) / minute) * minute;
  const { id, token } = await fill(folder.path, end, busyMs);
  const master = await startTestMaster({ data: folder.path });
  const post = async (path: string, source: string, payload: object) => {
    const envelope = { version: "v1", cluster_id: "uid", source, ts_ms: Date.now(), payload };
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(master.url + path, { method: "POST", headers, body: encodeBody(envelope) });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  };
  const push = () =>
    post("/ingest/metrics/snapshot", "metrics_snapshot", {
      snapshots: { n1: snapshotAt(Date.now(), busyMs) },
    });
  await post("/ingest/nodelist", "node_list_snapshot", {
    nodes: [{ summary: { name: "n1", ready: "True", schedulable: true } }],
  });
  await post("/ingest/podlist", "pod_list_snapshot", {
    pods: [
      {
        summary: {
          name: "web-1",
          namespace: "shop",
          node: "n1",
          uid: "u1",
          phase: "Running",
          ready: "1/1",
          owners: [{ kind: "Deployment", name: "web" }],
        },
        containers: [{ name: "web", status: { state: "Running" } }],
      },
    ],
  });
  await post("/ingest/deploymentlist", "deployment_list_snapshot", {
    deployments: [{ summary: { name: "web", namespace: "shop", replicas: 1, ready: 1 } }],
  });
  await push();
  return {
    master,
    cluster: id,
    busyMs,
    push,
    async [Symbol.asyncDispose]() {
      await master.stop();
      folder[Symbol.dispose]();
    },
  };
}

async function fill(folder: string, end: number, busyMs: number) {
  const database = openDatabase(folder);
  const added = await addCluster(database, "production");
  const clock = { now: 0 };
  const history = createMetricsHistory(database, {
    keptMs: [2, 14, 90, 730].map((days) => days * day),
    maxBytes: 2 ** 32,
    findPod: () => ({ namespace: "shop", name: "web-1", kind: "Deployment", owner: "web" }),
    now: () => clock.now,
  });
  for (clock.now = end - 10 * day; clock.now <= end; clock.now += minute / 2) {
    history.take(added.id, [snapshotAt(clock.now, busyMs)]);
    history.takeCluster(added.id, [
      { group: "cpu", name: "used", unit: "cores", value: wave(clock.now) * 4 },
      { group: "cpu", name: "total", unit: "cores", value: 4 },
      { group: "memory", name: "used", unit: "bytes", value: 2 ** 32 * (1 + wave(clock.now)) },
      { group: "memory", name: "total", unit: "bytes", value: 2 ** 34 },
      { group: "pods", name: "all", unit: "count", value: 12 },
    ]);
    if (clock.now % day < minute / 2) history.settle();
  }
  clock.now = end;
  history.settle();
  history.close();
  const marks = createMarks(database, { keptMs: 730 * day });
  marks.note({
    cluster: added.id,
    what: "deploy",
    kind: "Deployment",
    namespace: "shop",
    name: "web",
    atMs: end - 6 * 60 * minute,
    ref: "7",
    detail: { revision: 7 },
  });
  marks.close();
  database.close();
  return added;
}

/** Up and down once a day, with something of each hour. */
const wave = (ms: number) =>
  0.3 + 0.15 * Math.sin((ms / day) * 2 * Math.PI) + 0.05 * Math.sin((ms / day) * 24 * 2 * Math.PI);

function snapshotAt(ms: number, busyMs: number): NodeMetricsSnapshot {
  const busy = ms >= busyMs && ms < busyMs + minute;
  const usage = busy ? 0.97 : wave(ms);
  return {
    nodeName: "n1",
    timestamp: new Date(ms).toISOString(),
    cpu: {
      usage,
      cores: 4,
      load1: usage * 4,
      perCore: [usage, usage, usage, usage],
      modes: {
        user: usage * 0.7,
        nice: 0,
        system: usage * 0.2,
        idle: 1 - usage,
        iowait: usage * 0.1,
        irq: 0,
        softirq: 0,
        steal: 0,
      },
    },
    memory: { total: 2 ** 33, used: 2 ** 32 * (0.5 + wave(ms)), cached: 2 ** 30 },
    network: [{ interface: "eth0", rxKBps: 200 * wave(ms), txKBps: 100 * wave(ms) }],
    disk: [{ mountPoint: "/", total: 2 ** 40, used: 2 ** 39 }],
    topCPUProcesses: [
      ...(busy ? [{ pid: 66, user: "nobody", command: "miner", cpuPercent: 388, memoryMB: 20 }] : []),
      { pid: 7, user: "root", command: "kubelet", cpuPercent: 12, memoryMB: 90 },
    ],
    containers: [
      { id: "x", podUID: "u1", cpuCores: busy ? 0.9 : wave(ms), memoryWorkingSet: 2 ** 28 * (1 + wave(ms)) },
    ],
  };
}
