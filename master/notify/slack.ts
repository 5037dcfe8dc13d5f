import type { ChannelType } from "./channel.ts";
import { slackText } from "./slack-text.ts";

/**
 * An incoming webhook of Slack, or of what speaks its language (Mattermost, Rocket.Chat): these take attachments with
 * text, and know no blocks.
 */
export const slack: ChannelType = {
  type: "slack",
  name: "Slack",
  fields: [{ name: "url", kind: "url", secret: true, required: true }],
  send({ notification, words, settings, post }) {
    const { title, head, sections, colour } = slackText(notification, words);
    return post(settings.url ?? "", {
      body: JSON.stringify({
        text: head,
        attachments: sections.map((text) => ({ color: colour, fallback: title, text, mrkdwn_in: ["text"] })),
      }),
    });
  },
};
