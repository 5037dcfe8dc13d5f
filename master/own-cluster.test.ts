import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../kit/env.ts";
import { readMasterConfig } from "./config.ts";
import { randomToken } from "./database/token.ts";
import { encodeBody } from "../wire/body.ts";
import { listTokens } from "./database/tokens.ts";
import { startTestMaster } from "./harness.ts";

const agent = { name: "home", flavour: "kubernetes", run: "r", agentVersion: "2", startedAt_ms: 1 };

/** What the master answers to an agent with this token. */
async function pushWith(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/ingest/agentstatus`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: encodeBody({
      version: "v1",
      cluster_id: "uid-1",
      source: "agent_status_snapshot",
      ts_ms: Date.now(),
      payload: { agent },
    }),
  });
  await response.text();
  return response.status;
}

test("an agent with the token of the configuration is let in, after a restart too, and its cluster is there once", async () => {
  const data = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  const ownClusterToken = randomToken("cluster");
  try {
    for (const _ of [1, 2]) {
      await using master = await startTestMaster({ data, ownCluster: "home", ownClusterToken });
      expect(await pushWith(master.url, ownClusterToken)).toBe(200);
      expect(await pushWith(master.url, randomToken("cluster"))).toBe(401);
      expect(master.datasource.clusters().map(({ name }) => name)).toEqual(["home"]);
      expect(await listTokens(master.database, { kind: "cluster" })).toHaveLength(1);
      expect(JSON.stringify(master.lines)).not.toContain(ownClusterToken);
    }
  } finally {
    rmSync(data, { recursive: true });
  }
});

test("a cluster of that name gets the token beside those that it has", async () => {
  const data = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  try {
    const first = randomToken("cluster");
    const second = randomToken("cluster");
    for (const ownClusterToken of [first, second])
      await (await startTestMaster({ data, ownCluster: "home", ownClusterToken })).stop();
    await using master = await startTestMaster({ data });
    for (const token of [first, second]) expect(await pushWith(master.url, token)).toBe(200);
    expect(master.datasource.clusters()).toHaveLength(1);
    const { items } = await master.parts.trail.search({ limit: 2 }, () => true);
    expect(items.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ["cluster.rotate", "system"],
      ["cluster.add", "system"],
    ]);
  } finally {
    rmSync(data, { recursive: true });
  }
});

test("a token that somebody thought of is refused, and not repeated", () => {
  try {
    readMasterConfig({ ATLHYPER_OWN_CLUSTER_TOKEN: "atlc_changeme" });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain("ATLHYPER_OWN_CLUSTER_TOKEN must be atlc_ and 43 random");
    expect((error as Error).message).not.toContain("changeme");
  }
});
