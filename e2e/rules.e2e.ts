import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { diagnose, startAlertMaster } from "../master/alert/testing.ts";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: rules in a browser: ${missing}`);

const hour = 3_600_000;
const variants = [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 360, height: 740, colorScheme: "dark" },
] as const;

describe.skipIf(missing !== undefined)("rules in a browser", () => {
  let running: Awaited<ReturnType<typeof startAlertMaster>>;
  let browser: Browser;
  let folder: string;
  let signedIn: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "atlhyper-rules-"));
    writeFileSync(join(folder, "shop.yaml"), "- id: disk-full\n  condition: {type: problem}\n  for: soon\n");
    running = await startAlertMaster({ rules: folder });
    const { master, cluster } = running;
    const now = Date.now();
    for (const [name, from, to] of [
      ["web-0", 30, 28],
      ["web-1", 90, 80],
      ["db-0", 5, 4],
    ] as const)
      await diagnose(cluster, name, {
        first_ts_ms: now - from * hour,
        ts_ms: now - to * hour,
        resolved_ts_ms: now - to * hour,
      });
    browser = await startBrowser();
    const page = await browser.newPage();
    await setUp(page, master.setupLink!);
    signedIn = await page.context().storageState();
    await page.close();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await running?.master.stop();
    rmSync(folder, { recursive: true });
  });

  for (const variant of variants) {
    const open = async () => {
      const context = await browser.newContext({ ...variant, viewport: variant, storageState: signedIn });
      const page = await context.newPage();
      const complained = complaints(page);
      return {
        page,
        /** What is wrong with the page as it is now. */
        async faults() {
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          return [...complained, ...(over > 0 ? [`${over} px too wide`] : []), ...(await axeFaults(page))];
        },
        [Symbol.asyncDispose]: () => context.close(),
      };
    };

    test(`at ${variant.width} px a rule is tried out by the keyboard, and what it would have done is looked at first`, async () => {
      await using opened = await open();
      const { page } = opened;
      await page.goto(`${running.master.url}/alerts/rules?edit=pod-crash-looping`);
      await page.locator("#rule-range").selectOption("7d");
      await page.locator("#rule-range").press("Tab");
      await page.keyboard.press("Enter");
      const preview = page.locator("#preview");
      await preview.waitFor();
      expect(await preview.textContent()).toContain("it would have fired 3 times, about 3 objects");
      expect(await preview.evaluate((one) => document.activeElement === one)).toBe(true);
      const box = (await preview.boundingBox())!;
      expect(box.y).toBeLessThan(variant.height);
      await preview.locator("summary").click();
      // The live stream has its say, and leaves it.
      await page.waitForTimeout(500);
      expect(await preview.locator("tbody tr").count()).toBeGreaterThan(5);
      expect(await opened.faults()).toEqual([]);
    }, 30_000);

    test(`at ${variant.width} px a file of rules is looked at, taken, and found in the list and the export`, async () => {
      await using opened = await open();
      const { page } = opened;
      const id = `shop-${variant.width}`;
      const file = join(folder, `${id}.txt`);
      writeFileSync(file, `- id: ${id}\n  name: ${id}\n  condition: {type: problem, kinds: [Deployment]}\n`);
      await page.goto(`${running.master.url}/alerts/rules`);
      expect(await page.locator("#files").textContent()).toContain("a duration is written as");
      await page.locator('#yaml a[href$="import"]').click();
      await page.locator("#import-file").setInputFiles(file);
      await page.waitForFunction(
        () => (document.querySelector("#import-yaml") as HTMLTextAreaElement).value !== "",
      );
      await page.locator("#import-yaml").press("Control+s");
      await page.locator("#compared .difference").waitFor();
      await page.waitForTimeout(500);
      expect(await page.locator("#compared").textContent()).toContain("1 new rule");
      expect(await opened.faults()).toEqual([]);
      await page.locator("#compared button").click();
      await page.locator(`#r-${id}`).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("#yaml a[download]").click(),
      ]);
      expect(await Bun.file(await download.path()).text()).toContain(`- id: ${id}\n`);
    }, 30_000);
  }
});
