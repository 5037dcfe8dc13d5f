import type { ChannelType } from "./channel.ts";

/** An incoming webhook of Slack, or of what speaks its language (Mattermost, Rocket.Chat). */
export const slack: ChannelType = {
  type: "slack",
  name: "Slack",
  fields: [{ name: "url", kind: "url", secret: true, required: true }],
  send({ words, settings, post }) {
    const text = escaped(words.lines.join("\n"));
    const title = escaped(words.title);
    const head = words.link ? `<${words.link}|${title}>` : title;
    return post(settings.url ?? "", {
      body: JSON.stringify({
        // What notifications on a phone show.
        text: title,
        blocks: [
          { type: "section", text: { type: "mrkdwn", text: `*${head}*` } },
          // Slack takes 3,000 characters a block.
          ...(text ? [{ type: "section", text: { type: "mrkdwn", text: text.slice(0, 2900) } }] : []),
        ],
      }),
    });
  },
};

/** Slack's three control characters: a name from a cluster must not become a link or call everybody (`<!channel>`). */
const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
