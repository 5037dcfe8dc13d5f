import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBody } from "../../wire/body.ts";
import { startTestMaster, type TestCluster } from "../harness.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { asking, atOnce, diagnose, startReceiver, tellAll } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-restart-"));
const receiver = startReceiver();
afterAll(() => {
  receiver.stop();
  rmSync(folder, { recursive: true });
});

const start = () => startTestMaster({ data: folder, notifyPrivate: trustedProxies(["127.0.0.1"]) });
type Ask = ReturnType<typeof asking>;

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 8000; ; await Bun.sleep(30)) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it did not come");
  }
}
const firing = async (ask: Ask, object: string) =>
  ((await ask("/api/v1/alerts")).body.items as Record<string, unknown>[]).find(
    (one) => one.object === object && one.state === "firing",
  );
/** The same cluster at the master that runs now. */
const at = (url: string, cluster: TestCluster): TestCluster => ({
  ...cluster,
  async push(route, source, payload) {
    const body = encodeBody({
      version: "v1",
      cluster_id: cluster.clusterID,
      source,
      ts_ms: Date.now(),
      payload,
    });
    const headers = { authorization: `Bearer ${cluster.token}` };
    const response = await fetch(url + route, { method: "POST", headers, body });
    return { status: response.status, body: (await response.json()) as never };
  },
});

test("over a restart what fires goes on, and is neither over nor told again; silences end in their time", async () => {
  const first = await start();
  const cluster = await first.addCluster("prod");
  await tellAll(cluster);
  const token = await first.apiToken("admin");
  const before = asking(first, token);
  await before("/api/v1/channels", {
    ...atOnce,
    name: "hook",
    type: "webhook",
    settings: { url: receiver.url },
  });
  const silence = await before("/api/v1/silences", {
    matchers: [{ name: "name", op: "=", value: "hushed" }],
    comment: "for a while",
    startsMs: Date.now(),
    endsMs: Date.now() + 3_600_000,
  });
  expect(silence.status).toBeLessThan(300);
  await diagnose(cluster, "web");
  await diagnose(cluster, "hushed");
  const was = await until(() => firing(before, "web"));
  await until(() => firing(before, "hushed"));
  await receiver.got(1);
  await first.stop();
  // The master is away for an hour, in which the silence ends.
  using stored = new Database(join(folder, "atlhyper.db"));
  stored.run("UPDATE silences SET ends_ms = ?", [Date.now() - 1000]);
  stored.run("UPDATE clusters SET last_seen_ms = last_seen_ms - 3600000");

  const second = await start();
  const ask = asking(second, token);
  const get = (path: string) => fetch(second.url + path, { headers: { authorization: `Bearer ${token}` } });
  // Nothing has come yet: nothing is gone, nothing over, and nothing told again.
  const missing = await get(`/api/v1/pods/${cluster.id}/shop/web`);
  expect(missing.status).toBe(503);
  expect(missing.headers.get("retry-after")).toBe("5");
  expect((await ask("/api/v1/pods")).body).toMatchObject({ items: [], awaited: [cluster.id] });
  expect((await ask("/api/v1/clusters")).body.items[0]).toMatchObject({
    health: "warning",
    awaited: { kinds: expect.arrayContaining(["Pod", "Node"]) },
  });
  for (let n = 0; n < 3; n++) await second.parts.alerting.engine.tick();
  expect(await firing(ask, "web")).toMatchObject({ since_ms: was.since_ms });
  expect(receiver.received).toHaveLength(1);

  await tellAll(at(second.url, cluster));
  expect((await ask("/api/v1/pods")).body.awaited).toBeUndefined();
  expect((await get(`/api/v1/pods/${cluster.id}/shop/web`)).status).toBe(404);
  const told = await receiver.got(2);
  const { status, alerts } = told[1]!.json() as never as {
    status: string;
    alerts: { status: string; labels: { name: string } }[];
  };
  expect(status).toBe("firing");
  expect(alerts.map((one) => `${one.labels.name} ${one.status}`).sort()).toEqual([
    "hushed firing",
    "web firing",
  ]);
  expect(await firing(ask, "web")).toMatchObject({ since_ms: was.since_ms, fired_ms: was.fired_ms });
  for (let n = 0; n < 3; n++) await second.parts.alerting.engine.tick();
  expect(receiver.received).toHaveLength(2);
  await second.stop();
}, 20_000);

test("an object that goes while the master is down is missed after it, once its list has come", async () => {
  const data = mkdtempSync(join(tmpdir(), "atlhyper-absent-"));
  const begin = () => startTestMaster({ data });
  const first = await begin();
  const cluster = await first.addCluster("prod");
  const token = await first.apiToken("admin");
  const rule = (id: string, condition: object) => ({
    ...{ id, name: id, enabled: true, severity: "warning", forMs: 0, keepMs: 0, condition },
    ...{ scope: {}, labels: {}, annotations: { summary: "{{ name }}", description: "" } },
  });
  const before = asking(first, token);
  for (const one of [
    rule("Api", { type: "absence", what: "object", kinds: ["Deployment"], names: ["*"] }),
    rule("Node", { type: "absence", what: "object", kinds: ["Node"], names: ["*"] }),
  ])
    expect((await before("/api/v1/alert-rules", one)).status).toBeLessThan(300);
  const deployments = (to: TestCluster, names: string[]) =>
    to.push("/ingest/deploymentlist", "deployment_list_snapshot", {
      deployments: names.map((name) => ({ summary: { name, namespace: "shop" } })),
    });
  await tellAll(cluster);
  await deployments(cluster, ["api", "web"]);
  const rows = () => first.database.main.query("SELECT key FROM alert_seen ORDER BY key").all();
  await until(async () => (rows().length === 3 ? true : undefined));
  await first.stop();

  const second = await begin();
  const ask = asking(second, token);
  const names = async () =>
    ((await ask("/api/v1/alerts")).body.items as { object: string }[]).map((one) => one.object);
  const again = at(second.url, cluster);
  await tellAll(again);
  await second.parts.alerting.engine.tick();
  // The list of deployments has not come: nobody knows whether one is gone.
  expect(await names()).toEqual([]);
  await deployments(again, ["web"]);
  await until(async () => ((await names()).length > 0 ? true : undefined));
  expect(await names()).toEqual(["api"]);
  await second.stop();
  rmSync(data, { recursive: true });
}, 20_000);
