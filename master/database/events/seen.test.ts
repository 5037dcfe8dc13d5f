import { expect, test } from "bun:test";
import type { EventQuery } from "../../../views/event-model.ts";
import type { Event } from "../../../wire/event.ts";
import { sees, type Sight } from "../../access/sight.ts";
import { random } from "../../control/lab.ts";
import { openDatabase } from "../database.ts";
import { createEventStore } from "./store.ts";

const start = 1_800_000_000_000;
const clusters = ["c1", "c2", "removed"];
/** Names as people and attackers choose them. */
const namespaces = ["shop", "SHOP", "a-b", 'a" OR "', "x*", "NEAR(", "\u0000", "商店", ""];

function setUp() {
  const db = openDatabase(":memory:");
  return createEventStore(db, { retentionMs: 1e12, maxBytes: 2 ** 30, now: () => start });
}

function eventsOf(next: () => number): [string, Event][] {
  const pick = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)]!;
  return Array.from({ length: 300 }, (_, n) => {
    const namespace = pick(namespaces);
    return [
      pick(clusters),
      {
        id: `e${n}`,
        ts_ms: start - n * 1000,
        kind: pick(["Pod", "Node"]),
        ...(namespace === "" ? {} : { namespace }),
        name: `web-${n % 7}`,
        reason: pick(["BackOff", "Killing"]),
        severity: pick(["info", "warning", "critical"] as const),
        message: `something about web ${n % 3 === 0 ? "secretword" : "else"}`,
        origin: "kubernetes",
      },
    ];
  });
}

async function filled(events: readonly [string, Event][]) {
  const store = setUp();
  for (const cluster of clusters) {
    const own = events.filter(([one]) => one === cluster).map(([, event]) => event);
    if (own.length > 0) await store.append(cluster, own);
  }
  return store;
}

test("the events that are seen of a part are those that there would be if there were no more", async () => {
  const next = random(7);
  const events = eventsOf(next);
  const whole = await filled(events);
  for (let round = 0; round < 25; round++) {
    const sight: Exclude<Sight, "everything"> = new Map(
      clusters.flatMap((one): [string, "all" | Set<string>][] => {
        const chance = next();
        if (chance < 0.3) return [];
        return [
          [one, chance < 0.5 ? "all" : new Set(namespaces.filter((name) => name !== "" && next() < 0.4))],
        ];
      }),
    );
    const visible = events.filter(([cluster, { namespace }]) => sees(sight, cluster, namespace ?? ""));
    const alone = await filled(visible);
    const seen = whole.seenBy(sight);
    const scopes: EventQuery[] = [{}, ...clusters.map((cluster) => ({ cluster }))];
    for (const namespace of namespaces.filter(Boolean))
      scopes.push({ namespace }, { cluster: "c1", namespace });
    for (const scope of scopes)
      for (const more of [
        {},
        { q: "secret" },
        { q: "web" },
        { severity: "critical" as const },
        { name: "web-1" },
      ]) {
        const query = { ...scope, ...more, limit: 20 };
        const [one, other] = [seen.search(query), alone.search(query)];
        expect(one.items, JSON.stringify(query)).toEqual(other.items);
        expect([one.total, one.more]).toEqual([other.total, other.more]);
        if (one.next !== undefined)
          expect(seen.search({ ...query, cursor: one.next }).items).toEqual(
            alone.search({ ...query, cursor: other.next! }).items,
          );
      }
    for (const scope of [{}, { cluster: "c2" }, { namespace: "shop" }])
      expect(seen.recentWarnings(50, scope)).toEqual(alone.recentWarnings(50, scope));
    for (const [cluster, { id, namespace }] of events)
      expect(seen.get(cluster, id) !== undefined).toBe(sees(sight, cluster, namespace ?? ""));
  }
}, 30_000);

test("who sees everything asks the history itself, and who sees nothing gets nothing", async () => {
  const events = eventsOf(random(3));
  const store = await filled(events);
  expect(store.seenBy("everything").search({}).total).toBe(300);
  const nothing = store.seenBy(new Map([["c1", new Set<string>()]]));
  expect(nothing.search({})).toEqual({ items: [], total: 0, more: false });
  expect(nothing.recentWarnings(10)).toEqual([]);
});
