/**
 * Memory, time and bytes of one agent, started as `bun main.ts agent`, against a master that only checks and counts:
 * `bun bench/agent.ts [pods]` simulates a cluster of that many pods (10,000) in a third process;
 * `KUBECONFIG=… bun bench/agent.ts` takes that cluster as it is. Prints one line of JSON: RSS in MB at its peak
 * and steady, seconds until all pods were at the master, bytes in a minute (`IDLE_SECONDS`) without a change.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const token = "atlc_bench";
const [role = "10000"] = process.argv.slice(2);
const idleSeconds = Number(process.env.IDLE_SECONDS ?? 60);

if (role === "kube") await runKube(Number(process.argv[3]));
else await measure(Number(role));

async function runKube(pods: number): Promise<void> {
  const { startSimKube } = await import("../simkube/server.ts");
  const { fillCluster } = await import("./clusters/agent.ts");
  const kube = await startSimKube();
  fillCluster(kube, pods);
  process.stdout.write(`${JSON.stringify(kube.kubeconfig)}\n`);
}

async function measure(pods: number): Promise<void> {
  const { startWireMaster } = await import("../agent/testing/wire-master.ts");
  const master = startWireMaster(0, token);
  master.keep = false;
  const own = process.env.KUBECONFIG === undefined;
  const folder = await mkdtemp(join(tmpdir(), "bench-agent-"));
  const kube = own ? spawn([import.meta.path, "kube", String(pods)], {}, "pipe") : undefined;
  const environment: Record<string, string> = {
    ATLHYPER_MASTER_URL: master.url,
    ATLHYPER_TOKEN: token,
    ATLHYPER_LOG_LEVEL: "warn",
  };
  if (kube) {
    environment.KUBECONFIG = join(folder, "kubeconfig");
    await Bun.write(environment.KUBECONFIG, await firstLine(kube.stdout as ReadableStream<Uint8Array>));
  }
  const startedAt = performance.now();
  const agent = spawn([join(import.meta.dir, "../main.ts"), "agent"], environment);
  const count = () => master.lists.get("pod")?.size ?? 0;
  while (count() < (own ? pods : Number(process.env.PODS ?? 1))) await Bun.sleep(20);
  const seconds = (performance.now() - startedAt) / 1000;
  const atSync = await memoryMB(agent.pid, "VmRSS");
  while (!master.status?.synced) await Bun.sleep(20);
  await Bun.sleep(Number(process.env.SETTLE_SECONDS ?? 15) * 1000);
  const bytesAtSync = master.bytes;
  await Bun.sleep(idleSeconds * 1000);
  const result = {
    pods: count(),
    events: master.events.size,
    seconds: Number(seconds.toFixed(2)),
    atSyncMB: atSync,
    steadyMB: await memoryMB(agent.pid, "VmRSS"),
    peakMB: await memoryMB(agent.pid, "VmHWM"),
    syncBytes: bytesAtSync,
    idleBytesPerMinute: Math.round(((master.bytes - bytesAtSync) / idleSeconds) * 60),
  };
  console.log(JSON.stringify(result));
  agent.kill();
  kube?.kill();
  await agent.exited;
  await master.stop();
  await rm(folder, { recursive: true });
}

function spawn(args: string[], environment: Record<string, string>, stdout: "pipe" | "inherit" = "inherit") {
  return Bun.spawn([process.execPath, ...args], {
    env: { ...process.env, ...environment },
    stdout,
    stderr: "inherit",
  });
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n")) break;
  }
  return text;
}

async function memoryMB(pid: number, field: string): Promise<number> {
  const text = await Bun.file(`/proc/${pid}/status`).text();
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024);
}
