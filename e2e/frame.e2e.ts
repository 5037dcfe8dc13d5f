import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { sample } from "../master/web/testing/sample.ts";
import { startWeb, type TestWeb } from "../master/web/testing/server.ts";
import { browserMissing, complaints, startBrowser } from "./lib/browser.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: what the pages do in a browser: ${missing}`);

describe.skipIf(missing !== undefined)("what the pages do in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 30_000);
  afterAll(() => browser?.close());

  /** A page of a master with some pods, its stream connected. */
  async function open(web: TestWeb, path: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(web.url + path);
    await page.locator('#connection[data-state="live"]').waitFor();
    return page;
  }

  async function master(pods: number): Promise<TestWeb> {
    const web = await startWeb();
    sample(web.deps.datasource, pods);
    return web;
  }

  const first = (page: Page) => page.locator("tr[data-href]").first();

  test("typing filters the list, keeps the field's focus, and puts the filter into the address and the stream", async () => {
    await using web = await master(200);
    const page = await open(web, "/pods");
    await page.keyboard.press("f");
    await page.keyboard.type("checkout", { delay: 30 });
    await page.waitForURL(/\/pods\?q=checkout$/);
    await page.waitForFunction(() => document.querySelectorAll("tr[data-href]").length === 20);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("filter");
    expect(await page.inputValue("#filter")).toBe("checkout");
    // What does not match must not come in by the stream.
    web.deps.datasource.changed("c1", "pod");
    await page.waitForTimeout(300);
    expect(await page.locator("tr[data-href]").count()).toBe(20);
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/pods$/);
    await page.waitForFunction(() => document.querySelectorAll("tr[data-href]").length === 100);
    await page.context().close();
  }, 30_000);

  test("typing into the search box shows results under it, and the arrow keys and Enter open one", async () => {
    await using web = await master(60);
    const page = await open(web, "/pods");
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
    // What was found for the first letters comes before, and goes.
    const all = page.waitForResponse((one) => new URL(one.url()).searchParams.get("q") === "checkout");
    await page.keyboard.type("checkout", { delay: 20 });
    await (await all).finished();
    await page.locator("#found [role=option]").first().waitFor();
    await page.waitForFunction(() => document.querySelector(".htmx-request") === null);
    const named = await page.locator("#found [role=option]").nth(1);
    const href = await named.getAttribute("href");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await named.getAttribute("aria-selected")).toBe("true");
    expect(await page.getAttribute("#search", "aria-activedescendant")).toBe(await named.getAttribute("id"));
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === href);
    // Escape takes the results away, and Enter without a picked one leads to all of them.
    await page.keyboard.press("/");
    await page.keyboard.type("checkout");
    await page.locator("#found [role=option]").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#found").waitFor({ state: "hidden" });
    await page.keyboard.type("checkout");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=checkout$/);
    await page.context().close();
  }, 30_000);

  test("a change glows, and leaves cursor, selection and scroll as they were", async () => {
    await using web = await master(60);
    const page = await open(web, "/pods");
    for (const key of ["j", "j", "x"]) await page.keyboard.press(key);
    const name = await page.locator("tr[data-cursor]").getAttribute("data-name");
    await page.evaluate(() => scrollTo(0, 200));
    const row = web.deps.datasource.rows.pod!.find((one) => one.item.summary.name === name)!;
    for (const restarts of [77, 78]) {
      // A new object, as each message brings one.
      row.item = { ...row.item, summary: { ...row.item.summary, restarts } };
      web.deps.datasource.changed("c1", "pod");
      await page.locator(`tr[data-cursor] [data-glow-now]:text-is("${restarts}")`).waitFor();
    }
    expect(await page.locator("tr[data-cursor]").getAttribute("data-name")).toBe(name);
    expect(await page.locator("tr[data-cursor] .pick").isChecked()).toBe(true);
    expect(await page.locator("#selection output").textContent()).toBe("1 selected");
    expect(await page.evaluate(() => scrollY)).toBe(200);
    await page.waitForFunction(() => document.querySelector("[data-glow-now]") === null);
    await page.context().close();
  }, 30_000);

  test("keys lead everywhere: rows, pages, help", async () => {
    await using web = await master(30);
    const page = await open(web, "/pods");
    await page.keyboard.press("?");
    expect(await page.locator("#help").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    const href = await first(page).getAttribute("data-href");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === href);
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await page.waitForURL(/\/nodes$/);
    await page.context().close();
  }, 30_000);

  test("steps in the pager start at the top, and the way back leads back", async () => {
    await using web = await master(250);
    const page = await open(web, "/pods");
    const was = await first(page).getAttribute("data-name");
    await page.locator("#pager-next").click();
    await page.waitForURL(/from=101/);
    await page.waitForFunction(
      (name) => document.querySelector<HTMLElement>("tr[data-href]")?.dataset.name !== name,
      was,
    );
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await page.waitForURL(/\/pods$/);
    await page.waitForFunction(
      (name) => document.querySelector<HTMLElement>("tr[data-href]")?.dataset.name === name,
      was,
    );
    await page.context().close();
  }, 30_000);

  test("the connection mark shows when the stream is gone, and what changed meanwhile comes with its return", async () => {
    await using web = await master(10);
    const page = await open(web, "/pods");
    await page.context().setOffline(true);
    await page.locator('#connection[data-state="lost"]').waitFor();
    web.deps.datasource.rows.pod![0]!.state = "Preempted";
    web.deps.datasource.changed("c1", "pod");
    await page.context().setOffline(false);
    await page.locator('#connection[data-state="live"]').waitFor();
    await page.locator("text=Preempted").waitFor();
    await page.context().close();
  }, 30_000);

  test("when the session ends the page says so, and does not try again by itself", async () => {
    await using web = await master(5);
    const page = await open(web, "/pods");
    web.deps.access.signedIn = false;
    web.deps.datasource.rows.pod![0]!.state = "Preempted";
    web.deps.datasource.changed("c1", "pod");
    await page.locator('#banner a[href="/sign-in?back=%2Fpods"]').waitFor();
    let requests = 0;
    page.on("request", () => requests++);
    await page.waitForTimeout(2000);
    expect(requests).toBe(0);
    await page.context().close();
  }, 30_000);

  test("the theme changes at once and stays, and nothing is said in the console", async () => {
    await using web = await master(5);
    const page = await open(web, "/pods");
    const complained = complaints(page);
    await page.locator(".to-dark").click();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    expect(complained).toEqual([]);
    await page.context().close();
  }, 30_000);
});
