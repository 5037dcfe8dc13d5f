import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { conditionTypes } from "../views/alert-conditions.ts";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { type Running, startUp } from "./lib/product.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: forms of rules: ${missing}`);

/** The form of each kind of condition, in a browser. */
describe.skipIf(missing !== undefined)("forms of rules", () => {
  let product: Running;
  let browser: Browser;
  let page: Page;
  let complained: string[];

  beforeAll(async () => {
    product = await startUp();
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await setUp(page, product.setupLink);
    complained = complaints(page);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  test.each(conditionTypes)(
    "%s: no serious fault found by axe, wide and narrow, in both languages",
    async (type) => {
      const faults: string[] = [];
      for (const lang of ["en", "zh"]) {
        // Another address each time: one that differs behind its # alone is no load.
        await page.context().addCookies([{ name: "atlhyper_lang", value: lang, url: product.url }]);
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(`${product.url}/alerts/rules?new=${type}&as=${lang}${width}#edit`);
          expect(await page.locator("html").getAttribute("lang")).toStartWith(lang);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (over > 0) faults.push(`${over} px wider than ${width}`);
          faults.push(...(await axeFaults(page)));
          expect(await page.locator("#edit form[method=post] .field").count()).toBeGreaterThan(8);
        }
      }
      await page.context().clearCookies({ name: "atlhyper_lang" });
      expect([...faults, ...complained]).toEqual([]);
    },
    60_000,
  );

  test("a forecast is made by keyboard alone; what is wrong stands at its field, with all that was entered", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${product.url}/alerts/rules`);
    await page.locator("#edit a", { hasText: "Forecast" }).focus();
    await page.keyboard.press("Enter");
    const name = page.getByLabel("Name", { exact: true });
    await name.focus();
    await page.keyboard.type("DiskFullThisWeek");
    const within = page.getByLabel("Fires when that is within");
    await within.focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("7d");
    await page.getByRole("button", { name: "Save", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector('[aria-invalid="true"]');
    const wrong = page.locator('[aria-invalid="true"]');
    expect(await wrong.getAttribute("name")).toBe("clearMs");
    expect(await page.locator(`#${(await wrong.getAttribute("id"))!}-fault`).textContent()).toContain(
      "the longer one",
    );
    expect(await name.inputValue()).toBe("DiskFullThisWeek");
    await wrong.fill("8d");
    await page.getByLabel("Looks back").fill("1d");
    await page.getByRole("button", { name: "Save", exact: true }).focus();
    await page.keyboard.press("Enter");
    const row = page.locator("tr", { hasText: "DiskFullThisWeek" });
    expect(await row.textContent()).toContain("disk used reaches 100 % within 7d, at the rate of 1d");
  }, 60_000);
});
