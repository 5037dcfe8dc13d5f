import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseInterval } from "../views/parts/moment.ts";
import { eventually } from "./lib/wait.ts";
import { browserMissing, complaints } from "./lib/browser.ts";
import {
  type ChartBrowser,
  drag,
  follow,
  interval,
  plot,
  query,
  zoomed,
  startChartBrowser,
} from "./lib/charts.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: charts that are zoomed into in a browser: ${missing}`);

const hour = 3_600_000;

describe.skipIf(missing !== undefined)("charts that are zoomed into", () => {
  let on: ChartBrowser;
  beforeAll(async () => {
    on = await startChartBrowser();
  }, 60_000);
  afterAll(() => on?.[Symbol.asyncDispose]());

  test("dragging zooms all charts of the page; the address says to what, for others and for the way back", async () => {
    const page = await on.signIn();
    const said = complaints(page);
    await page.goto(`${on.node}&range=24h`);
    await drag(page, 0.25, 0.5);
    const first = await follow(page);
    expect(Math.abs(first.ms - 6 * hour)).toBeLessThan(hour / 4);
    expect(query(page, "base")).toBe("24h");
    await drag(page, 0.75, 0.25);
    const second = await follow(page);
    expect(second.ms).toBeLessThan(first.ms * 0.6);
    expect(second.fromMs).toBeGreaterThan(first.fromMs);

    const link = page.url();
    const lines = () =>
      page.locator(".chart path[data-s]").evaluateAll((all) => all.map((one) => one.getAttribute("d")));
    const drawn = await lines();
    await page.reload();
    expect(await lines()).toEqual(drawn);
    const other = await on.signIn();
    await other.goto(link);
    expect(
      await other
        .locator(".chart path[data-s]")
        .evaluateAll((all) => all.map((one) => one.getAttribute("d"))),
    ).toEqual(drawn);
    await other.context().close();

    await page.goBack();
    await page.waitForURL((url) => parseInterval(url.searchParams.get("range"))?.fromMs === first.fromMs);
    await page.waitForSelector(`.chart[data-to="${first.toMs}"]`);
    expect(await follow(page)).toEqual(first);
    await page.goBack();
    await page.waitForSelector('.chart[data-span="86400000"]');
    expect(query(page, "range")).toBe("24h");
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("after a zoom there is one stream, of the new time: what comes in does not bring the old one back", async () => {
    const page = await on.signIn();
    const said = complaints(page);
    const streams: string[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.pathname === "/live") streams.push(url.searchParams.get("page") ?? "");
    });
    await page.goto(on.node);
    await eventually(
      "the stream of now",
      () => streams.some((one) => one.startsWith("/nodes/")) || undefined,
    );
    for (const range of ["1h", "6h"]) {
      await page.click(`nav.ranges a[href*="range=${range}"]`);
      await eventually(
        `the stream of ${range}`,
        () => streams.some((one) => one.includes(range)) || undefined,
      );
    }
    // A stream that has ended is opened again after half a second.
    await page.waitForTimeout(1500);
    const opened = streams.map((one) => new URL(one, on.node).searchParams.get("range"));
    expect(opened.slice(opened.indexOf("1h"))).toEqual(["1h", "6h"]);
    await on.past.push();
    await page.waitForTimeout(500);
    expect(await page.locator('.chart:not([data-span="21600000"])').count()).toBe(0);
    expect(await page.locator('#connection[data-state="live"]').count()).toBe(1);
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("buttons go earlier and later, further and closer, and back to the usual time", async () => {
    const page = await on.signIn();
    await page.goto(`${on.node}&range=6h`);
    await drag(page, 0.4, 0.6);
    const start = await follow(page);
    const press = async (name: string) => {
      const before = page.url();
      await page.click(`.steps [data-step="${name}"]`);
      await zoomed(page, before);
      await page.waitForSelector(`.chart[data-to="${interval(page)!.toMs}"]`);
      return follow(page);
    };
    // In the viewer's zone, the day once.
    const clock = /\d\d:\d\d:\d\d/.source;
    expect(await page.locator(".steps .shown").textContent()).toMatch(
      new RegExp(`^\\w+ \\d+, \\d+, ${clock} – (\\w+ \\d+, \\d+, )?${clock} 7\\dm$`),
    );
    expect((await press("earlier")).toMs).toBe(start.toMs - start.ms / 2);
    expect((await press("later")).toMs).toBe(start.toMs);
    expect((await press("out")).ms).toBe(2 * start.ms);
    expect((await press("in")).ms).toBe(start.ms);
    await page.click('.steps [data-step="reset"]');
    await page.waitForURL((url) => url.searchParams.get("range") === "6h");
    await page.context().close();
  }, 60_000);

  test("by keyboard: Shift selects and says so, Enter zooms, plus and minus, Escape takes it all back", async () => {
    const page = await on.signIn();
    await page.goto(`${on.node}&range=24h`);
    await plot(page).focus();
    await page.keyboard.press("ArrowLeft");
    for (let at = 0; at < 4; at++) await page.keyboard.press("PageUp");
    for (let at = 0; at < 3; at++) await page.keyboard.press("Shift+PageUp");
    const spoken = () => plot(page).getAttribute("aria-valuetext");
    expect(await spoken()).toMatch(/^Nov|^[A-Z][a-z]{2} \d+.* selected, Enter zooms in\. .*: user \d/);
    await page.keyboard.press("Escape");
    expect(await spoken()).not.toContain("selected");
    for (let at = 0; at < 3; at++) await page.keyboard.press("Shift+PageUp");
    const usual = page.url();
    await page.keyboard.press("Enter");
    await zoomed(page, usual);
    const first = await follow(page);
    expect(Math.abs(first.ms - (3 * 24 * hour) / 15)).toBeLessThan(hour);
    // The focus stays where it was.
    expect(await plot(page).evaluate((element) => element === document.activeElement)).toBe(true);

    const before = page.url();
    await page.keyboard.press("+");
    await zoomed(page, before);
    expect((await follow(page)).ms).toBeLessThanOrEqual(first.ms / 2 + 2000);
    const closer = page.url();
    await page.keyboard.press("Escape");
    await page.keyboard.press("-");
    await zoomed(page, closer);
    expect((await follow(page)).ms).toBeGreaterThanOrEqual(first.ms - 2000);
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => url.searchParams.get("range") === "24h");
    await page.context().close();
  }, 60_000);

  test("by touch: a long press and a move, or two fingers, zoom; one finger still scrolls", async () => {
    const page = await on.signIn({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const said = complaints(page);
    await page.goto(`${on.node}&range=24h`);
    await plot(page).scrollIntoViewIfNeeded();
    const touch = await page.context().newCDPSession(page);
    const send = (type: "touchStart" | "touchMove" | "touchEnd", ...points: [number, number][]) =>
      touch.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    const place = async () => {
      const box = (await plot(page).boundingBox())!;
      return (x: number, y = 0.5): [number, number] => [box.x + box.width * x, box.y + box.height * y];
    };

    let at = await place();
    const scrolled = await page.evaluate(() => scrollY);
    await send("touchStart", at(0.5, 0.8));
    for (const y of [0.6, 0.2, -0.4, -1]) await send("touchMove", at(0.5, y));
    await send("touchEnd");
    await page.waitForFunction((before) => scrollY > before + 50, scrolled);
    expect(query(page, "range")).toBe("24h");
    expect(query(page, "at")).toBeNull();

    await plot(page).scrollIntoViewIfNeeded();
    at = await place();
    let before = page.url();
    await send("touchStart", at(0.2));
    await page.waitForTimeout(600);
    for (const x of [0.3, 0.5, 0.7]) await send("touchMove", at(x, 0.5 + x / 10));
    await send("touchEnd");
    await zoomed(page, before);
    const pressed = await follow(page);
    expect(Math.abs(pressed.ms - 12 * hour)).toBeLessThan(hour);

    await plot(page).scrollIntoViewIfNeeded();
    at = await place();
    before = page.url();
    await send("touchStart", at(0.4));
    await send("touchStart", at(0.4), at(0.6));
    await send("touchMove", at(0.25), at(0.75));
    await send("touchEnd");
    await zoomed(page, before);
    const pinched = await follow(page);
    expect(Math.abs(pinched.ms - pressed.ms / 2)).toBeLessThan(hour / 2);

    await plot(page).scrollIntoViewIfNeeded();
    at = await place();
    await send("touchStart", at(0.5));
    await send("touchEnd");
    await page.waitForSelector("#moment");
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);
});
