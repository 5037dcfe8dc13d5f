import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { sources } from "../wire/envelope.ts";
import { maxSentBytes } from "../wire/limits.ts";
import { hostile } from "./lib/payload.ts";
import { type Process, runOnce, start, temporaryFolder } from "./lib/product.ts";

describe("hostile input to a master", () => {
  const folder = temporaryFolder();
  const environment = { ATLHYPER_DATA: folder.path, ATLHYPER_PORT: "0" };
  let master: Process;
  let url: string;
  let token: string;
  let other: string;

  beforeAll(async () => {
    master = start("master", environment);
    const [link] = await master.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
    url = new URL(link).origin;
    token = await runOnce(["cluster", "add", "mine"], environment);
    other = await runOnce(["cluster", "add", "other"], environment);
    const hello = { version: "v1", cluster_id: "mine", source: "events", ts_ms: 1, payload: { events: [] } };
    expect((await post("/ingest/events/v1/eventlog", JSON.stringify(hello))).status).toBe(200);
  }, 60_000);

  afterAll(async () => {
    await master.stop();
    folder[Symbol.dispose]();
  });

  type Body = string | Uint8Array<ArrayBuffer>;
  const post = (route: string, body: Body, headers: Record<string, string> = {}) =>
    fetch(url + route, { method: "POST", body, headers: { authorization: `Bearer ${token}`, ...headers } });

  const envelope = (payload: unknown, more: object = {}) =>
    JSON.stringify({
      version: "v1",
      cluster_id: "mine",
      source: "pod_list_snapshot",
      ts_ms: 1,
      payload,
      ...more,
    });

  const bomb = gzipSync(Buffer.alloc(300 * 2 ** 20));
  const members = Buffer.concat(Array.from({ length: 40 }, () => gzipSync(Buffer.alloc(2 ** 20))));
  const cases: [string, () => Body, number[]][] = [
    ["a gzip bomb of 1,000×", () => bomb, [413]],
    ["a bomb within a bomb", () => gzipSync(bomb), [400]],
    ["a bomb of many members", () => members, [413]],
    ["truncated gzip", () => gzipSync(envelope({ pods: [] })).subarray(0, 40), [400]],
    ["gzip with garbage behind it", () => Buffer.concat([gzipSync("{}"), Buffer.from("x")]), [400]],
    ["JSON nested 100,000 deep", () => `{"payload":${"[".repeat(100_000)}`, [400]],
    ["JSON nested 100,000 deep and closed", () => "[".repeat(100_000) + "]".repeat(100_000), [400]],
    [
      "a text of 7 MiB as a name",
      () => gzipSync(envelope({ pods: [{ summary: { name: "x".repeat(7 * 2 ** 20), namespace: "a" } }] })),
      [422],
    ],
    [
      "a million keys",
      () => gzipSync(`{${Array.from({ length: 500_000 }, (_, i) => `"k${i}":1`).join(",")}}`),
      [422],
    ],
    ["one byte more than is taken", () => new Uint8Array(maxSentBytes + 1), [413]],
    ["no JSON", () => "not json", [400]],
    ["text that is not UTF-8", () => Uint8Array.of(0x22, 0xff, 0x22), [400]],
    ["an empty body", () => "", [400]],
    ["null", () => "null", [422]],
    ["a list where an object belongs", () => envelope([]), [422]],
    ["another source's payload", () => envelope({ events: [] }), [422]],
    ["names that are numbers", () => envelope({ pods: [{ summary: { name: 1, namespace: 2 } }] }), [422]],
    [
      "a prototype for a payload",
      () =>
        `{"version":"v1","cluster_id":"mine","source":"pod_list_snapshot","ts_ms":1,"payload":{"__proto__":{"pods":[]}}}`,
      [422],
    ],
  ];

  test.each(cases)("%s gets its answer", async (_, body, expected) => {
    const response = await post("/ingest/podlist", body());
    expect(expected).toContain(response.status);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    const problem = (await response.json()) as { status: number; title: string };
    expect(problem.status).toBe(response.status);
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:\d|at .*\(/);
  });

  test("an encoding that is not gzip is 415", async () => {
    expect((await post("/ingest/podlist", "x", { "content-encoding": "br" })).status).toBe(415);
  });

  test("wrong tokens are refused on every ingest route before the body is looked at", async () => {
    for (const { route } of sources)
      for (const authorization of ["", "Bearer ", "Bearer wrong", `Basic ${token}`, `Bearer ${token}x`]) {
        const response = await post(route, bomb, { authorization });
        expect({ route, status: response.status }).toEqual({ route, status: 401 });
      }
    expect((await fetch(`${url}/t/wrong/ingest/podlist`, { method: "POST", body: "{}" })).status).toBe(401);
  });

  test("another cluster's token is 403 on every ingest route", async () => {
    for (const { route, names, payload } of sources) {
      const body = envelope(hostile(payload, "x"), { source: names[0] });
      const response = await post(route, body, { authorization: `Bearer ${other}` });
      expect({ route, status: response.status }).toEqual({ route, status: 403 });
    }
  });

  test("a hundred bombs at once leave the memory bounded and the master alive", async () => {
    const before = await master.memoryMB();
    let highest = before;
    const watch = setInterval(async () => {
      highest = Math.max(highest, await master.memoryMB());
    }, 20);
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () => post("/ingest/podlist", bomb).then((r) => r.status)),
    );
    clearInterval(watch);
    expect(new Set(statuses)).toEqual(new Set([413]));
    console.log(`memory_before_bombs ${before.toFixed(0)} MB`);
    console.log(`memory_during_bombs ${highest.toFixed(0)} MB`);
    // 100 bodies of 300 kB on the way in, and one inflated buffer at a time.
    expect(highest - before).toBeLessThan(150);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  }, 60_000);

  test("the token in a path is in no log line", async () => {
    await fetch(`${url}/t/${token}/ingest/podlist`, { method: "POST", body: "x" });
    expect(master.output()).not.toContain(token);
  });
});
