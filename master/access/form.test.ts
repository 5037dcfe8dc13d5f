import { expect, test } from "bun:test";
import { noAudit } from "../audit/testing.ts";
import { createAccess } from "./create.ts";
import type { UserPrincipal } from "./principal.ts";
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

test("a form needs the token of its own session", async () => {
  const { access } = setUp();
  const ada = await firstAdministrator(access);
  const other = await access.signIn(request(), origin, "ada", password);
  const check = (principal: UserPrincipal, token: string | undefined) => () =>
    access.checkForm(request(), principal, token);
  expect(check(ada.principal, ada.principal.csrf)).not.toThrow();
  for (const token of [undefined, "", "x", other.principal.csrf, `${ada.principal.csrf}x`])
    expect((await problemOf(check(ada.principal, token))).status).toBe(403);
});

test("a form from another site is refused whatever its token, also the sign-in form", async () => {
  const { access } = setUp();
  const { principal } = await firstAdministrator(access);
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://master.example:81" },
  ];
  for (const headers of foreign) {
    expect(
      (await problemOf(() => access.checkForm(request(headers), principal, principal.csrf))).status,
    ).toBe(403);
    expect((await problemOf(() => access.checkForm(request(headers), undefined, undefined))).status).toBe(
      403,
    );
  }
  const own: Record<string, string>[] = [
    { "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
    { origin: "http://master.example" },
  ];
  for (const headers of own) access.checkForm(request(headers), principal, principal.csrf);
});

test("form tokens hold over a restart", async () => {
  const { access, db, clock } = setUp();
  const ada = await firstAdministrator(access);
  const again = createAccess(db, {
    audit: noAudit,
    sessionIdleMs: hour,
    sessionMaxMs: hour,
    now: () => clock.ms,
  });
  expect(await again.authenticate(withCookie(ada.cookie))).toEqual(ada.principal);
});
