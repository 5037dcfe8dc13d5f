import { expect, test } from "bun:test";
import type { StoredEvent } from "../../views/event-model.ts";
import { claimList, configMapList } from "../../views/pages/config.ts";
import { namespaceList } from "../../views/pages/namespaces.ts";
import { ingressList, serviceList } from "../../views/pages/network.ts";
import { nodeList } from "../../views/pages/nodes.ts";
import { podList } from "../../views/pages/pods.ts";
import * as workloads from "../../views/pages/workloads.ts";
import { Event } from "../../wire/event.ts";
import { kindKeys } from "../../wire/kinds.ts";
import { AgentStatus } from "../../wire/status.ts";
import { createDatasource } from "../datasource/datasource.ts";
import { createMemoryHub } from "../hub/memory.ts";
import { pages } from "./pages.ts";
import { poison, poisoned, poisonedRow } from "./testing/poison.ts";
import { sample, sampleCluster } from "./testing/sample.ts";
import { startWeb } from "./testing/server.ts";

const plainPaths = pages.map((one) => one.path).filter((path) => !path.includes(":"));

test("every page shows hostile names, states, labels and messages as text", async () => {
  const event = { ...(poisoned(Event) as StoredEvent), cluster: poison, severity: "critical" as const };
  await using web = await startWeb({
    history: {
      search: () => ({ items: [event], total: 1, more: false }),
      get: () => event,
      recentWarnings: () => [event],
    },
  });
  const { datasource, access } = web.deps;
  access.user.name = poison;
  const status = poisoned(AgentStatus) as AgentStatus;
  datasource.clusterViews = [
    sampleCluster(poison, poison, { status: { ...status, api: { ...status.api!, reachable: false } } }),
  ];
  for (const kind of kindKeys)
    (datasource.rows as Record<string, unknown>)[kind] = [poisonedRow(kind, poison)];
  for (const path of plainPaths) {
    for (const query of [
      "",
      `?${new URLSearchParams({ cluster: poison, namespace: poison, q: poison, status: poison, sort: poison })}`,
    ]) {
      for (const headers of [[], [["hx-request", "true"]]] as [string, string][][]) {
        const response = await fetch(web.url + path + query, { headers });
        const text = await response.text();
        expect(response.status, path).toBe(200);
        expect(text, path).not.toContain("<img");
        expect(text, path).not.toContain("<script>");
        expect(text.match(/<script[^>]*>/g)?.length ?? 0, path).toBeLessThanOrEqual(1);
        // Every attribute is closed before the poison's quote could close it.
        expect(text, path).not.toMatch(/="[^"]*'">/);
      }
    }
  }
});

test("every column that can be sorted by is one that the datasource sorts by", () => {
  const hub = createMemoryHub({ ttlMs: 1000, maxRecords: 10, maxBytes: 1000 });
  const datasource = createDatasource({ hub, silentAfterMs: 90_000 });
  const lists = [
    nodeList,
    podList,
    serviceList,
    ingressList,
    configMapList,
    claimList,
    namespaceList,
    ...Object.values(workloads),
  ];
  expect(lists.length).toBe(kindKeys.length);
  for (const { kind, columns } of lists) {
    const known = datasource.sorts(kind);
    for (const { key, sort } of columns as { key: string; sort?: false }[])
      if (sort !== false) expect(known, `${kind}: ${key}`).toContain(key);
  }
  datasource.stop();
});

test("a list says how many there are, how many need attention, and where in it one is", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 1204);
  const first = await (await fetch(`${web.url}/pods`)).text();
  expect(first).toContain("1,204");
  expect(first).toContain("1–100 of 1,204");
  expect(first).toMatch(/href="\/pods\?from=101"/);
  const last = await (await fetch(`${web.url}/pods?from=1201`)).text();
  expect(last).toContain("1,201–1,204 of 1,204");
  expect(last.match(/<tr id=/g)?.length).toBe(4);
  // What makes no sense counts as not said.
  expect(await (await fetch(`${web.url}/pods?from=-7`)).text()).toContain("1–100 of 1,204");
});

test("a sorted column says so, and its link turns the order, then ends it", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 3);
  const heading = async (query: string) =>
    /<th[^>]*>(?:(?!<th).)*>Name<\/a>/.exec(await (await fetch(`${web.url}/pods${query}`)).text())![0];
  expect(await heading("")).toMatch(/href="\/pods\?sort=name"/);
  expect(await heading("?sort=name")).toMatch(/aria-sort="ascending".*href="\/pods\?sort=-name"/);
  expect(await heading("?sort=-name")).toMatch(/aria-sort="descending".*href="\/pods"/);
});

test("htmx gets the page's fragments, the new stream, and an address without empty fields", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 200);
  const response = await fetch(`${web.url}/pods?q=web&status=`, { headers: { "hx-request": "true" } });
  const text = await response.text();
  expect(response.headers.get("hx-replace-url")).toBe("/pods?q=web");
  expect(text).not.toContain("<html");
  for (const id of ["head", "list", "live"]) expect(text).toContain(`<hx-partial hx-target="#${id}"`);
  expect(text).toContain("page=%2Fpods%3Fq%3Dweb");
});

test("an empty list says what would be here and how to get it there", async () => {
  await using web = await startWeb();
  expect(await (await fetch(`${web.url}/pods`)).text()).toContain("No cluster is connected yet.");
  sample(web.deps.datasource, 0);
  expect(await (await fetch(`${web.url}/pods`)).text()).toContain("There are no Pods here.");
  web.deps.datasource.clusterViews[0]!.status = {
    ...(poisoned(AgentStatus) as AgentStatus),
    denied: [{ kind: "Pod", reason: "forbidden" }],
  };
  expect(await (await fetch(`${web.url}/pods`)).text()).toContain("--verb=get,list,watch --resource=pods");
  sample(web.deps.datasource, 5);
  expect(await (await fetch(`${web.url}/pods?q=nothing-has-this`)).text()).toContain(
    "Nothing matches the filter.",
  );
});

test("pages are in the language of the browser or of the cookie", async () => {
  await using web = await startWeb();
  const get = async (headers: Record<string, string>) =>
    (await fetch(`${web.url}/nodes`, { headers })).text();
  expect(await get({ "accept-language": "zh-CN" })).toContain('<html lang="zh-Hans"');
  expect(await get({ "accept-language": "zh-CN", cookie: "atlhyper_lang=en" })).toContain("<h1>Nodes</h1>");
});

test("the first page with all it loads is at most 50 kB as it is sent", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 10_000);
  const headers = { "accept-encoding": "gzip, br" };
  const size = async (path: string) => {
    const response = await fetch(web.url + path, { headers, decompress: false });
    return (await response.arrayBuffer()).byteLength;
  };
  const page = await (await fetch(`${web.url}/pods`)).text();
  const loaded = [...new Set(page.match(/\/assets\/[^"]+/g))];
  expect(loaded.length).toBeGreaterThanOrEqual(3);
  let total = await size("/pods");
  for (const path of loaded) total += await size(path);
  expect(total).toBeLessThan(50_000);
});

test("assets are kept for ever under the hash of their content, and are nowhere else", async () => {
  await using web = await startWeb();
  const page = await (await fetch(`${web.url}/pods`)).text();
  const path = /\/assets\/[^"]+app\.css/.exec(page)![0];
  const response = await fetch(web.url + path, { headers: { "accept-encoding": "br" }, decompress: false });
  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(response.headers.get("content-encoding")).toBe("br");
  expect((await fetch(`${web.url}/assets/other/app.css`)).status).toBe(404);
});
