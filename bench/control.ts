/**
 * The control channel, measured from outside: a master in a process of its own, this process as the agents of
 * 500 clusters, each with a watch parked. Prints `name value unit` a line. `bun bench/control.ts [--small]`
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { masterConfig } from "../master/config.ts";
import { addCluster } from "../master/database/clusters.ts";
import { createToken } from "../master/database/tokens.ts";
import { startMaster } from "../master/start.ts";
import { print } from "./samples/print.ts";

interface Served {
  url: string;
  pid: number;
  clusters: { id: string; token: string }[];
  api: string;
}

const small = process.argv.includes("--small");
const watches = 500;
const rounds = small ? 50 : 500;

/** In the child: a master with clusters and an operator's token; told as one line of JSON. */
async function serveFor(folder: string): Promise<void> {
  const config = masterConfig({ port: 0, data: folder, logLevel: "error" });
  const master = await startMaster(config, { argon2: { memoryCost: 8, timeCost: 1 } });
  const clusters: Served["clusters"] = [];
  for (let at = 0; at < watches; at++) clusters.push(await addCluster(master.database, `cluster-${at}`));
  await master.parts.refreshClusters();
  const api = await createToken(master.database, { name: "bench", role: "operator" });
  console.log(JSON.stringify({ url: master.url, pid: process.pid, clusters, api } satisfies Served));
  // Memory is looked at without what waits to be collected.
  process.on("SIGUSR2", () => Bun.gc(true));
}

async function residentBytes(pid: number): Promise<number> {
  for (let n = 0; n < 3; n++) {
    process.kill(pid, "SIGUSR2");
    await Bun.sleep(300);
  }
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}

async function post(served: Served, route: string, token: string, body: object): Promise<Response> {
  return fetch(served.url + route, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    timeout: false,
  } as RequestInit);
}

async function measure(served: Served): Promise<void> {
  const versions = new Map<string, number>();
  const arrived = new Map<string, (ms: number) => void>();
  let going = true;
  const clusterID = (id: string) => `identity-${id}`;
  const watch = (id: string, token: string, waitSeconds: number) =>
    post(served, "/control/watch", token, {
      clusterID: clusterID(id),
      rv: versions.get(id) ?? 0,
      waitSeconds,
      run: id,
      startedAt_ms: 1,
    });
  // Each connection and each cluster's identity is there before memory is looked at.
  await Promise.all(served.clusters.map(({ id, token }) => watch(id, token, 0)));
  await Bun.sleep(3000);
  const agents = served.clusters.map(async ({ id, token }) => {
    while (going) {
      const response = await watch(id, token, 60).catch(() => undefined);
      if (!response) continue;
      if (response.status !== 200) continue;
      const { rv, commands } = (await response.json()) as { rv: number; commands: { id: string }[] };
      arrived.get(id)?.(performance.now());
      versions.set(id, rv);
      const results = commands.map((one) => ({ commandID: one.id, status: "success" }));
      if (results.length > 0)
        await post(served, "/control/ack", token, { clusterID: clusterID(id), results });
    }
  });
  await Bun.sleep(2000);
  // The first ones bring the heap to its working size: what further ones cost is looked at.
  const before = await residentBytes(served.pid);
  for (const { id, token } of served.clusters) void watch(id, token, 60).catch(() => {});
  await Bun.sleep(1500);
  print("control_parked_watches", watches, "watches");
  print("control_parked_watch_memory", ((await residentBytes(served.pid)) - before) / watches / 1024, "KiB");
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { id } = served.clusters[(round * 7919) % served.clusters.length]!;
    const answered = new Promise<number>((resolve) => arrived.set(id, resolve));
    const began = performance.now();
    const asked = await post(served, "/control/enqueue", served.api, {
      clusterID: id,
      command: { type: "NodeCordon", target: { node: `node-${round}` } },
    });
    if (!asked.ok) throw new Error(`enqueue: ${asked.status} ${await asked.text()}`);
    times.push((await answered) - began);
    await Bun.sleep(5);
  }
  times.sort((a, b) => a - b);
  const share = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  print("control_enqueue_to_answer_p50", share(0.5), "ms");
  print("control_enqueue_to_answer_p99", share(0.99), "ms");
  print("control_enqueue_to_answer_max", times.at(-1)!, "ms");
  going = false;
  void Promise.allSettled(agents);
}

const [, , mode, folder] = process.argv;
if (mode === "serve") await serveFor(folder!);
else if (process.env.BUN_CONFIG_MAX_HTTP_REQUESTS === undefined) {
  // Bun has 256 requests under way at most, unless its start says otherwise.
  const again = Bun.spawn([process.execPath, ...process.argv.slice(1)], {
    env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: "2000" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode = await again.exited;
} else {
  const data = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
  const child = Bun.spawn([process.execPath, import.meta.path, "serve", data], {
    stdout: "pipe",
    stderr: "inherit",
  });
  try {
    let text = "";
    for await (const chunk of child.stdout) {
      text += new TextDecoder().decode(chunk);
      if (text.endsWith("\n")) break;
    }
    await measure(JSON.parse(text) as Served);
  } finally {
    child.kill();
    await child.exited;
    rmSync(data, { recursive: true, force: true });
  }
  process.exit();
}
