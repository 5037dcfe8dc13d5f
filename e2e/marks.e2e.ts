import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { asking } from "../master/alert/testing.ts";
import { browserMissing, setUp, startBrowser } from "./lib/browser.ts";
import { type Kubelab, realNodeMissing, startKubelab } from "./lib/kubelab.ts";
import { deployment, namespace } from "./lib/manifests.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = realNodeMissing() ?? browserMissing();
if (missing) console.log(`skipped: marks of a real cluster: ${missing}`);

const ns = "marked";
/** Runs for a while and then ends, so that the kubelet starts it again. */
const sleeps = (seconds: number) => ({ command: ["sh", "-c", `sleep ${seconds}; exit 7`] });

interface Mark {
  what: string;
  kind: string;
  name: string;
  text: string;
  at_ms: number;
}

/** What happens in a real cluster stands on the charts, and who uses most in the lists. */
describe.skipIf(missing !== undefined)("what charts of a real cluster mark", () => {
  let lab: Kubelab;
  let product: Running;
  let browser: Browser;
  let page: Page;
  let cluster: string;
  let ask: ReturnType<typeof asking>;

  const marks = async (query: string): Promise<Mark[]> =>
    (await ask(`/api/v1/annotations?cluster=${cluster}&${query}`)).body.items;
  const marked = (what: string, query: string, text: RegExp) =>
    eventually(
      `${what} is marked`,
      async () => (await marks(`${query}&what=${what}`)).find((one) => text.test(one.text)),
      90_000,
    );
  const web = `kind=Deployment&namespace=${ns}&name=web`;

  beforeAll(async () => {
    lab = await startKubelab({ port: 26453, node: true });
    product = await startUp({ KUBECONFIG: lab.kubeconfig });
    ask = asking(product, product.api.token);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await setUp(page, product.setupLink);
    const { value } = await eventually(
      "the cluster is there",
      async () =>
        (await ask("/api/v1/clusters")).body.items.find(
          (one: { flavour: string; id: string }) => one.flavour === "kubernetes",
        ) as { id: string } | undefined,
      60_000,
    );
    cluster = value.id;
    await lab.apply(namespace(ns), deployment(ns, "web", 1, { command: ["sleep", "1000"] }));
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  test("another template and another number of replicas are marked on the workload that got them", async () => {
    await marked("deploy", web, /^web: image busybox:1, revision 1$/);
    // Two rollouts within half a minute are one, where no more is known of them.
    await Bun.sleep(31_000);
    await lab.apply(deployment(ns, "web", 2, sleeps(20)));
    // What the agent does not send, such as commands, shows by the revision that it makes.
    await marked("deploy", web, /^web: image busybox:1, revision 2$/);
    await marked("scale", web, /^web: scaled from 1 to 2$/);
  }, 180_000);

  test("containers that are started again are marked on their pod and its workload, with why", async () => {
    const { value } = await marked(
      "restart",
      web,
      /^web-.*: container main restarted \(Error, exit code 7\)$/,
    );
    expect(value.kind).toBe("Pod");
    expect((await marks(`kind=Pod&namespace=${ns}&name=${value.name}&what=restart`)).length).toBeGreaterThan(
      0,
    );
    // When it was and not when it was heard of: within a few seconds of when the container had slept its time.
    expect(Date.now() - value.at_ms).toBeLessThan(120_000);
  }, 120_000);

  test("a command that was carried out is marked, and all of it is on the page, by kind where one chooses", async () => {
    const path = `/deployments/${cluster}/${ns}/web`;
    const target = { ns, kind: "Deployment", name: "web" };
    const { status } = await ask("/control/enqueue", {
      clusterID: cluster,
      command: { type: "RolloutRestart", target },
    });
    expect(status).toBe(200);
    await marked("command", web, /^web: Restarted · /);
    await marked("deploy", web, /^web: restarted by a new rollout$/);
    await page.goto(`${product.url}${path}`);
    await page.locator("#marks").getByText("web: scaled from 1 to 2").waitFor();
    // Charts are there once its new pods are measured.
    await page.locator(".chart .marks .at").first().waitFor({ state: "attached" });
    await page.goto(`${product.url}${path}?marks=scale`);
    const list = page.locator("#marks ol").first();
    await list.getByText("web: scaled from 1 to 2").waitFor();
    expect(await list.getByText("restarted").count()).toBe(0);
  }, 120_000);

  test("the node's boot is told when it was, and its pods and disks stand in the lists", async () => {
    const { value } = await eventually(
      "the boot is known",
      async () => (await marks("kind=Node&name=kubelab-1&from=0"))[0],
      60_000,
    );
    const uptime = Number((await Bun.file("/proc/uptime").text()).split(" ")[0]) * 1000;
    expect(Math.abs(value.at_ms - (Date.now() - uptime))).toBeLessThan(30_000);
    await eventually(
      "what its pods use is added up",
      async () =>
        (await ask(`/api/v1/top?cluster=${cluster}&range=15m`)).body.items.find(
          (one: { namespace: string; name: string }) => one.namespace === ns && one.name.startsWith("web-"),
        ),
      60_000,
    );
    const { body } = await ask(`/api/v1/capacity?cluster=${cluster}&over=6h`);
    expect(body.items.some((one: { what: string }) => one.what === "memory")).toBeTrue();
    expect(body.requests[0].cpu_allocatable).toBeGreaterThan(0);
    for (const path of ["/top?range=15m&of=workloads", "/capacity?over=6h"]) {
      await page.goto(`${product.url}${path}`);
      await page.locator("table.list tbody tr").first().waitFor();
    }
  }, 120_000);
});
