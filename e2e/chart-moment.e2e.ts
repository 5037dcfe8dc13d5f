import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseInterval, parseMoment } from "../views/parts/moment.ts";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints } from "./lib/browser.ts";
import { type ChartBrowser, drag, follow, plot, query, startChartBrowser } from "./lib/charts.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: a moment that is pointed at in a chart in a browser: ${missing}`);

const hour = 3_600_000;

describe.skipIf(missing !== undefined)("a moment that is pointed at in a chart", () => {
  let on: ChartBrowser;
  beforeAll(async () => {
    on = await startChartBrowser();
  }, 60_000);
  afterAll(() => on?.[Symbol.asyncDispose]());

  test("a click into a peak of last week tells who it was; Enter does too, and one can go to its neighbours", async () => {
    const page = await on.signIn();
    const said = complaints(page);
    await page.goto(`${on.node}&range=24h`);
    const around = { fromMs: on.past.busyMs - hour, toMs: on.past.busyMs + hour };
    const text = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
    await page.goto(`${on.node}&range=${text(around.fromMs)}-${text(around.toMs)}`);
    const box = (await plot(page).boundingBox())!;
    await page.mouse.click(
      box.x + box.width * ((on.past.busyMs + 30_000 - around.fromMs) / (2 * hour)),
      box.y + 60,
    );
    await page.waitForSelector("#moment");
    const told = () => page.locator("#moment").textContent();
    expect(await told()).toContain("miner");
    expect(await told()).toContain("Of each 1m the moment with the most CPU is kept.");
    expect(Math.abs(parseMoment(query(page, "at"))! - on.past.busyMs)).toBeLessThan(120_000);
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
    const page = await on.signIn();
    for (const path of [
      `/pods/${on.past.cluster}/shop/web-1`,
      `/deployments/${on.past.cluster}/shop/web`,
      "/",
    ]) {
      await page.goto(`${on.past.master.url}${path}?range=24h`);
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
});
