import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = process.env.ATLHYPER_CHROMIUM ?? "/usr/bin/chromium";

export function browserMissing(): string | undefined {
  return existsSync(executablePath) ? undefined : `no Chromium at ${executablePath}`;
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export const password = "correct horse battery staple";

/** Becomes the first administrator by the printed link, as a person does. */
export async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  for (const field of await page.locator('input[type="password"]').all()) await field.fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/setup"));
}

/** Collects what a page complains about: console errors, exceptions, requests that failed. */
export function complaints(page: Page): string[] {
  const list: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") list.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => list.push(`exception: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) list.push(`${response.status()} ${response.url()}`);
  });
  return list;
}
