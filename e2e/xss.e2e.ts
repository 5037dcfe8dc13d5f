import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { encodeBody } from "../wire/body.ts";
import { AgentStatusPayload, eventsSource, metricsSource, statusSource } from "../wire/envelope.ts";
import { Event } from "../wire/event.ts";
import { kinds, routeOf as listRouteOf, kindKeys, sourceOf } from "../wire/kinds.ts";
import { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { browserMissing, setUp, startBrowser } from "./lib/browser.ts";
import { crawl } from "./lib/crawl.ts";
import { hostile, payload } from "./lib/payload.ts";
import { type Running, runOnce, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: script payloads in a browser: ${missing}`);

describe.skipIf(missing !== undefined)("a cluster that puts scripts into every text it controls", () => {
  let product: Running;
  let browser: Browser;
  const clusterID = payload.slice(0, 200);

  async function send(token: string, route: string, source: string, body: object): Promise<void> {
    const response = await fetch(product.url + route, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: encodeBody({ version: "v1", cluster_id: clusterID, source, ts_ms: Date.now(), payload: body }),
    });
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  }

  beforeAll(async () => {
    product = await startUp();
    browser = await startBrowser();
    const token = await runOnce(["cluster", "add", payload.slice(0, 253)], product.environment);
    const status = hostile(AgentStatusPayload) as { agent: Record<string, unknown> };
    await send(token, statusSource.route, statusSource.names[0]!, status);
    for (const key of kindKeys)
      await send(token, listRouteOf(key), sourceOf(key), {
        [kinds[key].field]: [hostile(kinds[key].schema)],
      });
    const snapshot = { ...(hostile(NodeMetricsSnapshot) as object), timestamp: new Date().toISOString() };
    await send(token, metricsSource.route, metricsSource.names[0]!, { snapshots: [snapshot] });
    const happened = { ...(hostile(Event) as object), ts_ms: Date.now(), first_ts_ms: Date.now() - 1000 };
    const open = {
      ...happened,
      id: "open",
      origin: "diagnosis",
      severity: "critical",
      resolved_ts_ms: undefined,
    };
    await send(token, eventsSource.route, eventsSource.names[0]!, { events: [happened, open] });
    await eventually(
      "the pod is there",
      async () => (await product.api.get<{ total: number }>("/api/v1/pods")).total > 0,
    );
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  test("none runs, on any page", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await setUp(page, product.setupLink);
    const paths = await crawl(page, product.url, "/");
    expect(paths.length).toBeGreaterThan(20);
    const faults: string[] = [];
    let shown = 0;
    for (const path of paths) {
      const response = await page.goto(product.url + path, { waitUntil: "load" });
      if (response!.status() >= 500) faults.push(`${path}: ${response!.status()}`);
      await page.waitForTimeout(100);
      const state = await page.evaluate(() => ({
        ran: (window as unknown as { __xss?: number }).__xss !== undefined,
        images: document.querySelectorAll('img[src="x"]').length,
        handlers: document.querySelectorAll("[onerror],[onload],[onclick]").length,
        scripts: [...document.querySelectorAll("script")].filter((one) => one.textContent?.includes("__xss"))
          .length,
        links: document.querySelectorAll('a[href^="javascript:" i],form[action^="javascript:" i]').length,
        text: (document.body.textContent ?? "").includes("onerror="),
      }));
      if (state.text) shown++;
      if (state.ran || state.images || state.handlers || state.scripts || state.links)
        faults.push(`${path}: ${JSON.stringify(state)}`);
    }
    expect(faults).toEqual([]);
    expect(dialogs).toBe(0);
    // The test has teeth only where the payload is really on the page, as text.
    expect(shown).toBeGreaterThan(paths.length / 2);
  }, 300_000);
});
