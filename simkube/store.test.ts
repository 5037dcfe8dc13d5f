import { expect, test } from "bun:test";
import { startSimKube } from "./server.ts";

test("a watch from a version before the compaction gets one ERROR event with 410, and ends", async () => {
  await using simkube = await startSimKube();
  simkube.store.compact();
  const answer = await fetch(`${simkube.url}/api/v1/pods?watch=1&resourceVersion=1`, {
    headers: { authorization: `Bearer ${simkube.token}` },
  });
  const lines = (await answer.text()).trim().split("\n");
  expect(answer.status).toBe(200);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
});

test("a list in pages whose snapshot is compacted away answers 410 to the next page", async () => {
  await using simkube = await startSimKube();
  const headers = { authorization: `Bearer ${simkube.token}` };
  const first = await fetch(`${simkube.url}/api/v1/namespaces?limit=2`, { headers });
  const { metadata } = (await first.json()) as { metadata: { continue: string; remainingItemCount: number } };
  expect(metadata.remainingItemCount).toBe(2);
  simkube.store.compact();
  const next = await fetch(`${simkube.url}/api/v1/namespaces?limit=2&continue=${metadata.continue}`, {
    headers,
  });
  expect(next.status).toBe(410);
  expect(await next.json()).toMatchObject({ reason: "Expired" });
});

test("a watch of a kind that is quiet is answered at once", async () => {
  await using simkube = await startSimKube();
  const startedAt = performance.now();
  const answer = await fetch(`${simkube.url}/api/v1/pods?watch=1`, {
    headers: { authorization: `Bearer ${simkube.token}` },
  });
  expect(answer.status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(500);
  await answer.body?.cancel();
});
