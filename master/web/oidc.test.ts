import { expect, test } from "bun:test";
import { grantsBy, groupRoles } from "../access/oidc-settings.ts";
import { addUser, listUsers } from "../database/users.ts";
import { createToken } from "../database/tokens.ts";
import { startTestMaster, type TestMaster } from "../harness.ts";
import { startProvider, type TestProvider } from "./testing/provider.ts";
import { Visitor } from "./testing/visitor.ts";

const mapping = groupRoles("", "", "").parse("ops=admin; dev=operator");

async function setUp(more: { oidcOnly?: boolean; requireTotp?: "everybody" } = {}) {
  // The port is taken for a moment to be known to the provider before the master listens on it.
  const free = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = free;
  await free.stop(true);
  const site = `http://127.0.0.1:${port}`;
  const provider = await startProvider(`${site}/sign-in/oidc/callback`);
  const master = await startTestMaster({
    port: port!,
    oidcIssuer: provider.issuer,
    oidcClientId: "atlhyper",
    oidcClientSecret: "a-secret-of-the-client",
    oidcName: "Example",
    oidcRoles: mapping,
    ...more,
  });
  return {
    provider,
    master,
    async [Symbol.asyncDispose]() {
      await master.stop();
      provider[Symbol.dispose]();
    },
  };
}

/** A browser: keeps cookies by site, and follows redirects one at a time. */
class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  async get(address: string): Promise<Response> {
    const { origin } = new URL(address);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(address, { redirect: "manual", headers: { cookie } });
    for (const one of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      if (value === "" || /max-age=0/i.test(one)) jar.delete(name!);
      else jar.set(name!, value!);
    }
    return response;
  }

  cookies(site: string): Map<string, string> {
    return new Map(this.#jars.get(site));
  }

  restore(site: string, cookies: Map<string, string>): void {
    this.#jars.set(site, new Map(cookies));
  }

  /** Follows redirects until an address matches or an answer is none. */
  async follow(address: string, until?: RegExp): Promise<{ address: string; response?: Response }> {
    let at = address;
    for (let n = 0; n < 12; n++) {
      if (until?.test(at)) return { address: at };
      const response = await this.get(at);
      const to = response.headers.get("location");
      if (to === null) return { address: at, response };
      at = new URL(to, at).href;
    }
    throw new Error("too many redirects");
  }
}

const callback = /\/sign-in\/oidc\/callback/;
const signedIn = (master: TestMaster, browser: Browser) =>
  browser.cookies(new URL(master.url).origin).has("atlhyper_session");

async function comeIn(master: TestMaster, _provider: TestProvider, browser = new Browser(), back = "") {
  const start = `${master.url}/sign-in/oidc${back && `?back=${encodeURIComponent(back)}`}`;
  const back1 = await browser.follow(start, callback);
  const response = await browser.get(back1.address);
  return { browser, response, address: back1.address };
}

test("who comes by the provider is made a user with the role of the group, and goes on to the page", async () => {
  await using all = await setUp();
  const { browser, response } = await comeIn(all.master, all.provider, undefined, "/pods?q=web");
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toBe("/pods?q=web");
  expect(signedIn(all.master, browser)).toBe(true);
  expect(await listUsers(all.master.database)).toMatchObject([{ name: "ana", role: "operator" }]);
  // Until somebody has a password the set-up link stays good: else nobody could administer.
  expect(await all.master.parts.access.createSetupToken()).toBeDefined();
  expect(await listUsers(all.master.database)).toHaveLength(1);
});

test("a name at the provider is no proof: who has the name of a user here becomes another one", async () => {
  await using all = await setUp();
  await addUser(all.master.database, { name: "Ana", role: "admin", passwordHash: "x", nowMs: 1 });
  await comeIn(all.master, all.provider);
  await comeIn(all.master, all.provider);
  const users = await listUsers(all.master.database);
  expect(users.map(({ name, role }) => [name, role])).toEqual([
    ["Ana", "admin"],
    ["ana (2)", "operator"],
  ]);
});

test("each sign-in brings the role up to date, and without a group all sessions end", async () => {
  await using all = await setUp();
  const first = await comeIn(all.master, all.provider);
  all.provider.who.groups = ["dev", "ops"];
  await comeIn(all.master, all.provider);
  expect(await listUsers(all.master.database)).toMatchObject([{ role: "admin" }]);
  expect((await first.browser.get(`${all.master.url}/settings`)).status).toBe(200);

  all.provider.who.groups = ["sales"];
  const refused = await comeIn(all.master, all.provider);
  expect(refused.response.status).toBe(403);
  expect(await refused.response.text()).toContain("none of your groups");
  expect(signedIn(all.master, refused.browser)).toBe(false);
  expect((await first.browser.get(`${all.master.url}/settings`)).headers.get("location")).toStartWith(
    "/sign-in",
  );
});

test("an answer with another state, another issuer, or to nobody's question is refused", async () => {
  await using all = await setUp();
  const changes: [string, (url: URL) => void][] = [
    ["state", (url) => url.searchParams.set("state", "of-somebody-else")],
    ["no state", (url) => url.searchParams.delete("state")],
    ["issuer", (url) => url.searchParams.set("iss", "https://other.example")],
    ["no issuer", (url) => url.searchParams.delete("iss")],
    ["code", (url) => url.searchParams.set("code", "made-up")],
  ];
  for (const [what, change] of changes) {
    const browser = new Browser();
    const { address } = await browser.follow(`${all.master.url}/sign-in/oidc`, callback);
    const url = new URL(address);
    change(url);
    expect([what, (await browser.get(url.href)).status]).toEqual([what, 401]);
    expect(signedIn(all.master, browser)).toBe(false);
  }
  // A link with a valid answer, sent to somebody else: their browser has asked nothing.
  const { address } = await new Browser().follow(`${all.master.url}/sign-in/oidc`, callback);
  const victim = new Browser();
  expect((await victim.get(address)).status).toBe(401);
  expect(signedIn(all.master, victim)).toBe(false);
  expect(await listUsers(all.master.database)).toEqual([]);
});

test("a code is good once, even for the browser that was given it", async () => {
  await using all = await setUp();
  const browser = new Browser();
  const { address } = await browser.follow(`${all.master.url}/sign-in/oidc`, callback);
  const { origin } = new URL(all.master.url);
  const before = browser.cookies(origin);
  expect((await browser.get(address)).status).toBe(303);
  browser.restore(origin, before);
  expect((await browser.get(address)).status).toBe(401);
  expect(signedIn(all.master, browser)).toBe(false);
});

test("an id token with another nonce, or one that has expired, is refused", async () => {
  await using all = await setUp();
  const browser = new Browser();
  const asked = new URL((await browser.get(`${all.master.url}/sign-in/oidc`)).headers.get("location")!);
  asked.searchParams.set("nonce", "of-somebody-else");
  const { address } = await browser.follow(asked.href, callback);
  expect((await browser.get(address)).status).toBe(401);

  all.provider.idTokenS = -120;
  expect((await comeIn(all.master, all.provider)).response.status).toBe(401);
  all.provider.idTokenS = 600;
  expect((await comeIn(all.master, all.provider)).response.status).toBe(303);
});

test("signing in leads to no other site, whatever it was told to go back to", async () => {
  await using all = await setUp();
  for (const start of ["//", "/\\", "\\\\", "/\t/", "https://", "/..//", "///", "/%09//"]) {
    const { response } = await comeIn(all.master, all.provider, undefined, `${start}evil.example/x`);
    const to = new URL(response.headers.get("location")!, all.master.url);
    expect([start, to.origin]).toEqual([start, new URL(all.master.url).origin]);
  }
});

test("a session that was there before is worth nothing after coming in by the provider", async () => {
  await using all = await setUp();
  const { browser } = await comeIn(all.master, all.provider);
  const { origin } = new URL(all.master.url);
  const old = browser.cookies(origin);
  await comeIn(all.master, all.provider, browser);
  const thief = new Browser();
  thief.restore(origin, old);
  expect((await thief.get(`${all.master.url}/settings`)).headers.get("location")).toStartWith("/sign-in");
});

test("where only the provider counts, the password of the first administrator works and no other does", async () => {
  await using all = await setUp({ oidcOnly: true });
  const passwordHash = await Bun.password.hash("correct horse battery", {
    algorithm: "argon2id",
    memoryCost: 8,
    timeCost: 1,
  });
  const add = (name: string, nowMs: number) =>
    addUser(all.master.database, { name, role: "admin", passwordHash, nowMs });
  await add("first", 1);
  await add("second", 2);
  const post = async (name: string) =>
    (
      await fetch(`${all.master.url}/sign-in`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ name, password: "correct horse battery" }),
      })
    ).status;
  expect(await post("first")).toBe(303);
  expect(await post("second")).toBe(422);
  expect(await (await fetch(`${all.master.url}/sign-in`)).text()).toContain("<details");
});

test("a provider that is away is told on the page, and asked again by the next who comes", async () => {
  await using all = await setUp();
  const { port } = new URL(all.provider.issuer);
  all.provider[Symbol.dispose]();
  const away = await fetch(`${all.master.url}/sign-in/oidc`, { redirect: "manual" });
  expect(away.status).toBe(502);
  expect(await away.text()).toContain("Example does not answer");
  using again = await startProvider(`${all.master.url}/sign-in/oidc/callback`, Number(port));
  expect((await comeIn(all.master, again)).response.status).toBe(303);
});

test("after signing out the page offers to sign out at the provider, which leads back", async () => {
  await using all = await setUp();
  const page = await (await fetch(`${all.master.url}/sign-in?out=1`)).text();
  expect(page).toContain('href="/sign-in/oidc/out"');
  const out = await fetch(`${all.master.url}/sign-in/oidc/out`, { redirect: "manual" });
  const to = new URL(out.headers.get("location")!);
  expect(to.origin).toBe(all.provider.issuer);
  expect(to.searchParams.get("post_logout_redirect_uri")).toBe(`${all.master.url}/sign-in`);
  expect((await fetch(to)).status).toBe(200);
});

test("sign-ins by the provider are in the audit log, refused ones with the reason and without the code", async () => {
  await using all = await setUp();
  await comeIn(all.master, all.provider);
  all.provider.who = { sub: "s2", name: "eve" };
  const { address } = await comeIn(all.master, all.provider);
  const rows = await all.master.database.kysely
    .selectFrom("audit")
    .selectAll()
    .where("action", "=", "session.begin")
    .orderBy("seq")
    .execute();
  expect(rows.map((row) => [row.result, row.actor])).toEqual([
    ["ok", "ana"],
    ["refused", ""],
  ]);
  expect(rows[1]!.detail).toContain("no group");
  expect(JSON.stringify(rows)).not.toContain(new URL(address).searchParams.get("code")!);
  expect(JSON.stringify(all.master.lines)).not.toContain(new URL(address).searchParams.get("code")!);
});

test("the mapping of groups says what is wrong with it", () => {
  const { parse } = groupRoles("", "", "");
  expect([...parse("cn=ops,dc=example=admin;*=viewer")]).toEqual([
    ["cn=ops,dc=example", [{ role: "admin" }]],
    ["*", [{ role: "viewer" }]],
  ]);
  for (const wrong of ["ops", "ops=root", "=admin"]) expect(() => parse(wrong)).toThrow("group=role");
  expect(() => parse("a=admin;a=viewer")).toThrow("twice");
  expect(() => parse("a=admin@shop;a=viewer@shop")).toThrow("twice for shop");
  expect(() => parse("a=admin@")).toThrow("group=role");
});

test("a group gives roles in tenants, of each the highest, and nothing in one that there is not", () => {
  const mapping = groupRoles("", "", "").parse(
    "dev=operator@Shop;dev=viewer@web;ops=admin@shop;*=viewer@gone",
  );
  const tenants = new Map([
    ["shop", "t1"],
    ["web", "t2"],
  ]);
  expect(grantsBy(mapping, ["dev", "ops"], tenants)).toEqual([
    { role: "admin", tenant: "t1" },
    { role: "viewer", tenant: "t2" },
  ]);
  expect(grantsBy(mapping, [], tenants)).toEqual([]);
});

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

/** Opens an invitation and accepts it by the provider, up to where the browser comes back. */
async function accepting(master: TestMaster, token: string): Promise<{ browser: Browser; address: string }> {
  const browser = new Browser();
  await browser.follow(`${master.url}/invite?token=${token}`);
  const { address } = await browser.follow(`${master.url}/sign-in/oidc?invited=1`, callback);
  return { browser, address };
}

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

test("a second factor that is required here is asked of nobody who comes by the provider", async () => {
  await using all = await setUp({ requireTotp: "everybody" });
  const { browser } = await comeIn(all.master, all.provider);
  expect((await browser.get(`${all.master.url}/pods`)).status).toBe(200);
});

test("who is refused for want of a group can do nothing by their tokens either", async () => {
  await using all = await setUp();
  await comeIn(all.master, all.provider);
  const [ana] = await listUsers(all.master.database);
  const token = await createToken(all.master.database, { name: "mine", role: "viewer", owner: ana!.id });
  const asked = () =>
    fetch(`${all.master.url}/api/v1/pods`, { headers: { authorization: `Bearer ${token}` } });
  expect((await asked()).status).toBe(200);
  all.provider.who.groups = ["sales"];
  expect((await comeIn(all.master, all.provider)).response.status).toBe(403);
  // A token that is in use is looked up once a second.
  await Bun.sleep(1100);
  expect((await asked()).status).toBe(403);
});
