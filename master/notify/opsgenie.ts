import { type ChannelType, serverOf } from "./channel.ts";
import { cut, fit } from "./fit.ts";

const priorities = { critical: "P1", warning: "P3", info: "P5" };

export const opsgenie: ChannelType = {
  type: "opsgenie",
  name: "Opsgenie",
  fields: [
    { name: "key", kind: "text", secret: true, required: true },
    { name: "server", kind: "url", fallback: "https://api.opsgenie.com" },
  ],
  send({ notification, words, settings, post }) {
    const server = serverOf(settings, "https://api.opsgenie.com");
    const headers = { authorization: `GenieKey ${settings.key ?? ""}` };
    // An alias has 512 characters at most.
    const alias = new Bun.CryptoHasher("sha256").update(notification.group).digest("hex");
    if (notification.status === "resolved")
      return post(`${server}/v2/alerts/${alias}/close?identifierType=alias`, {
        headers,
        body: JSON.stringify({ source: "AtlHyper", note: fit(words, { most: 25_000 }) }),
      });
    return post(`${server}/v2/alerts`, {
      headers,
      body: JSON.stringify({
        message: cut(words.title, 130),
        alias,
        description: `${fit(words, { most: 14_000 })}\n${words.link ?? ""}`,
        priority: priorities[words.severity],
        source: "AtlHyper",
        details: notification.groupLabels,
      }),
    });
  },
};
