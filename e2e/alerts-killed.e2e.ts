import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBody } from "../wire/body.ts";
import type { TestCluster } from "../master/harness.ts";
import {
  asking,
  atOnce,
  diagnose,
  startAlertMaster,
  startReceiver,
  tellAll,
} from "../master/alert/testing.ts";

async function startProcess(folder: string) {
  const fixture = join(import.meta.dir, "../master/alert/master.fixture.ts");
  const child = Bun.spawn([process.execPath, fixture, folder], { stdout: "pipe", stderr: "inherit" });
  const { value } = await child.stdout.getReader().read();
  return { child, url: new TextDecoder().decode(value).trim() };
}

/** The same cluster at a master that runs elsewhere. */
function at(url: string, cluster: TestCluster): TestCluster {
  return {
    ...cluster,
    async push(route, source, payload, more = {}) {
      const envelope = {
        version: "v1",
        cluster_id: cluster.clusterID,
        source,
        ts_ms: Date.now(),
        payload,
        ...more,
      };
      const response = await fetch(url + route, {
        method: "POST",
        headers: { authorization: `Bearer ${cluster.token}` },
        body: encodeBody(envelope),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

const kills = 30;

test("killed during deliveries, the master loses no notification, and doubles at most the one under way", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  // Slow enough for a delivery to be under way at nearly any moment.
  const receiver = startReceiver(async () => {
    await Bun.sleep(30);
    return new Response("ok");
  });
  const first = await startAlertMaster({ data: folder });
  const settings = { url: receiver.url };
  await first.ask("/api/v1/channels", {
    ...atOnce,
    name: "hook",
    type: "webhook",
    groupBy: ["name"],
    settings,
  });
  const admin = await first.master.apiToken("admin");
  await first.master.stop();
  const pods: string[] = [];
  for (let round = 0; round < kills; round++) {
    const { child, url } = await startProcess(folder);
    const cluster = at(url, first.cluster);
    await tellAll(cluster);
    for (let n = 0; n < 30; n++) {
      const name = `pod-${round}-${n}`;
      await diagnose(cluster, name);
      pods.push(name);
    }
    await Bun.sleep(700 + 200 * round);
    child.kill("SIGKILL");
    await child.exited;
  }
  const { child, url } = await startProcess(folder);
  await tellAll(at(url, first.cluster));
  const ask = asking({ url }, admin);
  const until = Date.now() + 30_000;
  for (;;) {
    const waiting = (await ask("/api/v1/deliveries?state=queued&limit=1")).body.items.length;
    const firing = (await ask("/api/v1/alerts?state=firing")).body.total;
    if (waiting === 0 && firing === pods.length && receiver.received.length >= pods.length) break;
    if (Date.now() > until)
      throw new Error(`${waiting} wait, ${firing} fire, ${receiver.received.length} came`);
    await Bun.sleep(200);
  }
  child.kill("SIGKILL");
  await child.exited;

  const ids = new Map<string, Set<string>>();
  for (const one of receiver.received) {
    const [alert] = (one.json() as unknown as { alerts: { labels: { name: string } }[] }).alerts;
    const known = ids.get(alert!.labels.name) ?? new Set();
    ids.set(alert!.labels.name, known.add(one.headers["webhook-id"]!));
  }
  // Each was decided once, and each came.
  expect([...ids.keys()].sort()).toEqual([...pods].sort());
  for (const [name, one] of ids) expect(one.size, name).toBe(1);
  expect(receiver.received.length - pods.length).toBeLessThanOrEqual(kills);
  receiver.stop();
  rmSync(folder, { recursive: true, force: true });
}, 300_000);

test("a restart neither forgets an alert nor tells of it again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  const receiver = startReceiver();
  const first = await startAlertMaster({ data: folder });
  await first.ask("/api/v1/channels", {
    ...atOnce,
    name: "hook",
    type: "webhook",
    settings: { url: receiver.url },
  });
  const admin = await first.master.apiToken("admin");
  await diagnose(first.cluster, "pod-a");
  await receiver.got(1);
  const before = (await first.ask("/api/v1/alerts")).body.items[0];
  await first.ask(`/api/v1/alerts/${before.fingerprint}/acknowledge`, { note: "mine" });
  await first.master.stop();

  const second = await startProcess(folder);
  const ask = asking(second, admin);
  // The agent has not told anything yet: what is known stays.
  await Bun.sleep(1500);
  const [after] = (await ask("/api/v1/alerts")).body.items;
  expect(after).toMatchObject({ state: "firing", fired_ms: before.fired_ms, acknowledged: { note: "mine" } });
  await tellAll(at(second.url, first.cluster));
  await Bun.sleep(1500);
  expect((await ask("/api/v1/alerts")).body.total).toBe(1);
  expect(receiver.received.length).toBe(1);
  second.child.kill("SIGKILL");
  await second.child.exited;
  receiver.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);
