import { afterAll, expect, test } from "bun:test";
import type { AlertView } from "../../views/alert-model.ts";
import { startReceiver } from "../alert/testing.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { type Notification, wordsOf } from "./message.ts";
import { createPost } from "./post.ts";
import { channelType } from "./registry.ts";

const receiver = startReceiver();
afterAll(() => receiver.stop());
const post = createPost(trustedProxies(["127.0.0.1"]), async () => ["127.0.0.1"]);

const alert: AlertView = {
  fingerprint: "0123456789abcdef",
  rule: "pod-crash-looping",
  name: "PodCrashLooping",
  severity: "critical",
  cluster: "c1",
  kind: "Deployment",
  namespace: "shop",
  object: "web",
  labels: {
    alertname: "PodCrashLooping",
    severity: "critical",
    cluster: "prod",
    namespace: "shop",
    name: "web",
  },
  annotations: { summary: "Deployment web: <!channel> *bold* & more" },
  state: "firing",
  sinceMs: 1_700_000_000_000,
  firedMs: 1_700_000_060_000,
  lastMs: 1_700_000_060_000,
  fired: [],
  flapping: false,
};
const firing: Notification = {
  id: "d1",
  group: 'h1:["prod"]',
  status: "firing",
  groupLabels: { cluster: "prod" },
  alerts: [alert, { ...alert, fingerprint: "fedcba9876543210", object: "api" }],
  more: 0,
  atMs: 1_700_000_060_000,
};
const resolved: Notification = {
  ...firing,
  id: "d2",
  status: "resolved",
  alerts: [{ ...alert, state: "resolved", resolvedMs: 1_700_000_120_000 }],
};

async function sent(type: string, settings: Record<string, string>, notification = firing) {
  const before = receiver.received.length;
  const publicUrl = "https://hyper.example";
  const answer = await channelType(type)!.send({
    notification,
    words: wordsOf(notification, publicUrl),
    settings: { url: `${receiver.url}/hook`, server: receiver.url, ...settings },
    publicUrl,
    post,
    resolve: async () => "127.0.0.1",
  });
  expect(answer).toEqual({ ok: true, text: "200 OK: ok" });
  const one = receiver.received[before]!;
  return { path: one.path, headers: one.headers, body: one.json() as Record<string, unknown> };
}

test("Slack gets blocks, with nothing of a cluster's that calls anybody", async () => {
  const { body } = await sent("slack", {});
  expect(body.text).toBe("[CRITICAL ×2] prod");
  const blocks = body.blocks as { type: string; text: { type: string; text: string } }[];
  expect(blocks[0]!.text.text).toBe("*<https://hyper.example/alerts|[CRITICAL ×2] prod>*");
  expect(blocks[1]!.text.text).toContain("&lt;!channel&gt;");
  expect(blocks[1]!.text.text).not.toContain("<!");
});

test("Discord gets an embed and may mention nobody", async () => {
  const { body } = await sent("discord", {});
  expect(body).toMatchObject({
    allowed_mentions: { parse: [] },
    embeds: [{ title: "[CRITICAL ×2] prod", color: 0xbf1f2d }],
  });
});

test("Teams gets an adaptive card", async () => {
  const { body } = await sent("teams", {}, resolved);
  expect(body).toMatchObject({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: { type: "AdaptiveCard", version: "1.4", actions: [{ type: "Action.OpenUrl" }] },
      },
    ],
  });
  expect(JSON.stringify(body)).toContain("RESOLVED");
});

test("Telegram gets plain text for its chat", async () => {
  const { path, body } = await sent("telegram", { token: "123:abc", chat: "-42" });
  expect(path).toBe("/bot123:abc/sendMessage");
  expect(body).toMatchObject({ chat_id: "-42" });
  expect(body.parse_mode).toBeUndefined();
});

test("ntfy and Gotify get their own fields, and tokens in headers", async () => {
  const ntfy = await sent("ntfy", { topic: "ops", token: "tk_x" });
  expect(ntfy.headers.authorization).toBe("Bearer tk_x");
  expect(ntfy.body).toMatchObject({ topic: "ops", priority: 5, click: "https://hyper.example/alerts" });
  const gotify = await sent("gotify", { token: "gt" });
  expect(gotify).toMatchObject({ path: "/message", body: { priority: 8 } });
  expect(gotify.headers["x-gotify-key"]).toBe("gt");
});

test("PagerDuty and Opsgenie join beginning and end of a group by the same key", async () => {
  const begin = await sent("pagerduty", { routingKey: "rk" });
  const end = await sent("pagerduty", { routingKey: "rk" }, resolved);
  expect(begin).toMatchObject({
    path: "/v2/enqueue",
    body: { routing_key: "rk", event_action: "trigger", payload: { severity: "critical", source: "prod" } },
  });
  expect(end.body).toMatchObject({ event_action: "resolve", dedup_key: begin.body.dedup_key });
  const opened = await sent("opsgenie", { key: "ok" });
  const closed = await sent("opsgenie", { key: "ok" }, resolved);
  expect(opened.headers.authorization).toBe("GenieKey ok");
  expect(opened.body).toMatchObject({ priority: "P1" });
  expect(closed.path).toBe(`/v2/alerts/${opened.body.alias}/close`);
});

test("an Alertmanager gets the alerts as its API takes them", async () => {
  const { path, body } = await sent("alertmanager", {}, resolved);
  expect(path).toBe("/api/v2/alerts");
  expect(body as unknown).toEqual([
    {
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: "2023-11-14T22:14:20.000Z",
      endsAt: "2023-11-14T22:15:20.000Z",
      generatorURL: "https://hyper.example/alerts/0123456789abcdef",
    },
  ]);
});

test("a webhook's template is filled with escaped values", async () => {
  const template = '{"say":"{{ title }}: {{ text }}","all":{{ json alerts }},"unknown":"{{ nothing }}"}';
  const quoted = { ...firing, alerts: [{ ...alert, annotations: { summary: 'a "quote" and \\ \n' } }] };
  const { body } = await sent("webhook", { template }, quoted);
  expect(body.say).toContain('a "quote" and \\');
  expect(body.unknown).toBe("");
  expect((body.all as { fingerprint: string }[])[0]!.fingerprint).toBe(alert.fingerprint);
});
