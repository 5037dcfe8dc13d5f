import { problem } from "../../wire/problem.ts";
import { type ChannelType, serverOf } from "./channel.ts";
import { fit } from "./fit.ts";

/** Telegram takes 4,096 characters; with what is written as entities counted in full, they are never more. */
const most = 4096;

export const telegram: ChannelType = {
  type: "telegram",
  name: "Telegram",
  fields: [
    { name: "token", kind: "text", secret: true, required: true },
    { name: "chat", kind: "text", required: true },
    { name: "thread", kind: "text" },
    { name: "server", kind: "url", fallback: "https://api.telegram.org" },
  ],
  check({ thread = "" }) {
    if (!/^\d{0,15}$/.test(thread)) throw problem(422, "a topic's id is a number", { pointer: "/thread" });
  },
  send({ notification, words, settings, post }) {
    const head = `<b>${Bun.escapeHTML(words.title)}</b>`;
    const foot = words.link ? `\n<a href="${Bun.escapeHTML(words.link)}">AtlHyper</a>` : "";
    const lines = fit(words, { most: most - head.length - foot.length - 1, write: Bun.escapeHTML });
    const server = serverOf(settings, "https://api.telegram.org");
    return post(`${server}/bot${encodeURIComponent(settings.token ?? "").replace("%3A", ":")}/sendMessage`, {
      body: JSON.stringify({
        chat_id: settings.chat,
        ...(settings.thread ? { message_thread_id: Number(settings.thread) } : {}),
        text: `${head}${lines ? `\n${lines}` : ""}${foot}`,
        // What comes from a cluster is escaped: nothing of it can be markup.
        parse_mode: "HTML",
        link_preview_options: { is_disabled: true },
        // That it is over wakes nobody.
        disable_notification: notification.status === "resolved",
      }),
    });
  },
};
