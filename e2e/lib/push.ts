import { expect } from "bun:test";
import { encodeBody } from "../../wire/body.ts";

/** Pushes snapshots of nodes to a master in another process, as an agent does; fails where they were not taken. */
export async function pushSnapshots(
  url: string,
  token: string,
  ms: number,
  snapshots: readonly unknown[],
): Promise<void> {
  const answer = await fetch(`${url}/ingest/metrics/snapshot`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: encodeBody({
      version: "v1",
      cluster_id: "u",
      source: "metrics_snapshot",
      ts_ms: ms,
      payload: { snapshots },
    }),
  });
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
}
