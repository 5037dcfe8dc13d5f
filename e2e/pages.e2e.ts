import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, password, setUp, startBrowser } from "./lib/browser.ts";
import { crawl, routeOf } from "./lib/crawl.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: the pages in a browser: ${missing}`);

const shots = resolve(import.meta.dir, "../artifacts/screenshots");
const variants = [
  { name: "wide-light", width: 1440, height: 900, colorScheme: "light" },
  { name: "wide-dark", width: 1440, height: 900, colorScheme: "dark" },
  { name: "phone-light", width: 360, height: 740, colorScheme: "light" },
  { name: "phone-dark", width: 360, height: 740, colorScheme: "dark" },
] as const;

describe.skipIf(missing !== undefined)("every page, with the demo cluster", () => {
  let product: Running;
  let browser: Browser;
  let signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>;
  let paths: string[];

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    product = await startUp();
    browser = await startBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    await setUp(page, product.setupLink);
    await page.goto(product.url);
    await page.locator("text=/no kubernetes/i").first().waitFor();
    await page.locator('form[action="/demo/start"] button').first().click();
    await eventually(
      "the demo cluster's pods are there",
      async () => (await product.api.get<{ total: number }>("/api/v1/pods")).total > 40,
      30_000,
    );
    // The story needs a moment until something is wrong.
    await eventually(
      "something is wrong in the demo cluster",
      async () => (await product.api.get<{ items: unknown[] }>("/api/v1/problems")).items.length > 0,
      60_000,
    );
    signedIn = await context.storageState();
    paths = await crawl(page, product.url, "/");
    await context.close();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  test("the walk finds the lists and the details", () => {
    const routes = paths.map(routeOf);
    for (const route of [
      "/pods",
      "/nodes",
      "/events",
      "/clusters",
      "/settings",
      "/top",
      "/capacity",
      "/namespaces",
      "/pods/*/*/*",
      "/nodes/*/*",
    ])
      expect(routes).toContain(route);
    expect(routes.length).toBeGreaterThan(20);
  });

  for (const variant of variants)
    test(`${variant.name}: no complaint in the console, no sideways scrolling, no serious fault found by axe`, async () => {
      const context = await browser.newContext({
        storageState: signedIn,
        viewport: { width: variant.width, height: variant.height },
        colorScheme: variant.colorScheme,
      });
      const faults: string[] = [];
      const look = async (page: Page, complained: string[], path: string) => {
        complained.length = 0;
        await page.goto(product.url + path, { waitUntil: "load" });
        await page.waitForTimeout(150);
        const name =
          routeOf(path)
            // A list and one of its objects are two pictures.
            .replaceAll("/*", "-one")
            .replaceAll(/[^a-z]+/gi, "-")
            .replace(/^-|-$/g, "") || "overview";
        await page.screenshot({ path: join(shots, `${name}.${variant.name}.png`) });
        for (const one of complained) faults.push(`${path}: ${one}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) faults.push(`${path}: ${over} px wider than the window`);
        for (const one of await axeFaults(page)) faults.push(`${path}: ${one}`);
      };
      // Two at a time: while one waits for its page to settle, the other is looked at.
      const left = [...paths];
      const walk = async () => {
        const page = await context.newPage();
        const complained = complaints(page);
        for (let path = left.shift(); path !== undefined; path = left.shift())
          await look(page, complained, path);
      };
      await Promise.all([walk(), walk()]);
      await context.close();
      expect(faults).toEqual([]);
    }, 600_000);

  test("signing out ends the session, and signing in leads back to where one was", async () => {
    const context = await browser.newContext({ storageState: signedIn });
    const page = await context.newPage();
    await page.goto(`${product.url}/pods`);
    await page
      .locator('form[action="/sign-out"]')
      .first()
      .evaluate((form) => (form as HTMLFormElement).requestSubmit());
    await page.waitForURL(/sign-in/);
    await page.goto(`${product.url}/pods?q=web`);
    await page.waitForURL(/sign-in/);
    await page.locator('input[type="password"]').fill(password);
    const account = page
      .locator('input[name="user"], input[name="name"], input[name="username"], input[name="email"]')
      .first();
    if ((await account.inputValue()) === "") await account.fill("admin");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/pods\?q=web/);
    await context.close();
  });

  test("the first page weighs at most 50 kB compressed, with all that it loads", async () => {
    const context = await browser.newContext({ storageState: signedIn });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", (event) => {
      bytes += event.encodedDataLength;
    });
    await page.goto(`${product.url}/`, { waitUntil: "load" });
    await page.waitForTimeout(500);
    console.log(`first_page ${(bytes / 1000).toFixed(1)} kB`);
    expect(bytes).toBeLessThan(50_000);
    await context.close();
  });
});
