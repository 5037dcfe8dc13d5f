import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { asking, startReceiver } from "../master/alert/testing.ts";
import { browserMissing, setUp, startBrowser } from "./lib/browser.ts";
import { type Kubelab, realNodeMissing, startKubelab } from "./lib/kubelab.ts";
import { deployment, namespace } from "./lib/manifests.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = realNodeMissing() ?? browserMissing();
if (missing) console.log(`skipped: alerts of a real cluster: ${missing}`);

const ns = "alarms";
const crash = { command: ["sh", "-c", "exit 3"] };

interface Told {
  status: string;
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

/** What fires on a real cluster, as the rules say, as its page shows it, and as somebody is told. */
describe.skipIf(missing !== undefined)("alerts of a real cluster with a real node", () => {
  const receiver = startReceiver();
  const disk = mkdtempSync(join(tmpdir(), "atlhyper-disk-"));
  let lab: Kubelab;
  let product: Running;
  let browser: Browser;
  let page: Page;
  let ask: ReturnType<typeof asking>;

  const told = (): Told[] => receiver.received.map((one) => one.json() as unknown as Told);
  /** The notification that says this of all of these, after the first so many. */
  const isTold = async (status: string, names: string[], from = 0) =>
    (
      await eventually(
        `somebody is told that ${names} is ${status}`,
        () =>
          told()
            .slice(from)
            .find((one) =>
              names.every((name) =>
                one.alerts.some(
                  ({ status: its, labels }) =>
                    its === status && (labels.name === name || labels.alertname === name),
                ),
              ),
            ),
        90_000,
      )
    ).value;
  /** A rule as it comes, but for how long it waits. */
  const hurry = async (id: string, forMs = 3000) => {
    const { body } = await ask("/api/v1/alert-rules");
    const { origin: _, ...rule } = body.items.find((one: { id: string }) => one.id === id);
    const { status } = await ask(`/api/v1/alert-rules/${id}`, { ...rule, forMs, keepMs: 3000 });
    expect(status).toBe(200);
  };
  const alertOf = async (name: string, object: string) =>
    (
      await product.api.get<{
        items: { name: string; object: string; fingerprint: string; state: string }[];
      }>("/api/v1/alerts")
    ).items.find((one) => one.name === name && one.object === object);

  beforeAll(async () => {
    lab = await startKubelab({ port: 26443, node: true });
    product = await startUp({ KUBECONFIG: lab.kubeconfig, ATLHYPER_NOTIFY_PRIVATE: "127.0.0.1" });
    ask = asking(product, product.api.token);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await setUp(page, product.setupLink);
    await lab.apply(namespace(ns));
    for (const id of ["node-not-ready", "pod-crash-looping", "disk-full"]) await hurry(id);
    const { status } = await ask("/api/v1/channels", {
      name: "receiver",
      type: "webhook",
      settings: { url: receiver.url },
      enabled: true,
      severities: [],
      matchers: [],
      groupBy: ["cluster", "namespace"],
      groupWaitMs: 5000,
      groupIntervalMs: 2000,
      repeatMs: 3_600_000,
      sendResolved: true,
    });
    expect(status).toBe(200);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
    await receiver.stop();
    await Bun.spawn(["umount", disk], { stderr: "ignore" }).exited;
    rmSync(disk, { recursive: true, force: true });
  }, 60_000);

  test("a disk that fills is told of with its mount and how full it is, and is over when it is emptied", async () => {
    // In memory, but by its source a disk as others: the probe leaves out what has no device.
    const mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "/dev/atlhyper-e2e", disk];
    expect(await Bun.spawn(mount).exited).toBe(0);
    writeFileSync(join(disk, "fill"), new Uint8Array(15 * 2 ** 20));
    const { alerts } = await isTold("firing", ["DiskFull"]);
    const [alert] = alerts;
    expect(alert!.labels).toMatchObject({ node: "kubelab-1", mount: disk, severity: "warning" });
    expect(alert!.annotations.summary).toBe(`${disk} of node kubelab-1 is 93.8 % full`);
    await page.goto(`${product.url}/alerts`);
    const row = page.locator("tr", { hasText: "DiskFull" }).filter({ hasText: disk });
    await row.getByText("93.8").first().waitFor();
    expect(await row.textContent()).toContain(disk);
    rmSync(join(disk, "fill"));
    await isTold("resolved", ["DiskFull"]);
    await row.getByText("resolved").first().waitFor();
  }, 120_000);

  test("pods that crash are one alert for their owner, and owners of one namespace one message", async () => {
    await lab.apply(deployment(ns, "bad", 3, crash), deployment(ns, "worse", 1, crash));
    const { alerts } = await isTold("firing", ["bad", "worse"]);
    expect(alerts.map((one) => `${one.labels.alertname} ${one.labels.name}`).sort()).toEqual([
      "PodCrashLooping bad",
      "PodCrashLooping worse",
    ]);
    await page.goto(`${product.url}/alerts`);
    for (const name of ["bad", "worse"])
      await page.locator("tr", { hasText: "PodCrashLooping" }).getByText(name, { exact: true }).waitFor();
  }, 150_000);

  test("a node that stops covers what ran on it; when it is back and mended, all is over", async () => {
    // It fires when the node, which is given up after 50 s, is known to be down.
    await hurry("pod-crash-looping", 75_000);
    await lab.apply(deployment(ns, "late", 1, crash));
    const { value } = await eventually(
      "one more is about to fire",
      () => alertOf("PodCrashLooping", "late"),
      60_000,
    );
    const kubelet = Number(await Bun.file(join(lab.folder, "kubelet.pid")).text());
    const before = told().length;
    process.kill(kubelet, "SIGSTOP");
    try {
      await isTold("firing", ["NodeNotReady"], before);
      await eventually(
        "it fires",
        async () => (await alertOf("PodCrashLooping", "late"))?.state === "firing",
        90_000,
      );
      await page.goto(`${product.url}/alerts/${value.fingerprint}`);
      await page.getByText("covered by NodeNotReady").first().waitFor();
      // Longer than it takes to tell of it, were it not covered.
      await Bun.sleep(8000);
      const said = told()
        .slice(before)
        .flatMap((one) => one.alerts);
      expect(said.map(({ labels }) => labels.alertname)).toEqual(["NodeNotReady"]);
    } finally {
      process.kill(kubelet, "SIGCONT");
    }
    await isTold("resolved", ["NodeNotReady"], before);
    await lab.kubectl(["delete", "deployment", "-n", ns, "bad", "worse", "late", "--wait=false"]);
    await isTold("resolved", ["bad", "worse"], before);
    await page.goto(`${product.url}/alerts`);
    // While their owner goes, pods may for a moment be on their own, and about to fire.
    const rows = page.locator("tr", { hasText: "PodCrashLooping" });
    await eventually(
      "all that is left is over",
      async () => {
        const texts = await rows.allTextContents();
        return texts.length === 3 && texts.every((one) => one.includes("Resolved"));
      },
      30_000,
    );
  }, 300_000);
});
