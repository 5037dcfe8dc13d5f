import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { email } from "./email.ts";
import { startMail } from "./mail-server.ts";
import { type Notification, wordsOf } from "./message.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-mail-"));
let cert = "";
let key = "";
beforeAll(async () => {
  const made = Bun.spawn(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=mail.test -addext subjectAltName=DNS:mail.test".split(
      " ",
    ),
    { cwd: folder, stderr: "ignore" },
  );
  expect(await made.exited).toBe(0);
  cert = readFileSync(join(folder, "c.pem"), "utf8");
  key = readFileSync(join(folder, "k.pem"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true }));

const notification: Notification = {
  id: "d1",
  group: "g",
  status: "firing",
  groupLabels: { cluster: "prod" },
  alerts: [],
  more: 0,
  atMs: 1,
};
const words = {
  ...wordsOf(notification, ""),
  title: "Größe ✓ <b>",
  lines: ["a <script> line"],
  link: "https://hyper.example/alerts",
};
const send = (settings: Record<string, string>) =>
  email.send({
    notification,
    words,
    settings: {
      host: "mail.test",
      from: "AtlHyper <hyper@example.org>",
      to: "a@example.org\nb@example.org",
      user: "ana",
      password: "right password",
      ca: cert,
      ...settings,
    },
    publicUrl: "",
    post: async () => ({ ok: false, text: "" }),
    resolve: async () => "127.0.0.1",
    memory: { read: async () => undefined, write: async () => undefined },
  });

test.each([
  ["starttls", false],
  ["tls", true],
] as const)(
  "mail goes out by %s, with a sign-in, to the address that was checked",
  async (security, secure) => {
    const server = await startMail({ secure, key, cert });
    expect(await send({ port: server.port, security })).toEqual({ ok: true, text: "250 taken as 42" });
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      from: "hyper@example.org",
      to: ["a@example.org", "b@example.org"],
      secure: true,
      user: "ana",
    });
    expect(mail!.text).toContain("Message-ID: <d1@example.org>");
    expect(mail!.text).toContain("multipart/alternative");
    expect(mail!.text).toContain("&lt;script&gt;");
    await server.stop();
  },
);

test("a server's refusal is told as it said it, and a wrong certificate stops the password", async () => {
  const server = await startMail({ key, cert });
  const wrong = await send({ port: server.port, password: "wrong password" });
  expect(wrong.ok).toBe(false);
  expect(wrong.text).toContain("535");
  expect(wrong.text).not.toContain("wrong password");
  const strange = await send({ port: server.port, host: "other.test" });
  expect(strange.ok).toBe(false);
  const unknown = await send({ port: server.port, ca: "" });
  expect(unknown.ok).toBe(false);
  expect(server.mails).toEqual([]);
  await server.stop();
});
