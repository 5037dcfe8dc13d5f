import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { startTestMaster, type TestMaster } from "../master/harness.ts";
import { axeFaults } from "./lib/axe.ts";
import { eventually } from "./lib/wait.ts";
import { browserMissing, complaints, password, startBrowser } from "./lib/browser.ts";

const missing = browserMissing();
if (missing) process.stdout.write(`tenants: not run, ${missing}\n`);

let master: TestMaster;
let browser: Browser;

beforeAll(async () => {
  if (missing) return;
  master = await startTestMaster();
  await master.parts.access.users.add("ada", "admin", password);
  for (const name of ["prod", "edge"]) {
    const cluster = await master.addCluster(name);
    await cluster.push("/ingest/podlist", "pod_list_snapshot", {
      pods: ["shop", "bank"].map((namespace) => ({
        summary: { name: `${name}-${namespace}`, namespace, phase: "Running", ready: "1/1" },
      })),
    });
    await cluster.push("/ingest/namespacelist", "namespace_list_snapshot", {
      namespaces: ["shop", "bank"].map((one) => ({ summary: { name: one } })),
    });
  }
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await master?.stop();
});

async function signIn(name: string, width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${master.url}/sign-in`);
  await page.fill('input[name="name"]', name);
  await page.fill('input[name="password"]', password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}
const names = (page: Page) =>
  page.locator("tr[data-name]").evaluateAll((all) => all.map((one) => one.getAttribute("data-name")));

describe.skipIf(missing !== undefined)("tenants", () => {
  test("an administrator sets a tenant up in the pages, by keyboard; who is in it sees what it owns and no more", async () => {
    const page = await signIn("ada");
    const said = complaints(page);
    const press = async (name: string) => {
      await page.getByText(name, { exact: true }).first().focus();
      await page.keyboard.press("Enter");
    };
    await page.goto(`${master.url}/settings`);
    await press("Add tenant");
    await page.locator("#field-tenant-new").fill("Acme");
    await page.keyboard.press("Enter");
    await page.locator("#tenants td >> text=Acme").waitFor();

    await page.goto(`${master.url}/clusters`);
    await page.locator('button[aria-label="Manage: prod"]').focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog[open] [data-dialog^=move-]").focus();
    await page.keyboard.press("Enter");
    await page.locator('dialog[open] select[name="tenant"]').selectOption({ label: "Acme" });
    await page.locator("dialog[open] button.primary").focus();
    await page.keyboard.press("Enter");
    await page.locator("#clusters td >> text=Acme").waitFor();

    await page.goto(`${master.url}/settings`);
    await press("Add user");
    await page.fill("#field-user-name", "bo");
    await page.selectOption("#user-role", "operator");
    await page.selectOption("#user-where", { label: "tenant Acme" });
    await page.fill("#field-user-namespaces", "Shop!");
    await page.fill("#field-user-password", password);
    await page.keyboard.press("Enter");
    // What was entered stays, with what is wrong beside its field.
    await page.locator("#field-user-namespaces-fault").waitFor();
    expect(await page.inputValue("#field-user-name")).toBe("bo");
    expect(await page.inputValue("#user-role")).toBe("operator");
    await page.fill("#field-user-namespaces", "shop");
    await page.fill("#field-user-password", password);
    await page.keyboard.press("Enter");
    await page.locator("#users td >> text=tenant Acme · namespaces shop").waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(said.filter((one) => !one.includes("422"))).toEqual([]);

    const bo = await signIn("bo", 360);
    await bo.goto(`${master.url}/pods`);
    expect(await names(bo)).toEqual(["prod-shop"]);
    await bo.goto(`${master.url}/nodes`);
    await bo.locator("text=Your roles are for some namespaces").waitFor();
    await bo.goto(`${master.url}/settings`);
    await bo.getByText("Create token", { exact: true }).first().click();
    await bo.fill("#field-token-name", "ci");
    await bo.locator('input[name="readOnly"]').check();
    await bo.locator("#tokens button.primary").click();
    const token = await bo.locator("#tokens .copy code").textContent();
    expect(await bo.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    const response = await fetch(`${master.url}/api/v1/pods`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { items } = (await response.json()) as { items: { summary: { name: string } }[] };
    expect(items.map((one) => one.summary.name)).toEqual(["prod-shop"]);
    expect(await axeFaults(bo)).toEqual([]);
    await page.goto(`${master.url}/settings`);
    await page.locator('#users tr:has-text("bo") select[name="role"]').selectOption("viewer");
    await eventually("the role is another", async () => {
      const bos = (await master.parts.access.users.list()).find((one) => one.name === "bo")!;
      return bos.grants[0]!.role === "viewer" && bos.grants[0]!.namespaces?.[0] === "shop";
    });
  }, 120_000);
});
