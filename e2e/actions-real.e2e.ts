import { afterAll, expect, test } from "bun:test";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { realNodeMissing, startKubelab } from "./lib/kubelab.ts";
import { deployment, namespace } from "./lib/manifests.ts";
import { startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

/** Acting from the pages on a real cluster with a real node. */
const missing = browserMissing() ?? realNodeMissing();
if (missing) console.log(`skipped: acting from the pages on a real cluster: ${missing}`);
const lab = missing === undefined ? await startKubelab({ port: 31543, node: true }) : undefined;
afterAll(() => lab?.[Symbol.asyncDispose]());

const forever = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"];

test.skipIf(missing !== undefined)(
  "a pod is restarted, a Deployment scaled and taken back, and an eviction that a budget blocks says so and is cancelled",
  async () => {
    const { apply, kubectl } = lab!;
    await apply(namespace("work"));
    await apply(deployment("work", "web", 2, { command: forever }), {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web", namespace: "work" },
      spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
    });
    await kubectl(["rollout", "status", "-n", "work", "deployment/web", "--timeout=90s"]);
    await using product = await startUp({ KUBECONFIG: lab!.kubeconfig });
    await using browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const said = complaints(page);
    await setUp(page, product.setupLink);
    const pods = async () =>
      (
        await product.api.get<{ items: { summary: { name: string; ready: string } }[] }>(
          "/api/v1/pods?namespace=work",
        )
      ).items.map((one) => one.summary);
    await eventually("its pods are known", async () => (await pods()).length === 2, 60_000);

    const [first] = await pods();
    await page.goto(`${product.url}/pods?namespace=work`);
    await page.locator(`tr[data-name="${first!.name}"] button.dots`).click();
    await page.locator('#row-menu a:text-is("Restart")').click();
    await page.locator("#act >> text=1 of its 2 pods goes, 1 stays ready").waitFor();
    await page.click("#act-go");
    await page.locator('.toast a:text-is("Restarted")').waitFor({ timeout: 60_000 });
    expect(await kubectl(["get", "pods", "-n", "work", "-o", "name"])).not.toContain(first!.name);

    await page.locator('tr[data-href] a:has-text("web-")').first().click();
    await page.locator('.crumbs a:text-is("web")').click();
    await page.waitForURL(/\/deployments\//);
    await page.locator('.acts > a:text-is("Scale")').click();
    await page.fill("#field-act-replicas", "3");
    await page.locator('#act-go:text-is("Scale from 2 to 3")').click();
    await page.locator('#acted a:text-is("Scaled to 3")').waitFor({ timeout: 60_000 });
    const replicas = () =>
      kubectl(["get", "deployment", "web", "-n", "work", "-o", "jsonpath={.spec.replicas}"]);
    expect(await replicas()).toBe("3");
    await page.locator("#acted a[data-act]").click();
    await page.click("#act-go");
    await page.locator('#acted a:text-is("Scaled to 2")').waitFor({ timeout: 60_000 });
    expect(await replicas()).toBe("2");

    await eventually("two pods are left", async () => (await pods()).length === 2, 60_000);
    const [blocked] = await pods();
    await page.goto(`${product.url}/pods?namespace=work`);
    await page.locator(`tr[data-name="${blocked!.name}"] button.dots`).click();
    await page.locator('#row-menu a:text-is("Evict")').click();
    // The dialog names the budget before anything is done.
    await page.locator("dialog[open] >> text=disruption budget web").waitFor({ timeout: 10_000 });
    await page.click("#act-go");
    await page.locator(".toast >> text=Waiting for a budget").waitFor({ timeout: 30_000 });
    await page.locator(".toast a").first().click();
    await page.locator(".why >> text=disruption budget web").waitFor();
    await page.locator('button:text-is("Cancel")').click();
    await page.locator(".verdict >> text=Cancelled").first().waitFor({ timeout: 30_000 });
    expect(await kubectl(["get", "pods", "-n", "work", "-o", "name"])).toContain(blocked!.name);
    expect(said).toEqual([]);
  },
  300_000,
);
