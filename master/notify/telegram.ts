import type { ChannelType } from "./channel.ts";

export const telegram: ChannelType = {
  type: "telegram",
  name: "Telegram",
  fields: [
    { name: "token", kind: "text", secret: true, required: true },
    { name: "chat", kind: "text", required: true },
    { name: "server", kind: "url", fallback: "https://api.telegram.org" },
  ],
  send({ words, settings, post }) {
    const text = [words.title, ...words.lines, ...(words.link ? [words.link] : [])].join("\n");
    const server = (settings.server || "https://api.telegram.org").replace(/\/$/, "");
    // Plain text: nothing from a cluster can be markup.
    return post(`${server}/bot${encodeURIComponent(settings.token ?? "").replace("%3A", ":")}/sendMessage`, {
      body: JSON.stringify({
        chat_id: settings.chat,
        text: text.slice(0, 4000),
        link_preview_options: { is_disabled: true },
      }),
    });
  },
};
