import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { axeFaults } from "./lib/axe.ts";
import { browserMissing, complaints, password, setUp, startBrowser } from "./lib/browser.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing();
if (missing) console.log(`skipped: acting in a browser: ${missing}`);

interface Item {
  summary: { name: string; namespace: string; replicas?: number };
  spec?: { replicas?: number; unschedulable?: boolean };
  atlhyper: { cluster: string; state: string };
}

/** A master with its demo cluster; the browser is signed in as its first administrator. */
async function startDemo(browser: Browser, environment: Record<string, string> = {}) {
  const product = await startUp(environment);
  const context = await browser.newContext();
  const page = await context.newPage();
  await setUp(page, product.setupLink);
  await page.goto(product.url);
  await page.locator('form[action="/demo/start"] button').first().click();
  await eventually(
    "the demo cluster's pods are there",
    async () => (await product.api.get<{ total: number }>("/api/v1/pods")).total > 40,
    30_000,
  );
  const { items } = await product.api.get<{ items: { id: string; flavour: string }[] }>("/api/v1/clusters");
  const demo = items.find((cluster) => cluster.flavour === "demo")!.id;
  return { product, context, demo };
}

describe.skipIf(missing !== undefined)("acting on the demo cluster in a browser", () => {
  let product: Running;
  let browser: Browser;
  let signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>;
  let demo: string;

  const items = async (kind: string, query = "") =>
    (await product.api.get<{ items: Item[] }>(`/api/v1/${kind}?limit=500&cluster=${demo}${query}`)).items;
  const one = async (kind: string, name: string) =>
    (await items(kind)).find((item) => item.summary.name === name)!;

  beforeAll(async () => {
    browser = await startBrowser();
    const started = await startDemo(browser);
    ({ product, demo } = started);
    const { context } = started;
    signedIn = await context.storageState();
    await context.close();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
  });

  /** A page with its stream connected, which must not complain in the console. */
  async function open(path: string, width = 1440): Promise<Page & AsyncDisposable> {
    const context = await browser.newContext({ storageState: signedIn, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const said = complaints(page);
    await page.goto(product.url + path);
    await page.locator('#connection[data-state="live"]').waitFor({ state: "attached" });
    return Object.assign(page, {
      async [Symbol.asyncDispose]() {
        // A dialog that is told what is wrong with it is answered with 422.
        expect(said.filter((line) => !/422/.test(line))).toEqual([]);
        await context.close();
      },
    });
  }
  const workload = async () =>
    (await items("deployments")).find(
      (item) => (item.spec?.replicas ?? 0) >= 2 && item.summary.namespace === "shop",
    )!;
  const pathOf = (kind: string, { summary, atlhyper }: Item) =>
    `/${kind}/${atlhyper.cluster}/${summary.namespace}/${summary.name}`;
  const replicas = async (name: string) => (await one("deployments", name)).spec?.replicas;

  test("scaling by mouse: what is wrong is told in the dialog, progress and end on the page, and undo takes it back", async () => {
    const deployment = await workload();
    const { name } = deployment.summary;
    const before = deployment.spec!.replicas!;
    await using page = await open(pathOf("deployments", deployment));
    await page.locator('.acts > a:text-is("Scale")').click();
    await page.locator("#act h2").waitFor();
    await page.fill("#field-act-replicas", "99999");
    await page.click("#act-go");
    await page.locator("#act .fault").waitFor();
    expect(await page.inputValue("#field-act-replicas")).toBe("99999");
    await page.fill("#field-act-replicas", String(before + 1));
    expect(await page.textContent("#act-go")).toBe(`Scale from ${before} to ${before + 1}`);
    await page.click("#act-go");
    await page.locator("#act").waitFor({ state: "hidden" });
    await page.locator(`#acted >> text=Scaled to ${before + 1}`).waitFor();
    expect(await replicas(name)).toBe(before + 1);
    await page.locator("#acted a[data-act]").click();
    await page.locator(`#act >> text=Scale to ${before}`).waitFor();
    await page.click("#act-go");
    await page.locator(`#acted >> text=Scaled to ${before}`).waitFor();
    expect(await replicas(name)).toBe(before);
    await page
      .locator(`.timeline >> text=Scaled to ${before + 1}`)
      .first()
      .waitFor();
  }, 60_000);

  test("restarting a pod by keyboard alone, from its row", async () => {
    await using page = await open("/pods?namespace=shop&q=catalog");
    await page.keyboard.press("j");
    const name = await page.locator("tr[data-cursor]").getAttribute("data-name");
    await page.keyboard.press("a");
    await page.locator("#row-menu a:focus").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    for (let at = 0; at < 9; at++) {
      if ((await page.locator("#row-menu a:focus").textContent()) === "Restart") break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    // Enter right away must not restart: Cancel has the focus.
    await page.locator('#act button[value="cancel"]:focus').waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Restart pod");
    await page.keyboard.press("Enter");
    await page.locator('.toast a:text-is("Restarted")').waitFor({ timeout: 30_000 });
    expect(await one("pods", name!)).toBeUndefined();
  }, 60_000);

  test("several pods are restarted together, and their progress is shown as one", async () => {
    await using page = await open("/pods?namespace=shop&q=frontend");
    for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
    await page.click('[data-selection="actions"]');
    await page.locator('#row-menu a:text-is("Restart")').click();
    await page.locator("#act h2:text-is('Restart 2 pods')").waitFor();
    expect(await page.textContent("#act .consequences")).toMatch(/2 of its \d pods go/);
    await page.locator("#act-go:text-is('Restart 2 pods')").click();
    await page.locator(".toast >> text=Restart · 2 of 2 done").waitFor({ timeout: 40_000 });
    await page.locator(".toast a").first().click();
    await page.waitForURL(/commands\?group=/);
    expect(await page.locator("tr[data-href]").count()).toBe(2);
  }, 90_000);

  test("the palette cordons a node and takes it back, by keyboard alone, on a phone's width too", async () => {
    const node = (await items("nodes")).find((item) => !item.spec?.unschedulable)!.summary.name;
    await using page = await open("/events", 360);
    await page.keyboard.press("Control+k");
    await page.locator("#palette [role=option]").first().waitFor();
    await page.keyboard.type(`cordon ${node}`, { delay: 15 });
    const first = page.locator("#palette [role=option]").first();
    await first.locator(`text=${node}`).waitFor();
    await page.locator("#palette [aria-selected=true] >> text=Cordon").waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over).toBe(0);
    await page.keyboard.press("Enter");
    await page.locator(`#act h2:text-is("Cordon node ${node}")`).waitFor();
    await page.locator("#act-go").focus();
    await page.keyboard.press("Enter");
    await page.locator('.toast a:text-is("Cordoned")').waitFor();
    await eventually(
      "the node is cordoned",
      async () => (await one("nodes", node)).spec?.unschedulable === true,
      15_000,
    );
    // What was chosen before comes first, as it is now.
    await page.keyboard.press("Control+k");
    await page.keyboard.type(`uncordon ${node}`, { delay: 15 });
    await page.locator("#palette [aria-selected=true] >> text=Uncordon").waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`#act h2:text-is("Uncordon node ${node}")`).waitFor();
    await page.keyboard.press("Tab");
    await page.locator("#act-go").focus();
    await page.keyboard.press("Enter");
    await page.locator('.toast a:text-is("Uncordoned")').waitFor();
    await eventually(
      "the node takes pods again",
      async () => !(await one("nodes", node)).spec?.unschedulable,
      15_000,
    );
  }, 90_000);

  for (const [width, scheme] of [
    [1440, "light"],
    [360, "dark"],
  ] as const)
    test(`menus, dialogs and the palette have no serious fault by axe, ${width} px wide, ${scheme}`, async () => {
      await using page = await open("/pods?namespace=shop", width);
      await page.emulateMedia({ colorScheme: scheme });
      const faults: string[] = [];
      const look = async (what: string) => {
        await page.waitForTimeout(200);
        for (const fault of await axeFaults(page)) faults.push(`${what}: ${fault}`);
        const over = await page.evaluate(() =>
          [
            document.documentElement,
            ...document.querySelectorAll("dialog[open],[popover]:popover-open"),
          ].some((one) => one.scrollWidth > one.clientWidth + 1),
        );
        if (over) faults.push(`${what}: scrolls sideways`);
      };
      await page.locator("button.dots").first().click();
      await page.locator("#row-menu a").first().waitFor();
      await look("the menu of a row");
      await page.locator('#row-menu a:text-is("Delete")').click();
      await page.locator("#act h2").waitFor();
      await look("the dialog of a deletion");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("restart che");
      await page.locator("#palette [aria-selected=true] >> text=Restart").waitFor();
      await look("the palette");
      await page.keyboard.press("Enter");
      await page.locator("#act h2").waitFor();
      await look("the dialog of a restart");
      expect(faults).toEqual([]);
    }, 60_000);

  test("an image is changed, and going back to the revision before shows the difference first", async () => {
    const deployment = await workload();
    await using page = await open(pathOf("deployments", deployment));
    await page.click("#acts-button");
    await page.locator('#acts a:text-is("Change image")').click();
    const field = page.locator("#field-act-image-0");
    const image = await field.inputValue();
    await page.click("#act-go");
    await page.locator("#act .fault").waitFor();
    await field.fill(`${image}-next`);
    await page.click("#act-go");
    await page.locator("#acted >> text=Image changed").waitFor({ timeout: 40_000 });
    await page.click("#acts-button");
    await page.locator('#acts a:text-is("Roll back")').click();
    await page.locator(`#act .removed >> text=${image}-next`).waitFor();
    await page.locator("#act-go").click();
    await page.locator("#acted >> text=Rolled back").waitFor({ timeout: 40_000 });
    await page.goto(`${product.url}${pathOf("deployments", deployment)}?tab=commands`);
    expect(await page.locator("#history tbody tr").count()).toBeGreaterThan(1);
  }, 120_000);
});

describe.skipIf(missing !== undefined)("what takes two people", () => {
  test("is proposed by one, approved by another by keyboard, done, and all of it is in the audit log", async () => {
    await using browser = await startBrowser();
    const { product, context, demo } = await startDemo(browser, { ATLHYPER_APPROVE: "RolloutRestart" });
    await using _ = product;
    const page = await context.newPage();
    await page.goto(`${product.url}/settings`);
    await page.locator('summary:text-is("Add user")').click();
    await page.fill("#field-user-name", "grace");
    await page.selectOption("#user-role", "operator");
    await page.fill("#field-user-password", password);
    await page.locator('button:text-is("Add user")').click();
    await page.locator("text=grace").first().waitFor();

    await page.goto(`${product.url}/deployments/${demo}/shop/checkout`);
    await page.locator('.acts > a:text-is("Restart")').click();
    await page.locator("#act >> text=Somebody else has to approve it").waitFor();
    await page.click("#act-go");
    await page.locator("#acted >> text=waits for approval").waitFor();

    const other = await browser.newContext();
    const second = await other.newPage();
    await second.goto(`${product.url}/sign-in`);
    await second.locator("#field-name").fill("grace");
    await second.locator('input[type="password"]').fill(password);
    await second.keyboard.press("Enter");
    await second.locator('#nav a[href="/commands"] .count').first().waitFor({ state: "attached" });
    for (const key of ["g", "a"]) await second.keyboard.press(key);
    await second.waitForURL(/\/commands$/);
    for (const key of ["j", "Enter"]) await second.keyboard.press(key);
    await second.waitForURL(/\/commands\/.+/);
    await second.locator('button:text-is("Approve")').focus();
    await second.keyboard.press("Enter");
    await second.locator("text=Approved by").waitFor();
    await page.locator("#acted a:text-is('Restarted')").waitFor({ timeout: 40_000 });

    await page.goto(`${product.url}/audit`);
    for (const words of ["command.approve", "command.enqueue"])
      await page.locator(`#list >> text=${words}`).first().waitFor();
    await context.close();
    await other.close();
  }, 150_000);
});
