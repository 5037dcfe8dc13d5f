import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { type Running, startUp } from "./lib/product.ts";
import { parseInterval } from "../views/parts/moment.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: charts in a browser: ${missing}`);

/** A zone whose hours differ from UTC by more than whole hours. */
const timezoneId = "Asia/Kolkata";

describe.skipIf(missing !== undefined)("charts of this machine's own metrics", () => {
  let product: Running;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    product = await startUp();
    browser = await startBrowser();
    const context = await browser.newContext({ timezoneId, locale: "en-GB" });
    page = await context.newPage();
    await setUp(page, product.setupLink);
    faults = complaints(page);
    const node = await eventually("the machine is there", async () => {
      const { items } = await product.api.get<{
        items: { atlhyper: { cluster: string }; summary: { name: string } }[];
      }>("/api/v1/nodes");
      return items[0];
    });
    await page.goto(
      `${product.url}/nodes/${node.value.atlhyper.cluster}/${node.value.summary.name}?tab=metrics`,
    );
    // Two samples make a line.
    await page.waitForFunction(
      () => /l\d/.test(document.querySelector(".chart [data-s]")?.getAttribute("d") ?? ""),
      undefined,
      {
        timeout: 30_000,
      },
    );
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  const plot = () => page.locator(".chart .plot").first();
  const state = () =>
    page.evaluate(() => ({
      times: [...new Set([...document.querySelectorAll(".chart .at")].map((one) => one.textContent))],
      cursors: [
        ...new Set([...document.querySelectorAll(".chart .cursor")].map((one) => one.getAttribute("d"))),
      ],
      to: Number((document.querySelector(".chart") as HTMLElement).dataset.to),
      spoken: document.querySelector(".chart .plot")?.getAttribute("aria-valuetext") ?? "",
    }));

  test("axes show the viewer's own time", async () => {
    const marks = await page.evaluate(() =>
      [...document.querySelectorAll<SVGTextElement>(".chart [data-t]")].map(
        (one) => [Number(one.dataset.t), one.textContent] as const,
      ),
    );
    expect(marks.length).toBeGreaterThan(3);
    const clock = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: timezoneId,
    });
    for (const [ms, text] of marks) expect(text).toBe(clock.format(ms));
  });

  test("arrow keys move one cursor over all charts, and its values are said", async () => {
    await plot().focus();
    await page.keyboard.press("ArrowLeft");
    const first = await state();
    expect(first.times).toHaveLength(1);
    expect(first.times[0]).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(first.cursors).toHaveLength(1);
    expect(first.spoken).toStartWith(`${first.times[0]}: user `);
    await page.keyboard.press("ArrowLeft");
    expect((await state()).times).not.toEqual(first.times);
  });

  test("the cursor keeps its moment, and the focus its place, while new samples come in", async () => {
    const before = await state();
    await page.waitForFunction(
      (to) => Number((document.querySelector(".chart") as HTMLElement).dataset.to) > to,
      before.to,
      {
        timeout: 20_000,
      },
    );
    const after = await state();
    expect(after.times).toEqual(before.times);
    expect(after.cursors).not.toEqual(before.cursors);
    expect(await plot().evaluate((element) => element === document.activeElement)).toBe(true);
    // Samples come every 5 s.
  }, 30_000);

  test("Escape gives the newest values back", async () => {
    await page.keyboard.press("Escape");
    const { times, cursors, spoken } = await state();
    expect(times).toEqual([""]);
    expect(cursors).toEqual([""]);
    expect(spoken).toStartWith("now: ");
  });

  test("the pointer moves the cursor too, and takes it away when it leaves", async () => {
    const box = (await plot().boundingBox())!;
    await page.mouse.move(box.x + box.width - 3, box.y + box.height / 2);
    expect((await state()).times[0]).toMatch(/^\d\d:/);
    await page.mouse.move(box.x + box.width / 2, 5);
    expect((await state()).times).toEqual([""]);
  });

  test("another range is a link away, and its cursor tells times of that range", async () => {
    await page.click('nav.ranges a[href*="range=24h"]');
    await page.waitForSelector('.chart[data-span="86400000"] path[data-s][d^="M"]');
    expect(page.url()).toContain("range=24h");
    await plot().focus();
    await page.keyboard.press("ArrowLeft");
    // With the day: 24 hours are of two days.
    expect((await state()).times[0]).toMatch(/^\w+ \d+, \d\d:\d\d$/);
    await page.keyboard.press("Escape");
    await page.click("nav.ranges a:first-child");
    await page.waitForSelector(".chart:not([data-span])");
  });

  test("a drag goes on while new samples come in, and zooms to where it began and ended", async () => {
    const box = (await plot().boundingBox())!;
    const at = (share: number) => box.x + box.width * share;
    const { to } = await state();
    await page.mouse.move(at(0.2), box.y + 40);
    await page.mouse.down();
    await page.mouse.move(at(0.4), box.y + 40);
    await page.waitForFunction(
      (before) => Number((document.querySelector(".chart") as HTMLElement).dataset.to) > before,
      to,
      { timeout: 20_000 },
    );
    expect(await page.locator(".chart .select").first().getAttribute("d")).toStartWith("M");
    await page.mouse.move(at(0.6), box.y + 40);
    const later = (await state()).to;
    await page.mouse.up();
    await page.waitForURL((url) => parseInterval(url.searchParams.get("range")) !== undefined);
    const { fromMs, toMs } = parseInterval(new URL(page.url()).searchParams.get("range"))!;
    expect(Math.abs(fromMs - (to - 720_000))).toBeLessThan(4000);
    expect(Math.abs(toMs - (later - 360_000))).toBeLessThan(4000);
    expect(new URL(page.url()).searchParams.has("base")).toBe(false);
    await page.goBack();
    await page.waitForSelector(".chart:not([data-span])");
  }, 30_000);

  test("on the overview, which shows nothing but now, a drag leads to the machine's own page", async () => {
    const node = new URL(page.url()).pathname;
    await page.goto(product.url);
    const box = (await page.locator("#host .plot").first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 40);
    // To where something is measured already.
    await page.mouse.move(box.x + box.width - 1, box.y + 40);
    await page.mouse.up();
    await page.waitForURL((url) => url.pathname === node && url.searchParams.has("range"));
    await page.waitForSelector(".chart[data-span]");
  }, 30_000);

  test("no script complains", () => {
    expect(faults).toEqual([]);
  });
});
