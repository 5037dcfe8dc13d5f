import { expect, test } from "bun:test";
import { listUsers } from "../database/users.ts";
import type { TestMaster } from "../harness.ts";
import { Visitor } from "./testing/visitor.ts";
import { setUp, Browser, callback, signedIn, comeIn } from "./testing/oidc.ts";

/** Opens an invitation and accepts it by the provider, up to where the browser comes back. */
async function accepting(master: TestMaster, token: string): Promise<{ browser: Browser; address: string }> {
  const browser = new Browser();
  await browser.follow(`${master.url}/invite?token=${token}`);
  const { address } = await browser.follow(`${master.url}/sign-in/oidc?invited=1`, callback);
  return { browser, address };
}

test("an invitation is accepted by the provider, and what it gives stays when no group gives anything", async () => {
  await using all = await setUp({ oidcOnly: true });
  const { invitations, users } = all.master.parts.access;
  const { token } = await invitations.add("first", { role: "operator", tenant: "default" }, "", 60_000);
  all.provider.who = { sub: "s9", name: "eve" };
  const browser = new Browser();
  const page = await browser.follow(`${all.master.url}/invite?token=${token}`);
  const text = await page.response!.text();
  expect(text).toContain('href="/sign-in/oidc?invited=1"');
  // Passwords are switched off.
  expect(text).not.toContain('type="password"');
  const away = await browser.follow(`${all.master.url}/sign-in/oidc?invited=1`, callback);
  expect((await browser.get(away.address)).headers.get("location")).toBe("/");
  const eve = async () => (await users.list()).find((one) => one.name === "eve")!;
  expect((await eve()).grants).toMatchObject([{ role: "operator", tenant: "default", byProvider: false }]);
  expect(browser.cookies(new URL(all.master.url).origin).has("atlhyper_invite")).toBe(false);
  // Again, without the invitation.
  expect((await comeIn(all.master, all.provider)).response.status).toBe(303);
  await users.removeGrant((await eve()).grants[0]!.id);
  expect((await comeIn(all.master, all.provider)).response.status).toBe(403);
  expect((await eve()).grants).toEqual([]);
});

test("an invitation that lies in the browser is not used up by who only signs in", async () => {
  await using all = await setUp();
  const { invitations } = all.master.parts.access;
  const { token } = await invitations.add("first", { role: "admin" }, "", 60_000);
  const browser = new Browser();
  await browser.follow(`${all.master.url}/invite?token=${token}`);
  expect((await comeIn(all.master, all.provider, browser)).response.status).toBe(303);
  expect(await listUsers(all.master.database)).toMatchObject([{ role: "operator" }]);
  expect(await invitations.list()).toHaveLength(1);
  // It can still be accepted, now as who has signed in.
  expect(await (await browser.get(`${all.master.url}/invite/accept`)).text()).toContain("Accept as ana");
});

test("of what groups give and what an invitation gave the higher counts, whatever the groups say later", async () => {
  await using all = await setUp();
  const { invitations, users } = all.master.parts.access;
  const role = async () => (await users.list()).find((one) => one.name === "ana")?.role;
  const accept = async (given: "viewer" | "admin") => {
    const { token } = await invitations.add("first", { role: given }, "", 60_000);
    const { browser, address } = await accepting(all.master, token);
    expect((await browser.get(address)).status).toBe(303);
  };
  await accept("viewer");
  expect(await role()).toBe("operator");
  await accept("admin");
  expect(await role()).toBe("admin");
  for (const [groups, expected] of [
    [["dev"], "admin"],
    [[], "admin"],
    [["ops"], "admin"],
  ] as const) {
    all.provider.who.groups = [...groups];
    expect((await comeIn(all.master, all.provider)).response.status).toBe(303);
    expect(await role()).toBe(expected);
  }
  // What the invitations gave is taken away like any role; what the groups give stays.
  const [ana] = await users.list();
  for (const one of ana!.grants) if (!one.byProvider) await users.removeGrant(one.id);
  all.provider.who.groups = ["dev"];
  await comeIn(all.master, all.provider);
  expect(await role()).toBe("operator");
});

test("of two who accept an invitation by the provider one becomes a user, the other is told that it was used", async () => {
  await using all = await setUp({ oidcOnly: true });
  const { invitations, users } = all.master.parts.access;
  all.provider.who = { sub: "s1" };
  const { token } = await invitations.add("first", { role: "viewer" }, "", 60_000);
  const one = await accepting(all.master, token);
  all.provider.who = { sub: "s2" };
  const other = await accepting(all.master, token);
  const came = await Promise.all([one, other].map(({ browser, address }) => browser.get(address)));
  const [done, late] = came.sort((a, b) => a.status - b.status);
  expect(done!.headers.get("location")).toBe("/");
  expect(late!.status).toBe(410);
  expect(await late!.text()).toContain("This invitation was used, revoked, or is too old.");
  expect([one, other].filter(({ browser }) => signedIn(all.master, browser))).toHaveLength(1);
  expect((await users.list()).map((user) => user.role)).toEqual(["viewer"]);
  // And one who comes later.
  all.provider.who = { sub: "s3" };
  const { token: revoked } = await invitations.add("first", { role: "viewer" }, "", 60_000);
  const third = await accepting(all.master, revoked);
  await invitations.revoke((await invitations.list())[0]!.id);
  expect((await third.browser.get(third.address)).status).toBe(410);
  expect(await users.list()).toHaveLength(1);
});

test("where only the provider counts an administrator makes invitations, which no password accepts", async () => {
  await using all = await setUp({ oidcOnly: true });
  const { users } = all.master.parts.access;
  await users.add("first", "admin", "a long enough password");
  const first = new Visitor(all.master);
  await first.signIn("first", "a long enough password");
  await first.go("/settings");
  const made = await first.post("/settings", { do: "invite", role: "viewer", place: "", note: "" });
  const token = /\/invite\?token=([\w-]+)/.exec(made.text)![1]!;
  const guest = new Visitor(all.master);
  await guest.go(`/invite?token=${token}`);
  const page = await guest.go("/invite/accept");
  expect(page.text).toContain('href="/sign-in/oidc?invited=1"');
  expect(page.text).not.toContain("Choose a name");
  const secret = "another long password";
  const got = await guest.post("/invite/accept", { name: "eve", password: secret, repeat: secret });
  expect(got.status).toBe(403);
  expect((await users.list()).map((one) => one.name)).toEqual(["first"]);
});

test("beside name and password stands the provider, and who is there already signs in first", async () => {
  await using all = await setUp();
  const { token } = await all.master.parts.access.invitations.add("first", "viewer", "", 60_000);
  const guest = new Visitor(all.master, "zh");
  await guest.go(`/invite?token=${token}`);
  const { text } = await guest.go("/invite/accept");
  expect(text).toContain('href="/sign-in/oidc?invited=1"');
  expect(text).toContain('name="repeat"');
  expect(text).toContain('href="/sign-in?back=%2Finvite%2Faccept"');
});
