import { type ChannelType, serverOf } from "./channel.ts";
import { alertmanagerShape } from "./message.ts";

/** Hands the alerts to a Prometheus Alertmanager, which groups and routes them by its own rules. */
export const alertmanager: ChannelType = {
  type: "alertmanager",
  name: "Alertmanager",
  // It routes them by its own rules, and what it is not given it does not know.
  mostAlerts: 1000,
  fields: [
    { name: "server", kind: "url", required: true },
    { name: "token", kind: "text", secret: true },
  ],
  send({ notification, settings, publicUrl, post }) {
    const alerts = notification.alerts.map((one) => {
      const { labels, annotations, startsAt, endsAt, generatorURL } = alertmanagerShape(one, publicUrl);
      return {
        labels: named(labels),
        annotations: named(annotations),
        startsAt,
        // It counts as over when it was not told of for a while; ours is told of as often as the channel says.
        endsAt: one.resolvedMs ? endsAt : new Date(notification.atMs + 24 * 3_600_000).toISOString(),
        ...(generatorURL ? { generatorURL } : {}),
      };
    });
    return post(`${serverOf(settings)}/api/v2/alerts`, {
      headers: settings.token ? { authorization: `Bearer ${settings.token}` } : {},
      body: JSON.stringify(alerts),
    });
  },
};

/** Names as every Alertmanager takes them: one that is not such has the whole message refused. */
const named = (all: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(all).map(([name, value]) => [
      name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_"),
      value,
    ]),
  );
