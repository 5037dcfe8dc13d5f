/// <reference path="./nodemailer.d.ts" />
import { isIP } from "node:net";
import { weekdays } from "../../views/schedule-model.ts";
import { problem } from "../../wire/problem.ts";
import { ownZone } from "../alert/times/zone.ts";
import type { Answer, ChannelType, Sending } from "./channel.ts";
import { fitted } from "./fit.ts";
import { TargetError } from "./target.ts";

/** Mail by SMTP: to a server that takes it on, by TLS, by STARTTLS, or where the server has neither in the clear. */
export const email: ChannelType = {
  type: "email",
  name: "Email",
  fields: [
    { name: "host", kind: "text", required: true },
    { name: "port", kind: "number", fallback: "587" },
    { name: "security", kind: "choice", choices: ["starttls", "tls", "none"], fallback: "starttls" },
    { name: "user", kind: "text" },
    { name: "password", kind: "text", secret: true },
    { name: "from", kind: "text", required: true },
    { name: "to", kind: "lines", required: true },
    { name: "ca", kind: "lines" },
    { name: "each", kind: "choice", choices: ["yes", "no"], fallback: "yes", part: "digest" },
    {
      name: "digest",
      kind: "choice",
      choices: ["off", "daily", "weekly"],
      fallback: "off",
      part: "digest",
    },
    { name: "digestHour", kind: "number", fallback: "8", part: "digest" },
    { name: "digestDay", kind: "choice", choices: weekdays, fallback: "mon", part: "digest" },
    { name: "digestZone", kind: "zone", fallback: ownZone(), part: "digest" },
    { name: "digestEmpty", kind: "choice", choices: ["yes", "no"], fallback: "yes", part: "digest" },
    { name: "language", kind: "choice", choices: ["en", "zh"], fallback: "en", part: "digest" },
  ],
  check({ each, digest, digestHour }) {
    if (Number(digestHour) > 23) throw problem(422, "an hour is from 0 to 23", { pointer: "/digestHour" });
    if (each === "no" && digest === "off")
      throw problem(422, "this channel would be sent nothing: neither each alert nor a digest", {
        pointer: "/digest",
      });
  },
  async send(sending) {
    try {
      return await mail(sending);
    } catch (error) {
      return { ok: false, text: faultText(error) };
    }
  },
};

async function mail({ notification, words, settings, resolve }: Sending): Promise<Answer> {
  // Loaded with the first mail: who sends none does not pay for it.
  const { createTransport } = await import("nodemailer");
  const { host = "", user = "", password = "", security = "starttls" } = settings;
  const address = await resolve(host);
  const transport = createTransport({
    // The address that was checked; the name is what the certificate has to be for.
    host: address,
    port: Number(settings.port || 587),
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: {
      ...(isIP(host) ? {} : { servername: host }),
      minVersion: "TLSv1.2",
      ...(settings.ca ? { ca: settings.ca } : {}),
    },
    ...(user ? { auth: { user, pass: password } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    // Nothing in a mail is fetched from files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { from = "" } = settings;
    const { mail: made } = notification;
    const sent = await transport.sendMail({
      from,
      to: recipients(settings.to ?? ""),
      subject: words.title,
      text: made?.text ?? [...fitted(words, { most: mostOfMail }), "", words.link ?? ""].join("\n"),
      html: made?.html ?? htmlOf(words),
      // The same for every attempt: mail programs show one of two that say the same.
      messageId: `<${notification.id}@${from.replace(/^.*@|>.*$/g, "").replace(/[^\w.-]/g, "") || "atlhyper"}>`,
      // Beginning and end of a group stand together.
      references: `<${new Bun.CryptoHasher("sha256").update(notification.group).digest("hex").slice(0, 32)}@atlhyper>`,
      headers: {
        "auto-submitted": "auto-generated",
        ...(words.severity === "critical" ? { importance: "high" } : {}),
      },
    });
    const refused = sent.rejected.length > 0 ? `; refused: ${sent.rejected.join(", ")}` : "";
    return { ok: true, text: `${sent.response}${refused}`.slice(0, 300) };
  } finally {
    transport.close();
  }
}

const mostOfMail = 40_000;

export const recipients = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

function htmlOf(words: Sending["words"]): string {
  const safe = (text: string) => Bun.escapeHTML(text);
  const link = words.link ? `<p><a href="${safe(words.link)}">AtlHyper</a></p>` : "";
  return `<!doctype html><html><body style="font-family:sans-serif"><h3>${safe(words.title)}</h3><ul>${fitted(
    words,
    { most: mostOfMail },
  )
    .map((one) => `<li>${safe(one)}</li>`)
    .join("")}</ul>${link}</body></html>`;
}

/** What the server said, or what went wrong on the way to it. */
function faultText(error: unknown): string {
  if (error instanceof TargetError) return error.message;
  const { response, code, message } = error as { response?: string; code?: string; message?: string };
  if (response) return `the mail server said: ${response}`.slice(0, 300);
  return `the mail was not taken: ${code ?? ""} ${message ?? ""}`.trim().slice(0, 300);
}
