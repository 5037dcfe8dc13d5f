import { createHmac } from "node:crypto";
import { fillJson } from "../alert/template.ts";
import type { ChannelType } from "./channel.ts";
import { alertmanagerShape } from "./message.ts";

/**
 * Any program. Without a template the body is that of Alertmanager's webhooks (version 4), so that what takes those
 * takes this. With a secret it is signed as Standard Webhooks has it: HMAC-SHA256 over id, time and body.
 */
export const webhook: ChannelType = {
  type: "webhook",
  name: "Webhook",
  fields: [
    { name: "url", kind: "url", secret: true, required: true },
    { name: "secret", kind: "text", secret: true },
    { name: "token", kind: "text", secret: true },
    { name: "template", kind: "lines" },
  ],
  send({ notification, words, settings, publicUrl, post }) {
    const { id, group, status, groupLabels, alerts, more, atMs } = notification;
    const values = {
      version: "4",
      groupKey: group,
      truncatedAlerts: more,
      status: status === "test" ? "firing" : status,
      receiver: "atlhyper",
      groupLabels,
      commonLabels: common(alerts.map((one) => one.labels)),
      commonAnnotations: common(alerts.map((one) => one.annotations)),
      externalURL: publicUrl,
      alerts: alerts.map((one) => alertmanagerShape(one, publicUrl)),
    };
    const body = settings.template
      ? fillJson(settings.template, {
          ...values,
          id,
          title: words.title,
          text: words.lines.join("\n"),
          severity: words.severity,
          link: words.link ?? "",
        })
      : JSON.stringify(values);
    const seconds = String(Math.floor(atMs / 1000));
    const signature = settings.secret
      ? createHmac("sha256", settings.secret).update(`${id}.${seconds}.${body}`).digest("base64")
      : undefined;
    return post(settings.url ?? "", {
      body,
      headers: {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "idempotency-key": id,
        ...(signature ? { "webhook-signature": `v1,${signature}` } : {}),
        ...(settings.token ? { authorization: `Bearer ${settings.token}` } : {}),
      },
    });
  },
};

/** What all have the same. */
function common(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => all.every((one) => one[name] === value)),
  );
}
