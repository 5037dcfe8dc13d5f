import type { ChannelType } from "./channel.ts";
import { bytesOf, fit } from "./fit.ts";

const priorities = { critical: 5, warning: 4, info: 3 };

export const ntfy: ChannelType = {
  type: "ntfy",
  name: "ntfy",
  fields: [
    { name: "server", kind: "url", fallback: "https://ntfy.sh" },
    { name: "topic", kind: "text", secret: true, required: true },
    { name: "token", kind: "text", secret: true },
  ],
  send({ notification, words, settings, post }) {
    const resolved = notification.status === "resolved";
    return post(settings.server || "https://ntfy.sh", {
      headers: settings.token ? { authorization: `Bearer ${settings.token}` } : {},
      body: JSON.stringify({
        topic: settings.topic,
        title: words.title,
        // 4,096 bytes: more becomes a file that is attached.
        message: fit(words, { most: 4096, size: bytesOf }) || words.title,
        priority: resolved ? 3 : priorities[words.severity],
        tags: [resolved ? "white_check_mark" : words.severity === "critical" ? "rotating_light" : "warning"],
        ...(words.link ? { click: words.link } : {}),
      }),
    });
  },
};
