import { expect, test } from "bun:test";
import { trustedProxies } from "../trusted-proxies.ts";
import { registerRequest } from "../requests.ts";
import {
  origin,
  password,
  hour,
  setUp,
  request,
  withCookie,
  problemOf,
  firstAdministrator,
} from "./testing.ts";

test("a session that existed before signing in is worth nothing afterwards", async () => {
  const { access } = setUp();
  const first = await firstAdministrator(access);
  const second = await access.signIn(withCookie(first.cookie), origin, "ada", password);
  expect(second.cookie.split(";")[0]).not.toBe(first.cookie.split(";")[0]!);
  expect(await access.authenticate(withCookie(first.cookie))).toBeUndefined();
  expect(
    await access.authenticate(request({ cookie: "atlhyper_session=chosen-by-somebody" })),
  ).toBeUndefined();
});

test("a session ends when idle, when it is old, and by signing out", async () => {
  const { access, clock } = setUp();
  await firstAdministrator(access);
  const idle = await access.signIn(request(), origin, "ada", password);
  clock.ms += 11 * hour;
  expect(await access.authenticate(withCookie(idle.cookie))).toBeDefined();
  clock.ms += 11 * hour;
  expect(await access.authenticate(withCookie(idle.cookie))).toBeDefined();
  clock.ms += 12 * hour;
  expect(await access.authenticate(withCookie(idle.cookie))).toBeUndefined();

  const old = await access.signIn(request(), origin, "ada", password);
  for (let n = 0; n < 16; n++) {
    clock.ms += 10 * hour;
    expect(await access.authenticate(withCookie(old.cookie))).toBeDefined();
  }
  clock.ms += 9 * hour;
  expect(await access.authenticate(withCookie(old.cookie))).toBeUndefined();

  const left = await access.signIn(request(), origin, "ada", password);
  const removal = await access.signOut(withCookie(left.cookie), origin);
  expect(removal).toContain("Max-Age=0");
  expect(await access.authenticate(withCookie(left.cookie))).toBeUndefined();
});

test("sessions are listed without their credential and can be ended one by one", async () => {
  const { access } = setUp();
  const first = await firstAdministrator(access);
  const second = await access.signIn(request(), origin, "ada", password);
  const sessions = await access.sessions.list(first.principal.userID);
  expect(sessions.map((one) => one.id).sort()).toEqual(
    [first.principal.session, second.principal.session].sort(),
  );
  expect(JSON.stringify(sessions)).not.toContain(first.cookie.split(/[=;]/)[1]!);
  await access.sessions.revoke(first.principal.userID, first.principal.session);
  expect(await access.authenticate(withCookie(first.cookie))).toBeUndefined();
  expect(await access.authenticate(withCookie(second.cookie))).toBeDefined();
});

test("an administrator signs a user out everywhere, or everybody else", async () => {
  const { access } = setUp();
  const ada = await firstAdministrator(access);
  const ids = [
    await access.users.add("ben", "viewer", password),
    await access.users.add("cem", "viewer", password),
  ];
  const [ben, ben2, cem] = [
    await access.signIn(request(), origin, "ben", password),
    await access.signIn(request(), origin, "ben", password),
    await access.signIn(request(), origin, "cem", password),
  ];
  const alive = async () =>
    (await Promise.all([ada, ben, ben2, cem].map((one) => access.authenticate(withCookie(one.cookie))))).map(
      (one) => one !== undefined,
    );
  await access.sessions.endOf(ids[0]!);
  expect(await alive()).toEqual([true, false, false, true]);
  await access.sessions.endOthers(ada.principal.userID);
  expect(await alive()).toEqual([true, false, false, false]);
});

test("a changed password ends every session but the new one", async () => {
  const { access } = setUp();
  const first = await firstAdministrator(access);
  const other = await access.signIn(request(), origin, "ada", password);
  expect(
    (await problemOf(access.changePassword(withCookie(first.cookie), origin, "wrong one", "a new password")))
      .status,
  ).toBe(401);
  const after = await access.changePassword(withCookie(first.cookie), origin, password, "a new password");
  expect(await access.authenticate(withCookie(first.cookie))).toBeUndefined();
  expect(await access.authenticate(withCookie(other.cookie))).toBeUndefined();
  expect(await access.authenticate(withCookie(after.cookie))).toBeDefined();
  expect((await access.signIn(request(), origin, "ada", "a new password")).principal.name).toBe("ada");
});

test("behind TLS the cookie is bound to the host, and a plain one does not count", async () => {
  const { access } = setUp();
  await firstAdministrator(access);
  const plain = await access.signIn(request(), origin, "ada", password);
  expect(plain.cookie).toMatch(/^atlhyper_session=.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  const secure = await access.signIn(request(), { ...origin, secure: true }, "ada", password);
  expect(secure.cookie).toMatch(/^__Host-atlhyper_session=.*; HttpOnly; SameSite=Lax; Secure$/);
  const overTls = (cookie: string) => {
    const one = withCookie(cookie, { "x-forwarded-proto": "https" });
    registerRequest(one, "127.0.0.1", trustedProxies(["127.0.0.1"]));
    return access.authenticate(one);
  };
  expect(await overTls(secure.cookie)).toBeDefined();
  expect(await overTls(plain.cookie)).toBeUndefined();
});
