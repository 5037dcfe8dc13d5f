import { expect, test } from "bun:test";
import type { Event } from "../../wire/event.ts";
import { statusRoute } from "../../wire/routes.ts";
import type { AgentStatus } from "../../wire/status.ts";
import { ByteText } from "../lists/byte-text.ts";
import { WireList } from "../lists/wire-list.ts";
import { startWireMaster, until, type WireMaster } from "../testing/wire-master.ts";
import { EventLane } from "./event-lane.ts";
import { EventQueue } from "./event-queue.ts";
import type { Lane } from "./lane.ts";
import { MasterLink } from "./link.ts";
import { ListLane } from "./list-lane.ts";
import { OpenEventsLane } from "./open-events-lane.ts";
import { Pusher } from "./pusher.ts";
import { StatusLane } from "./status-lane.ts";

const clusterId = () => "c1";

/** A list of ingresses that a test changes by hand. */
function handList() {
  const items = new Map<string, string>();
  const list = new WireList("ingress", {
    keys: () => items.keys(),
    size: (key) => items.get(key)?.length ?? 0,
    write(key, out) {
      const text = items.get(key);
      if (text !== undefined) out.add(text);
      return text !== undefined;
    },
  });
  return {
    list,
    items,
    put(name: string, hosts: string[] = []) {
      items.set(`shop/${name}`, JSON.stringify({ summary: { name, namespace: "shop", hosts } }));
      list.touch(`shop/${name}`);
    },
    remove(name: string) {
      items.delete(`shop/${name}`);
      list.touch(`shop/${name}`);
    },
  };
}

const event = (id: string, more: Partial<Event> = {}): Event => ({
  id,
  ts_ms: 1,
  kind: "Pod",
  name: "web",
  reason: "Failed",
  severity: "warning",
  ...more,
});

function start(
  master: WireMaster,
  options: { partBytes?: number; capacity?: number; token?: string; lanes?: Lane[] } = {},
) {
  const hand = handList();
  const queue = new EventQueue(options.capacity ?? 100);
  const said: string[] = [];
  const events = new EventLane({
    clusterId,
    queue,
    everyMs: 20,
    ready: () => true,
    legacy: false,
    onDropped: (one) => said.push(`dropped ${one.id}`),
  });
  const list = new ListLane({
    clusterId,
    run: "run-1",
    list: hand.list,
    out: new ByteText(),
    gatherMs: 5,
    apartMs: 10,
    partBytes: options.partBytes,
    onTooLarge: (key) => said.push(`too large ${key}`),
  });
  const lanes: Lane[] = [events, list, ...(options.lanes ?? [])];
  const pusher = new Pusher({
    link: new MasterLink({ url: master.url, token: options.token ?? "atlc_test", timeoutMs: 1000 }),
    lanes,
    times: { backoffMs: 10, backoffMaxMs: 40, refusedMs: 40, unknownMs: 50 },
    onReachable: () => said.push("reachable"),
    onUnreachable: () => said.push("unreachable"),
    onRefused: (status) => said.push(`refused ${status}`),
    onRejected: (lane, status) => said.push(`rejected ${lane} ${status}`),
  });
  hand.list.onChange(() => pusher.wake());
  queue.onPut = () => pusher.wake();
  pusher.start();
  return {
    ...hand,
    queue,
    said,
    pusher,
    atMaster: () => [...(master.lists.get("ingress")?.keys() ?? [])].sort(),
    [Symbol.asyncDispose]: () => pusher.stop(500),
  };
}

const modes = (master: WireMaster) =>
  master.received
    .filter(({ route }) => route === "/ingest/ingresslist")
    .map(
      ({ envelope: { sync } }) =>
        `${sync!.mode} ${sync!.seq}${sync!.parts! > 1 ? ` ${sync!.part}/${sync!.parts}` : ""}`,
    );

test("nothing is sent before the list is complete, then it is sent in full, then only what changed", async () => {
  await using master = startWireMaster();
  await using agent = start(master);
  agent.put("a");
  agent.put("b");
  await Bun.sleep(30);
  expect(master.requests).toEqual([]);
  agent.list.setReady();
  await until("full list", () => agent.atMaster().length === 2);
  agent.put("c");
  agent.remove("a");
  await until("delta", () => agent.atMaster().join() === "shop/b,shop/c");
  expect(modes(master)).toEqual(["full 1", "delta 2"]);
  expect(master.received.at(-1)!.envelope.sync!.removed).toEqual(["shop/a"]);
});

test("an empty list is sent too, and what comes to be equal again is not sent", async () => {
  await using master = startWireMaster();
  await using agent = start(master);
  agent.list.setReady();
  await until("empty list", () => master.lists.has("ingress"));
  agent.put("a", ["x"]);
  await until("delta", () => agent.atMaster().length === 1);
  for (let round = 0; round < 5; round++) {
    agent.put("a", ["x"]);
    agent.put("gone");
    agent.remove("gone");
    await Bun.sleep(15);
  }
  expect(modes(master)).toEqual(["full 1", "delta 2"]);
});

test("a list larger than a part goes in parts, and a burst of changes in as few deltas", async () => {
  await using master = startWireMaster();
  await using agent = start(master, { partBytes: 500 });
  for (let index = 0; index < 30; index++) agent.put(`i${index}`);
  agent.list.setReady();
  await until("all", () => agent.atMaster().length === 30);
  const parts = modes(master);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts[0]).toBe(`full 1 1/${parts.length}`);
  for (let index = 0; index < 30; index++) agent.put(`i${index}`, ["changed"]);
  const changed = () =>
    [...master.lists.get("ingress")!.values()].filter((item) => JSON.stringify(item).includes("changed"));
  await until("all changed", () => changed().length === 30);
  expect(modes(master).length - parts.length).toBeLessThan(12);
});

test("a master that lost its base answers 409 and gets the full list at once", async () => {
  await using master = startWireMaster();
  await using agent = start(master);
  agent.put("a");
  agent.list.setReady();
  await until("full list", () => agent.atMaster().length === 1);
  master.forget();
  master.lists.clear();
  agent.put("b");
  await until("full again", () => agent.atMaster().length === 2);
  expect(modes(master).at(-1)).toStartWith("full");
  expect(agent.said).toEqual(["reachable"]);
});

test("a master that began anew gets the full list when the agent next says that it is there, though nothing changed", async () => {
  await using master = startWireMaster();
  const status = () => ({
    name: "home",
    flavour: "kubernetes",
    run: "run-1",
    agentVersion: "2",
    startedAt_ms: 1,
  });
  const sign = new StatusLane({ clusterId, run: "run-1", status: status as () => AgentStatus, everyMs: 20 });
  await using agent = start(master, { lanes: [sign] });
  agent.put("a");
  agent.list.setReady();
  await until("full list", () => agent.atMaster().length === 1);
  const signs = () => master.received.filter(({ route }) => route === statusRoute).length;
  for (const modesThen of [["full 1"], ["full 1", "full 2"]]) {
    const before = signs();
    await until("three signs of life", () => signs() >= before + 3);
    expect(modes(master)).toEqual(modesThen);
    if (modesThen.length === 2) break;
    master.restart();
    await until("full again", () => agent.atMaster().length === 1);
  }
});

test("413 makes the parts smaller; an item that is too large alone is left out", async () => {
  await using master = startWireMaster();
  await using agent = start(master, { partBytes: 200_000 });
  master.maxBytes = 70_000;
  for (let index = 0; index < 4; index++) agent.put(`i${index}`, [index + "h".repeat(30_000)]);
  agent.put("huge", ["h".repeat(100_000)]);
  agent.list.setReady();
  await until("all that fit", () => agent.atMaster().length === 4);
  expect(agent.atMaster()).not.toContain("shop/huge");
  expect(agent.said).toContain("too large shop/huge");
});

test("while the master is away attempts are few, events are kept in order and the oldest are dropped", async () => {
  const gone = startWireMaster();
  const { port } = new URL(gone.url);
  await gone.stop();
  await using agent = start(gone, { capacity: 5 });
  agent.list.setReady();
  for (let index = 0; index < 8; index++) agent.queue.put(event(`e${index}`), true);
  agent.put("a");
  await until("an attempt", () => agent.said.length > 0);
  await Bun.sleep(60);
  expect(agent.said).toEqual(["unreachable"]);
  expect(agent.queue.dropped).toBe(3);
  await using master = startWireMaster(Number(port));
  await until("events", () => master.events.size === 5);
  expect([...master.events.keys()]).toEqual(["e3", "e4", "e5", "e6", "e7"]);
  await until("list", () => master.lists.get("ingress")?.size === 1);
  expect(modes(master)).toHaveLength(1);
  expect(agent.said).toEqual(["unreachable", "reachable"]);
});

test("a master that answers 503, 429 or not at all is waited for, and nothing is lost", async () => {
  await using master = startWireMaster();
  const answers: (() => Response | Promise<Response>)[] = [
    () => new Response("", { status: 503 }),
    () => new Response("", { status: 429, headers: { "retry-after": "0.02" } }),
    () => new Promise<Response>(() => {}),
    () => new Response("<html>bad gateway", { status: 502 }),
  ];
  master.intercept = () => answers.shift()?.();
  await using agent = start(master);
  agent.queue.put(event("kept"), true);
  await until("event", () => master.events.has("kept"));
  // The agent says so once it has read the answer, which is after the master has the event.
  await until("reachable", () => agent.pusher.reachable);
  expect(agent.said).toEqual(["unreachable", "reachable"]);
});

test("no busy loop: a dead master costs a few attempts, not thousands", async () => {
  await using master = startWireMaster();
  master.intercept = () => new Response("", { status: 503 });
  await using agent = start(master);
  agent.list.setReady();
  const busy = setInterval(() => agent.queue.put(event(crypto.randomUUID()), true), 1);
  await Bun.sleep(300);
  await until("more than one attempt", () => master.requests.length > 2);
  clearInterval(busy);
  expect(master.requests.length).toBeLessThan(30);
});

test("a refused token is told once and tried again slowly", async () => {
  await using master = startWireMaster();
  await using agent = start(master, { token: "wrong" });
  agent.queue.put(event("e"), true);
  await until("three attempts", () => master.requests.length >= 3);
  expect(agent.said).toEqual(["refused 401"]);
  expect(master.requests.every(({ status }) => status === 401)).toBe(true);
});

test("a fault of one route does not stop the others", async () => {
  await using master = startWireMaster();
  master.intercept = (route) => (route.includes("ingress") ? new Response("", { status: 500 }) : undefined);
  await using agent = start(master);
  agent.list.setReady();
  for (let index = 0; index < 3; index++) {
    agent.queue.put(event(`e${index}`), true);
    await until("event", () => master.events.has(`e${index}`));
  }
  expect(agent.said.filter((line) => line.startsWith("rejected"))).toEqual(["rejected ingresses 500"]);
});

test("one event that the master never takes does not keep the others back", async () => {
  await using master = startWireMaster();
  await using agent = start(master);
  agent.queue.put(event("good-1"));
  agent.queue.put(event("bad", { severity: "loud" as "info" }));
  agent.queue.put(event("good-2"), true);
  await until("the good ones", () => master.events.size === 2);
  expect(agent.said).toContain("dropped bad");
  expect(agent.queue.dropped).toBe(1);
});

test("an event that changes while it is under way is sent again in its new form", async () => {
  await using master = startWireMaster();
  let first = true;
  await using agent = start(master);
  master.intercept = async () => {
    if (first) {
      first = false;
      agent.queue.put(event("e", { count: 2 }), true);
    }
    return undefined;
  };
  agent.queue.put(event("e", { count: 1 }), true);
  await until("the newer one", () => master.events.get("e")?.count === 2);
});

test("a fault inside one lane is told and does not end the others", async () => {
  await using master = startWireMaster();
  await using agent = start(master);
  agent.list.contents.keys = () => {
    throw new Error("broken");
  };
  agent.list.setReady();
  agent.queue.put(event("e"), true);
  await until("event", () => master.events.has("e"));
  await until("told", () => agent.said.includes("rejected ingresses 0"));
});

test("events wait for the open occurrences to be known, but not for a master that cannot tell", async () => {
  const adopted: string[][] = [];
  const lane = () => new OpenEventsLane(clusterId, (events) => adopted.push(events.map((one) => one.id)));
  const answered = lane();
  answered.sent({
    status: 200,
    body: { events: [event("a"), { id: 5 }, null] },
    retryAfterMs: undefined,
    dateMs: 0,
  });
  expect([answered.done, adopted]).toEqual([true, [["a"]]]);
  const unknown = lane();
  for (const status of [0, 401, 429, 503]) unknown.failed(status);
  expect(unknown.done).toBe(false);
  unknown.failed(404);
  expect(unknown.done).toBe(true);
  const broken = lane();
  for (let attempt = 0; attempt < 3; attempt++) broken.failed(500);
  expect(broken.done).toBe(true);
});

test("stopping sends what is left, and does not wait for a dead master", async () => {
  await using master = startWireMaster();
  const agent = start(master);
  agent.list.setReady();
  await until("full list", () => master.lists.has("ingress"));
  agent.queue.put(event("last"));
  agent.put("last");
  await agent.pusher.stop(1000);
  expect(master.events.has("last")).toBe(true);
  expect(agent.atMaster()).toEqual(["shop/last"]);

  const lonely = start(master);
  await master.stop();
  lonely.queue.put(event("lost"), true);
  const before = performance.now();
  await lonely.pusher.stop(1000);
  expect(performance.now() - before).toBeLessThan(900);
});
