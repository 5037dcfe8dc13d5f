import type { ChannelType } from "./channel.ts";

const colours = { critical: 0xbf1f2d, warning: 0xe69f00, info: 0x2563a8 };

export const discord: ChannelType = {
  type: "discord",
  name: "Discord",
  fields: [{ name: "url", kind: "url", secret: true, required: true }],
  send({ notification, words, settings, post }) {
    return post(settings.url ?? "", {
      body: JSON.stringify({
        // Names from a cluster call nobody.
        allowed_mentions: { parse: [] },
        embeds: [
          {
            title: words.title.slice(0, 256),
            description: words.lines.join("\n").slice(0, 4000),
            color: notification.status === "resolved" ? 0x2c7a4d : colours[words.severity],
            ...(words.link ? { url: words.link } : {}),
          },
        ],
      }),
    });
  },
};
