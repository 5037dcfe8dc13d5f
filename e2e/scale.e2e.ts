import { describe, expect, test } from "bun:test";
import { browserMissing, setUp, startBrowser } from "./lib/browser.ts";
import { kubelabMissing, startKubelab } from "./lib/kubelab.ts";
import { meter } from "./lib/meter.ts";
import { api, runOnce, start, temporaryFolder } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = kubelabMissing() ?? browserMissing();
if (missing) console.log(`skipped: 10,000 pods: ${missing}`);

const namespaces = 20;
const deployments = 200;
const replicas = 50;
const pods = deployments * replicas;

function workload(index: number): object {
  const name = `load-${index}`;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: `load-${index % namespaces}` },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, tier: "load" } },
        spec: {
          nodeSelector: { type: "kwok" },
          containers: [
            {
              name: "main",
              image: `registry.example/load:${index}`,
              env: [{ name: "MODE", value: "load" }],
              ports: [{ containerPort: 8080 }],
              resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
            },
          ],
        },
      },
    },
  };
}

const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

/** How long each of so many requests of a page took, one behind the other, in ms. */
async function timed(url: string, cookie: string, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    const response = await fetch(url, { headers: { cookie, accept: "text/html" }, redirect: "error" });
    await response.text();
    took.push(performance.now() - from);
  }
  return took;
}

describe.skipIf(missing !== undefined)("10,000 pods on 100 nodes", () => {
  test("agent and master stay small and quick", async () => {
    await using lab = await startKubelab({ port: 28443, fakeNodes: 100 });
    await lab.apply(
      ...Array.from({ length: namespaces }, (_, i) => ({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: `load-${i}` },
      })),
    );
    await lab.apply(...Array.from({ length: deployments }, (_, i) => workload(i)));
    await eventually(
      "10,000 pods run",
      async () => {
        const all = JSON.parse(await lab.kubectl(["get", "deployments", "-A", "-o", "json"])) as {
          items: { status?: { availableReplicas?: number } }[];
        };
        return all.items.reduce((sum, one) => sum + (one.status?.availableReplicas ?? 0), 0) >= pods;
      },
      600_000,
      5000,
    );

    using folder = temporaryFolder();
    const environment = { ATLHYPER_DATA: folder.path, ATLHYPER_PORT: "0" };
    await using master = start("master", environment);
    const [setupLink] = await master.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
    const url = new URL(setupLink).origin;
    const client = api(
      url,
      await runOnce(["token", "create", "--name", "e2e", "--role", "viewer"], environment),
    );
    const token = await runOnce(["cluster", "add", "scale"], environment);
    using counter = meter({ hostname: "127.0.0.1", port: Number(new URL(url).port) });

    const before = performance.now();
    await using agent = start("agent", {
      KUBECONFIG: lab.kubeconfig,
      ATLHYPER_MASTER_URL: `http://127.0.0.1:${counter.port}`,
      ATLHYPER_TOKEN: token,
      ATLHYPER_PROBE_PORT: "0",
      ATLHYPER_PROBE_TOKEN: "scale-test",
    });
    await eventually(
      "all pods are on the master",
      async () => (await client.get<{ total: number }>("/api/v1/pods?limit=1")).total >= pods,
      60_000,
      50,
    );
    const syncSeconds = (performance.now() - before) / 1000;
    console.log(`first_full_sync ${syncSeconds.toFixed(2)} s`);

    await Bun.sleep(20_000);
    const highest =
      Number(/VmHWM:\s+(\d+)/.exec(await Bun.file(`/proc/${agent.pid}/status`).text())![1]) / 1024;
    const start60 = counter.bytes();
    const rss: number[] = [];
    for (let i = 0; i < 12; i++) {
      await Bun.sleep(5000);
      rss.push(await agent.memoryMB());
    }
    const idleBytes = counter.bytes() - start60;
    const steady = percentile(rss, 0.5);
    console.log(`agent_rss_peak ${highest.toFixed(1)} MB`);
    console.log(`agent_rss_steady ${steady.toFixed(1)} MB`);
    console.log(`idle_bytes_per_minute ${idleBytes} B`);
    console.log(`master_rss ${(await master.memoryMB()).toFixed(1)} MB`);

    const browser = await startBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    await setUp(page, setupLink);
    await page.goto(`${url}/pods`);
    await page.getByText("10,000").first().waitFor();
    const cookie = (await context.cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
    await browser.close();
    const times: Record<string, number> = {};
    for (const path of ["/", "/pods", "/pods?q=load-7", "/pods?sort=-name&cursor="]) {
      const name = path.replaceAll(/[^a-z0-9]+/g, "_").replace(/_+$/, "");
      // A master is outside the cluster: what the cluster's own processes take of this machine is not its doing.
      using _held = lab.hold();
      const rounds: number[][] = [];
      for (let i = 0; i < 4; i++) rounds.push(await timed(url + path, cookie, 300));
      // In the first round the engine compiles what the page runs; it is told, not judged.
      const [first, ...warm] = rounds.map((took) => percentile(took, 0.99));
      times[path] = percentile(warm, 0.5);
      console.log(`page_p50${name} ${percentile(rounds.slice(1).flat(), 0.5).toFixed(1)} ms`);
      console.log(`page_p99_at_first${name} ${first!.toFixed(1)} ms`);
      console.log(`page_p99${name} ${times[path].toFixed(1)} ms`);
    }

    // A pod that is deleted is gone from the master, and the Deployment's new one is there.
    const [victim] = (await lab.kubectl(["get", "pods", "-n", "load-3", "-o", "name"])).trim().split("\n");
    await lab.kubectl(["delete", "-n", "load-3", victim!, "--wait=false"]);
    const name = victim!.replace("pod/", "");
    await eventually(
      "the deleted pod is gone",
      async () =>
        (
          await client
            .raw(`/api/v1/pods?namespace=load-3&q=${name}`)
            .then((r) => r.json() as Promise<{ total: number }>)
        ).total === 0,
      20_000,
    );

    expect(syncSeconds).toBeLessThan(8);
    expect(steady).toBeLessThan(90);
    expect(highest).toBeLessThan(130);
    expect(idleBytes).toBeLessThan(5000);
    for (const [path, ms] of Object.entries(times))
      expect({ path, ms, within: ms < 10 }).toEqual({ path, ms, within: true });
  }, 900_000);
});
