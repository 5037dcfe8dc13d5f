import { expect, test } from "bun:test";
import type { Event } from "../../../wire/event.ts";
import { Happenings } from "./happenings.ts";

const now = 1_700_000_000_000;
const hour = 3_600_000;
const event = (id: string, hoursAgo: number, count = 1): Event => ({
  id,
  ts_ms: now - hoursAgo * hour,
  first_ts_ms: now - hoursAgo * hour,
  kind: "Pod",
  name: id,
  reason: "BackOff",
  severity: "warning",
  message: "Back-Off",
  count,
});

test("what happened before is read page by page, and what comes is counted by what it grew", async () => {
  const pages = [{ items: [event("b", 1), event("a", 2, 4)], next: "2" }, { items: [event("c", 23)] }];
  const asked: (string | undefined)[] = [];
  const all = new Happenings("c1", () => undefined);
  all.take(event("before anybody asked", 1));
  const past = (_cluster: string, _fromMs: number, cursor?: string) => {
    asked.push(cursor);
    return pages[asked.length - 1]!;
  };
  expect(all.since(past, now)).toBeUndefined();
  // It comes while the past is read, and has grown since it was stored.
  all.take(event("a", 0, 5));
  for (let at = 0; at < 200 && all.since(past, now) === undefined; at++) await Bun.sleep(2);
  all.take(event("a", 0, 7));
  all.take(event("a", 0, 7));
  const found = all.since(past, now)!;
  expect(asked).toEqual([undefined, "2"]);
  expect(found.map(({ name, count }) => [name, count])).toEqual([
    ["c", 1],
    ["b", 1],
    ["a", 5],
    ["a", 2],
  ]);
  expect(found[0]).toMatchObject({ lower: "back-off", namespace: "" });
  // A day later only what came since.
  expect(all.since(past, now + 23.5 * hour)!.map(({ name }) => name)).toEqual(["a", "a"]);
});
