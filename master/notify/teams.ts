import type { ChannelType } from "./channel.ts";

/** A workflow of Microsoft Teams ("when a Teams webhook request is received"), which takes an adaptive card. */
export const teams: ChannelType = {
  type: "teams",
  name: "Microsoft Teams",
  fields: [{ name: "url", kind: "url", secret: true, required: true }],
  send({ notification, words, settings, post }) {
    const colour =
      notification.status === "resolved" ? "Good" : words.severity === "critical" ? "Attention" : "Warning";
    const block = (text: string, more: Record<string, unknown> = {}) => ({
      type: "TextBlock",
      text: text.replace(/([\\`*_[\]<>])/g, "\\$1"),
      wrap: true,
      ...more,
    });
    return post(settings.url ?? "", {
      body: JSON.stringify({
        type: "message",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            contentUrl: null,
            content: {
              $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
              type: "AdaptiveCard",
              version: "1.4",
              body: [
                block(words.title, { weight: "Bolder", size: "Medium", color: colour }),
                ...words.lines.slice(0, 30).map((one) => block(one)),
              ],
              ...(words.link
                ? { actions: [{ type: "Action.OpenUrl", title: "AtlHyper", url: words.link }] }
                : {}),
            },
          },
        ],
      }),
    });
  },
};
