import { expect, test } from "bun:test";
import type { ListQuery } from "../../views/model.ts";
import { ProblemError } from "../../wire/problem.ts";
import { crashingPod, runningPod, testDatasource } from "./testing.ts";

function names(source: ReturnType<typeof testDatasource>, query: ListQuery = {}): string[] {
  return source.datasource.list("pod", query).items.map((row) => row.item.summary.name);
}

function shop() {
  const source = testDatasource(["c1", "c2"]);
  source.full("pod", [
    runningPod("api-1", { node: "n2", restarts: 3 }, { labels: { app: "API", tier: "back" } }),
    runningPod("web-1", {}, { containers: [{ name: "c", image: "registry/web:1.4" }] }),
    crashingPod("web-2"),
    runningPod("db-1", { namespace: "data", restarts: 1 }),
  ]);
  source.full("pod", [runningPod("web-1", { phase: "Unknown" })], "c2");
  return source;
}

test("the worst come first, then the newest change, then the names", () => {
  const source = shop();
  expect(names(source)).toEqual(["web-2", "web-1", "api-1", "db-1", "web-1"]);
  expect(source.datasource.list("pod", {})).toMatchObject({ total: 5, attention: 2 });
});

test("lists are filtered by cluster, namespace, node, health, state and words in any of their texts", () => {
  const source = shop();
  expect(names(source, { cluster: "c2" })).toEqual(["web-1"]);
  expect(names(source, { namespace: "data" })).toEqual(["db-1"]);
  expect(names(source, { node: "n2" })).toEqual(["api-1"]);
  expect(names(source, { status: "critical" })).toEqual(["web-2"]);
  expect(names(source, { status: "attention" })).toEqual(["web-2", "web-1"]);
  expect(names(source, { status: "crashloopbackoff" })).toEqual(["web-2"]);
  expect(names(source, { status: "running", cluster: "c1" })).toEqual(["api-1", "db-1", "web-1"]);
  expect(names(source, { q: "APP=api back" })).toEqual(["api-1"]);
  expect(names(source, { q: "web:1.4" })).toEqual(["web-1"]);
  expect(names(source, { q: "web shop nothing" })).toEqual([]);
  expect(names(source, { cluster: "c1", namespace: "shop", q: "web", status: "ok" })).toEqual(["web-1"]);
  expect(source.datasource.list("pod", { q: "web", limit: 1 })).toMatchObject({ total: 3, attention: 2 });
});

test("every column sorts, both ways", () => {
  const source = shop();
  for (const sort of source.datasource.sorts("pod")) {
    const up = source.datasource.list("pod", { sort, cluster: "c1" });
    const down = source.datasource.list("pod", { sort: `-${sort}`, cluster: "c1" });
    expect([sort, up.total, down.total]).toEqual([sort, 4, 4]);
  }
  expect(names(source, { sort: "name" })).toEqual(["api-1", "db-1", "web-1", "web-1", "web-2"]);
  expect(names(source, { sort: "-restarts", cluster: "c1" })).toEqual(["web-2", "api-1", "db-1", "web-1"]);
  expect(names(source, { sort: "-namespace", cluster: "c1", limit: 3 })).toEqual(["api-1", "web-1", "web-2"]);
});

test("an unknown column is the default order", () => {
  expect(names(shop(), { sort: "nonsense" })).toEqual(names(shop()));
});

test("cursors walk through all of a list once, in every order, and offsets reach the same places", () => {
  const source = testDatasource();
  source.full(
    "pod",
    Array.from({ length: 57 }, (_, at) =>
      at % 9 === 0
        ? crashingPod(`pod-${at}`, { createdAt: new Date(1e12 + at).toISOString() })
        : runningPod(`pod-${at}`, {
            restarts: at % 4,
            createdAt: new Date(1e12 + (at % 5) * 1000).toISOString(),
          }),
    ),
  );
  for (const sort of [undefined, ...source.datasource.sorts("pod").flatMap((one) => [one, `-${one}`])]) {
    const given = sort ? { sort } : {};
    const all = names(source, { ...given, limit: 1000 });
    const walked: string[] = [];
    let cursor: string | undefined;
    do {
      const page = source.datasource.list("pod", { ...given, limit: 10, ...(cursor ? { cursor } : {}) });
      walked.push(...page.items.map((row) => row.item.summary.name));
      cursor = page.next;
    } while (cursor);
    expect([sort, walked]).toEqual([sort, all]);
    expect(names(source, { ...given, limit: 10, offset: 20 })).toEqual(all.slice(20, 30));
  }
});

test("a page goes on at the right place when pods before it have come and gone", () => {
  const source = testDatasource();
  source.full(
    "pod",
    ["b", "d", "f", "h"].map((name) => runningPod(name)),
  );
  const first = source.datasource.list("pod", { sort: "name", limit: 2 });
  source.delta("pod", [runningPod("a"), runningPod("e")], ["shop/b", "shop/d"]);
  expect(names(source, { sort: "name", cursor: first.next! })).toEqual(["e", "f", "h"]);
});

test("a cursor that is none, or of another order, is refused", () => {
  const source = shop();
  const { next } = source.datasource.list("pod", { limit: 1 });
  for (const query of [{ cursor: "nonsense" }, { cursor: next!, sort: "name" }])
    expect(() => source.datasource.list("pod", query)).toThrow(ProblemError);
});

test("after any changes an order is the same as when it is made anew", () => {
  const source = testDatasource();
  const orders = [{}, { sort: "name" }, { sort: "-restarts" }, { sort: "-age" }];
  for (let round = 0; round < 60; round++) {
    const some = Array.from({ length: 20 }, () => Math.floor(Math.random() * 300));
    const created = new Date(1e12 + round * 1000).toISOString();
    source.delta(
      "pod",
      some.map((at) =>
        at % 7 === round % 7
          ? crashingPod(`pod-${at}`, { createdAt: created })
          : runningPod(`pod-${at}`, { restarts: at % 5, createdAt: created }),
      ),
      some.slice(0, 3).map((at) => `shop/pod-${(at + 50) % 300}`),
    );
    const fresh = testDatasource();
    fresh.clock.now = source.clock.now;
    const rows = source.datasource.list("pod", { limit: 1000 }).items;
    fresh.full(
      "pod",
      rows.map((row) => row.item),
    );
    for (const query of orders) {
      if (!("sort" in query) && round > 0) continue;
      expect(names(source, { ...query, limit: 1000 })).toEqual(names(fresh, { ...query, limit: 1000 }));
    }
  }
});

test("an object comes with all that it was sent with, by its reference", () => {
  const source = shop();
  expect(source.datasource.get("pod", { cluster: "c1", namespace: "shop", name: "web-1" })).toMatchObject({
    key: "shop/web-1",
    state: "Running",
    health: "ok",
    item: { containers: [{ image: "registry/web:1.4" }] },
  });
  expect(source.datasource.get("pod", { cluster: "c2", namespace: "data", name: "db-1" })).toBeUndefined();
});

test("a full list that says the same changes nothing, and one without a pod removes it", () => {
  const source = testDatasource();
  source.full("pod", [runningPod("a"), runningPod("b")]);
  const before = source.datasource.revision;
  source.clock.now += 1;
  source.full("pod", [runningPod("a"), runningPod("b")]);
  expect(source.datasource.revision).toBe(before);
  source.full("pod", [runningPod("b")]);
  expect(source.datasource.revision).toBeGreaterThan(before);
  expect(names(source)).toEqual(["b"]);
});
