import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: forms of alerts: ${missing}`);

/** What somebody who is woken does on a phone, and an administrator by keyboard. */
describe.skipIf(missing !== undefined)("forms of alerts", () => {
  let product: Running;
  let browser: Browser;
  let page: Page;
  let complained: string[];
  const wide = { width: 1440, height: 900 };
  const phone = { width: 360, height: 760 };
  const zone = "Asia/Tokyo";

  beforeAll(async () => {
    product = await startUp();
    browser = await startBrowser();
    const context = await browser.newContext({ viewport: wide, timezoneId: zone });
    page = await context.newPage();
    await setUp(page, product.setupLink);
    complained = complaints(page);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  test("Enter in a field of a rule saves it", async () => {
    await page.goto(`${product.url}/alerts/rules?new=threshold`);
    const fields = { group: "cpu", series: "usage", trigger: "-1", clear: "-2", for: "0s", name: "Always" };
    for (const [name, value] of Object.entries(fields)) await page.locator(`#field-rule-${name}`).fill(value);
    await page.keyboard.press("Enter");
    await page.locator("tr", { hasText: "Always" }).waitFor();
    expect(await page.locator("#preview").count()).toBe(0);
  }, 60_000);

  test("on a phone an alert is taken up and silenced from its own page, and found in the history", async () => {
    await page.setViewportSize(phone);
    await eventually(
      "it fires",
      async () => {
        await page.goto(`${product.url}/alerts?state=firing`);
        return (await page.locator("tr", { hasText: "Always" }).count()) > 0;
      },
      60_000,
    );
    await page.locator("tr a", { hasText: "Always" }).click();
    await page.getByLabel("Note").fill("on it");
    await page.keyboard.press("Enter");
    await page.locator(".verdict", { hasText: "taken by" }).waitFor();
    await page.locator("#take summary").first().click();
    await page.getByRole("button", { name: "Show what it hides" }).click();
    // Where one is led to: what it hides, and the button that does it.
    await page.locator("#silence-preview:focus", { hasText: "It hides 1 alert now" }).waitFor();
    expect(await page.getByRole("button", { name: "Silence (1)" }).isVisible()).toBe(true);
    await page.getByLabel("Why").fill("known");
    await page.keyboard.press("Enter");
    await page.locator(".verdict", { hasText: "silenced by" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/alerts\/[0-9a-f]{16}$/);
    await page.goto(`${product.url}/alerts/history?q=always`);
    expect(await page.locator("tbody tr").count()).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
  }, 120_000);

  test("a silence for tonight is by the viewer's clocks, and its faults lead to their fields", async () => {
    await page.setViewportSize(phone);
    await page.goto(`${product.url}/alerts/silences`);
    await page.locator("#edit summary").first().click();
    await page.getByLabel("Matchers").fill('name=~"web("');
    await page.getByLabel("Why").fill("tonight");
    await page.keyboard.press("Enter");
    await page.locator("#field-silence-matchers:focus").waitFor();
    expect(await page.locator("#field-silence-matchers-fault").textContent()).toContain("missing )");
    await page.getByLabel("Matchers").fill("namespace=shop");
    await page.locator("#edit summary", { hasText: "At a time to come" }).click();
    // What was sent once says the zone that it was sent with.
    expect(await page.getByLabel("Time zone").inputValue()).toBe(zone);
    const tonight = Temporal.Now.zonedDateTimeISO(zone).add({ hours: 9 }).round("minute");
    await page.getByLabel("From").fill(tonight.toPlainDateTime().toString().slice(0, 16));
    await page.getByLabel("Why").press("Enter");
    const row = page.locator("tr", { hasText: "tonight" });
    await row.waitFor();
    const { items } = await product.api.get<{ items: { comment: string; startsMs: number }[] }>(
      "/api/v1/silences",
    );
    expect(items.find((one) => one.comment === "tonight")?.startsMs).toBe(tonight.epochMilliseconds);
    await row.locator("a").first().click();
    expect(await page.getByLabel("From").inputValue()).toBe(
      tonight.toPlainDateTime().toString().slice(0, 16),
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${product.url}/alerts/silences`);
    await row.getByRole("button", { name: "End now" }).click();
    await row.getByRole("link", { name: "Silence again" }).click();
    expect(await page.getByLabel("Why").inputValue()).toBe("tonight");
    expect(complained.filter((one) => !one.includes("422"))).toEqual([]);
  }, 120_000);
});
