import { expect, test } from "bun:test";
import { addUser, listUsers } from "../database/users.ts";
import { createToken } from "../database/tokens.ts";
import { startProvider } from "./testing/provider.ts";
import { setUp, signedIn, comeIn } from "./testing/oidc.ts";

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
