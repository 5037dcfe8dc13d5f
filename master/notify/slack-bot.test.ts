import { afterEach, beforeEach, expect, test } from "bun:test";
import { type SlackMessage, startSlack } from "./slack-server.ts";
import { alertOf, notificationOf, startOutbox } from "./testing.ts";

let slack: ReturnType<typeof startSlack>;
let outbox: Awaited<ReturnType<typeof startOutbox>>;
let channel: string;
beforeEach(async () => {
  slack = startSlack();
  outbox = await startOutbox();
  channel = await channelTo("#ops");
  await outbox.sender.start();
});
afterEach(async () => {
  await outbox.stop();
  slack.stop();
  expect(outbox.faults).toEqual([]);
});

const channelTo = async (to: string, more: Record<string, string> = {}) => {
  const settings = { token: slack.token, channel: to, server: slack.url, ...more };
  return (await outbox.add("slack-bot", settings, `bot ${to}`)).id;
};

/** Puts it into the outbox and waits until it is sent, or its answer is another one. */
async function told(id: string, alerts: Parameters<typeof notificationOf>[1], group?: string, to = channel) {
  await outbox.put(to, notificationOf(id, alerts, group));
  for (let n = 0; n < 200; n++) {
    const found = (await outbox.list(to)).find((one) => one.id === id);
    if (found && (found.state === "sent" || found.answer)) return found;
    await Bun.sleep(10);
  }
  throw new Error(`${id} was not told`);
}
async function until(is: () => Promise<boolean>) {
  for (let n = 0; n < 300 && !(await is()); n++) await Bun.sleep(10);
}
const shown = ({ ts, text, thread_ts, attachments, edits }: SlackMessage) => ({
  ts,
  text,
  colour: attachments[0]?.color,
  edits,
  ...(thread_ts ? { thread_ts } : {}),
});
const red = "#bf1f2d";
const green = "#2c7a4d";

test("a group is one message that shows how it stands, with a thread of what changed, and the next time another", async () => {
  await told("d1", [alertOf("a")]);
  await told("d2", [alertOf("a"), alertOf("b")]);
  await told("d3", [alertOf("a", "resolved"), alertOf("b", "resolved")]);
  const [first, ...replies] = slack.messages;
  expect(shown(first!)).toEqual({ ts: first!.ts, text: "[RESOLVED ×2] prod", colour: green, edits: 2 });
  expect(replies.map(shown)).toMatchObject([
    { text: "[CRITICAL ×2] prod", colour: red, thread_ts: first!.ts },
    { text: "[RESOLVED ×2] prod", colour: green, thread_ts: first!.ts },
  ]);
  expect(first!.metadata).toEqual({ event_type: "atlhyper_notification", event_payload: { id: "d1" } });
  await told("d4", [alertOf("a")]);
  expect(shown(slack.messages[3]!)).toMatchObject({ colour: red, edits: 0 });
  expect(slack.messages[3]!.thread_ts).toBeUndefined();
  // Another group has nothing to do with it.
  await told("d5", [alertOf("z")], "other");
  expect(slack.messages[4]!.thread_ts).toBeUndefined();
});

test("the thread is known after a restart, and another channel gets a message of its own", async () => {
  await told("d1", [alertOf("a")]);
  await outbox.sender.stop();
  outbox = await startOutbox({ database: outbox.database });
  await outbox.sender.start();
  await told("d2", [alertOf("a"), alertOf("b")]);
  expect(slack.messages.map((one) => one.thread_ts)).toEqual([undefined, slack.messages[0]!.ts]);
});

test.each(["message", "reply"])(
  "a kill after Slack took a %s and before that was written down doubles nothing: the key is the same",
  async (what) => {
    if (what === "reply") await told("d0", [alertOf("a")]);
    const { database } = outbox;
    const before = slack.messages.length;
    // From when it is being sent on nothing can be written, as if there were nobody.
    const kills = [
      "UPDATE ON channel_threads",
      "INSERT ON channel_threads",
      "UPDATE ON deliveries WHEN old.state = 'sending'",
    ];
    for (const [n, one] of kills.entries())
      database.main.run(
        `CREATE TEMP TRIGGER kill_${n} BEFORE ${one} BEGIN SELECT raise(FAIL, 'killed'); END`,
      );
    await outbox.put(channel, notificationOf("d1", [alertOf("a"), alertOf("b")]));
    while (slack.messages.length === before) await Bun.sleep(5);
    await outbox.sender.stop();
    expect(outbox.faults.splice(0).map(String)).toEqual([
      expect.stringContaining("killed"),
      expect.stringContaining("killed"),
    ]);
    for (const n of kills.keys()) database.main.run(`DROP TRIGGER kill_${n}`);
    outbox = await startOutbox({ database });
    await outbox.sender.start();
    await until(async () => (await outbox.list(channel))[0]!.state === "sent");
    expect((await outbox.list(channel))[0]).toMatchObject({ id: "d1", state: "sent", attempts: 2 });
    expect(slack.messages.length).toBe(before + 1);
    expect(slack.calls.filter((one) => one === "chat.postMessage").length).toBe(before + 2);
  },
);

test("a first message that was removed is posted anew, one that may not be changed is answered in its thread", async () => {
  await told("d1", [alertOf("a")]);
  slack.messages.length = 0;
  await told("d2", [alertOf("a"), alertOf("b")]);
  expect(slack.messages.map((one) => one.thread_ts)).toEqual([undefined]);
  slack.failures.push("cant_update_message");
  await told("d3", [alertOf("b"), alertOf("a", "resolved")]);
  expect(slack.messages[0]!.edits).toBe(0);
  expect(slack.messages[1]!.thread_ts).toBe(slack.messages[0]!.ts);
  // It knows that the message was posted, and that it is not there any more.
  slack.failures.push("duplicate_message_not_found");
  await told("d4", [alertOf("x")], "another");
  expect(slack.messages.length).toBe(3);
  // A token without the right to metadata tells without.
  slack.failures.push("metadata_must_be_sent_from_app");
  await told("d5", [alertOf("y")], "fourth");
  expect(slack.messages[3]!.metadata).toBeUndefined();
});

test("Slack's refusals are shown with what to do, without the token, and tried again", async () => {
  slack.failures.push("not_in_channel");
  const refused = await told("d1", [alertOf("a")]);
  expect(refused).toMatchObject({
    state: "queued",
    answer: "200: chat.postMessage: not_in_channel (invite the bot to the channel)",
  });
  await until(async () => (await outbox.list(channel))[0]!.state === "sent");
  const nowhere = await told("d2", [alertOf("a")], "g", await channelTo("#nowhere"));
  expect(nowhere.answer).toContain("channel_not_found (there is no such channel");
  const wrong = await told(
    "d3",
    [alertOf("a")],
    "g",
    await channelTo("C0000000001", { token: "xoxb-wrong" }),
  );
  expect(wrong.answer).toContain("invalid_auth (the token is not valid)");
  expect(wrong.answer).not.toContain("xoxb");
});

test.each([
  [
    "as it is documented",
    () =>
      new Response('{"ok":false,"error":"ratelimited"}', { status: 429, headers: { "retry-after": "7" } }),
    7,
  ],
  ["as an error alone", () => Response.json({ ok: false, error: "rate_limited" }), 30],
] as const)("Slack's limit of the rate is kept to, %s", async (_, answer, seconds) => {
  slack.failures.push(answer());
  const { state, nextMs } = await told("d1", [alertOf("a")]);
  expect(state).toBe("queued");
  expect(nextMs - Date.now()).toBeGreaterThan((seconds - 1) * 1000);
  await outbox.put(channel, notificationOf("d2", [alertOf("b")], "other"));
  await Bun.sleep(150);
  expect(slack.calls.length).toBe(1);
});

test("fifty alerts with long texts full of what has to be escaped keep within every limit, and say how many more there are", async () => {
  const many = Array.from({ length: 50 }, (_, n) => ({
    ...alertOf(`pod-${n}`),
    annotations: { summary: `${"<!channel> & 🙂".repeat(80)}` },
  }));
  expect((await told("d1", many)).state).toBe("sent");
  await told("d2", [alertOf("a"), ...many.slice(1)]);
  const text = JSON.stringify(slack.messages[0]!.attachments);
  expect(text).toMatch(/… and \d+ more/);
  expect(text).toContain("&lt;!channel&gt;");
});

test("a reply is shown in the channel too where that is wished, but not that all is over", async () => {
  const loud = await channelTo("C0000000001", { broadcast: "yes" });
  await told("d1", [alertOf("a")], "g", loud);
  await told("d2", [alertOf("a"), alertOf("b")], "g", loud);
  await told("d3", [alertOf("a", "resolved")], "g", loud);
  expect(slack.messages.map((one) => one.broadcast)).toEqual([false, true, false]);
});
