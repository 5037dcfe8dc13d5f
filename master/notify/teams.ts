import type { ChannelType } from "./channel.ts";
import { bytesOf, fitted } from "./fit.ts";

/** Teams refuses what has more than 28 KB, and some of that is its own. */
const mostBytes = 20_000;
/** A line is a block, with as many bytes around it. */
const around = 48;

const escaped = (text: string) => text.replace(/([\\`*_[\]<>])/g, "\\$1");
const colours = { critical: "Attention", warning: "Warning", info: "Accent" };

/** A workflow of Microsoft Teams ("when a Teams webhook request is received"), which takes an adaptive card. */
export const teams: ChannelType = {
  type: "teams",
  name: "Microsoft Teams",
  fields: [{ name: "url", kind: "url", secret: true, required: true }],
  send({ notification, words, settings, post }) {
    const colour = notification.status === "resolved" ? "Good" : colours[words.severity];
    const block = (text: string, more: Record<string, unknown> = {}) => ({
      type: "TextBlock",
      text,
      wrap: true,
      ...more,
    });
    const lines = fitted(words, {
      most: mostBytes,
      write: escaped,
      size: (line) => bytesOf(JSON.stringify(line)) + around,
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
              msteams: { width: "Full" },
              body: [
                block(escaped(words.title), { weight: "Bolder", size: "Medium", color: colour }),
                ...lines.map((one) => block(one)),
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
