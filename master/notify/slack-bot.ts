import { type Answer, type ChannelType, type Sending, serverOf } from "./channel.ts";
import { slackText } from "./slack-text.ts";

/** What is remembered of a group: its message, and what was said last. */
interface Thread {
  /** As the settings had it: in another channel begins another thread. */
  to: string;
  channel: string;
  ts: string;
  /** The id of the notification that was told last, wholly. */
  said: string;
  /** It was told that all is over; what comes then is a new message. */
  over: boolean;
}

/** A call's answer as Slack says it, with what is of use in it. */
interface Said {
  ok?: boolean;
  error?: string;
  needed?: string;
  channel?: string;
  ts?: string;
  response_metadata?: { messages?: string[] };
}

/**
 * A bot in Slack: one message for a group that always shows how it stands, and a thread below it with what changed.
 * Told again after a kill, a message has the same `client_msg_id`, by which Slack knows it.
 */
export const slackBot: ChannelType = {
  type: "slack-bot",
  name: "Slack (bot)",
  fields: [
    { name: "token", kind: "text", secret: true, required: true },
    { name: "channel", kind: "text", required: true },
    { name: "broadcast", kind: "choice", choices: ["no", "yes"], fallback: "no" },
    { name: "server", kind: "url", fallback: "https://slack.com" },
  ],
  async send(sending) {
    const { notification, settings, memory } = sending;
    const thread = notification.status === "test" ? undefined : parsed<Thread>(await memory.read());
    if (thread?.said === notification.id) return { ok: true, text: `told before, as ${thread.ts}` };
    if (thread && !thread.over && thread.to === settings.channel) {
      const answer = await tellInThread(sending, thread);
      if (answer) return answer;
    }
    return tellAnew(sending);
  },
};

/** Undefined where the thread is gone. */
async function tellInThread(sending: Sending, thread: Thread): Promise<Answer | undefined> {
  const { notification, settings, memory } = sending;
  const { channel, ts } = thread;
  const updated = await call(sending, "chat.update", {
    channel,
    ts,
    // As messages are read when they are posted; changed ones would be read otherwise.
    parse: "none",
    ...message(sending),
  });
  if (gone.has(updated.error)) return undefined;
  // A workspace may forbid changing what was said; the thread still tells it.
  if (!updated.answer.ok && !unchangeable.has(updated.error)) return updated.answer;
  const broadcast = settings.broadcast === "yes" && notification.status === "firing";
  const replied = await call(sending, "chat.postMessage", {
    channel,
    thread_ts: ts,
    ...(broadcast ? { reply_broadcast: true } : {}),
    ...message(sending),
    ...posting(notification.id, "reply"),
  });
  if (gone.has(replied.error)) return undefined;
  if (replied.answer.ok)
    await memory.write(
      JSON.stringify({ ...thread, said: notification.id, over: notification.status === "resolved" }),
    );
  return replied.answer;
}

async function tellAnew(sending: Sending): Promise<Answer> {
  const { notification, settings, memory } = sending;
  const to = settings.channel ?? "";
  const say = (what: string) =>
    call(sending, "chat.postMessage", {
      channel: to,
      ...message(sending),
      ...posting(notification.id, what),
    });
  let posted = await say("message");
  // Slack knows that it was said, and not any more where: it was removed meanwhile.
  if (/^duplicate_/.test(posted.error)) posted = await say("again");
  const { answer, said } = posted;
  if (answer.ok && said.ts && notification.status !== "test") {
    const over = notification.status === "resolved";
    const thread: Thread = {
      to,
      channel: said.channel ?? to,
      ts: said.ts,
      said: notification.id,
      over,
    };
    await memory.write(JSON.stringify(thread));
  }
  return answer;
}

function message({ notification, words }: Sending) {
  const { title, head, sections, colour } = slackText(notification, words);
  // Verbatim: what looks like a channel, somebody's name or an address in a text from a cluster stays text.
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
  return {
    text: title,
    blocks: [section(head)],
    // Only what is attached has a colour. An empty list takes away what was there.
    attachments:
      sections.length > 0 ? [{ color: colour, fallback: title, blocks: sections.map(section) }] : [],
  };
}

/** What only new messages have; the keys are the same for every attempt, and others for each message of one notification. */
function posting(id: string, what: string) {
  const hex = new Bun.CryptoHasher("sha256").update(`${id} ${what}`).digest("hex");
  // A UUID of version 8, whose bits are ours (RFC 9562).
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return {
    unfurl_links: false,
    unfurl_media: false,
    client_msg_id: uuid,
    metadata: { event_type: "atlhyper_notification", event_payload: { id } },
  };
}

/** Its first message is not there any more, or nowhere where the bot is. */
const gone = new Set(["message_not_found", "thread_not_found", "channel_not_found", "is_archived"]);
const unchangeable = new Set(["cant_update_message", "edit_window_closed", "update_failed"]);
const waits = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);
const patienceMs = 30_000;
const mostRead = 256 * 1024;

/** What to do about it, where the error's name leaves that open. */
const hints: Record<string, string> = {
  not_in_channel: "invite the bot to the channel",
  channel_not_found: "there is no such channel, or it is private and the bot is not in it",
  invalid_auth: "the token is not valid",
  not_authed: "there is no token",
  account_inactive: "the bot's account was removed",
  token_revoked: "the token was revoked",
  token_expired: "the token has expired",
  is_archived: "the channel is archived",
};

async function call(sending: Sending, method: string, body: Record<string, unknown>) {
  const done = await callOnce(sending, method, body);
  const { metadata, ...rest } = body;
  // A token that may not add any can tell all the same.
  return metadata && /metadata/.test(done.error) ? callOnce(sending, method, rest) : done;
}

async function callOnce(sending: Sending, method: string, body: Record<string, unknown>) {
  const { settings, post } = sending;
  let said: Said = {};
  const answer = await post(`${serverOf(settings, "https://slack.com")}/api/${method}`, {
    headers: {
      authorization: `Bearer ${settings.token ?? ""}`,
      "content-type": "application/json; charset=utf-8",
    },
    body: JSON.stringify(body),
    // It says back what it was sent, which may be long.
    mostRead,
    refused(text) {
      said = parsed<Said>(text) ?? {};
      return said.ok === true ? undefined : `${method}: ${whyOf(said)}`;
    },
  });
  const error = said.error ?? "";
  if (answer.ok) return { answer: { ok: true, text: `${method}: ok, ${said.ts ?? ""}` }, error: "", said };
  const wait = waits.has(error) && !answer.retryAfterMs;
  return { answer: wait ? { ...answer, retryAfterMs: patienceMs } : answer, error, said };
}

function whyOf({
  error = "an answer that is none of Slack's",
  needed,
  response_metadata: more,
}: Said): string {
  const hint = hints[error] ?? (needed ? `the token needs ${needed}` : more?.messages?.[0]);
  return hint ? `${error} (${hint})` : error;
}

function parsed<T>(text: string | undefined): T | undefined {
  try {
    const value = JSON.parse(text ?? "") as unknown;
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
