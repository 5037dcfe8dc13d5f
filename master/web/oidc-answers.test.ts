import { expect, test } from "bun:test";
import { listUsers } from "../database/users.ts";
import { setUp, Browser, callback, signedIn, comeIn } from "./testing/oidc.ts";

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
