import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseInterval } from "../views/parts/moment.ts";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints } from "./lib/browser.ts";
import { type ChartBrowser, follow, plot, query, zoomed, startChartBrowser } from "./lib/charts.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: a chart that is open large in a browser: ${missing}`);

const hour = 3_600_000;

describe.skipIf(missing !== undefined)("a chart that is open large", () => {
  let on: ChartBrowser;
  beforeAll(async () => {
    on = await startChartBrowser();
  }, 60_000);
  afterAll(() => on?.[Symbol.asyncDispose]());

  test("a chart opens large, drawn by uPlot, which nobody else fetches; it zooms, tells values and follows the theme", async () => {
    const page = await on.signIn({ colorScheme: "light" });
    const said = complaints(page);
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    const scripts = () => fetched.filter((path) => path.endsWith("chart-large.js"));
    await page.goto(`${on.node}&range=7d`);
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
    const page = await on.signIn();
    const said = complaints(page);
    await page.goto(`${on.past.master.url}/deployments/${on.past.cluster}/shop/web?range=24h&compare=1w`);
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

    await page.goto(`${on.past.master.url}/nodes/${on.past.cluster}/n1`);
    const asked = () => page.waitForRequest((request) => request.url().includes("/api/v1/query_range"));
    const first = asked();
    await page.locator(".chart .size").first().click();
    expect(new URL((await first).url()).searchParams.get("step")).toBe("0");
    await page.waitForSelector("figure.large canvas");
    const next = asked();
    // Samples that follow within less than a probe's 5 s are one.
    await Bun.sleep(5500);
    // As an agent sends: one that comes within the moment of the first moves no chart.
    const pushing = setInterval(on.past.push, 1000);
    const to = Number(
      new URL((await next.finally(() => clearInterval(pushing))).url()).searchParams.get("to"),
    );
    expect(Math.abs(Date.now() - to)).toBeLessThan(10_000);
    expect(said).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("without the values, or without a script, a large chart is the server's drawing", async () => {
    const page = await on.signIn();
    await page.route("**/api/v1/query_range**", (route) => route.abort());
    await page.goto(`${on.node}&range=7d`);
    await page.locator(".chart .size").first().click();
    const large = page.locator("figure.large");
    await large.waitFor();
    await page.waitForTimeout(500);
    expect(await large.locator("canvas").count()).toBe(0);
    expect(await large.locator("path[data-s]").first().isVisible()).toBe(true);
    const state = await page.context().storageState();
    const link = page.url();
    await page.context().close();

    const plain = await on.browser.newContext({ storageState: state, javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(link);
    expect(await still.locator("figure.large path[data-s]").first().isVisible()).toBe(true);
    await still.click('.steps [data-step="earlier"]');
    await still.waitForURL((url) => parseInterval(url.searchParams.get("range")) !== undefined);
    await plain.close();
  }, 60_000);

  test("the list of pods fetches none of it, and weighs at most 50 kB", async () => {
    const page = await on.signIn();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    const paths: string[] = [];
    session.on("Network.loadingFinished", (event) => {
      bytes += event.encodedDataLength;
    });
    page.on("request", (request) => paths.push(new URL(request.url()).pathname));
    await page.goto(`${on.past.master.url}/pods`, { waitUntil: "load" });
    await page.waitForTimeout(300);
    console.log(`pod_list ${(bytes / 1000).toFixed(1)} kB`);
    expect(bytes).toBeLessThan(50_000);
    expect(paths.filter((path) => /chart/.test(path))).toEqual([]);
    await page.context().close();
  }, 60_000);
});
