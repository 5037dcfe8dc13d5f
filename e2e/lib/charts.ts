import { expect } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { parseInterval } from "../../views/parts/moment.ts";
import { password, startBrowser } from "./browser.ts";
import { type PastMaster, startPastMaster } from "./past.ts";

export interface ChartBrowser extends AsyncDisposable {
  past: PastMaster;
  browser: Browser;
  /** The address of the charts of a node. */
  node: string;
  /** A page of somebody who has signed in, in a browser's profile of its own. */
  signIn(options?: BrowserContextOptions): Promise<Page>;
}

/** A browser before a master that has measured for ten days. */
export async function startChartBrowser(): Promise<ChartBrowser> {
  const past = await startPastMaster();
  await past.master.parts.access.users.add("ada", "admin", password);
  const browser = await startBrowser();
  return {
    past,
    browser,
    node: `${past.master.url}/nodes/${past.cluster}/n1?tab=metrics`,
    async signIn(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      await page.goto(`${past.master.url}/sign-in`);
      await page.fill('input[name="name"]', "ada");
      await page.fill('input[name="password"]', password);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
      return page;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await past[Symbol.asyncDispose]();
    },
  };
}

/** The first chart's. */
export const plot = (page: Page) => page.locator(".chart .plot").first();
export const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
export const interval = (page: Page) => parseInterval(query(page, "range"));
/** All charts of the page show the one time, which the address names. */
export async function follow(page: Page) {
  const { fromMs, toMs } = interval(page)!;
  const shown = await page
    .locator("figure.chart")
    .evaluateAll((all) =>
      all.map((one) => `${(one as HTMLElement).dataset.to}-${(one as HTMLElement).dataset.span}`),
    );
  expect(shown.length).toBeGreaterThan(1);
  expect(new Set(shown)).toEqual(new Set([`${toMs}-${toMs - fromMs}`]));
  return { fromMs, toMs, ms: toMs - fromMs };
}
/** Until the address names another time with both its ends. */
export const zoomed = (page: Page, from = page.url()) =>
  page.waitForURL((url) => url.href !== from && parseInterval(url.searchParams.get("range")) !== undefined);
/** Drags over the first chart, from one share of its width to another. */
export async function drag(page: Page, from: number, to: number) {
  const box = (await plot(page).boundingBox())!;
  const before = page.url();
  await page.mouse.move(box.x + box.width * from, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), box.y + 50);
  await page.mouse.move(box.x + box.width * to, box.y + 60);
  // While it is dragged every chart marks the time.
  const marked = await page
    .locator(".chart .select")
    .evaluateAll((all) => all.map((one) => one.getAttribute("d")));
  expect(new Set(marked).size).toBe(1);
  expect(marked[0]).toStartWith("M");
  await page.mouse.up();
  await zoomed(page, before);
}
