import { expect, test } from "bun:test";
import type { Event } from "../../wire/event.ts";
import type { Finding, Subject } from "./finding.ts";
import { Occurrences } from "./occurrences.ts";

const pod: Subject = { kind: "Pod", namespace: "shop", name: "web-1", uid: "u1", node: "n1" };
const crash = (more: Partial<Finding> = {}): Finding => ({
  family: "crash",
  container: "web",
  reason: "CrashLoopBackOff",
  rank: 1,
  severity: "warning",
  category: "container",
  message: "container web exited with code 1",
  sinceMs: 1000,
  count: 1,
  ...more,
});

function start() {
  const clock = { ms: 10_000 };
  const told = new Map<string, Event>();
  let tellings = 0;
  const occurrences = new Occurrences({
    now: () => clock.ms,
    tell(event) {
      tellings++;
      told.set(event.id, event);
    },
    rename(from, to) {
      const event = told.get(from);
      told.delete(from);
      if (event) told.set(to, { ...event, id: to });
    },
  });
  return { clock, told, occurrences, all: () => [...told.values()], tellings: () => tellings };
}

test("a crash loop of an hour is one event that grows", () => {
  const { clock, occurrences, all } = start();
  for (let restarts = 1; restarts <= 12; restarts++) {
    occurrences.observe(pod, [crash({ count: restarts, message: `exited, ${restarts} restarts` })]);
    clock.ms += 150_000;
    // Briefly running between two crashes, with the crash in its last state.
    occurrences.observe(pod, [
      crash({ reason: "Error", rank: 0, count: restarts, untilMs: clock.ms + 600_000 }),
    ]);
    clock.ms += 150_000;
    occurrences.settle();
  }
  expect(all()).toHaveLength(1);
  expect(all()[0]).toMatchObject({
    reason: "CrashLoopBackOff",
    count: 12,
    first_ts_ms: 1000,
    container: "web",
    origin: "diagnosis",
    uid: "u1",
    node: "n1",
  });
  expect(all()[0]!.resolved_ts_ms).toBeUndefined();
});

test("it is resolved under the same id once the container has run long enough", () => {
  const { clock, occurrences, all } = start();
  occurrences.observe(pod, [crash()]);
  clock.ms = 20_000;
  occurrences.observe(pod, [crash({ reason: "Error", rank: 0, untilMs: 80_000 })]);
  expect(occurrences.settle()).toBe(80_000);
  expect(all()[0]!.resolved_ts_ms).toBeUndefined();
  clock.ms = 80_000;
  occurrences.settle();
  expect(all()).toHaveLength(1);
  expect(all()[0]).toMatchObject({ reason: "CrashLoopBackOff", resolved_ts_ms: 80_000 });
  expect(occurrences.open).toBe(0);
});

test("a finding that flaps within seconds stays one open occurrence, and counts", () => {
  const { clock, occurrences, all } = start();
  const lacking = crash({ family: "rollout", count: undefined, sinceMs: undefined });
  occurrences.observe(pod, [lacking]);
  occurrences.observe(pod, []);
  clock.ms += 3000;
  occurrences.settle();
  occurrences.observe(pod, [lacking]);
  expect(all()).toHaveLength(1);
  expect(all()[0]).toMatchObject({ count: 2 });
  expect(all()[0]!.resolved_ts_ms).toBeUndefined();
  occurrences.observe(pod, []);
  clock.ms += 5000;
  occurrences.settle();
  expect(all()[0]!.resolved_ts_ms).toBe(clock.ms);
});

test("the same problem a day later is another occurrence", () => {
  const { clock, occurrences, all } = start();
  occurrences.observe(pod, [crash({ sinceMs: undefined })]);
  occurrences.observe(pod, []);
  clock.ms += 86_400_000;
  occurrences.settle();
  occurrences.observe(pod, [crash({ sinceMs: undefined })]);
  expect(all()).toHaveLength(2);
  expect(all().filter((event) => event.resolved_ts_ms === undefined)).toHaveLength(1);
});

test("nothing is told before a finding has held long enough, nor if it went before", () => {
  const { clock, occurrences, all } = start();
  const held = crash({ sinceMs: 9000, holdMs: 30_000 });
  occurrences.observe(pod, [held]);
  expect(occurrences.settle()).toBe(39_000);
  occurrences.observe(pod, []);
  clock.ms = 50_000;
  occurrences.settle();
  expect(all()).toEqual([]);
  occurrences.observe(pod, [held]);
  expect(all()).toMatchObject([{ first_ts_ms: 9000 }]);
});

test("a deleted object's occurrences are over at once", () => {
  const { clock, occurrences, all } = start();
  occurrences.observe(pod, [crash(), crash({ container: "side" })]);
  occurrences.forget("u1");
  expect(all().map((event) => event.resolved_ts_ms)).toEqual([clock.ms, clock.ms]);
  expect(occurrences.has("u1")).toBe(false);
});

test("what happened and needs no one is told once, as resolved", () => {
  const { clock, occurrences, all, tellings } = start();
  const evicted = crash({ family: "failed", reason: "Evicted", over: true, count: undefined });
  occurrences.observe(pod, [evicted]);
  clock.ms += 60_000;
  occurrences.observe(pod, [evicted]);
  occurrences.settle();
  occurrences.forget("u1");
  expect(tellings()).toBe(1);
  expect(all()).toMatchObject([{ reason: "Evicted", ts_ms: 1000, resolved_ts_ms: 1000 }]);
});

test("an unchanged finding is not told again", () => {
  const { occurrences, tellings } = start();
  for (let round = 0; round < 10; round++) occurrences.observe(pod, [crash()]);
  expect(tellings()).toBe(1);
});

const before: Event = {
  id: "from-before",
  ts_ms: 500,
  first_ts_ms: 400,
  count: 7,
  kind: "Pod",
  namespace: "shop",
  name: "web-1",
  uid: "u1",
  container: "web",
  reason: "Error",
  severity: "warning",
  origin: "diagnosis",
};

test("an occurrence goes on over a restart of the agent, whichever is heard of first", () => {
  const late = start();
  late.occurrences.observe(pod, [crash()]);
  late.occurrences.adopt([before]);
  expect(late.all()).toMatchObject([
    { id: "from-before", first_ts_ms: 400, count: 7, reason: "CrashLoopBackOff" },
  ]);

  const early = start();
  early.occurrences.adopt([before]);
  early.occurrences.observe(pod, [crash({ count: 8 })]);
  expect(early.all()).toMatchObject([{ id: "from-before", count: 8, first_ts_ms: 400 }]);
});

test("an adopted occurrence is over when its kind is known and its object is gone or well", () => {
  const { clock, occurrences, all } = start();
  occurrences.adopt([before]);
  clock.ms += 60_000;
  occurrences.settle();
  expect(all()).toEqual([]);
  occurrences.ready("Pod");
  clock.ms += 5000;
  occurrences.settle();
  expect(all()).toMatchObject([{ id: "from-before", resolved_ts_ms: clock.ms }]);
});

test("what is not the agent's own, or is over, is not adopted", () => {
  const { occurrences } = start();
  occurrences.adopt([
    { ...before, origin: "kubernetes" },
    { ...before, resolved_ts_ms: 600 },
  ]);
  expect(occurrences.has("u1")).toBe(false);
});
