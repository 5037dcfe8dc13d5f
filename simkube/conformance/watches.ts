import { expect } from "bun:test";
import {
  type Answer,
  type Call,
  answer,
  cases,
  configmap,
  configmaps,
  homelessPod,
  pods,
  refusal,
  watched,
} from "./kit.ts";

const { all, behaves } = cases();
export const watchesCases = all;

behaves("selects by labels and by fields, and refuses a field it does not know", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("a", {}, { tier: "web", app: "shop" }) });
  await answer(api, 201, "POST", configmaps(api), { body: configmap("b", {}, { tier: "db" }) });
  await answer(api, 201, "POST", configmaps(api), { body: configmap("c") });
  const names = async (query: Call["query"]) =>
    (await answer(api, 200, "GET", configmaps(api), { query })).items
      .map((one: Answer) => one.metadata.name)
      .filter((name: string) => name.length === 1);
  expect(await names({ labelSelector: "tier=web" })).toEqual(["a"]);
  expect(await names({ labelSelector: "tier in (web, db),app!=shop" })).toEqual(["b"]);
  expect(await names({ labelSelector: "!tier" })).toEqual(["c"]);
  expect(await names({ labelSelector: "tier notin (web)" })).toEqual(["b", "c"]);
  expect(await names({ fieldSelector: "metadata.name=b" })).toEqual(["b"]);
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  const assigned = await answer(api, 200, "GET", pods(api), { query: { fieldSelector: "spec.nodeName=" } });
  expect(assigned.items.map((one: Answer) => one.metadata.name)).toEqual(["p"]);
  await refusal(api, 400, "GET", pods(api), { query: { fieldSelector: "spec.nonsense=1" } });
});

behaves("lists in pages that all show the moment of the first", async (api) => {
  for (const name of ["a", "b", "c", "d", "e"])
    await answer(api, 201, "POST", configmaps(api), { body: configmap(name, {}, { page: "x" }) });
  const query = { labelSelector: "page=x", limit: 2 };
  const first = await answer(api, 200, "GET", configmaps(api), { query });
  expect(first.kind).toBe("ConfigMapList");
  expect(first.items[0].kind).toBeUndefined();
  expect(first.items.map((one: Answer) => one.metadata.name)).toEqual(["a", "b"]);
  await answer(api, 200, "DELETE", `${configmaps(api)}/d`);
  const names: string[] = [];
  let next = first.metadata.continue;
  while (next) {
    const page = await answer(api, 200, "GET", configmaps(api), { query: { ...query, continue: next } });
    expect(page.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    names.push(...page.items.map((one: Answer) => one.metadata.name));
    next = page.metadata.continue;
  }
  expect(names).toEqual(["c", "d", "e"]);
  await refusal(api, 400, "GET", configmaps(api), { query: { ...query, continue: "nonsense" } });
});

behaves("watches from a version: each change once, in order", async (api) => {
  const { metadata } = await answer(api, 200, "GET", configmaps(api));
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  await answer(api, 200, "PUT", `${configmaps(api)}/one`, { body: configmap("one", { a: "2" }) });
  await answer(api, 200, "DELETE", `${configmaps(api)}/one`);
  const query = { resourceVersion: metadata.resourceVersion, fieldSelector: "metadata.name=one" };
  const events = await watched(api, configmaps(api), query);
  expect(events.map((event) => event.type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
  expect(events[0].object).toMatchObject({
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { uid: made.metadata.uid },
  });
  expect(events[2].object.data).toEqual({ a: "2" });
  const versions = events.map((event) => Number(event.object.metadata.resourceVersion));
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(new Set(versions).size).toBe(3);
});

behaves("shows leaving a selector as a deletion, and coming under it as a creation", async (api) => {
  const { metadata } = await answer(api, 200, "GET", configmaps(api));
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one", {}, { tier: "web" }) });
  const path = `${configmaps(api)}/one`;
  await answer(api, 200, "PUT", path, { body: configmap("one", {}, { tier: "db" }) });
  await answer(api, 200, "PUT", path, { body: configmap("one", { a: "1" }, { tier: "web" }) });
  const query = { resourceVersion: metadata.resourceVersion, labelSelector: "tier=web" };
  const events = await watched(api, configmaps(api), query);
  expect(events.map((event) => event.type)).toEqual(["ADDED", "DELETED", "ADDED"]);
});

behaves("begins a watch without a version with what there is", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one") });
  const events = await watched(api, configmaps(api), { fieldSelector: "metadata.name=one" });
  expect(events.map((event) => event.type)).toEqual(["ADDED"]);
});

behaves("streams a list that ends with a marked bookmark (KEP-3157)", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one", {}, { stream: "x" }) });
  const query = { labelSelector: "stream=x", sendInitialEvents: true, allowWatchBookmarks: true };
  const events = await watched(api, configmaps(api), { ...query, resourceVersionMatch: "NotOlderThan" });
  expect(events.slice(0, 2).map((event) => event.type)).toEqual(["ADDED", "BOOKMARK"]);
  const { metadata } = events[1].object;
  expect(metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
  expect(Number(metadata.resourceVersion)).toBeGreaterThan(0);
  const refused = await refusal(api, 422, "GET", configmaps(api), { query: { ...query, watch: true } });
  expect(refused.reason).toBe("Invalid");
});

behaves(
  "tells a watch from a forgotten version so inside the stream, and nothing else in it",
  async (api) => {
    const events = await watched(api, "/api/v1/pods", { resourceVersion: "1" });
    // A real cluster that is young or small may still remember; then it replays.
    if (!events.some((event) => event.type === "ERROR")) return;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ object: { kind: "Status", code: 410, reason: "Expired" } });
  },
);

behaves("shows an Event under both of its APIs", async (api) => {
  const core = `/api/v1/namespaces/${api.namespace}/events`;
  const v1 = `/apis/events.k8s.io/v1/namespaces/${api.namespace}/events`;
  await answer(api, 201, "POST", core, {
    body: {
      metadata: { name: "p.1" },
      involvedObject: { kind: "Pod", namespace: api.namespace, name: "p" },
      reason: "BackOff",
      message: "Back-off restarting failed container",
      type: "Warning",
      count: 3,
      source: { component: "kubelet" },
    },
  });
  const seen = await answer(api, 200, "GET", `${v1}/p.1`);
  expect(seen).toMatchObject({
    kind: "Event",
    apiVersion: "events.k8s.io/v1",
    regarding: { kind: "Pod", name: "p" },
    note: "Back-off restarting failed container",
    deprecatedCount: 3,
    reason: "BackOff",
    type: "Warning",
  });
  const found = await answer(api, 200, "GET", core, {
    query: { fieldSelector: "involvedObject.name=p,type=Warning" },
  });
  expect(found.items).toHaveLength(1);
});

behaves("marks a namespace it deletes, or has it gone", async (api) => {
  const path = `/api/v1/namespaces/${api.namespace}`;
  await answer(api, 200, "DELETE", path);
  const after = await api.call("GET", path);
  if (after.status !== 404) expect(((await after.json()) as Answer).status.phase).toBe("Terminating");
});
