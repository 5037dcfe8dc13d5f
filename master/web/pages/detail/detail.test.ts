import { expect, test } from "bun:test";
import type { EventQuery, StoredEvent } from "../../../../views/event-model.ts";
import { rowOf, storedEvent } from "../../../../views/testing/viewing.ts";
import type { Deployment } from "../../../../wire/deployment.ts";
import type { Pod } from "../../../../wire/pod.ts";
import type { Service } from "../../../../wire/service.ts";
import { seenBy } from "../../deps.ts";
import { difference, type PageState } from "../../fragments.ts";
import type { PageContext } from "../../page.ts";
import { fakeDatasource } from "../../testing/datasource.ts";
import { sampleCluster } from "../../testing/sample.ts";
import { startWeb, type TestWeb } from "../../testing/server.ts";
import { selects } from "./object.ts";

function stored(events: StoredEvent[]): PageContext["deps"]["history"] {
  return {
    search({ kind, name, namespace, limit = 100 }: EventQuery) {
      const found = events.filter(
        (one) =>
          (kind === undefined || one.kind === kind) &&
          (name === undefined || one.name === name) &&
          (namespace === undefined || one.namespace === namespace),
      );
      return { items: found.slice(0, limit), total: found.length, more: false };
    },
    get: () => undefined,
    recentWarnings: (count) => events.slice(0, count),
  };
}

async function start(events: StoredEvent[] = []): Promise<TestWeb> {
  const datasource = fakeDatasource();
  datasource.clusterViews = [sampleCluster("c1", "production")];
  const pod: Pod = {
    summary: { name: "web-1", namespace: "shop", node: "n1", ready: "1/1" },
    labels: { app: "web", tier: "front" },
    containers: [{ name: "web", image: "web:1.4", status: { state: "running", ready: true } }],
  };
  const service: Service = { summary: { name: "web", namespace: "shop" }, selector: { app: "web" } };
  const deployment: Deployment = {
    summary: { name: "web", namespace: "shop" },
    replicaSets: [{ name: "web-abc", revision: "3", replicas: 2, ready: 1 }],
  };
  datasource.rows = {
    pod: [rowOf(pod, { key: "shop/web-1" })],
    service: [rowOf(service, { key: "shop/web" })],
    deployment: [rowOf(deployment, { key: "shop/web" })],
    node: [rowOf({ summary: { name: "n1" } }, { key: "n1" })],
  };
  return startWeb({ datasource, history: stored(events) });
}

const get = (web: TestWeb, path: string) => fetch(`${web.url}${path}`, { headers: { accept: "text/html" } });

test("a pod's page leads to its node and to the services that select it", async () => {
  await using web = await start();
  const page = await (await get(web, "/pods/c1/shop/web-1")).text();
  expect(page).toContain('href="/nodes/c1/n1"');
  expect(page).toContain('href="/services/c1/shop/web"');
  expect(page).toContain('href="/api/v1/pods/c1/shop/web-1"');
});

test("what the cluster has no more is told from its stored events", async () => {
  await using web = await start([storedEvent({ name: "web-0", reason: "OOMKilled" })]);
  const answer = await get(web, "/pods/c1/shop/web-0");
  const page = await answer.text();
  expect(answer.status).toBe(200);
  expect(page).toContain("Gone");
  expect(page).toContain("OOMKilled");
});

test("what nothing is known of is not found", async () => {
  await using web = await start();
  for (const path of ["/pods/c1/shop/other", "/nodes/c1/n9", "/pods/c9/shop/web-1", "/namespaces/c1/nowhere"])
    expect((await get(web, path)).status, path).toBe(404);
});

test("a ReplicaSet that a Deployment owns has a page, though it is in no list", async () => {
  await using web = await start();
  const answer = await get(web, "/replicasets/c1/shop/web-abc");
  expect(answer.status).toBe(200);
  const page = await answer.text();
  expect(page).toContain('href="/deployments/c1/shop/web"');
  expect(page).toContain("1 of 2");
});

test("the overview of a cluster in which nothing is wrong says so", async () => {
  await using web = await start();
  expect(await (await get(web, "/")).text()).toContain("All quiet");
});

test("the same data gives the same fragments, and a change gives only the fragment it is in", async () => {
  await using web = await start();
  const { podDetail } = await import("./pod.ts");
  const { viewer } = await import("../../../../views/testing/viewing.ts");
  const state: PageState = new Map();
  const render = async () => {
    const loaded = await podDetail.load({
      v: viewer("/pods/c1/shop/web-1", { now: Date.now() }),
      params: { cluster: "c1", namespace: "shop", name: "web-1" },
      deps: seenBy(web.deps, web.deps.access.user),
      user: web.deps.access.user,
      from: { address: "", secure: false },
      origin: web.url,
    });
    return Object.fromEntries(Object.entries(loaded.fragments).map(([id, one]) => [id, one.text]));
  };
  difference(state, await render());
  expect(difference(state, await render())).toBe("");
  web.deps.datasource.rows.pod![0]!.item.containers![0]!.status = {
    state: "waiting",
    reason: "CrashLoopBackOff",
  };
  const message = difference(state, await render());
  expect([...message.matchAll(/hx-target="#([^"]+)"/g)].map((match) => match[1])).toEqual([
    "containers",
    "usage",
  ]);
});

test("before its list has come an object is not gone: its page says so, and is there at once when it comes", async () => {
  await using web = await start([storedEvent({ kind: "Pod", name: "web-1", namespace: "shop" })]);
  const { datasource } = web.deps;
  const lists = { sinceMs: Date.now() - 5000, started: true, kinds: ["pod"] as const, whole: true };
  const views = datasource.clusterViews;
  datasource.clusterViews = views.map((one) => ({ ...one, awaited: lists }));
  const pods = datasource.rows.pod!;
  datasource.rows.pod = [];
  const known = await get(web, "/pods/c1/shop/web-1");
  const text = await known.text();
  expect(known.status).toBe(200);
  expect(text).toContain("Not known yet");
  expect(text).toContain("has not come for");
  expect(text).not.toContain("Gone");
  const unknown = await get(web, "/pods/c1/shop/web-9");
  expect(unknown.status).toBe(503);
  expect(unknown.headers.get("retry-after")).toBe("5");
  expect(await unknown.text()).toContain("Not known yet");
  expect(await (await get(web, "/pods")).text()).toContain("the list has not come yet");
  expect((await get(web, "/nodes/c1/n9")).status).toBe(404);

  const live = text.match(/hx-sse:connect="([^"]+)"/)![1]!.replaceAll("&amp;", "&");
  const reader = (await get(web, live)).body!.getReader();
  const until = async (words: string) => {
    let heard = "";
    while (!heard.includes(words)) heard += new TextDecoder().decode((await reader.read()).value);
    return heard;
  };
  datasource.rows.pod = pods;
  datasource.clusterViews = views;
  datasource.changed("c1", "pod", "clusters");
  expect(await until('id=\\"containers\\"'.replaceAll("\\", ""))).toContain('hx-target="#main"');
  await reader.cancel();
  datasource.rows.pod = [];
  expect(await (await get(web, "/pods/c1/shop/web-1")).text()).toContain("Gone");
});

test("the overview does not call quiet what it has not been told of", async () => {
  await using web = await start();
  const { datasource } = web.deps;
  const lists = { sinceMs: Date.now() - 5000, started: true, kinds: ["pod"] as const, whole: true };
  datasource.clusterViews = datasource.clusterViews.map((one) => ({ ...one, awaited: lists }));
  const text = await (await get(web, "/")).text();
  expect(text).not.toContain("All quiet");
  expect(text).toContain("Waiting for the agent&#x27;s lists for ");
  expect(text).toContain("waits for the agent of production");
});

test("an empty selector selects nothing, as in Kubernetes' Services", () => {
  expect(selects({}, { app: "web" })).toBe(false);
  expect(selects(undefined, { app: "web" })).toBe(false);
  expect(selects({ app: "web" }, { app: "web", tier: "front" })).toBe(true);
  expect(selects({ app: "web", tier: "back" }, { app: "web", tier: "front" })).toBe(false);
});
