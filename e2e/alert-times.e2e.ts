import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { nextChangeOfClocks } from "../master/alert/testing.ts";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { type Running, startUp } from "./lib/product.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: times of alerts in a browser: ${missing}`);

describe.skipIf(missing !== undefined)(
  "maintenance, active times and escalations, entered in a browser",
  () => {
    let product: Running;
    let browser: Browser;
    let page: Page;
    let said: string[];

    beforeAll(async () => {
      product = await startUp();
      browser = await startBrowser();
      page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
      await setUp(page, product.setupLink);
      said = complaints(page);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await product?.[Symbol.asyncDispose]();
    });

    async function clean() {
      expect(await axeFaults(page)).toEqual([]);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over).toBeLessThanOrEqual(0);
    }
    const rows = () => page.locator("table.list tbody tr");

    test("a window in the hour that comes twice is looked at, saved, and ended while it is open", async () => {
      const night = nextChangeOfClocks(10);
      await page.goto(`${product.url}/alerts/maintenance`);
      await page.locator("text=No maintenance is planned").waitFor();
      await page.locator('a[href*="new=once"]').click();
      await page.locator('#edit input[name="name"]').fill("Night");
      await page.locator('#edit input[name="reason"]').fill("storage");
      await page.locator("#edit textarea").fill('kind="Nothing"');
      await page.locator('input[name="from"]').fill(`${night}T01:30`);
      await page.locator('input[name="to"]').fill(`${night}T04:00`);
      await page.locator('input[name="zone"]').fill("Europe/Berlin");
      await page.locator('#edit button[value="preview"]').click();
      const openings = page.locator("#maintenance-openings li");
      await openings.first().waitFor();
      expect(await openings.count()).toBe(1);
      expect(await openings.first().textContent()).toContain(
        `${night.day} Oct ${night.year} 01:30 UTC+02:00 – 04:00 UTC+01:00`,
      );
      expect(await page.locator("#maintenance-preview").textContent()).toContain("hides nothing now");
      await clean();
      await page.locator("#edit button.primary").click();
      await rows().first().waitFor();
      expect(await rows().first().textContent()).toContain("scheduled");

      // The same window, open now.
      await rows().first().locator("a").first().click();
      await page.locator("#edit h2", { hasText: "Night" }).waitFor();
      await page.locator('input[name="from"]').fill("2020-01-01T00:00");
      const later = Temporal.Now.plainDateTimeISO("Europe/Berlin").add({ hours: 2 }).toString().slice(0, 16);
      await page.locator('input[name="to"]').fill(later);
      await page.locator("#edit button.primary").click();
      await page.locator("#edit .fault, tr .state").first().waitFor();
      expect(await page.locator("#edit").textContent()).toContain("within a year");
      const before = Temporal.Now.plainDateTimeISO("Europe/Berlin")
        .subtract({ hours: 2 })
        .toString()
        .slice(0, 16);
      await page.locator('input[name="from"]').fill(before);
      await page.locator("#edit button.primary").click();
      const end = rows().first().locator("button");
      await end.waitFor();
      expect(await rows().first().textContent()).toContain("Open");
      await clean();
      await page.goto(product.url);
      await page.locator("#maintained", { hasText: "Night" }).waitFor();
      await clean();
      await page.goto(`${product.url}/alerts/maintenance`);
      await end.click();
      await rows().first().locator("text=over").waitFor();
    }, 60_000);

    test("a channel's times and an escalation to it are entered, and say what is wrong beside the field", async () => {
      await page.goto(`${product.url}/alerts/channels?new=webhook`);
      await page.locator('#edit input[name="name"]').fill("Office");
      await page.locator('input[name="set-url"]').fill("https://hook.invalid/x");
      await page.locator('textarea[name="times"]').fill("Mon-Fri 8-18");
      await page.locator("#edit button.primary").click();
      await page.locator("#field-channel-times-fault").waitFor();
      expect(await page.locator("#field-channel-times-fault").textContent()).toContain("Mon-Fri 8-18 is not");
      await page.locator('input[name="set-url"]').fill("https://hook.invalid/x");
      const soon = Temporal.Now.zonedDateTimeISO("Asia/Shanghai").add({ hours: 2 }).toPlainTime();
      const time = soon.toString().slice(0, 5);
      await page
        .locator('textarea[name="times"]')
        .fill(`${time}-${soon.add({ hours: 1 }).toString().slice(0, 5)}`);
      await page.locator('input[name="zone"]').fill("Asia/Shanghai");
      await page.locator("#edit button.primary").click();
      await rows().first().waitFor();
      expect(await rows().first().textContent()).toMatch(new RegExp(`quiet until \\w+,? ${time}`));
      await clean();

      await page.goto(`${product.url}/alerts/escalations?new=1`);
      await page.locator('#edit input[name="name"]').fill("On call");
      await page.locator("#edit button.primary").click();
      await page.locator("#edit .step .fault").waitFor();
      await page.locator('select[name="channel-0"]').selectOption({ label: "Office" });
      await clean();
      await page.locator("#edit button.primary").click();
      await rows().first().waitFor();
      expect(await rows().first().textContent()).toContain("after 15m: Office");
      await clean();
      // Forms that were refused on purpose.
      expect(said.filter((one) => !one.includes("422"))).toEqual([]);
    }, 60_000);
  },
);
