import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { runOnce, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: audit and enrolment in a browser: ${missing}`);

test.skipIf(missing !== undefined)(
  "a cluster on its way in and the audit log are followed live, at any width, and a change behind the master's back shows",
  async () => {
    await using product = await startUp({ ATLHYPER_AGENT_IMAGE: "registry.example/atlhyper:2" });
    await using browser = await startBrowser();
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    const said = complaints(page);
    await setUp(page, product.setupLink);

    await page.goto(`${product.url}/clusters`);
    await page.fill("#field-new-cluster", "edge");
    await page.keyboard.press("Enter");
    const line = await page.locator("#added code").textContent();
    const address = /^kubectl apply -f '(.*)'$/.exec(line!)![1]!;
    const done = () => page.locator("#pending li .state").count();
    await eventually("the line is made", async () => (await done()) === 1);
    const manifest = await fetch(address);
    expect(manifest.status).toBe(200);
    await eventually("the page sees the manifest fetched", async () => (await done()) === 2);
    const exchanged = (await (
      await fetch(`${product.url}/enrol`, {
        method: "POST",
        headers: { authorization: `Bearer ${/atle_[\w-]+/.exec(address)![0]}` },
        body: JSON.stringify({ clusterID: "edge-uid" }),
      })
    ).json()) as { token: string };
    await eventually("the page sees the token exchanged", async () => (await done()) === 3);
    const status = {
      name: "edge",
      flavour: "kubernetes",
      run: "r",
      agentVersion: "2",
      startedAt_ms: 1,
      synced: true,
    };
    await fetch(`${product.url}/ingest/agentstatus`, {
      method: "POST",
      headers: { authorization: `Bearer ${exchanged.token}` },
      body: JSON.stringify({
        version: "v1",
        cluster_id: "edge-uid",
        source: "agent_status_snapshot",
        ts_ms: Date.now(),
        payload: { agent: status },
      }),
    });
    await eventually("the page hears the agent", async () => (await done()) === 4);
    expect(await axeFaults(page)).toEqual([]);

    await page.goto(`${product.url}/audit`);
    const rows = page.locator("#list tbody tr");
    await eventually("what was done is there", async () => (await rows.count()) >= 4);
    const before = await rows.count();
    await runOnce(["token", "create", "--name", "from-elsewhere", "--role", "viewer"], product.environment);
    await eventually(
      "what another process did comes in by itself",
      async () => (await rows.count()) === before + 1,
    );
    expect(await rows.first().textContent()).toContain("token from-elsewhere");
    await page.locator("summary").first().click();
    await page.locator("tr details[open] pre").waitFor();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    expect(await axeFaults(page)).toEqual([]);

    await page.locator("#verified button").click();
    await page.locator("text=/nothing is missing/").waitFor();
    await page.fill("#filter", "EDGE");
    await eventually("the filter is in the address", () => page.url().endsWith("/audit?q=EDGE"));
    await eventually("the list is filtered", async () => (await rows.count()) < before);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("a[download]").click(),
    ]);
    const lines = (await Bun.file(await download.path()).text()).trim().split("\n");
    expect(lines.every((one) => JSON.stringify(JSON.parse(one)).toLowerCase().includes("edge"))).toBe(true);

    const database = new Database(join(product.data, "atlhyper.db"));
    database.run("DELETE FROM audit WHERE seq = 2");
    database.close();
    await page.goto(`${product.url}/audit`);
    await page.locator("#verified button").click();
    await page.locator("text=/does not verify: #2 is missing/").waitFor();
    expect(said).toEqual([]);
  },
  90_000,
);
