import { expect, test } from "bun:test";
import { createEvents } from "./events.ts";
import { bunHost } from "./host/bun.ts";
import { createOutbox } from "./newest.ts";
import { createPush, Refused } from "./push.ts";
import { fakeAgent } from "./testing/agent.ts";

const host = bunHost();
const backoff = { firstMs: 20, longestMs: 40, refusedMs: 40 };
const numbered = (number: number) => ({ nodeName: "node-1", timestamp: String(number) });

function logged() {
  const lines: string[] = [];
  const events = createEvents((level, message) => {
    if (level !== "debug") lines.push(`${level} ${message}`);
  });
  return { lines, events };
}

test("while a slow agent takes its time nothing queues up, and it gets the newest next", async () => {
  await using agent = fakeAgent();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  agent.answer = () => held.then(() => Response.json({ ok: true }));
  const push = createPush(host, { agent: agent.address, token: "t" });
  const outbox = createOutbox(host, push, logged().events, backoff);
  outbox.offer(numbered(1));
  await agent.arrived(1);
  for (let number = 2; number <= 9; number++) outbox.offer(numbered(number));
  release();
  await agent.arrived(2);
  await outbox.stop();
  expect(agent.arrivals.map((one) => one.snapshot.timestamp)).toEqual(["1", "9"]);
});

test("when a dead agent comes back it gets the newest snapshot, by itself", async () => {
  const dead = fakeAgent();
  await dead.stop();
  const { lines, events } = logged();
  const push = createPush(host, { agent: dead.address, token: "t" });
  const outbox = createOutbox(host, push, events, backoff);
  for (let number = 1; number <= 5; number++) {
    outbox.offer(numbered(number));
    await Bun.sleep(20);
  }
  expect(lines).toEqual(["warn snapshot not delivered, the newest is kept and tried again"]);
  await using agent = fakeAgent(dead.address.port);
  await agent.arrived(1);
  await outbox.stop();
  expect(agent.arrivals.map((one) => one.snapshot.timestamp)).toEqual(["5"]);
  expect(lines.at(-1)).toBe("info snapshots arrive again");
});

test("a snapshot that failed is sent again when there is no newer one", async () => {
  await using agent = fakeAgent();
  agent.answer = () => new Response("", { status: agent.arrivals.length < 3 ? 500 : 200 });
  const push = createPush(host, { agent: agent.address, token: "t" });
  const outbox = createOutbox(host, push, logged().events, backoff);
  outbox.offer(numbered(1));
  await agent.arrived(3);
  await outbox.stop();
  expect(agent.arrivals.map((one) => one.snapshot.timestamp)).toEqual(["1", "1", "1"]);
});

test("a refused token is an error that is said once, however often it is refused", async () => {
  await using agent = fakeAgent();
  agent.answer = () => new Response("", { status: 401 });
  const { lines, events } = logged();
  const push = createPush(host, { agent: agent.address, token: "t" });
  const outbox = createOutbox(host, push, events, backoff);
  outbox.offer(numbered(1));
  await agent.arrived(3);
  await outbox.stop();
  expect(lines).toEqual(["error snapshot not delivered, the newest is kept and tried again"]);
});

test("pauses grow, are random within their half, and end at the longest; a refusal begins with its own", () => {
  const pauses: number[] = [];
  let refuse = false;
  let run = () => {};
  const slow = {
    ...host,
    after: (ms: number, next: () => void) => {
      pauses.push(ms);
      run = next;
      return () => {};
    },
  };
  const deliver = () => Promise.reject(refuse ? new Refused("no") : new Error("away"));
  const outbox = createOutbox(slow, deliver, logged().events, {
    firstMs: 100,
    longestMs: 1000,
    refusedMs: 900,
  });
  const attempts = async () => {
    outbox.offer(numbered(1));
    for (let count = 0; count < 8; count++) {
      await Bun.sleep(0);
      if (count === 6) refuse = true;
      run();
    }
  };
  return attempts().then(() => {
    for (const [index, ms] of pauses.entries()) {
      const full = index >= 7 ? 900 : Math.min(1000, 100 * 2 ** index);
      expect(ms).toBeGreaterThanOrEqual(full / 2);
      expect(ms).toBeLessThanOrEqual(full);
    }
    expect(pauses).toHaveLength(9);
  });
});

test("stopping waits for the snapshot that is under way, and sends no other", async () => {
  await using agent = fakeAgent();
  agent.answer = () => Bun.sleep(30).then(() => Response.json({ ok: true }));
  const { lines, events } = logged();
  const push = createPush(host, { agent: agent.address, token: "t" });
  const outbox = createOutbox(host, push, events, backoff);
  outbox.offer(numbered(1));
  await agent.arrived(1);
  outbox.offer(numbered(2));
  await outbox.stop();
  await Bun.sleep(60);
  expect(agent.arrivals.map((one) => one.snapshot.timestamp)).toEqual(["1"]);
  expect(lines).toEqual([]);
});
