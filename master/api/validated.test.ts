import { afterAll, expect, test } from "bun:test";
import { startTestMaster } from "../harness.ts";
import { validated } from "./validated.ts";

const master = await startTestMaster();
afterAll(() => master.stop());
const cluster = await master.addCluster("home");
const push = (ms: number, usage: number) =>
  cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", {
    snapshots: [{ nodeName: "n1", timestamp: new Date(ms).toISOString(), cpu: { usage, cores: 4 } }],
  });

test("who asks again for a chart is told that it is the same until a sample comes, and only who may see it", async () => {
  const token = await master.apiToken();
  const now = Date.now();
  await push(now - 20_000, 0.5);
  const ask = (more: string, known = "", by = token) =>
    fetch(
      `${master.url}/api/v1/query_range?cluster=home&kind=Node&name=n1&from=${now - 60_000}&to=${now}${more}`,
      { headers: { authorization: `Bearer ${by}`, ...(known ? { "if-none-match": known } : {}) } },
    );
  const first = await ask("");
  const tag = first.headers.get("etag")!;
  expect(tag).toMatch(/^W\/"\w+"$/);
  expect(first.headers.get("cache-control")).toBe("private, no-cache");
  expect(((await first.json()) as { times: number[] }).times.length).toBe(1);
  const again = await ask("", `"other", ${tag}`);
  expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, tag, ""]);
  // Another question has another answer.
  expect((await ask("&format=csv", tag)).status).toBe(200);
  expect((await ask("&series=memory", tag)).status).toBe(200);
  expect((await ask("", tag, "atla_wrong")).status).toBe(401);
  await push(now - 10_000, 0.75);
  const newer = await ask("", tag);
  expect(newer.status).toBe(200);
  expect(newer.headers.get("etag")).not.toBe(tag);
  const csv = await ask("&format=csv");
  expect((await ask("&format=csv", csv.headers.get("etag")!)).status).toBe(304);
});

test("what is no answer has no validator", async () => {
  const problem = await validated(
    new Request("http://x/", { headers: { "if-none-match": "*" } }),
    new Response("no", { status: 404 }),
  );
  expect([problem.status, problem.headers.get("etag")]).toEqual([404, null]);
});
