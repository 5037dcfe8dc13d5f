import type { Page } from "playwright-core";

/**
 * Walks the links of the pages from one address on, each route once: addresses that differ only in the names
 * of objects, or in a filter, are the same route. Gives the addresses in the order they were found.
 */
export async function crawl(page: Page, origin: string, from: string, most = 120): Promise<string[]> {
  const seen = new Map<string, string>([[routeOf(from), from]]);
  const queue = [from];
  for (let path = queue.shift(); path !== undefined && seen.size < most; path = queue.shift()) {
    await page.goto(origin + path, { waitUntil: "domcontentloaded" });
    const links = await page
      .locator("a[href]")
      .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin !== origin || isNoPage(url.pathname)) continue;
      const next = url.pathname + url.search;
      const route = routeOf(next);
      if (seen.has(route)) continue;
      seen.set(route, next);
      queue.push(next);
    }
  }
  return [...seen.values()];
}

function isNoPage(path: string): boolean {
  return (
    (path.startsWith("/api/") && path !== "/api/docs") ||
    path.startsWith("/assets/") ||
    path === "/metrics" ||
    // A log as plain text.
    (path.startsWith("/logs/") && path.endsWith("/text"))
  );
}

/** `/pods/<cluster>/<namespace>/<name>?tab=events&q=…` → `/pods/*​/*​/*?tab=events`. */
export function routeOf(path: string): string {
  const url = new URL(path, "http://127.0.0.1");
  const [first, ...rest] = url.pathname.split("/").filter((part) => part !== "");
  const tab = url.searchParams.get("tab");
  // Workloads stand under one path with their kind as the first part.
  return `/${[first, ...rest.map((part, at) => (/^[a-z]+$/.test(part) && at === 0 && rest.length > 3 ? part : "*"))].join("/")}${tab ? `?tab=${tab}` : ""}`;
}
