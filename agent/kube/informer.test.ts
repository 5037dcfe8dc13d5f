import { expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import { type SimKube, type SimKubeOptions, startSimKube } from "../../simkube/server.ts";
import { tokenAccess } from "./access.ts";
import { KubeClient } from "./client.ts";
import {
  type Change,
  type Informer,
  type InformerOptions,
  type InformerState,
  startInformer,
} from "./informer.ts";
import type { KubeObject } from "./object.ts";
import { resources } from "./resource.ts";
import { createSyncGate } from "./sync-gate.ts";

const times = { silenceMs: 2_000, backoffMs: 10, backoffMaxMs: 50, refusedMs: 100, watchSeconds: 60 };

interface Watched extends Disposable {
  informer: Informer<string>;
  changes: string[];
  states: InformerState[];
  faults: string[];
}

/** An informer of configmaps whose projection is the value under `v`, and all that it reported. */
function watchConfigmaps(simkube: SimKube, more: Partial<InformerOptions<string>> = {}): Watched {
  const changes: string[] = [];
  const states: InformerState[] = [];
  const faults: string[] = [];
  const informer = startInformer<string>({
    client: new KubeClient(tokenAccess(simkube.url, simkube.token)),
    resource: resources.configmaps,
    project: (object: KubeObject) => (object.data as { v: string } | undefined)?.v ?? "",
    onChange: (change: Change<string>) =>
      changes.push(change.type === "delete" ? `- ${change.key}` : `+ ${change.key}=${change.item}`),
    onState: (state) => states.push(state),
    onFault: (message) => faults.push(message),
    ...more,
    times: { ...times, ...more.times },
  });
  return { informer, changes, states, faults, [Symbol.dispose]: () => void informer.stop() };
}

const put = (simkube: SimKube, name: string, v: string) => {
  const body = { metadata: { name }, data: { v } };
  if (simkube.store.get(kinds.configmaps, "default", name))
    simkube.rest.update(kinds.configmaps, "default", name, body);
  else simkube.rest.create(kinds.configmaps, "default", body);
};
const remove = (simkube: SimKube, name: string) => simkube.rest.delete(kinds.configmaps, "default", name);

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); ) {
    if (Date.now() > end) throw new Error(`did not happen in 5 s: ${what}`);
    await Bun.sleep(2);
  }
}

const isWatch = (request: Request) => new URL(request.url).searchParams.has("watch");
const isConfigmaps = (request: Request) => new URL(request.url).pathname.endsWith("/configmaps");

/** A watch's answer made by hand; the connection stays open until `end`. */
function scripted(...chunks: (string | Uint8Array)[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const chunk of chunks) {
          controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
          await Bun.sleep(5);
        }
      },
    }),
  );
}

for (const list of ["stream", "pages"] as const) {
  test(`lists what there is, then follows each change (${list})`, async () => {
    await using simkube = await startSimKube();
    for (let i = 0; i < 600; i++) put(simkube, `item-${i}`, `${i}`);
    using watched = watchConfigmaps(simkube, { list });
    await until(() => watched.informer.synced, "synced");
    expect(watched.informer.items.size).toBe(600);
    expect(watched.informer.items.get("default/item-42")).toBe("42");
    expect(watched.informer.state.status).toBe("live");

    watched.changes.length = 0;
    put(simkube, "new", "1");
    put(simkube, "new", "2");
    remove(simkube, "item-42");
    await until(() => watched.changes.length >= 3, "changes");
    expect(watched.changes).toEqual(["+ default/new=1", "+ default/new=2", "- default/item-42"]);
    expect(watched.informer.items.has("default/item-42")).toBe(false);
  });
}

test("does not report a change that leaves the projection as it was", async () => {
  await using simkube = await startSimKube();
  put(simkube, "one", "1");
  using watched = watchConfigmaps(simkube);
  await until(() => watched.informer.synced, "synced");
  const before = simkube.rest.get(kinds.configmaps, "default", "one");
  simkube.rest.update(kinds.configmaps, "default", "one", {
    ...before,
    metadata: { ...before.metadata, labels: { unseen: "yes" } },
  });
  put(simkube, "two", "2");
  await until(() => watched.changes.length >= 2, "the second object");
  expect(watched.changes).toEqual(["+ default/one=1", "+ default/two=2"]);
});

test("forgets an object whose projection becomes undefined, and outlives a projection that throws", async () => {
  await using simkube = await startSimKube();
  put(simkube, "one", "1");
  using watched = watchConfigmaps(simkube, {
    project: (object) => {
      const { v } = object.data as { v: string };
      if (v === "broken") throw new Error("cannot read it");
      return v === "hidden" ? undefined : v;
    },
  });
  await until(() => watched.informer.synced, "synced");
  put(simkube, "one", "hidden");
  put(simkube, "two", "broken");
  put(simkube, "three", "3");
  await until(() => watched.informer.items.has("default/three"), "the third");
  expect(watched.changes).toEqual(["+ default/one=1", "- default/one", "+ default/three=3"]);
  expect(watched.faults).toEqual(["ConfigMap default/two: cannot read it"]);
});

test("takes null for what nobody set, as the API does: a time of a condition that a controller left out", async () => {
  await using simkube = await startSimKube();
  const conditions = [{ type: "Ready", status: "False", lastTransitionTime: null }];
  simkube.rest.create(kinds.configmaps, "default", {
    metadata: { name: "a", annotations: null },
    status: { conditions, items: [null, { of: null }] },
  });
  using watched = watchConfigmaps(simkube, {
    project: ({ metadata, status }) => JSON.stringify({ annotations: metadata.annotations, status }),
  });
  await until(() => watched.changes.length === 1, "the list");
  expect(watched.changes).toEqual([
    '+ default/a={"status":{"conditions":[{"type":"Ready","status":"False"}],"items":[null,{}]}}',
  ]);
});

test("lists in pages where the server does not know the streaming list", async () => {
  await using simkube = await startSimKube({
    intercept: (request) => {
      if (!new URL(request.url).searchParams.has("sendInitialEvents")) return undefined;
      const message = "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
      return Response.json({ kind: "Status", reason: "Invalid", code: 422, message }, { status: 422 });
    },
  });
  put(simkube, "one", "1");
  using watched = watchConfigmaps(simkube);
  await until(() => watched.informer.synced, "synced");
  put(simkube, "two", "2");
  await until(() => watched.informer.items.size === 2, "the second");
  expect(watched.states.map((state) => state.status)).toEqual(["live"]);
});

test("begins the pages again when their snapshot is gone, and knows then what vanished in between", async () => {
  let pages = 0;
  await using simkube = await startSimKube({
    intercept: (request) => {
      if (isWatch(request) || !isConfigmaps(request)) return undefined;
      pages++;
      if (pages === 2) {
        simkube.store.compact();
        remove(simkube, "item-0");
      }
      return undefined;
    },
  });
  for (let i = 0; i < 600; i++) put(simkube, `item-${i}`, `${i}`);
  using watched = watchConfigmaps(simkube, { list: "pages" });
  await until(() => watched.informer.synced, "synced");
  expect(watched.informer.items.size).toBe(599);
  expect(watched.informer.items.has("default/item-0")).toBe(false);
  expect(watched.changes).toContain("- default/item-0");
});

test("lists again after 410, and reports what vanished meanwhile as deletes, and nothing twice", async () => {
  let refuse = false;
  await using simkube = await startSimKube({
    intercept: (request) =>
      refuse && isConfigmaps(request) ? new Response("away", { status: 503 }) : undefined,
  });
  for (const name of ["a", "b", "c"]) put(simkube, name, "1");
  using watched = watchConfigmaps(simkube, { times: { silenceMs: 60 } });
  await until(() => watched.informer.synced, "synced");
  refuse = true;
  await until(() => watched.informer.state.status === "failed", "failed");
  expect(watched.informer.state.message).toBe("away");
  remove(simkube, "b");
  put(simkube, "c", "2");
  put(simkube, "d", "1");
  simkube.store.compact();
  watched.changes.length = 0;
  refuse = false;
  await until(() => watched.informer.state.status === "live" && watched.changes.length >= 3, "listed again");
  expect(watched.changes.toSorted()).toEqual(["+ default/c=2", "+ default/d=1", "- default/b"]);
});

test("goes on from the last bookmark, so that quiet kinds need no new list after a compaction", async () => {
  const versions: (string | null)[] = [];
  await using simkube = await startSimKube({
    bookmarkMs: 20,
    intercept: (request) => {
      const { searchParams } = new URL(request.url);
      if (isConfigmaps(request)) versions.push(searchParams.get("resourceVersion"));
      return undefined;
    },
  });
  put(simkube, "one", "1");
  using watched = watchConfigmaps(simkube, { times: { watchSeconds: 0.1 } });
  await until(() => watched.informer.synced, "synced");
  for (let i = 0; i < 5; i++)
    simkube.rest.create(kinds.leases, "default", { metadata: { name: `lease-${i}` } });
  const newest = String(simkube.store.version);
  await until(() => versions.includes(newest), "a watch from the bookmark");
  simkube.store.compact();
  const before = versions.length;
  await until(() => versions.length > before, "the next watch");
  expect(versions.slice(1)).not.toContain(null);
  expect(versions.at(-1)).toBe(newest);
});

test("comes back after the API server was killed, and missed nothing", async () => {
  const first = await startSimKube();
  put(first, "a", "1");
  put(first, "b", "1");
  using watched = watchConfigmaps(first);
  await until(() => watched.informer.synced, "synced");
  await first.stop();
  await until(() => watched.informer.state.status === "failed", "failed");
  expect(watched.informer.synced).toBe(true);
  expect(watched.informer.items.size).toBe(2);
  watched.changes.length = 0;
  remove(first, "a");
  put(first, "c", "1");
  await using second = await startSimKube({ port: first.port, token: first.token, store: first.store });
  await until(() => watched.changes.length >= 2, "changes");
  expect(watched.changes).toEqual(["- default/a", "+ default/c=1"]);
  put(second, "d", "1");
  await until(() => watched.informer.items.has("default/d"), "live again");
  expect(watched.states.map((state) => state.status)).toEqual(["live", "failed", "live"]);
});

test("renews a watch that has gone silent", async () => {
  let silent = 0;
  await using simkube = await startSimKube({
    intercept: (request) => {
      const fresh = new URL(request.url).searchParams.has("sendInitialEvents");
      if (!isWatch(request) || fresh || silent >= 1) return undefined;
      silent++;
      return scripted("\n");
    },
  });
  put(simkube, "one", "1");
  using watched = watchConfigmaps(simkube, { times: { silenceMs: 60 }, list: "pages" });
  await until(() => watched.informer.synced && silent === 1, "the silent watch");
  put(simkube, "two", "2");
  await until(() => watched.informer.items.has("default/two"), "what the silent watch did not tell");
  expect(watched.states.map((state) => state.status)).toEqual(["live"]);
});

test("says denied once, keeps asking slowly, and goes live when it may", async () => {
  let denied = true;
  let asked = 0;
  const options: SimKubeOptions = {
    denies: (_verb, kind) => {
      if (kind !== kinds.configmaps) return false;
      asked++;
      return denied;
    },
  };
  await using simkube = await startSimKube(options);
  using watched = watchConfigmaps(simkube, { times: { refusedMs: 60 } });
  await until(() => asked >= 5, "several attempts");
  expect(watched.states.map((state) => state.status)).toEqual(["denied"]);
  expect(watched.states[0]?.message).toContain('cannot watch resource "configmaps" in API group ""');
  denied = false;
  await until(() => watched.informer.state.status === "live", "live");
});

test("a moment of 403, as an API server has after its start, is not taken for a refusal", async () => {
  let refusals = 2;
  await using simkube = await startSimKube({ denies: () => refusals-- > 0 });
  using watched = watchConfigmaps(simkube);
  await until(() => watched.informer.synced, "synced");
  expect(watched.states.map((state) => state.status)).toEqual(["live"]);
});

test("says absent of a kind that the cluster does not have", async () => {
  await using simkube = await startSimKube();
  const resource = { ...resources.configmaps, group: "example.org" };
  using watched = watchConfigmaps(simkube, { resource });
  await until(() => watched.informer.state.status === "absent", "absent");
  expect(watched.informer.synced).toBe(false);
});

const added = (name: string, v: string) =>
  JSON.stringify({
    type: "ADDED",
    object: {
      kind: "ConfigMap",
      metadata: { name, namespace: "default", resourceVersion: "7" },
      data: { v },
    },
  });
const ended = JSON.stringify({
  type: "BOOKMARK",
  object: { metadata: { resourceVersion: "7", annotations: { "k8s.io/initial-events-end": "true" } } },
});

test("puts lines together that come in pieces, also where a character is cut in two", async () => {
  const bytes = new TextEncoder().encode(
    `${added("one", "日本語 🐘")}\n${added("two", "plain")}\n${ended}\n`,
  );
  const cut = bytes.indexOf(0xf0) + 2;
  const pieces = [bytes.slice(0, 10), bytes.slice(10, cut), bytes.slice(cut, cut + 1), bytes.slice(cut + 1)];
  await using simkube = await startSimKube({ intercept: () => scripted(...pieces) });
  using watched = watchConfigmaps(simkube);
  await until(() => watched.informer.synced, "synced");
  expect(Object.fromEntries(watched.informer.items)).toEqual({
    "default/one": "日本語 🐘",
    "default/two": "plain",
  });
});

test("names a line that is no JSON, and asks again instead of losing what it was", async () => {
  let answers = 0;
  await using simkube = await startSimKube({
    intercept: (request) => {
      if (new URL(request.url).searchParams.get("resourceVersion") === "7" && answers++ === 0)
        return scripted('{"type":"ADDED","object":{"meta<html>gateway\n');
      return undefined;
    },
  });
  // The version of the first list is 7: four namespaces, two configmaps, and where the count begins.
  put(simkube, "a", "1");
  put(simkube, "b", "1");
  expect(simkube.store.version).toBe(7);
  using watched = watchConfigmaps(simkube, { list: "pages" });
  await until(() => watched.faults.length > 0, "the fault");
  put(simkube, "c", "1");
  await until(() => watched.informer.items.has("default/c"), "what came after");
  expect(watched.faults[0]).toStartWith("configmaps: the watch sent a line that is no JSON: ");
  expect(watched.faults).toHaveLength(1);
});

test("does not ask in a busy loop when each watch is ended at once", async () => {
  let asked = 0;
  await using simkube = await startSimKube({
    intercept: (request) => {
      if (!isWatch(request)) return undefined;
      asked++;
      return new Response("");
    },
  });
  using watched = watchConfigmaps(simkube, { list: "pages", times: { backoffMs: 20, backoffMaxMs: 1_000 } });
  await until(() => watched.informer.synced, "synced");
  await Bun.sleep(300);
  expect(asked).toBeLessThan(10);
});

test("waits as long as the server asks with Retry-After", async () => {
  const asked: number[] = [];
  await using simkube = await startSimKube({
    intercept: () => {
      asked.push(performance.now());
      return asked.length === 1
        ? new Response("too many", { status: 429, headers: { "retry-after": "0.2" } })
        : undefined;
    },
  });
  using watched = watchConfigmaps(simkube);
  await until(() => watched.informer.synced, "synced");
  expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(190);
});

test("the gate lets one first list run at a time, in order", async () => {
  let running = 0;
  let most = 0;
  await using simkube = await startSimKube({
    intercept: async (request) => {
      if (isWatch(request)) return undefined;
      most = Math.max(most, ++running);
      await Bun.sleep(10);
      running--;
      return undefined;
    },
  });
  const gate = createSyncGate(1);
  const order: string[] = [];
  const kindsToList = [resources.pods, resources.nodes, resources.services, resources.configmaps];
  const informers = kindsToList.map((resource) =>
    startInformer({
      client: new KubeClient(tokenAccess(simkube.url, simkube.token)),
      resource,
      list: "pages",
      project: () => true,
      onChange: () => {},
      onState: () => order.push(resource.plural),
      gate,
    }),
  );
  await until(() => informers.every((informer) => informer.synced), "all synced");
  expect(most).toBe(1);
  expect(order).toEqual(["pods", "nodes", "services", "configmaps"]);
  await Promise.all(informers.map((informer) => informer.stop()));
});

test("stops at once in the middle of a watch, and reports nothing afterwards", async () => {
  await using simkube = await startSimKube();
  const watched = watchConfigmaps(simkube);
  await until(() => watched.informer.synced, "synced");
  const startedAt = performance.now();
  await watched.informer.stop();
  expect(performance.now() - startedAt).toBeLessThan(500);
  put(simkube, "late", "1");
  await Bun.sleep(20);
  expect(watched.changes).toEqual([]);
});
