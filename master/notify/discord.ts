import type { ChannelType } from "./channel.ts";
import { cut, fit } from "./fit.ts";
import { colourOf } from "./message.ts";

/** Names from a cluster are no markup, and above all no links (`[text](address)`). */
const escaped = (text: string) => text.replace(/[\\`*_~|<>[\]()#]/g, "\\$&");

export const discord: ChannelType = {
  type: "discord",
  name: "Discord",
  fields: [{ name: "url", kind: "url", secret: true, required: true }],
  send({ notification, words, settings, post }) {
    return post(settings.url ?? "", {
      body: JSON.stringify({
        // Nor do they call anybody.
        allowed_mentions: { parse: [] },
        embeds: [
          {
            title: cut(words.title, 256),
            // 4,096, and 6,000 for all of an embed.
            description: fit(words, { most: 4096, write: escaped }),
            color: colourOf(notification, words),
            timestamp: new Date(notification.atMs).toISOString(),
            ...(words.link ? { url: words.link } : {}),
          },
        ],
      }),
    });
  },
};
