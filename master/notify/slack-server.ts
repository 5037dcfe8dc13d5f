/** What Slack's API takes and refuses, as it documents it: a server for tests of what speaks to it. */

export interface SlackMessage {
  ts: string;
  text: string;
  thread_ts?: string;
  blocks: unknown[];
  attachments: { color?: string; blocks?: unknown[] }[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  client_msg_id?: string;
  broadcast: boolean;
  edits: number;
}

type Body = Record<string, unknown>;
type Section = { type?: unknown; text?: { type?: unknown; text?: unknown } };

const token = "xoxb-1111-test-token";
const most = { blocks: 50, section: 3000, attachments: 100, text: 40_000, inBlocks: 13_000 };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function startSlack({ delayMs = 0 } = {}) {
  const messages: SlackMessage[] = [];
  const calls: string[] = [];
  /** Errors to answer with, in this order, before anything else is judged. */
  const failures: (string | Response)[] = [];
  let clock = 0;
  const channels = new Map([
    ["#ops", "C0000000001"],
    ["C0000000001", "C0000000001"],
  ]);

  function post(body: Body): Body {
    const channel = channels.get(String(body.channel));
    if (!channel) return { ok: false, error: "channel_not_found" };
    const fault = faultOf(body);
    if (fault) return { ok: false, error: fault };
    const before = messages.find((one) => one.client_msg_id === body.client_msg_id && one.client_msg_id);
    if (before) return { ok: true, channel, ts: before.ts, message: before };
    if (body.thread_ts !== undefined && !messages.some((one) => one.ts === body.thread_ts && !one.thread_ts))
      return { ok: false, error: "thread_not_found" };
    if (body.reply_broadcast !== undefined && body.thread_ts === undefined)
      return { ok: false, error: "invalid_arguments" };
    const made = {
      ...(body as unknown as SlackMessage),
      ts: `1700000000.${String(++clock).padStart(6, "0")}`,
      broadcast: body.reply_broadcast === true,
      edits: 0,
    };
    messages.push(made);
    return { ok: true, channel, ts: made.ts, message: made };
  }

  function update(body: Body): Body {
    // An id, unlike where something is posted: a name will not do.
    if (!/^[CDG]/.test(String(body.channel)) || !channels.has(String(body.channel)))
      return { ok: false, error: "channel_not_found" };
    const found = messages.find((one) => one.ts === body.ts);
    if (!found) return { ok: false, error: "message_not_found" };
    const fault = faultOf(body);
    if (fault) return { ok: false, error: fault };
    const { text, blocks, attachments } = body as unknown as SlackMessage;
    Object.assign(found, { text, blocks, attachments, edits: found.edits + 1 });
    return { ok: true, channel: body.channel, ts: found.ts, text };
  }

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const method = new URL(request.url).pathname.replace(/^\/api\//, "");
      calls.push(method);
      if (delayMs > 0) await Bun.sleep(delayMs * Math.random());
      const failure = failures.shift();
      if (failure instanceof Response) return failure;
      if (failure) return Response.json({ ok: false, error: failure });
      if (request.headers.get("authorization") !== `Bearer ${token}`)
        return Response.json({ ok: false, error: "invalid_auth" });
      // Without the charset Slack answers with a warning.
      if (
        request.method !== "POST" ||
        request.headers.get("content-type") !== "application/json; charset=utf-8"
      )
        return Response.json({ ok: false, error: "invalid_post_type" });
      let body: Body;
      try {
        body = (await request.json()) as Body;
      } catch {
        return Response.json({ ok: false, error: "invalid_json" });
      }
      const said =
        method === "chat.postMessage"
          ? post(body)
          : method === "chat.update"
            ? update(body)
            : { ok: false, error: "unknown_method" };
      // It is done by now; whoever asked may not be there any more to hear of it.
      if (delayMs > 0) await Bun.sleep(delayMs * Math.random());
      return Response.json(said);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    token,
    messages,
    calls,
    failures,
    channels,
    stop: () => server.stop(true),
  };
}

function faultOf(body: Body): string | undefined {
  const { text, blocks = [], attachments = [], metadata, client_msg_id: id } = body;
  if (!Array.isArray(blocks) || !Array.isArray(attachments)) return "invalid_arguments";
  if (!text && blocks.length === 0 && attachments.length === 0) return "no_text";
  if (typeof text !== "string" || text.length > most.text) return "msg_too_long";
  if (attachments.length > most.attachments) return "too_many_attachments";
  const all = [...blocks, ...attachments.flatMap((one) => one.blocks ?? [])] as Section[];
  if (all.length > most.blocks) return "invalid_blocks";
  let length = 0;
  for (const { type, text: inner } of all) {
    const said = inner?.text;
    if (type !== "section" || inner?.type !== "mrkdwn" || typeof said !== "string") return "invalid_blocks";
    if (said.length === 0 || said.length > most.section) return "invalid_blocks";
    // Half a character, or half an entity, or what calls everybody.
    if (/\p{Surrogate}/u.test(said) || /&(?!amp;|lt;|gt;)|<[!@#]/.test(said)) return "invalid_blocks";
    length += said.length;
  }
  if (length > most.inBlocks) return "msg_blocks_too_long";
  if (attachments.some((one) => one.color !== undefined && !/^#[0-9a-f]{6}$/.test(String(one.color))))
    return "invalid_attachments";
  if (id !== undefined && !uuid.test(String(id))) return "invalid_arguments";
  const meta = metadata as SlackMessage["metadata"];
  if (meta && !(/^\w+$/.test(meta.event_type) && typeof meta.event_payload === "object"))
    return "invalid_metadata_format";
  return undefined;
}
