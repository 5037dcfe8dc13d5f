/**
 * The master's figures, measured from outside: a master in a process of its own, this process as its agents and
 * its readers. Prints `name value unit` a line. `bun bench/master.ts [events|memory|reads] [--small]`
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { masterConfig } from "../master/config.ts";
import { addCluster } from "../master/database/clusters.ts";
import { createToken } from "../master/database/tokens.ts";
import { startMaster } from "../master/start.ts";
import { encodeBody } from "../wire/body.ts";
import { metricsOf, podOf, podsOfNode } from "./samples/cluster.ts";

interface Served {
  url: string;
  pid: number;
  clusters: string[];
  api: string;
  cookie: string;
}

const small = process.argv.includes("--small");
const wanted = process.argv.slice(2).filter((one) => !one.startsWith("--"));

/** In the child: a master with its data in a folder, clusters, a token and a session; told as one line of JSON. */
async function serveFor(folder: string, clusters: number): Promise<void> {
  const config = masterConfig({ port: 0, data: folder, ingestPerMinute: 1e9, logLevel: "error" });
  const master = await startMaster(config, { argon2: { memoryCost: 8, timeCost: 1 } });
  const tokens: string[] = [];
  for (let at = 0; at < clusters; at++)
    tokens.push((await addCluster(master.database, `cluster-${at}`)).token);
  await master.parts.refreshClusters();
  const { access } = master.parts;
  await access.users.add("bench", "admin", "a long enough password");
  const origin = { address: "127.0.0.1", secure: false };
  const signedIn = await access.signIn(new Request(master.url), origin, "bench", "a long enough password");
  const served: Served = {
    url: master.url,
    pid: process.pid,
    clusters: tokens,
    api: await createToken(master.database, { name: "bench", role: "viewer" }),
    cookie: signedIn.cookie.split(";")[0]!,
  };
  console.log(JSON.stringify(served));
  process.on("SIGTERM", async () => {
    await master.stop();
    process.exit();
  });
}

async function withMaster(clusters: number, run: (served: Served) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-bench-"));
  const child = Bun.spawn([process.execPath, import.meta.path, "serve", folder, String(clusters)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  try {
    const reader = child.stdout.getReader();
    let line = "";
    while (!line.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the master did not start");
      line += new TextDecoder().decode(value);
    }
    await run(JSON.parse(line));
  } finally {
    child.kill();
    await child.exited;
    rmSync(folder, { recursive: true });
  }
}

function tell(name: string, value: number, unit: string): void {
  console.log(`${name} ${Number(value.toPrecision(4))} ${unit}`);
}

async function post(
  served: Served,
  cluster: number,
  route: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const response = await fetch(served.url + route, {
    method: "POST",
    headers: { authorization: `Bearer ${served.clusters[cluster]}` },
    body,
  });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`${route}: ${response.status} ${answer}`);
}

function envelope(cluster: number, source: string, payload: unknown, more: object = {}) {
  return { version: "v1", cluster_id: `uid-${cluster}`, source, ts_ms: Date.now(), payload, ...more };
}

/** Durable events a second: envelopes of 20, gzip, over kept connections; every body made beforehand. */
async function benchEvents(): Promise<void> {
  const envelopes = small ? 500 : 12_000;
  const inOne = 20;
  const at = Date.now();
  const bodies = Array.from({ length: envelopes }, (_, number) =>
    encodeBody(
      envelope(0, "events", {
        events: Array.from({ length: inOne }, (_, one) => ({
          id: `event-${number}-${one}`,
          ts_ms: at + number,
          count: 1,
          kind: "Pod",
          namespace: `team-${number % 17}`,
          name: `web-${(number * 7919) % 5000}-x${one}`,
          node: `node-${number % 50}`,
          reason: "BackOff",
          category: "container",
          severity: "warning",
          message: `Back-off restarting failed container web in pod web-${(number * 7919) % 5000}-x${one}`,
          origin: "kubernetes",
        })),
      }),
    ),
  );
  await withMaster(1, async (served) => {
    await post(served, 0, "/ingest/events/v1/eventlog", bodies[0]!);
    let next = 1;
    const before = cpuSeconds(served.pid);
    const start = performance.now();
    const lane = async () => {
      while (next < bodies.length) await post(served, 0, "/ingest/events/v1/eventlog", bodies[next++]!);
    };
    await Promise.all(Array.from({ length: 32 }, lane));
    const seconds = (performance.now() - start) / 1000;
    tell("master_events_per_second", ((envelopes - 1) * inOne) / seconds, "events/s");
    tell(
      "master_events_cpu",
      ((cpuSeconds(served.pid) - before) / ((envelopes - 1) * inOne)) * 1e6,
      "µs/event",
    );
    tell("master_events_rss", rssMB(served.pid), "MB");
    const found = await fetch(`${served.url}/api/v1/events?q=BackOff&limit=1`, {
      headers: { authorization: `Bearer ${served.api}` },
    });
    const { items } = (await found.json()) as { items: unknown[] };
    if (items.length !== 1) throw new Error("the events cannot be found");
  });
}

/** Resident memory with 20 clusters of 500 pods each, lists and metrics and a minute of changes. */
async function benchMemory(): Promise<void> {
  const clusters = small ? 2 : 20;
  await withMaster(clusters, async (served) => {
    for (let cluster = 0; cluster < clusters; cluster++) await syncCluster(served, cluster, 500);
    tell("master_rss_after_sync", rssMB(served.pid), "MB");
    const rounds = small ? 1 : 15;
    for (let round = 0; round < rounds; round++) {
      for (let cluster = 0; cluster < clusters; cluster++) {
        await post(served, cluster, metricsSnapshot, metricsBody(cluster, 500));
        await post(served, cluster, podList, deltaBody(cluster, 500, round, 20));
      }
      // Five times as fast as agents do it.
      await Bun.sleep(small ? 0 : 1000);
    }
    tell("master_rss", rssMB(served.pid), "MB");
    tell("master_rss_peak", peakMB(served.pid), "MB");
  });
}

/** Time to the answer, over HTTP, with 10,000 pods of which 100 change each second. */
async function benchReads(): Promise<void> {
  const pods = small ? 1000 : 10_000;
  await withMaster(1, async (served) => {
    await syncCluster(served, 0, pods);
    // Made beforehand: what making them takes would count as waiting for the answers that are timed here.
    const seconds = small ? 10 : 120;
    const deltas = Array.from({ length: seconds }, (_, round) => deltaBody(0, pods, round, 100));
    const metrics = Array.from({ length: seconds / 5 }, () => metricsBody(0, pods));
    const timer = setInterval(() => {
      const delta = deltas.shift();
      if (delta) void post(served, 0, podList, delta);
      if (delta && deltas.length % 5 === 0) void post(served, 0, metricsSnapshot, metrics.shift()!);
    }, 1000);
    const json = { authorization: `Bearer ${served.api}` };
    const page = { cookie: served.cookie, accept: "text/html" };
    await timed(served, "master_api_pods", "/api/v1/pods", json);
    await timed(served, "master_api_pods_search", "/api/v1/pods?q=web-12+team-3", json);
    await timed(served, "master_api_pods_by_cpu", "/api/v1/pods?sort=-cpu", json);
    await timed(served, "master_page_pods", "/pods", page);
    await timed(served, "master_page_pods_search", "/pods?q=web-12", page);
    await timed(served, "master_page_overview", "/", page);
    clearInterval(timer);
    if (deltas.length === 0) throw new Error("reading took longer than there were changes for");
    tell("master_reads_rss", rssMB(served.pid), "MB");
  });
}

/** Times a request, some 15 ms apart; with the master's CPU time for each, the changes meanwhile included. */
async function timed(
  served: Served,
  name: string,
  path: string,
  headers: Record<string, string>,
): Promise<void> {
  const times: number[] = [];
  const rounds = small ? 20 : 400;
  let before = 0;
  // The first ones, in which the engine compiles what they run, are not counted.
  for (let round = small ? -5 : -50; round < rounds; round++) {
    if (round === 0) before = cpuSeconds(served.pid);
    const start = performance.now();
    const response = await fetch(served.url + path, { headers, redirect: "manual" });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    if (round >= 0) times.push(performance.now() - start);
    await Bun.sleep(10);
  }
  tell(`${name}_cpu`, ((cpuSeconds(served.pid) - before) / rounds) * 1000, "ms");
  times.sort((a, b) => a - b);
  tell(`${name}_p50`, times[Math.floor(times.length * 0.5)]!, "ms");
  tell(`${name}_p99`, times[Math.floor(times.length * 0.99)]!, "ms");
}

const versions = new Map<number, number>();
const inPart = 1500;

async function syncCluster(served: Served, cluster: number, pods: number): Promise<void> {
  const names = Array.from({ length: Math.ceil(pods / podsOfNode) }, (_, node) => `node-${node}`);
  const nodes = names.map((name) => ({ summary: { name, ready: "True", schedulable: true } }));
  await post(
    served,
    cluster,
    "/ingest/nodelist",
    encodeBody(envelope(cluster, "node_list_snapshot", { nodes })),
  );
  const start = performance.now();
  const parts = Math.ceil(pods / inPart);
  versions.set(cluster, 1);
  for (let part = 1; part <= parts; part++) {
    const from = (part - 1) * inPart;
    const list = Array.from({ length: Math.min(inPart, pods - from) }, (_, at) =>
      podOf(cluster, from + at, 0),
    );
    const sync = { run: "bench", seq: 1, mode: "full", part, parts };
    const message = envelope(cluster, "pod_list_snapshot", { pods: list }, { sync });
    await post(served, cluster, podList, encodeBody(message));
  }
  if (cluster === 0) tell(`master_full_list_of_${pods}_pods`, performance.now() - start, "ms");
  await post(served, cluster, metricsSnapshot, metricsBody(cluster, pods));
}

const podList = "/ingest/podlist";
const metricsSnapshot = "/ingest/metrics/snapshot";

/** The next message of changes: so many pods that restarted. */
function deltaBody(cluster: number, pods: number, round: number, count: number): Uint8Array<ArrayBuffer> {
  const seq = versions.get(cluster)! + 1;
  versions.set(cluster, seq);
  const list = Array.from({ length: count }, (_, at) => podOf(cluster, (round * count + at) % pods, round));
  const sync = { run: "bench", seq, mode: "delta" };
  return encodeBody(envelope(cluster, "pod_list_snapshot", { pods: list }, { sync }));
}

function metricsBody(cluster: number, pods: number): Uint8Array<ArrayBuffer> {
  const nodes = Math.ceil(pods / podsOfNode);
  const snapshots = Array.from({ length: nodes }, (_, node) => metricsOf(cluster, node, pods));
  return encodeBody(envelope(cluster, "metrics_snapshot", { snapshots }));
}

function statusMB(pid: number, field: string): number {
  return (
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) /
    1024
  );
}
/** CPU time that a process has used so far, in user and system together (proc(5): fields 14 and 15 of stat, in 1/100 s). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
function rssMB(pid: number): number {
  return statusMB(pid, "VmRSS");
}
function peakMB(pid: number): number {
  return statusMB(pid, "VmHWM");
}

if (wanted[0] === "serve") await serveFor(wanted[1]!, Number(wanted[2]));
else {
  const parts = { events: benchEvents, memory: benchMemory, reads: benchReads };
  for (const [name, run] of Object.entries(parts))
    if (wanted.length === 0 || wanted.includes(name)) await run();
  process.exit();
}
