import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { setUp, startBrowser } from "./lib/browser.ts";
import { startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

/** Makes the pictures of the README from the demo cluster: `bun e2e/screenshots.ts [seconds]`. */
const folder = resolve(import.meta.dir, "../docs/images");
/** Until the charts have something to show and the demo's story has gone on for a while. */
const seconds = Number(process.argv[2] ?? 180);

mkdirSync(folder, { recursive: true });
await using product = await startUp();
await using browser = await startBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
await setUp(page, product.setupLink);
await page.goto(product.url);
await page.locator('form[action="/demo/start"] button').first().click();
await page.waitForTimeout(seconds * 1000);

await eventually(
  "something is wrong in the demo cluster",
  async () => (await product.api.get<{ items: unknown[] }>("/api/v1/problems")).items.length > 0,
  120_000,
);
await page.goto(product.url);
await page.locator('#connection[data-state="live"]').waitFor();
await page.screenshot({ path: resolve(folder, "overview.png") });
await page.goto(`${product.url}/nodes`);
await page.locator("tr[data-href] a").first().click();
await page.waitForURL(/\/nodes\/.+/);
await page.goto(`${page.url()}?tab=metrics`);
await page.locator('#connection[data-state="live"]').waitFor();
await page.screenshot({ path: resolve(folder, "node.png") });
