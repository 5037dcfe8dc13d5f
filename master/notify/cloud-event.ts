import type { Notification, Words } from "./message.ts";

export const cloudEventModes = ["off", "structured", "binary"] as const;

/** The body of Alertmanager's webhooks, version 4, is told of there. */
const dataSchema = "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config";

/**
 * A body as CloudEvents 1.0 has it: in `structured` mode within an envelope, in `binary` mode as it is, with the
 * envelope in headers. The event's id is what the receiver knows doubled messages by. `own`: the body is a template's.
 */
export function cloudEvent(
  mode: "structured" | "binary",
  of: { notification: Notification; words: Words; publicUrl: string; body: string; own: boolean },
): { headers: Record<string, string>; body: string } {
  const attributes = attributesOf(of);
  if (mode === "binary")
    return {
      body: of.body,
      headers: {
        "content-type": "application/json",
        ...Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [`ce-${name}`, headerValue(value)]),
        ),
      },
    };
  const envelope = JSON.stringify({ ...attributes, datacontenttype: "application/json" });
  return {
    headers: { "content-type": "application/cloudevents+json; charset=utf-8" },
    // The body is JSON already, and stays as it was written.
    body: `${envelope.slice(0, -1)},"data":${of.body}}`,
  };
}

function attributesOf({
  notification,
  words,
  publicUrl,
  own,
}: Parameters<typeof cloudEvent>[1]): Record<string, string> {
  const { id, status, groupLabels, atMs } = notification;
  const subject = Object.values(groupLabels)
    .filter(Boolean)
    .join("/")
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
  return {
    specversion: "1.0",
    id,
    source: publicUrl || "/atlhyper",
    type: `io.atlhyper.alerts.${status}`,
    ...(subject ? { subject } : {}),
    time: new Date(atMs).toISOString(),
    ...(own ? {} : { dataschema: dataSchema }),
    // An extension, by which routers can tell what is urgent.
    severity: words.severity,
  };
}

/** CloudEvents' HTTP binding, 3.1.3.2: what is not printable ASCII, spaces, quotes and percents as UTF-8 in percents. */
const headerValue = (text: string): string =>
  text.replace(/[^!#-$&-~]/gu, (one) =>
    [...new TextEncoder().encode(one)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
