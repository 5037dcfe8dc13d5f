import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { parseInterval, parseMoment } from "../views/parts/moment.ts";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, password, startBrowser } from "./lib/browser.ts";
import { type PastMaster, startPastMaster } from "./lib/past.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: zooming in a browser: ${missing}`);

const hour = 3_600_000;

describe.skipIf(missing !== undefined)("charts that are zoomed into", () => {
  let past: PastMaster;
  let browser: Browser;
  let node: string;

  beforeAll(async () => {
    past = await startPastMaster();
    await past.master.parts.access.users.add("ada", "admin", password);
    browser = await startBrowser();
    node = `${past.master.url}/nodes/${past.cluster}/n1?tab=metrics`;
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await past?.[Symbol.asyncDispose]();
  });

  async function signIn(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    await page.goto(`${past.master.url}/sign-in`);
    await page.fill('input[name="name"]', "ada");
    await page.fill('input[name="password"]', password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    return page;
  }
  const plot = (page: Page) => page.locator(".chart .plot").first();
  const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
  const interval = (page: Page) => parseInterval(query(page, "range"));
  /** All charts of the page show the one time, which the address names. */
  async function follow(page: Page) {
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
  const zoomed = (page: Page, from = page.url()) =>
    page.waitForURL((url) => url.href !== from && parseInterval(url.searchParams.get("range")) !== undefined);
  async function drag(page: Page, from: number, to: number) {
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

  test("dragging zooms all charts of the page; the address says to what, for others and for the way back", async () => {
    const page = await signIn();
    const said = complaints(page);
    await page.goto(`${node}&range=24h`);
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
    const other = await signIn();
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
    const page = await signIn();
    const said = complaints(page);
    const streams: string[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.pathname === "/live") streams.push(url.searchParams.get("page") ?? "");
    });
    await page.goto(node);
    await page.waitForSelector('#connection[data-state="live"]');
    for (const range of ["1h", "6h"]) {
      await page.click(`nav.ranges a[href*="range=${range}"]`);
      await page.waitForURL((url) => url.searchParams.get("range") === range);
    }
    // A stream that has ended is opened again after half a second.
    await page.waitForTimeout(1500);
    expect(streams.map((one) => new URL(one, node).searchParams.get("range"))).toEqual([null, "1h", "6h"]);
    await past.push();
    await page.waitForTimeout(500);
    expect(await page.locator('.chart:not([data-span="21600000"])').count()).toBe(0);
    expect(await page.locator('#connection[data-state="live"]').count()).toBe(1);
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("buttons go earlier and later, further and closer, and back to the usual time", async () => {
    const page = await signIn();
    await page.goto(`${node}&range=6h`);
    await drag(page, 0.4, 0.6);
    const start = await follow(page);
    const press = async (name: string) => {
      const before = page.url();
      await page.click(`.steps [data-step="${name}"]`);
      await zoomed(page, before);
      await page.waitForSelector(`.chart[data-to="${interval(page)!.toMs}"]`);
      return follow(page);
    };
    expect((await press("earlier")).toMs).toBe(start.toMs - start.ms / 2);
    expect((await press("later")).toMs).toBe(start.toMs);
    expect((await press("out")).ms).toBe(2 * start.ms);
    expect((await press("in")).ms).toBe(start.ms);
    await page.click('.steps [data-step="reset"]');
    await page.waitForURL((url) => url.searchParams.get("range") === "6h");
    await page.context().close();
  }, 60_000);

  test("by keyboard: Shift selects and says so, Enter zooms, plus and minus, Escape takes it all back", async () => {
    const page = await signIn();
    await page.goto(`${node}&range=24h`);
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
    const page = await signIn({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const said = complaints(page);
    await page.goto(`${node}&range=24h`);
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

  test("a click into a peak of last week tells who it was; Enter does too, and one can go to its neighbours", async () => {
    const page = await signIn();
    const said = complaints(page);
    await page.goto(`${node}&range=24h`);
    const around = { fromMs: past.busyMs - hour, toMs: past.busyMs + hour };
    const text = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
    await page.goto(`${node}&range=${text(around.fromMs)}-${text(around.toMs)}`);
    const box = (await plot(page).boundingBox())!;
    await page.mouse.click(
      box.x + box.width * ((past.busyMs + 30_000 - around.fromMs) / (2 * hour)),
      box.y + 60,
    );
    await page.waitForSelector("#moment");
    const told = () => page.locator("#moment").textContent();
    expect(await told()).toContain("miner");
    expect(await told()).toContain("Of each 60s the moment with the most CPU is kept.");
    expect(Math.abs(parseMoment(query(page, "at"))! - past.busyMs)).toBeLessThan(120_000);
    expect(await page.locator(".chart .moment").count()).toBeGreaterThan(1);
    expect(await axeFaults(page)).toEqual([]);

    await page.click('#moment [data-step="next"]');
    await page.waitForFunction(() => !document.querySelector("#moment")?.textContent?.includes("miner"));
    await page.reload();
    expect(await told()).toContain("kubelet");
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#moment")?.textContent?.includes("miner"));
    await page.click('#moment [data-step="close"]');
    await page.waitForSelector("#moment", { state: "detached" });

    await plot(page).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#moment");
    expect(await told()).toContain("kubelet");
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("a click on a pod's chart tells its values then, and leads to the events and the log of that time", async () => {
    const page = await signIn();
    for (const path of [`/pods/${past.cluster}/shop/web-1`, `/deployments/${past.cluster}/shop/web`, "/"]) {
      await page.goto(`${past.master.url}${path}?range=24h`);
      await plot(page).click({ position: { x: 100, y: 40 } });
      await page.waitForSelector("#moment .values");
      expect(await page.locator("#moment .values").textContent()).toMatch(/CPU \d+m|CPU 1/);
      await drag(page, 0.2, 0.6);
      await follow(page);
      if (path !== "/") expect(await page.locator('#moment a[href^="/logs/"]').count()).toBe(1);
      await page.click('#moment a[href^="/events"]');
      await page.waitForURL(
        (url) => url.pathname === "/events" && parseInterval(url.searchParams.get("range")) !== undefined,
      );
    }
    await page.context().close();
  }, 60_000);

  test("a chart opens large, drawn by uPlot, which nobody else fetches; it zooms, tells values and follows the theme", async () => {
    const page = await signIn({ colorScheme: "light" });
    const said = complaints(page);
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    const scripts = () => fetched.filter((path) => path.endsWith("chart-large.js"));
    await page.goto(`${node}&range=7d`);
    await plot(page).hover();
    await page.keyboard.press("Tab");
    expect(scripts()).toEqual([]);

    const large = page.locator("figure.large");
    const canvas = large.locator("canvas");
    /** So many dots of the drawing are as blue as its line. */
    const blue = () =>
      canvas.evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement;
        const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at + 2]! > data[at]! + 60) count++;
        return count;
      });
    await page.locator(".chart .size").nth(1).click();
    await canvas.waitFor();
    expect(scripts()).toHaveLength(1);
    expect(query(page, "chart")).not.toBeNull();
    const wide = (await large.locator(".plot").boundingBox())!.width;
    expect(wide).toBeGreaterThan(800);
    expect(await blue()).toBeGreaterThan(500);

    // The cursor tells what the API has at that time, to a pixel's width.
    await large.locator(".plot").focus();
    await page.keyboard.press("ArrowLeft");
    for (let at = 0; at < 5; at++) await page.keyboard.press("ArrowLeft");
    const asked = fetched.filter((path) => path === "/api/v1/query_range").length;
    expect(asked).toBe(3);
    const spoken = await large.locator(".plot").getAttribute("aria-valuetext");
    expect(spoken).toMatch(/: 1 min [\d.]+$/);
    const cursors = await page
      .locator(".chart .cursor")
      .evaluateAll((all) => new Set(all.map((one) => one.getAttribute("d"))).size);
    expect(cursors).toBe(1);

    const box = (await large.locator(".plot").boundingBox())!;
    const before = page.url();
    await page.mouse.move(box.x + wide * 0.5, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + wide * 0.55, box.y + 50);
    await page.mouse.move(box.x + wide * 0.6, box.y + 50);
    await page.mouse.up();
    await zoomed(page, before);
    const { ms } = await follow(page);
    expect(Math.abs(ms - 16.8 * hour)).toBeLessThan(hour);
    await page.waitForFunction(() => document.querySelector("figure.large canvas") !== null);
    expect(await blue()).toBeGreaterThan(500);

    await page.reload();
    await canvas.waitFor();
    const light = await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(
      (drawn) => document.querySelector<HTMLCanvasElement>("figure.large canvas")?.toDataURL() !== drawn,
      light,
    );
    expect(await axeFaults(page)).toEqual([]);

    await large.locator(".size").focus();
    await page.keyboard.press("Enter");
    await large.waitFor({ state: "detached" });
    expect(query(page, "chart")).toBeNull();
    expect(await page.locator("canvas").count()).toBe(0);
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("a large chart goes on with what comes in, beside an earlier time, with the marks of what happened", async () => {
    const page = await signIn();
    const said = complaints(page);
    await page.goto(`${past.master.url}/deployments/${past.cluster}/shop/web?range=24h&compare=1w`);
    await page.locator(".chart .size").first().click();
    await page.waitForSelector("figure.large canvas");
    // Above the canvas: what is pointed at is the mark.
    const symbol = page.locator("figure.large .marks .at").first();
    const title = await symbol.evaluate((element) => {
      const { x, y, width, height } = element.querySelector("rect")!.getBoundingClientRect();
      return document
        .elementFromPoint(x + width / 2, y + height / 2)
        ?.closest(".at")
        ?.querySelector("title")?.textContent;
    });
    expect(title).toMatch(/web/);
    const dots = await page
      .locator("figure.large canvas")
      .evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const plain = page.url().replace("&compare=1w", "");
    await page.goto(plain);
    await page.waitForSelector("figure.large canvas");
    // With nothing beside it the drawing is another one.
    expect(
      await page
        .locator("figure.large canvas")
        .evaluate((element) => (element as HTMLCanvasElement).toDataURL()),
    ).not.toBe(dots);

    await page.goto(`${past.master.url}/nodes/${past.cluster}/n1`);
    const asked = () => page.waitForRequest((request) => request.url().includes("/api/v1/query_range"));
    const first = asked();
    await page.locator(".chart .size").first().click();
    expect(new URL((await first).url()).searchParams.get("step")).toBe("0");
    await page.waitForSelector("figure.large canvas");
    const next = asked();
    await past.push();
    const to = Number(new URL((await next).url()).searchParams.get("to"));
    expect(Math.abs(Date.now() - to)).toBeLessThan(10_000);
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("without the values, or without a script, a large chart is the server's drawing", async () => {
    const page = await signIn();
    await page.route("**/api/v1/query_range**", (route) => route.abort());
    await page.goto(`${node}&range=7d`);
    await page.locator(".chart .size").first().click();
    const large = page.locator("figure.large");
    await large.waitFor();
    await page.waitForTimeout(500);
    expect(await large.locator("canvas").count()).toBe(0);
    expect(await large.locator("path[data-s]").first().isVisible()).toBe(true);
    const state = await page.context().storageState();
    const link = page.url();
    await page.context().close();

    const plain = await browser.newContext({ storageState: state, javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(link);
    expect(await still.locator("figure.large path[data-s]").first().isVisible()).toBe(true);
    await still.click('.steps [data-step="earlier"]');
    await still.waitForURL((url) => parseInterval(url.searchParams.get("range")) !== undefined);
    await plain.close();
  }, 60_000);

  test("the list of pods fetches none of it, and weighs at most 50 kB", async () => {
    const page = await signIn();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    const paths: string[] = [];
    session.on("Network.loadingFinished", (event) => {
      bytes += event.encodedDataLength;
    });
    page.on("request", (request) => paths.push(new URL(request.url()).pathname));
    await page.goto(`${past.master.url}/pods`, { waitUntil: "load" });
    await page.waitForTimeout(300);
    console.log(`pod_list ${(bytes / 1000).toFixed(1)} kB`);
    expect(bytes).toBeLessThan(50_000);
    expect(paths.filter((path) => /chart/.test(path))).toEqual([]);
    await page.context().close();
  }, 60_000);
});
