import { createHmac } from "node:crypto";
import { fillJson } from "../alert/template.ts";
import { problem } from "../../wire/problem.ts";
import type { ChannelType, Sending } from "./channel.ts";
import { cloudEvent, cloudEventModes } from "./cloud-event.ts";
import { fit } from "./fit.ts";
import { alertmanagerShape } from "./message.ts";

/**
 * Any program. Without a template the body is that of Alertmanager's webhooks (version 4), so that what takes those
 * takes this. With a secret it is signed as Standard Webhooks has it: HMAC-SHA256 over id, time and body. As a CloudEvent
 * it is in an envelope, or has one in its headers.
 */
export const webhook: ChannelType = {
  type: "webhook",
  name: "Webhook",
  fields: [
    { name: "url", kind: "url", secret: true, required: true },
    { name: "secret", kind: "text", secret: true },
    { name: "token", kind: "text", secret: true },
    { name: "template", kind: "lines" },
    { name: "cloudevents", kind: "choice", choices: cloudEventModes, fallback: "off" },
  ],
  check({ template }) {
    // What is put in is escaped: where it is JSON with one value it is with any.
    if (template && !isJson(fillJson(template, { truncatedAlerts: 0 }) ?? ""))
      throw problem(422, "this is no JSON when it is filled in; values that are texts stand in quotes", {
        pointer: "/template",
      });
  },
  send(sending) {
    const { notification, words, settings, publicUrl, post } = sending;
    const { id, atMs } = notification;
    const plain = bodyOf(sending);
    if (plain === undefined)
      return Promise.resolve({
        ok: false,
        text: "filled in, the template is longer than 4 MiB: name what is in it less often",
      });
    const mode = settings.cloudevents;
    const { body, headers } =
      mode === "structured" || mode === "binary"
        ? cloudEvent(mode, { notification, words, publicUrl, body: plain, own: Boolean(settings.template) })
        : { body: plain, headers: {} };
    const seconds = String(Math.floor(atMs / 1000));
    const signature = settings.secret
      ? createHmac("sha256", settings.secret).update(`${id}.${seconds}.${body}`).digest("base64")
      : undefined;
    return post(settings.url ?? "", {
      body,
      headers: {
        ...headers,
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "idempotency-key": id,
        ...(signature ? { "webhook-signature": `v1,${signature}` } : {}),
        ...(settings.token ? { authorization: `Bearer ${settings.token}` } : {}),
      },
    });
  },
};

function bodyOf({ notification, words, settings, publicUrl }: Sending): string | undefined {
  const { id, group, status, groupLabels, alerts, more } = notification;
  const values = {
    version: "4",
    groupKey: group,
    truncatedAlerts: more,
    status: status === "test" ? "firing" : status,
    receiver: "atlhyper",
    // As there, labels that the alerts do not have are left out.
    groupLabels: Object.fromEntries(Object.entries(groupLabels).filter(([, value]) => value !== "")),
    commonLabels: common(alerts.map((one) => one.labels)),
    commonAnnotations: common(alerts.map((one) => one.annotations)),
    externalURL: publicUrl,
    alerts: alerts.map((one) => alertmanagerShape(one, publicUrl)),
  };
  if (!settings.template) return JSON.stringify(values);
  return fillJson(settings.template, {
    ...values,
    id,
    title: words.title,
    text: fit(words, { most: 40_000 }),
    severity: words.severity,
    link: words.link ?? "",
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What all have the same. */
function common(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => all.every((one) => one[name] === value)),
  );
}
