import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBody } from "../wire/body.ts";
import type { TestCluster } from "../master/harness.ts";
import { startSlack } from "../master/notify/slack-server.ts";
import {
  asking,
  atOnce,
  diagnose,
  type Received,
  startAlertMaster,
  startReceiver,
  tellAll,
} from "../master/alert/testing.ts";
import { startProcess } from "./lib/alert-process.ts";

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

/** How often; 300 take ten minutes. */
const kills = Number(process.env.ATLHYPER_KILLS || 10);
const podsARound = 10;

/** What the receiver was told of each pod: by which messages, and which state last. */
function toldOf(received: readonly Received[]) {
  const pods = new Map<string, { firing: Set<string>; resolved: Set<string>; last: string }>();
  const times = new Map<string, number>();
  for (const one of received) {
    const id = one.headers["webhook-id"]!;
    times.set(id, (times.get(id) ?? 0) + 1);
    const { alerts } = one.json() as unknown as {
      alerts: { status: "firing" | "resolved"; labels: { name: string } }[];
    };
    for (const { status, labels } of alerts) {
      const pod = pods.get(labels.name) ?? { firing: new Set(), resolved: new Set(), last: "" };
      pods.set(labels.name, pod);
      pod[status].add(id);
      pod.last = status;
    }
  }
  const counts = [...times.values()];
  return { pods, ids: counts.length, most: Math.max(...counts) };
}

/** Whether a receiver knows of every alert how it is now. */
function allTold(folder: string, received: readonly Received[]): boolean {
  const { pods } = toldOf(received);
  return stored(folder).alerts.every(({ object, state }) => pods.get(object)?.last === state);
}

/** What a folder's database says. */
function stored(folder: string) {
  using db = new Database(join(folder, "atlhyper.db"));
  const alerts = db.query<{ alert: string }, []>("SELECT alert FROM alerts").all();
  const states = db.query<{ state: string; n: number }, []>(
    "SELECT state, count(*) AS n FROM deliveries GROUP BY state",
  );
  return {
    alerts: alerts.map((one) => JSON.parse(one.alert) as { object: string; state: string }),
    deliveries: Object.fromEntries(states.all().map(({ state, n }) => [state, n])) as Record<string, number>,
  };
}

test(
  `killed ${kills} times during deliveries, the master loses no notification, and doubles at most the one under way`,
  async () => {
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
    const rules = (await first.ask("/api/v1/alert-rules")).body.items as { id: string }[];
    const found = rules.find((one) => one.id === "pod-crash-looping")!;
    const { id, origin: _, ...rule } = found as typeof found & { origin: string };
    await first.ask(`/api/v1/alert-rules/${id}`, { ...rule, keepMs: 0 });
    const admin = await first.master.apiToken("admin");
    await first.master.stop();
    let underWay = 0;
    const broken: string[] = [];
    for (let round = 0; round < kills; round++) {
      const { child, url } = await startProcess(folder);
      const cluster = at(url, first.cluster);
      await tellAll(cluster);
      for (let n = 0; n < podsARound; n++) {
        await diagnose(cluster, `pod-${round}-${n}`);
        // Every other pod of the round before is well again.
        if (round > 0 && n % 2 === 0)
          await diagnose(cluster, `pod-${round - 1}-${n}`, { resolved_ts_ms: Date.now() });
      }
      for (let n = 0; n < podsARound; n++)
        if (n % 2 === 1 || round === kills - 1) broken.push(`pod-${round}-${n}`);
      await Bun.sleep(700 + Math.random() * 1300);
      child.kill("SIGKILL");
      await child.exited;
      underWay += stored(folder).deliveries.sending ?? 0;
    }
    const { child, url } = await startProcess(folder);
    await tellAll(at(url, first.cluster));
    const ask = asking({ url }, admin);
    const until = Date.now() + 30_000 + 200 * kills;
    for (;;) {
      const waiting = (await ask("/api/v1/deliveries?state=queued&limit=1")).body.items.length;
      const firing = (await ask("/api/v1/alerts?state=firing")).body.total;
      const sending = stored(folder).deliveries.sending ?? 0;
      if (waiting + sending === 0 && firing === broken.length && allTold(folder, receiver.received)) break;
      if (Date.now() > until) throw new Error(`${waiting} wait, ${firing} of ${broken.length} fire`);
      await Bun.sleep(200);
    }
    // What would be told twice.
    await Bun.sleep(1500);
    child.kill("SIGKILL");
    await child.exited;

    const { pods, ids, most } = toldOf(receiver.received);
    const { alerts, deliveries } = stored(folder);
    const doubled = receiver.received.length - ids;
    console.log(
      `${kills} kills, ${underWay} with a delivery under way: ${alerts.length} alerts in ${ids} messages, ${doubled} of them doubled (${most} times at most), ${deliveries.superseded ?? 0} superseded`,
    );
    // Of every alert the receiver knows the state of now, and none was decided twice.
    for (const { object, state } of alerts) {
      expect(pods.get(object)?.last, object).toBe(state);
      expect(pods.get(object)!.firing.size, object).toBeLessThanOrEqual(1);
      expect(pods.get(object)!.resolved.size, object).toBe(state === "resolved" ? 1 : 0);
    }
    const fire = alerts.filter((one) => one.state === "firing").map((one) => one.object);
    expect(fire.sort()).toEqual(broken.sort());
    expect(Object.keys(deliveries).filter((one) => one !== "superseded")).toEqual(["sent"]);
    expect(doubled).toBeLessThanOrEqual(underWay);
    expect(most).toBeLessThanOrEqual(2);
    receiver.stop();
    rmSync(folder, { recursive: true, force: true });
  },
  60_000 + kills * 10_000,
);

test("killed while it speaks to Slack, it posts nothing twice, and each group keeps its one thread", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  // As slow as Slack: most kills come while a call is under way.
  const slack = startSlack({ delayMs: 60 });
  const first = await startAlertMaster({ data: folder });
  const settings = { token: slack.token, channel: "#ops", server: slack.url };
  await first.ask("/api/v1/channels", { ...atOnce, name: "bot", type: "slack-bot", settings });
  const rules = (await first.ask("/api/v1/alert-rules")).body.items as { id: string; origin: string }[];
  const { id, origin: _, ...rule } = rules.find((one) => one.id === "pod-crash-looping")!;
  await first.ask(`/api/v1/alert-rules/${id}`, { ...rule, keepMs: 0 });
  const admin = await first.master.apiToken("admin");
  await first.master.stop();
  const namespaces = ["a", "b", "c"];
  const rounds = 6;
  for (let round = 0; round < rounds; round++) {
    const { child, url } = await startProcess(folder);
    const cluster = at(url, first.cluster);
    await tellAll(cluster);
    for (const namespace of namespaces) await diagnose(cluster, `${namespace}-${round}`, { namespace });
    // The next messages come 1 s after the last, with the next judgement.
    await Bun.sleep(1050 + Math.random() * 700);
    child.kill("SIGKILL");
    await child.exited;
  }
  const { child, url } = await startProcess(folder);
  const cluster = at(url, first.cluster);
  await tellAll(cluster);
  for (const namespace of namespaces)
    for (let round = 0; round < rounds; round++)
      await diagnose(cluster, `${namespace}-${round}`, { namespace, resolved_ts_ms: Date.now() });
  const ask = asking({ url }, admin);
  const parents = () => slack.messages.filter((one) => !one.thread_ts);
  const until = Date.now() + 30_000;
  while (Date.now() < until && !parents().every((one) => one.attachments[0]?.color === "#2c7a4d"))
    await Bun.sleep(100);
  for (const state of ["queued", "sending"])
    while ((await ask(`/api/v1/deliveries?state=${state}`)).body.items.length > 0) await Bun.sleep(100);
  child.kill("SIGKILL");
  await child.exited;
  const calls = slack.calls.length;
  console.log(
    `${rounds} kills: ${slack.messages.length} messages in ${parents().length} threads by ${calls} calls`,
  );
  // One message for each namespace, green in the end, and what was said in its thread was said once.
  expect(parents().map((one) => one.attachments[0]!.color)).toEqual(namespaces.map(() => "#2c7a4d"));
  const said = slack.messages.map((one) => JSON.stringify([one.thread_ts, one.metadata]));
  expect(new Set(said).size).toBe(said.length);
  slack.stop();
  rmSync(folder, { recursive: true, force: true });
}, 90_000);

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
