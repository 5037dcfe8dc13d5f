import type { AlertView } from "../../views/alert-model.ts";
import type { Mail } from "../../views/mail/digest.ts";

/** What a channel sends, as it was decided: stored with the delivery, so that a retry says the same. */
export interface Notification {
  /** The same for every attempt: receivers that know it take it once. */
  id: string;
  /** The same for all that is told of a group, so that receivers can join beginning and end. */
  group: string;
  status: "firing" | "resolved" | "test" | "digest";
  groupLabels: Readonly<Record<string, string>>;
  /** As many as the type of channel takes, those that fire first. */
  alerts: AlertView[];
  /** How many more there are. */
  more: number;
  atMs: number;
  /** It is told because nobody has taken it up. */
  escalated?: true;
  /** Of a digest: the mail as it was made. */
  mail?: Mail;
}

/** Of which a message for people tells at most. */
export const mostAlerts = 50;

/**
 * What a notification has to tell that takes the place of older ones of its group, the newest of them first: its own
 * state, and what only those would have told is over. What fired then and is not in it is nothing to be told of now.
 */
export function coalesced(
  newest: Notification,
  older: readonly Notification[],
  most = mostAlerts,
): Notification {
  const known = new Set(newest.alerts.map((one) => one.fingerprint));
  const over: AlertView[] = [];
  for (const { alerts } of older)
    for (const one of alerts) {
      if (known.has(one.fingerprint)) continue;
      known.add(one.fingerprint);
      if (one.state === "resolved") over.push(one);
    }
  const all = [...newest.alerts, ...over];
  const alerts = all.slice(0, most);
  const escalated = newest.status === "firing" && older.some((one) => one.escalated);
  return {
    ...newest,
    ...(escalated ? { escalated } : {}),
    alerts,
    more: newest.more + all.length - alerts.length,
  };
}

/** The notification in words, which all channels for people share. */
export interface Words {
  title: string;
  /** One line an alert. */
  lines: string[];
  /** How many there are besides. */
  more: number;
  /** The page that shows it; absent where the master does not know its address. */
  link?: string;
  severity: AlertView["severity"];
}

const rank = { critical: 0, warning: 1, info: 2 };
const colours = { critical: 0xbf1f2d, warning: 0xe69f00, info: 0x2563a8 };
const marks = { critical: "🔴", warning: "🟠", info: "🔵" };

export function wordsOf(notification: Notification, publicUrl: string): Words {
  const { alerts, more } = notification;
  const firing = alerts.filter((one) => one.state === "firing");
  const shown = firing.length > 0 ? firing : alerts;
  const severity = shown.reduce<AlertView["severity"]>(
    (worst, one) => (rank[one.severity] < rank[worst] ? one.severity : worst),
    "info",
  );
  const title = titleOf(notification, severity, firing.length);
  return {
    // One line, whatever a name from a cluster has in it: it becomes the subject of mails, too.
    title: `${notification.escalated ? "[ESCALATED] " : ""}${title}`
      .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ")
      .slice(0, 200),
    lines: alerts.map(line),
    more,
    ...(publicUrl ? { link: linkOf(notification, publicUrl) } : {}),
    severity,
  };
}

function titleOf(
  { status, alerts, more, groupLabels, mail }: Notification,
  severity: AlertView["severity"],
  firing: number,
): string {
  if (status === "digest") return mail?.subject ?? "";
  if (status === "test") return "[TEST] AtlHyper can reach this channel";
  const [only] = alerts;
  if (alerts.length === 1 && only) {
    const what = status === "firing" ? only.severity.toUpperCase() : "RESOLVED";
    const object = [only.namespace, only.object].filter(Boolean).join("/");
    return `[${what}] ${only.name}: ${only.labels.cluster ?? ""} ${object}`;
  }
  const where = Object.values(groupLabels).filter(Boolean).join(" / ") || "alerts";
  return status === "firing"
    ? `[${severity.toUpperCase()} ×${firing + more}] ${where}`
    : `[RESOLVED ×${alerts.length + more}] ${where}`;
}

/** Red, amber or blue while it fires, green when it is over. */
export const colourOf = ({ status }: Notification, { severity }: Words): number =>
  status === "resolved" ? 0x2c7a4d : colours[severity];

function linkOf({ alerts, status }: Notification, publicUrl: string): string {
  const [only] = alerts;
  return alerts.length === 1 && only && status !== "test"
    ? `${publicUrl}/alerts/${only.fingerprint}`
    : `${publicUrl}/alerts`;
}

function line(alert: AlertView): string {
  const mark = alert.state === "firing" ? marks[alert.severity] : "✅";
  const more = [
    alert.flapping ? "flapping" : "",
    alert.ack ? `taken by ${alert.ack.by}` : "",
    alert.state === "resolved" ? "resolved" : "",
  ].filter(Boolean);
  const summary = alert.annotations.summary || alert.name;
  return `${mark} ${alert.name}: ${summary}${more.length > 0 ? ` (${more.join(", ")})` : ""}`.replace(
    /\s+/g,
    " ",
  );
}

/** An alert as Alertmanager and its webhooks write it. */
export function alertmanagerShape(alert: AlertView, publicUrl: string) {
  return {
    status: alert.state === "firing" ? "firing" : "resolved",
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: new Date(alert.firedMs ?? alert.sinceMs).toISOString(),
    endsAt: alert.resolvedMs ? new Date(alert.resolvedMs).toISOString() : "0001-01-01T00:00:00Z",
    generatorURL: publicUrl ? `${publicUrl}/alerts/${alert.fingerprint}` : "",
    fingerprint: alert.fingerprint,
  };
}
