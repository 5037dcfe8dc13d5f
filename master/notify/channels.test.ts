import { afterAll, expect, test } from "bun:test";
import type { AlertView } from "../../views/alert-model.ts";
import { wants } from "../alert/group.ts";
import { startReceiver } from "../alert/testing.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { cut, fitted, packed } from "./fit.ts";
import { type Notification, wordsOf } from "./message.ts";
import { createPost } from "./post.ts";
import { channelType } from "./registry.ts";
import { startOutbox } from "./testing.ts";

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
    memory: { read: async () => undefined, write: async () => undefined },
  });
  expect(answer).toEqual({ ok: true, text: "200 OK: ok" });
  const one = receiver.received[before]!;
  return { path: one.path, headers: one.headers, body: one.json() as Record<string, unknown> };
}

test("Slack gets an attachment, which Mattermost shows too, with nothing of a cluster's that calls anybody", async () => {
  const { body } = await sent("slack", {});
  expect(body.text).toBe("*<https://hyper.example/alerts|[CRITICAL ×2] prod>*");
  const attachments = body.attachments as { color: string; fallback: string; text: string }[];
  expect(attachments).toMatchObject([{ color: "#bf1f2d", fallback: "[CRITICAL ×2] prod" }]);
  expect(attachments[0]!.text).toContain("&lt;!channel&gt;");
  const calling = { ...alert, annotations: { summary: "@channel @here @All @everyone someone@example.org" } };
  const { body: called } = await sent("slack", {}, { ...firing, alerts: [calling] });
  expect(JSON.stringify(called)).not.toMatch(/@(channel|here|all|everyone)/i);
  expect(JSON.stringify(called)).toContain("someone@example.org");
  expect(attachments[0]!.text).not.toContain("<!");
});

test("Discord gets an embed and may mention nobody", async () => {
  const { body } = await sent("discord", {});
  expect(body).toMatchObject({
    allowed_mentions: { parse: [] },
    embeds: [{ title: "[CRITICAL ×2] prod", color: 0xbf1f2d, timestamp: "2023-11-14T22:14:20.000Z" }],
  });
  const linked = { ...alert, annotations: { summary: "[sign in](https://evil.example) *now* <@1>" } };
  const [embed] = (await sent("discord", {}, { ...firing, alerts: [linked] })).body.embeds as [
    { description: string },
  ];
  expect(embed.description).toContain("\\[sign in\\]\\(https://evil.example\\) \\*now\\* \\<@1\\>");
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

test("Telegram gets markup of our own, and nothing of a cluster's is any", async () => {
  const { path, body } = await sent("telegram", { token: "123:abc", chat: "-42" });
  expect(path).toBe("/bot123:abc/sendMessage");
  expect(body).toMatchObject({ chat_id: "-42" });
  expect(body.parse_mode).toBe("HTML");
  expect(body.text).toStartWith("<b>[CRITICAL ×2] prod</b>\n");
  expect(body.text).toContain("&lt;!channel&gt; *bold* &amp; more");
  expect(body.message_thread_id).toBeUndefined();
  const inTopic = await sent("telegram", { token: "123:abc", chat: "-42", thread: "7" });
  expect(inTopic.body.message_thread_id).toBe(7);
  expect(() => channelType("telegram")!.check!({ thread: "general" })).toThrow("number");
  expect(body.text).toEndWith('\n<a href="https://hyper.example/alerts">AtlHyper</a>');
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

test("a group whose labels are long has a key that PagerDuty takes", async () => {
  const long = { ...firing, group: "g".repeat(300) };
  const { body } = await sent("pagerduty", { routingKey: "rk" }, long);
  expect((body.dedup_key as string).length).toBeLessThanOrEqual(255);
  const end = await sent("pagerduty", { routingKey: "rk" }, { ...resolved, group: long.group });
  expect(end.body.dedup_key).toBe(body.dedup_key);
});

test("a mail channel that gets digests only wants no alert by itself", async () => {
  const outbox = await startOutbox();
  const settings = {
    host: "mail.test",
    from: "a@example.org",
    to: "b@example.org",
    digest: "daily",
    each: "no",
  };
  await outbox.add("email", settings, "digests");
  await outbox.add("email", { ...settings, each: "yes" }, "each");
  const told = outbox.channels.told().filter((one) => wants(one, alert, new Map()));
  expect(told.map((one) => one.name)).toEqual(["each"]);
  // What it is told of in a digest is what its own filter says.
  expect(outbox.channels.all().filter((one) => wants(one, alert, new Map())).length).toBe(2);
  await outbox.stop();
});

test("many alerts with long texts keep within what each service takes, and say how many more there are", async () => {
  const alerts = Array.from({ length: 50 }, () => ({
    ...alert,
    annotations: { summary: "中文 & *markup* [x](y) 🙂 ".repeat(60) },
  }));
  const all = { ...firing, alerts, more: 7 };
  const bodies = {
    discord: (await sent("discord", {}, all)).body as { embeds: { description: string }[] },
    telegram: (await sent("telegram", { token: "t", chat: "1" }, all)).body as { text: string },
    ntfy: (await sent("ntfy", { topic: "t" }, all)).body as { message: string },
    teams: (await sent("teams", {}, all)).body,
    opsgenie: (await sent("opsgenie", { key: "k" }, all)).body as { description: string; message: string },
    pagerduty: (await sent("pagerduty", { routingKey: "k" }, all)).body,
    slack: (await sent("slack", {}, all)).body as { attachments: { text: string }[] },
    gotify: (await sent("gotify", { token: "t" }, all)).body,
  };
  const bytes = (of: unknown) => Buffer.byteLength(typeof of === "string" ? of : JSON.stringify(of));
  expect(bodies.discord.embeds[0]!.description.length).toBeLessThanOrEqual(4096);
  expect(bodies.telegram.text.length).toBeLessThanOrEqual(4096);
  expect(bytes(bodies.ntfy.message)).toBeLessThanOrEqual(4096);
  expect(bytes(bodies.teams)).toBeLessThanOrEqual(21_000);
  expect(bodies.opsgenie.description.length).toBeLessThanOrEqual(15_000);
  expect(bodies.opsgenie.message.length).toBeLessThanOrEqual(130);
  expect(bytes(bodies.pagerduty)).toBeLessThanOrEqual(512 * 1024);
  for (const { text } of bodies.slack.attachments) expect(text.length).toBeLessThanOrEqual(3000);
  for (const [type, body] of Object.entries(bodies)) {
    expect(JSON.stringify(body), type).toMatch(/… and \d+ more/);
    expect(JSON.stringify(body), type).not.toMatch(/[^\\]\\u[dD][89a-fA-F]/);
  }
});

test("how many more there are counts those that were left out and those that were never in", () => {
  const words = { lines: ["a".repeat(30), "b".repeat(30), "c".repeat(30)], more: 4 };
  expect(fitted(words, { most: 70 })).toEqual(["a".repeat(30), "… and 6 more"]);
  expect(fitted({ ...words, more: 0 }, { most: 200 })).toEqual(words.lines);
  expect(cut("ab🙂cd", 4)).toBe("ab…");
  expect(cut("ab🙂cd", 6)).toBe("ab🙂cd");
  expect(packed(["aa", "bb", "cc"], 5)).toEqual(["aa\nbb", "cc"]);
});

test.each([
  [{ "retry-after": "3" }, "", 3],
  [{}, '{"message":"You are being rate limited.","retry_after":1.5,"global":false}', 1.5],
  [{}, '{"ok":false,"error_code":429,"parameters":{"retry_after":5}}', 5],
  [{ "retry-after": "86400" }, "", 3600],
  [{}, "", undefined],
])("a receiver's limit of its rate is read from its answer: %j %s", async (headers, body, seconds) => {
  const limiting = startReceiver(
    () => new Response(body, { status: 429, headers: headers as Record<string, string> }),
  );
  const { retryAfterMs } = await post(limiting.url, { body: "" });
  expect(retryAfterMs).toBe(seconds === undefined ? undefined : seconds * 1000);
  limiting.stop();
});

test("an Alertmanager gets the alerts as its API takes them", async () => {
  const { path, body } = await sent("alertmanager", {}, resolved);
  expect(path).toBe("/api/v2/alerts");
  const labelled = { ...resolved.alerts[0]!, labels: { ...alert.labels, "app.kubernetes.io/name": "web" } };
  const named = await sent("alertmanager", {}, { ...resolved, alerts: [labelled] });
  expect((named.body as unknown as { labels: object }[])[0]!.labels).toEqual({
    ...alert.labels,
    app_kubernetes_io_name: "web",
  });
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

test("a webhook is a CloudEvent where that is wished: in an envelope, or with one in its headers, and signed", async () => {
  const named = { ...firing, groupLabels: { cluster: 'Größe "€" 😀%', namespace: "" } };
  const own = (await sent("webhook", {}, named)).body;
  const attributes = {
    specversion: "1.0",
    id: "d1",
    source: "https://hyper.example",
    type: "io.atlhyper.alerts.firing",
    time: "2023-11-14T22:14:20.000Z",
    severity: "critical",
    dataschema: "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
  };
  const structured = await sent("webhook", { cloudevents: "structured", secret: "key" }, named);
  expect(structured.headers["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
  expect(structured.body).toEqual({
    ...attributes,
    subject: 'Größe "€" 😀%',
    datacontenttype: "application/json",
    data: own,
  });
  const hmac = new Bun.CryptoHasher("sha256", "key").update(
    `d1.1700000060.${JSON.stringify(structured.body)}`,
  );
  expect(structured.headers["webhook-signature"]).toBe(`v1,${hmac.digest("base64")}`);
  const binary = await sent("webhook", { cloudevents: "binary" }, named);
  expect(binary.body).toEqual(own);
  const headers = Object.entries(binary.headers).filter(([name]) => name.startsWith("ce-"));
  expect(Object.fromEntries(headers)).toEqual({
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
    "ce-subject": "Gr%C3%B6%C3%9Fe%20%22%E2%82%AC%22%20%F0%9F%98%80%25",
  });
  expect(binary.headers["content-type"]).toBe("application/json");
  // A body of one's own is of no schema that we know.
  const templated = await sent("webhook", { cloudevents: "structured", template: '{"a":"{{ id }}"}' }, named);
  expect(templated.body).toMatchObject({ id: "d1", data: { a: "d1" } });
  expect(templated.body.dataschema).toBeUndefined();
});

test("a template that cannot become JSON is refused when it is entered", () => {
  const check = (template: string) => () => channelType("webhook")!.check!({ template });
  expect(check('{"a":"{{ title }}","b":{{ json alerts }}}')).not.toThrow();
  expect(check('{"a":{{ title }}}')).toThrow("no JSON");
  expect(check("hello")).toThrow("no JSON");
});

test("a webhook's template is filled with escaped values", async () => {
  const template = '{"say":"{{ title }}: {{ text }}","all":{{ json alerts }},"unknown":"{{ nothing }}"}';
  const quoted = { ...firing, alerts: [{ ...alert, annotations: { summary: 'a "quote" and \\ \n' } }] };
  const { body } = await sent("webhook", { template }, quoted);
  expect(body.say).toContain('a "quote" and \\');
  expect(body.unknown).toBe("");
  expect((body.all as { fingerprint: string }[])[0]!.fingerprint).toBe(alert.fingerprint);
});

test("a template that becomes too long is not sent, and says so", async () => {
  const long = { ...alert, annotations: { summary: "x".repeat(50_000) } };
  const sending = {
    notification: { ...firing, alerts: [long] },
    words: wordsOf(firing, ""),
    settings: { url: `${receiver.url}/hook`, template: `[${"{{ json alerts }},".repeat(1000)}0]` },
    publicUrl: "",
    post,
    resolve: async () => "127.0.0.1",
    memory: { read: async () => undefined, write: async () => undefined },
  };
  const answer = await channelType("webhook")!.send(sending);
  expect(answer).toEqual({ ok: false, text: expect.stringContaining("longer than 4 MiB") });
});

test("a title is one line, so that it adds no header to a mail", () => {
  const { title } = wordsOf({ ...firing, groupLabels: { cluster: "prod\r\nBcc: x@example.org" } }, "");
  expect(title).toBe("[CRITICAL ×2] prod Bcc: x@example.org");
});
