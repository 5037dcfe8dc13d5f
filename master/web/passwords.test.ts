import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestMaster, type TestMaster } from "../harness.ts";
import { Visitor } from "./testing/visitor.ts";

const password = "a long enough password";
const folder = mkdtempSync(join(tmpdir(), "atlhyper-passwords-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hints = { en: "At least 14 characters.", zh: "至少 14 个字符。" };
const breached = {
  en: "the password is on a list of those that got out somewhere: choose another",
  zh: "该密码在已泄露密码的名单上：请换一个。",
};

/** Every page on which a new password is chosen, with its form but for the password. */
async function places(master: TestMaster, lang: "en" | "zh") {
  const { access } = master.parts;
  const ada = new Visitor(master, lang);
  await ada.signIn("ada", password);
  const invited = new Visitor(master, lang);
  const { token } = await access.invitations.add("ada", "viewer", "", 60_000);
  await invited.go(`/invite?token=${token}`);
  const bo = (await access.users.list()).find((one) => one.name === "bo")!.id;
  return [
    [ada, "/settings", { do: "password", current: password }],
    [ada, "/settings", { do: "user-add", name: "cy", role: "viewer" }],
    [ada, "/settings", { do: "user-password", id: bo }],
    [invited, "/invite/accept", { name: "di" }],
  ] as const;
}

test("each page says the length that is configured, and why a password is refused, in both languages", async () => {
  const list = join(folder, "list");
  writeFileSync(list, "a breached password\nanother breached one");
  await using master = await startTestMaster({ passwordLength: 14, passwordBreached: list });
  await master.parts.access.users.add("ada", "admin", password);
  await master.parts.access.users.add("bo", "viewer", password);
  for (const lang of ["en", "zh"] as const)
    for (const [visitor, path, fields] of await places(master, lang)) {
      const page = await visitor.go(path);
      expect(page.text).toContain(hints[lang]);
      expect(page.text).not.toContain("10 characters");
      const secret = "another breached one";
      const got = await visitor.post(path, { ...fields, password: secret, repeat: secret });
      expect([path, got.status]).toEqual([path, 422]);
      expect(got.text).toContain(breached[lang]);
      expect(got.text).not.toContain(secret);
    }
});

test("the first administrator's password keeps the rules, too", async () => {
  await using master = await startTestMaster({ passwordLength: 14 });
  const first = new Visitor(master);
  await first.go(`/setup?token=${await master.parts.access.createSetupToken()}`);
  expect((await first.go("/setup/password")).text).toContain(hints.en);
  const set = (secret: string) =>
    first.post("/setup/password", { name: "Administrator", password: secret, repeat: secret });
  for (const [secret, why] of [
    ["thirteen char", "the password needs at least 14 characters"],
    ["xxxxxxxxxxxxxxx", "the password is one character over and over"],
  ] as const) {
    const got = await set(secret);
    expect(got.status).toBe(422);
    expect(got.text).toContain(why);
  }
  expect((await set("fourteen chars")).to).toBe("/");
});
