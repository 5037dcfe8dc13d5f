/**
 * Records what an agent sends while a real cluster goes about its work: rollouts, scaling, cron jobs, pods that are
 * moved, a node that is drained for maintenance. `bun e2e/record-normal.ts [minutes]` writes
 * testdata/normal.ndjson.gz, a line for each request: `{afterMs, path, envelope}`. Metrics of nodes are left out.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { NodeTrace } from "../bench/samples/trace.ts";
import { inflate } from "../wire/body.ts";
import { probeRoute } from "../wire/routes.ts";
import { startKubelab } from "./lib/kubelab.ts";
import { deployment, namespace } from "./lib/manifests.ts";
import { runOnce, start, temporaryFolder } from "./lib/product.ts";

const minutes = Number(process.argv[2] ?? 20);
const nodes = 4;
const probePort = 18_093;
const probeToken = "recording";

await using lab = await startKubelab({ port: 25443, fakeNodes: nodes });
using folder = temporaryFolder();
const environment = { ATLHYPER_DATA: folder.path, ATLHYPER_PORT: "0" };
await using master = start("master", environment);
const [link] = await master.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
const url = new URL(link).origin;

const lines: string[] = [];
const begin = Date.now();
const door = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const body = request.method === "POST" ? new Uint8Array(await request.arrayBuffer()) : undefined;
    const answer = await fetch(url + pathname + search, {
      method: request.method,
      headers: request.headers,
      body,
      signal: request.signal,
      timeout: false,
    } as RequestInit);
    if (
      body &&
      answer.ok &&
      pathname.startsWith("/ingest/") &&
      !/\/(metrics|ops|streams?)\//.test(pathname)
    ) {
      const envelope = JSON.parse(new TextDecoder().decode(inflate(body)));
      lines.push(JSON.stringify({ afterMs: Date.now() - begin, path: pathname, envelope }));
    }
    return answer;
  },
  error: () => new Response(null, { status: 502 }),
});

await using agent = start("agent", {
  KUBECONFIG: lab.kubeconfig,
  ATLHYPER_MASTER_URL: `http://127.0.0.1:${door.port}`,
  ATLHYPER_TOKEN: await runOnce(["cluster", "add", "normal"], environment),
  ATLHYPER_HOST: "127.0.0.1",
  ATLHYPER_PROBE_PORT: String(probePort),
  ATLHYPER_PROBE_TOKEN: probeToken,
});
await agent.says(/the master takes what is sent/);
const traces = Array.from({ length: nodes }, (_, at) => new NodeTrace(at));
const probes = setInterval(() => {
  for (const [at, trace] of traces.entries())
    void fetch(`http://127.0.0.1:${probePort}${probeRoute}`, {
      method: "POST",
      headers: { authorization: `Bearer ${probeToken}` },
      body: JSON.stringify({ ...trace.at(Date.now()), nodeName: `fake-${at + 1}` }),
    }).catch(() => {});
}, 5000);

const ns = "shop";
/** For simulated nodes, with a value that a rollout changes. */
const app = (name: string, replicas: number, version = 1) => {
  const made = deployment(ns, name, replicas, {
    container: { env: [{ name: "VERSION", value: String(version) }] },
  }) as { spec: { template: { spec: Record<string, unknown> } } };
  const { nodeSelector: _, ...spec } = made.spec.template.spec;
  made.spec.template.spec = { ...spec, tolerations: [{ operator: "Exists", effect: "NoSchedule" }] };
  return made;
};
const cron = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "report", namespace: ns },
  spec: {
    schedule: "* * * * *",
    jobTemplate: {
      spec: {
        ttlSecondsAfterFinished: 90,
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "main", image: "localhost/busybox:1", command: ["true"] }],
          },
        },
      },
    },
  },
};
const service = (name: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: ns },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

await lab.apply(namespace(ns));
await lab.apply(app("web", 6), app("api", 3), app("worker", 4), service("web"), service("api"), cron);
const pods = async () =>
  (await lab.kubectl(["get", "pods", "-n", ns, "-o", "name", "-l", "app in (web,api,worker)"]))
    .trim()
    .split("\n");
const round = [
  () => lab.apply(app("web", 6, lines.length)),
  () => lab.kubectl(["scale", "-n", ns, "deployment/worker", "--replicas=8"]),
  async () => lab.kubectl(["delete", "-n", ns, (await pods())[0]!, "--wait=false"]),
  () => lab.kubectl(["drain", "fake-2", "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=60s"]),
  () => lab.kubectl(["uncordon", "fake-2"]),
  () => lab.kubectl(["scale", "-n", ns, "deployment/worker", "--replicas=4"]),
  () => lab.apply(app("api", 3, lines.length)),
  () => lab.kubectl(["rollout", "restart", "-n", ns, "deployment/web"]),
];
for (let at = 0; Date.now() - begin < minutes * 60_000; at++) {
  await Bun.sleep(20_000);
  await round[at % round.length]!();
}

clearInterval(probes);
await door.stop(true);
const file = resolve(import.meta.dir, "testdata/normal.ndjson.gz");
mkdirSync(resolve(file, ".."), { recursive: true });
const packed = Bun.gzipSync(`${lines.join("\n")}\n`, { level: 9 });
await Bun.write(file, packed);
console.log(`${lines.length} requests, ${packed.length} bytes`);
