import { afterAll, expect, test } from "bun:test";
import { asking, atOnce, diagnose, startAlertMaster, startReceiver } from "./testing.ts";

const { master, cluster, ask } = await startAlertMaster({}, { firstRetryMs: 1000 });
afterAll(() => master.stop());

async function until<T>(read: () => Promise<T | undefined>, withinMs = 6000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it did not come");
    await Bun.sleep(50);
  }
}
const alertOf = (object: string, state = "firing") =>
  until(async () =>
    ((await ask("/api/v1/alerts")).body.items as Record<string, never>[]).find(
      (one) => one.object === object && one.state === state,
    ),
  );

test("from the occurrence to the receiver within 2 s, and its end to the same receiver", async () => {
  const receiver = startReceiver();
  const { body: channel } = await ask("/api/v1/channels", {
    ...atOnce,
    name: "hook",
    type: "webhook",
    settings: { url: `${receiver.url}/hook`, secret: "very secret key" },
  });
  expect(channel.secrets).toEqual(["url", "secret"]);
  expect(JSON.stringify(channel)).not.toContain("very secret");
  const start = performance.now();
  await diagnose(cluster, "pod-a");
  const [first] = await receiver.got(1);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(first!.json()).toMatchObject({
    version: "4",
    status: "firing",
    groupLabels: { cluster: "prod", namespace: "shop" },
    alerts: [{ status: "firing", labels: { alertname: "PodCrashLooping", name: "pod-a" } }],
  });
  const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature } = first!.headers;
  const hmac = new Bun.CryptoHasher("sha256", "very secret key").update(`${id}.${time}.${first!.body}`);
  expect(signature).toBe(`v1,${hmac.digest("base64")}`);

  // Over: after the time that it has to be quiet for.
  const rule = (await ask("/api/v1/alert-rules")).body.items.find(
    (one: { id: string }) => one.id === "pod-crash-looping",
  );
  const { id: _, origin: _o, ...body } = rule;
  expect((await ask("/api/v1/alert-rules/pod-crash-looping", { ...body, keepMs: 0 })).body.origin).toBe(
    "changed",
  );
  await diagnose(cluster, "pod-a", { resolved_ts_ms: Date.now() });
  const [, second] = await receiver.got(2);
  expect(second!.json()).toMatchObject({
    status: "resolved",
    alerts: [{ status: "resolved", labels: { name: "pod-a" } }],
  });
  expect(second!.json().groupKey).toBe(first!.json().groupKey);
  const sent = await until(async () => {
    const { items } = (await ask("/api/v1/deliveries")).body;
    return items.every((one: { state: string }) => one.state === "sent") ? items : undefined;
  });
  expect(sent.length).toBe(2);
  expect(sent[0].answer).toContain("200");
  await ask(`/api/v1/channels/${channel.id}/remove`, {});
  receiver.stop();
}, 20_000);

test("a receiver that fails is tried again, and its answer can be read without the secret it says back", async () => {
  let failing = true;
  const receiver = startReceiver(() =>
    failing ? new Response("no, topsecrettoken is wrong", { status: 503 }) : new Response("ok"),
  );
  const { body: channel } = await ask("/api/v1/channels", {
    ...atOnce,
    name: "failing",
    type: "webhook",
    settings: { url: receiver.url, token: "topsecrettoken" },
  });
  await diagnose(cluster, "pod-b");
  await receiver.got(1);
  const waiting = await until(async () =>
    (await ask(`/api/v1/deliveries?channel=${channel.id}`)).body.items.find(
      (one: { state: string; answer: string }) => one.state === "queued" && one.answer !== "",
    ),
  );
  expect(waiting.answer).toBe("503 Service Unavailable: no, ••• is wrong");
  expect(waiting.nextMs).toBeGreaterThan(Date.now());
  const by = (await master.parts.access.authenticateToken(await master.apiToken("admin")))!;
  expect(await master.parts.alerting.failing(by)).toEqual(new Set([channel.id]));
  failing = false;
  await receiver.got(2, 10_000);
  const [first, second] = receiver.received;
  expect(second!.headers["webhook-id"]).toBe(first!.headers["webhook-id"]!);
  expect(second!.body).toBe(first!.body);
  await until(async () => (await master.parts.alerting.failing(by)).size === 0 || undefined);
  const { body: tested } = await ask(`/api/v1/channels/${channel.id}/test`, {});
  expect(tested).toEqual({ ok: true, answer: "200 OK: ok" });
  await ask(`/api/v1/channels/${channel.id}/remove`, {});
  receiver.stop();
}, 20_000);

test("a silence hides what it says it hides, and a silenced alert is told of to nobody", async () => {
  const receiver = startReceiver();
  const where = { matchers: [{ name: "name", op: "=~", value: "pod-c.*" }] };
  await diagnose(cluster, "pod-c");
  await alertOf("pod-c");
  const preview = await ask("/api/v1/silences/preview", where);
  expect(preview.body.items.map((one: { object: string }) => one.object)).toEqual(["pod-c"]);
  expect(
    (await ask("/api/v1/silences", { ...where, comment: " ", endsMs: Date.now() + 60_000 })).status,
  ).toBe(422);
  const { body: silence } = await ask("/api/v1/silences", {
    ...where,
    comment: "being repaired",
    endsMs: Date.now() + 60_000,
  });
  expect(silence).toMatchObject({ by: "test admin", comment: "being repaired" });
  const { body: channel } = await ask("/api/v1/channels", {
    ...atOnce,
    name: "quiet",
    type: "webhook",
    matchers: [{ name: "name", op: "=~", value: "pod-c.*" }],
    settings: { url: receiver.url },
  });
  expect(await alertOf("pod-c")).toMatchObject({ muted: { by: "silence", comment: "being repaired" } });
  await Bun.sleep(1500);
  expect(receiver.received).toEqual([]);
  await ask(`/api/v1/silences/${silence.id}/end`, {});
  await receiver.got(1);
  await ask(`/api/v1/channels/${channel.id}/remove`, {});
  receiver.stop();
}, 20_000);

test("who takes an alert up is named, and the audit log says all of it", async () => {
  await diagnose(cluster, "pod-d");
  const { fingerprint } = await alertOf("pod-d");
  const taken = await ask(`/api/v1/alerts/${fingerprint}/acknowledge`, { note: "on it" });
  expect(taken.body.acknowledged).toMatchObject({ by: "test admin", note: "on it" });
  const { body } = await ask(`/api/v1/alerts/${fingerprint}`);
  expect(body.history.map((one: { what: string }) => one.what)).toEqual(["acknowledged", "firing"]);
  expect((await ask(`/api/v1/alerts/${fingerprint}/release`, {})).body.acknowledged).toBeUndefined();
  expect((await ask(`/api/v1/alerts/${fingerprint}/acknowledge`, {})).body.acknowledged.note).toBe("");
  await ask(`/api/v1/alerts/${fingerprint}/release`, {});
  const actions = (await ask("/api/v1/audit?limit=100")).body.items.map(
    (one: { action: string }) => one.action,
  );
  for (const one of [
    "alert.acknowledge",
    "alert.release",
    "silence.add",
    "silence.end",
    "rule.change",
    "channel.add",
    "channel.remove",
    "channel.test",
  ])
    expect(actions).toContain(one);
  expect(JSON.stringify((await ask("/api/v1/audit?limit=100")).body)).not.toContain("secret");
});

test("what nobody acknowledges goes up to another channel, is in its history, and stops when somebody does", async () => {
  const receiver = startReceiver();
  const hook = {
    ...atOnce,
    name: "boss",
    type: "webhook",
    matchers: [{ name: "name", op: "=", value: "none" }],
  };
  const { body: boss } = await ask("/api/v1/channels", { ...hook, settings: { url: receiver.url } });
  const policy = {
    name: "On call",
    enabled: true,
    severities: [],
    matchers: [{ name: "name", op: "=", value: "pod-e" }],
    steps: [
      { afterMs: 1000, channel: boss.id },
      { afterMs: 60_000, channel: boss.id },
    ],
    repeats: 1,
  };
  const { body: made } = await ask("/api/v1/escalations", policy);
  expect((await ask(`/api/v1/channels/${boss.id}/remove`, {})).status).toBe(409);
  await diagnose(cluster, "pod-e");
  const [first] = await receiver.got(1);
  expect(first!.json()).toMatchObject({ status: "firing", alerts: [{ labels: { name: "pod-e" } }] });
  const { fingerprint } = await alertOf("pod-e");
  const { body } = await ask(`/api/v1/alerts/${fingerprint}`);
  expect(body.history[0]).toMatchObject({
    what: "escalated",
    by: "On call",
    note: "step 1 of 2, round 1 of 2",
  });
  expect(body.escalations).toMatchObject([{ policy: "On call", done: 1, steps: 4 }]);
  expect(body.escalations[0].next_ms).toBe(body.history[0].at_ms + 60_000);
  const [sent] = (await ask(`/api/v1/deliveries?alert=${fingerprint}`)).body.items;
  expect(sent).toMatchObject({ channelName: "boss", title: expect.stringContaining("[ESCALATED]") });
  await ask(`/api/v1/alerts/${fingerprint}/acknowledge`, { note: "mine" });
  await master.parts.alerting.engine.tick();
  expect((await ask(`/api/v1/alerts/${fingerprint}`)).body.escalations).toEqual([]);
  expect((await ask(`/api/v1/escalations/${made.id}/remove`, {})).status).toBe(200);
  expect((await ask(`/api/v1/channels/${boss.id}/remove`, {})).status).toBe(200);
  receiver.stop();
}, 20_000);

test("a viewer changes nothing and hears of no channel; a token that only reads changes nothing", async () => {
  const viewer = asking(master, await master.apiToken("viewer"));
  const { fingerprint } = await alertOf("pod-d");
  expect((await viewer(`/api/v1/alerts/${fingerprint}/acknowledge`, { note: "" })).status).toBe(403);
  expect((await viewer("/api/v1/channels")).status).toBe(403);
  expect((await viewer("/api/v1/deliveries")).status).toBe(403);
  expect(
    (await viewer("/api/v1/silences", { matchers: [], comment: "x", endsMs: Date.now() + 1e6 })).status,
  ).toBe(403);
  const operator = asking(master, await master.apiToken("operator"));
  expect((await operator("/api/v1/channels", {})).status).toBe(403);
  expect((await operator(`/api/v1/alerts/${fingerprint}/acknowledge`, { note: "" })).status).toBe(200);
});

test("the secrets of a channel are given anew where its address changes", async () => {
  const settings = { server: "https://gotify.example", token: "abcdefgh" };
  const { body: channel } = await ask("/api/v1/channels", { ...atOnce, name: "g", type: "gotify", settings });
  const change = (given: Record<string, string>) =>
    ask(`/api/v1/channels/${channel.id}`, { ...atOnce, name: "g", type: "gotify", settings: given });
  expect((await change({ server: "https://gotify.example" })).status).toBe(200);
  expect(await change({ server: "https://evil.example" })).toMatchObject({
    status: 422,
    body: { pointer: "/token" },
  });
  expect((await change({ server: "https://evil.example", token: "another" })).status).toBe(200);
  expect((await change({ server: "ftp://x" })).body.detail).toContain("http");
  const row = master.database.main.query("SELECT * FROM channels").all();
  expect(JSON.stringify(row)).not.toContain("another");
  await ask(`/api/v1/channels/${channel.id}/remove`, {});
});
