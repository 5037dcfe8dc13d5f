import { expect, test } from "bun:test";
import type { Found } from "../../views/pages/search.ts";
import { best } from "./search.ts";
import { sample } from "./testing/sample.ts";
import { startWeb } from "./testing/server.ts";

function found(kind: Found["kind"], ...names: string[]): Found {
  const rows = names.map((name) => ({ item: { summary: { name } } }) as Found["rows"][number]);
  return { kind, rows, total: names.length };
}

test("of many results each kind has its share, and what a short kind leaves goes to the others", () => {
  const many = Array.from({ length: 50 }, (_, at) => `web-${at}`);
  const shown = best([found("pod", ...many), found("node", "web"), found("service", ...many)], "web", 12);
  expect(shown.map((one) => one.rows.length)).toEqual([6, 1, 5]);
});

test("names that are what was typed come before those that hold it, and those before other matches", () => {
  const [pods] = best([found("pod", "api", "my-web", "web-1", "web")], "Web", 12);
  expect(pods!.rows.map((one) => one.item.summary.name)).toEqual(["web", "web-1", "my-web", "api"]);
});

test("the results under the search box are at most twelve options, and the way to all of them", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 60);
  const text = await (await fetch(`${web.url}/search/found?q=checkout`)).text();
  expect(text.match(/role="option"/g)?.length).toBeGreaterThan(5);
  expect(text.match(/role="option"/g)?.length).toBeLessThanOrEqual(13);
  expect(text).toContain('href="/search?q=checkout"');
  expect(await (await fetch(`${web.url}/search/found?q=`)).text()).toBe("");
});

test("who is not signed in finds nothing under the search box", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 60);
  web.deps.access.signedIn = false;
  const response = await fetch(`${web.url}/search/found?q=checkout`, { headers: { "hx-request": "true" } });
  expect(response.status).toBe(401);
  expect(await response.text()).toBe("");
});

test("names of the side bar lead to the first list of each, with the query kept", async () => {
  await using web = await startWeb();
  for (const [path, to] of [
    ["/workloads?cluster=c1", "/deployments?cluster=c1"],
    ["/network", "/services"],
    ["/config?q=a%20b", "/configmaps?q=a%20b"],
    ["/api/docs", "/api"],
  ]) {
    const response = await fetch(web.url + path, { redirect: "manual" });
    expect(response.status, path).toBe(303);
    expect(response.headers.get("location"), path).toBe(to!);
  }
});
