import type { ChannelType } from "./channel.ts";

const priorities = { critical: 8, warning: 5, info: 2 };

export const gotify: ChannelType = {
  type: "gotify",
  name: "Gotify",
  fields: [
    { name: "server", kind: "url", required: true },
    { name: "token", kind: "text", secret: true, required: true },
  ],
  send({ notification, words, settings, post }) {
    return post(`${(settings.server ?? "").replace(/\/$/, "")}/message`, {
      headers: { "x-gotify-key": settings.token ?? "" },
      body: JSON.stringify({
        title: words.title,
        message: words.lines.join("\n") || words.title,
        priority: notification.status === "resolved" ? 2 : priorities[words.severity],
        ...(words.link ? { extras: { "client::notification": { click: { url: words.link } } } } : {}),
      }),
    });
  },
};
