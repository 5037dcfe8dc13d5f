import { type ChannelType, serverOf } from "./channel.ts";
import { cut, fitted } from "./fit.ts";

/** Events API v2: one incident a group, which the same key resolves. */
export const pagerduty: ChannelType = {
  type: "pagerduty",
  name: "PagerDuty",
  fields: [
    { name: "routingKey", kind: "text", secret: true, required: true },
    { name: "server", kind: "url", fallback: "https://events.pagerduty.com" },
  ],
  send({ notification, words, settings, post }) {
    const server = serverOf(settings, "https://events.pagerduty.com");
    const key = { routing_key: settings.routingKey, dedup_key: dedupKey(notification.group) };
    const resolved = notification.status === "resolved";
    return post(`${server}/v2/enqueue`, {
      body: JSON.stringify(
        resolved
          ? { ...key, event_action: "resolve" }
          : {
              ...key,
              event_action: "trigger",
              client: "AtlHyper",
              ...(words.link ? { client_url: words.link } : {}),
              payload: {
                summary: cut(words.title, 1024),
                source: notification.groupLabels.cluster || "atlhyper",
                severity: words.severity,
                timestamp: new Date(notification.atMs).toISOString(),
                custom_details: { ...notification.groupLabels, alerts: fitted(words, { most: 20_000 }) },
              },
            },
      ),
    });
  },
};

/** PagerDuty takes 255 characters. */
const dedupKey = (group: string) =>
  group.length <= 255 ? group : new Bun.CryptoHasher("sha256").update(group).digest("hex");
