import type { ChannelType } from "./channel.ts";

/** Events API v2: one incident a group, which the same key resolves. */
export const pagerduty: ChannelType = {
  type: "pagerduty",
  name: "PagerDuty",
  fields: [
    { name: "routingKey", kind: "text", secret: true, required: true },
    { name: "server", kind: "url", fallback: "https://events.pagerduty.com" },
  ],
  send({ notification, words, settings, post }) {
    const server = (settings.server || "https://events.pagerduty.com").replace(/\/$/, "");
    const key = { routing_key: settings.routingKey, dedup_key: notification.group };
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
                summary: words.title.slice(0, 1024),
                source: notification.groupLabels.cluster || "atlhyper",
                severity: words.severity,
                timestamp: new Date(notification.atMs).toISOString(),
                custom_details: { alerts: words.lines.slice(0, 20) },
              },
            },
      ),
    });
  },
};
