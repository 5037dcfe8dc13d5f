import type { ChannelType } from "./channel.ts";

const priorities = { critical: "P1", warning: "P3", info: "P5" };

export const opsgenie: ChannelType = {
  type: "opsgenie",
  name: "Opsgenie",
  fields: [
    { name: "key", kind: "text", secret: true, required: true },
    { name: "server", kind: "url", fallback: "https://api.opsgenie.com" },
  ],
  send({ notification, words, settings, post }) {
    const server = (settings.server || "https://api.opsgenie.com").replace(/\/$/, "");
    const headers = { authorization: `GenieKey ${settings.key ?? ""}` };
    // An alias has 512 characters at most.
    const alias = new Bun.CryptoHasher("sha256").update(notification.group).digest("hex");
    if (notification.status === "resolved")
      return post(`${server}/v2/alerts/${alias}/close?identifierType=alias`, {
        headers,
        body: JSON.stringify({ source: "AtlHyper", note: words.lines.join("\n").slice(0, 20_000) }),
      });
    return post(`${server}/v2/alerts`, {
      headers,
      body: JSON.stringify({
        message: words.title.slice(0, 130),
        alias,
        description: [...words.lines, words.link ?? ""].join("\n").slice(0, 15_000),
        priority: priorities[words.severity],
        source: "AtlHyper",
        details: notification.groupLabels,
      }),
    });
  },
};
