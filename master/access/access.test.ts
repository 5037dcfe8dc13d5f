import { expect, test } from "bun:test";
import type { AuditEntry } from "../audit/audit.ts";
import { addCluster } from "../database/clusters.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { createToken, listTokens, revokeToken } from "../database/tokens.ts";
import type { ProblemError } from "../../wire/problem.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { registerRequest } from "../requests.ts";
import type { Access, AccessOptions, Origin, SignedIn } from "./access.ts";
import { createAccess, needsSetup } from "./create.ts";
import type { ClusterPrincipal, UserPrincipal } from "./principal.ts";

const origin: Origin = { address: "192.0.2.1", secure: false, userAgent: "test" };
const password = "correct horse battery";
const hour = 3_600_000;

function setUp(options: Partial<AccessOptions> = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const db = openDatabase(":memory:");
  const access = createAccess(db, {
    sessionIdleMs: 12 * hour,
    sessionMaxMs: 7 * 24 * hour,
    now: () => clock.ms,
    argon2: { memoryCost: 8, timeCost: 1 },
    ...options,
  });
  return { db, access, clock };
}

function request(headers: Record<string, string> = {}): Request {
  return new Request("http://master.example/", { method: "POST", headers });
}

/** A request with the cookie that a Set-Cookie value gives, as a browser would send it. */
function withCookie(setCookie: string, headers: Record<string, string> = {}): Request {
  return request({ cookie: setCookie.split(";")[0]!, ...headers });
}

async function problemOf(
  promise: unknown,
): Promise<{ status: number; detail?: string; retryAfterSeconds?: number }> {
  try {
    await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    return (error as ProblemError).problem;
  }
  throw new Error("nothing was refused");
}

async function firstAdministrator(access: Access): Promise<SignedIn> {
  const token = (await access.createSetupToken())!;
  const opened = await access.openSetup(request(), origin, token);
  return access.finishSetup(withCookie(opened.cookie), origin, "ada", password);
}

test("the setup link signs the first administrator in once, and allows nothing but setting a password", async () => {
  const { access, db } = setUp();
  expect(await needsSetup(db)).toBe(true);
  const token = (await access.createSetupToken())!;
  expect(token).toStartWith("atls_");
  const opened = await access.openSetup(request(), origin, token);
  expect(opened.principal.owes).toBe("password");
  expect(access.may(opened.principal, "viewer")).toBe(false);
  expect((await problemOf(() => access.require(opened.principal, "viewer"))).status).toBe(403);
  expect((await problemOf(access.openSetup(request(), origin, token))).status).toBe(403);

  const done = await access.finishSetup(withCookie(opened.cookie), origin, "ada", password);
  expect(done.principal).toMatchObject({ name: "ada", role: "admin" });
  expect(done.principal.owes).toBeUndefined();
  expect(await access.authenticate(withCookie(opened.cookie))).toBeUndefined();
  expect(await access.authenticate(withCookie(done.cookie))).toMatchObject({ name: "ada" });
  expect(await needsSetup(db)).toBe(false);
  expect(await access.createSetupToken()).toBeUndefined();
});

test("of many who open the setup link at once, one comes in", async () => {
  const { access } = setUp();
  const token = (await access.createSetupToken())!;
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, () => access.openSetup(request(), origin, token)),
  );
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
});

test("a start before the password is set makes a new link, and the old link and session end", async () => {
  const { access } = setUp();
  const old = (await access.createSetupToken())!;
  const opened = await access.openSetup(request(), origin, old);
  const fresh = (await access.createSetupToken())!;
  expect(fresh).not.toBe(old);
  expect(await access.authenticate(withCookie(opened.cookie))).toBeUndefined();
  expect((await problemOf(access.openSetup(request(), origin, old))).status).toBe(403);
  expect((await access.openSetup(request(), origin, fresh)).principal.owes).toBe("password");
});

test("an unused older link ends when a newer one is made", async () => {
  const { access } = setUp();
  const old = (await access.createSetupToken())!;
  await access.createSetupToken();
  expect((await problemOf(access.openSetup(request(), origin, old))).status).toBe(403);
});

test("a password that is too short, too long, or a bad name leaves the setup open to another try", async () => {
  const { access } = setUp();
  const opened = await access.openSetup(request(), origin, (await access.createSetupToken())!);
  const finish = (name: string, word: string) =>
    access.finishSetup(withCookie(opened.cookie), origin, name, word);
  expect(await problemOf(finish("ada", "short"))).toMatchObject({ status: 422, pointer: "/password" });
  expect(await problemOf(finish("ada", "x".repeat(201)))).toMatchObject({
    status: 422,
    pointer: "/password",
  });
  expect(await problemOf(finish(" ", password))).toMatchObject({ status: 422, pointer: "/name" });
  expect((await finish("ada", password)).principal.name).toBe("ada");
});

test("signing in works by name in any case, and says no more of a wrong name than of a wrong password", async () => {
  const { access } = setUp();
  await firstAdministrator(access);
  expect((await access.signIn(request(), origin, " ADA ", password)).principal.name).toBe("ada");
  const wrongPassword = await problemOf(access.signIn(request(), origin, "ada", "wrong password"));
  const wrongName = await problemOf(access.signIn(request(), origin, "eve", "wrong password"));
  expect(wrongPassword).toMatchObject({ status: 401 });
  expect(wrongName).toEqual(wrongPassword);
});

test("an unknown name costs a hash as a known one does", async () => {
  // High enough that the hash is most of the time, low enough that the test is quick.
  const { access } = setUp({ argon2: { memoryCost: 16_384, timeCost: 2 } });
  await firstAdministrator(access);
  const time = async (name: string) => {
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      const start = performance.now();
      await access.signIn(request(), { ...origin, address: `a${n}` }, name, "wrong password").catch(() => 0);
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  };
  expect(await time("nobody")).toBeGreaterThan((await time("ada")) / 3);
});

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

test("attempts at one account are limited from anywhere, with a time to wait", async () => {
  const { access, clock } = setUp();
  await firstAdministrator(access);
  for (let n = 0; n < 10; n++)
    await problemOf(
      access.signIn(request(), { ...origin, address: `192.0.2.${n}` }, "ada", "wrong password"),
    );
  const refused = await problemOf(
    access.signIn(request(), { ...origin, address: "198.51.100.1" }, "Ada", password),
  );
  expect(refused.status).toBe(429);
  clock.ms += refused.retryAfterSeconds! * 1000;
  expect((await access.signIn(request(), origin, "ada", password)).principal.name).toBe("ada");
});

test("attempts from one address are limited over all accounts", async () => {
  const { access } = setUp();
  await firstAdministrator(access);
  for (let n = 0; n < 30; n++)
    await problemOf(access.signIn(request(), origin, `user-${n}`, "wrong password"));
  expect((await problemOf(access.signIn(request(), origin, "ada", password))).status).toBe(429);
  const elsewhere = { ...origin, address: "198.51.100.1" };
  expect((await access.signIn(request(), elsewhere, "ada", password)).principal.name).toBe("ada");
});

test("attempts at the same time do not get past the limit", async () => {
  const { access } = setUp();
  await firstAdministrator(access);
  const tries = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      problemOf(access.signIn(request(), { ...origin, address: `a${n}` }, "ada", "wrong password")),
    ),
  );
  expect(tries.filter((one) => one.status === 401)).toHaveLength(10);
});

test("many good sign-ins are not limited", async () => {
  const { access } = setUp();
  await firstAdministrator(access);
  for (let n = 0; n < 50; n++) await access.signIn(request(), origin, "ada", password);
});

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
  const again = createAccess(db, { sessionIdleMs: hour, sessionMaxMs: hour, now: () => clock.ms });
  expect(await again.authenticate(withCookie(ada.cookie))).toEqual(ada.principal);
});

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

test("an API token acts by its role, and forms do not concern it", async () => {
  const { access, db } = setUp();
  const token = await createToken(db, { name: "ci", role: "operator" });
  expect(token).toStartWith("atla_");
  const principal = await access.authenticate(bearer(token));
  expect(principal).toMatchObject({ kind: "token", name: "ci", role: "operator" });
  expect((["viewer", "operator", "admin"] as const).map((role) => access.may(principal, role, {}))).toEqual([
    true,
    true,
    false,
  ]);
  access.checkForm(request({ "sec-fetch-site": "cross-site" }), principal, undefined);
});

test("a wrong Bearer header is not made good by a cookie", async () => {
  const { access } = setUp();
  const ada = await firstAdministrator(access);
  for (const authorization of ["Bearer nonsense", "Basic YWRhOng=", `Bearer atla_${"x".repeat(43)}`])
    expect(await access.authenticate(withCookie(ada.cookie, { authorization }))).toBeUndefined();
});

test("a cluster's token may not act for a person, and is bound to the first cluster that uses it", async () => {
  const { access, db } = setUp();
  const { id, token } = await addCluster(db, "production");
  const principal = (await access.authenticateToken(token)) as ClusterPrincipal;
  expect(principal).toMatchObject({ kind: "cluster", cluster: id, name: "production", clusterID: undefined });
  expect(access.may(principal, "viewer")).toBe(false);
  await access.bindCluster(principal, "uid-1");
  await access.bindCluster((await access.authenticateToken(token)) as ClusterPrincipal, "uid-1");
  // Also one that was read before it was bound.
  expect((await problemOf(() => access.bindCluster(principal, "uid-2"))).status).toBe(403);
  const bound = (await access.authenticateToken(token)) as ClusterPrincipal;
  expect(bound.clusterID).toBe("uid-1");
  expect((await problemOf(() => access.bindCluster(bound, "uid-2"))).status).toBe(403);
});

test("two clusters cannot be bound to the same identity", async () => {
  const { access, db } = setUp();
  const [one, two] = [await addCluster(db, "one"), await addCluster(db, "two")];
  await access.bindCluster((await access.authenticateToken(one.token)) as ClusterPrincipal, "uid");
  const second = (await access.authenticateToken(two.token)) as ClusterPrincipal;
  expect((await problemOf(() => access.bindCluster(second, "uid"))).status).toBe(403);
});

test("a token that is in use costs a query a second, and its revocation is seen within one", async () => {
  const { access, db, clock } = setUp();
  const { id, token } = await addCluster(db, "production");
  await access.authenticateToken(token);
  expect(access.authenticateToken(token)).not.toBeInstanceOf(Promise);
  await revokeToken(db, (await listTokens(db, { cluster: id }))[0]!.id);
  clock.ms += 1000;
  expect(await access.authenticateToken(token)).toBeUndefined();
});

test("an expired token is no token", async () => {
  const { access, db, clock } = setUp();
  const token = await createToken(db, { name: "short", role: "viewer", expiresMs: clock.ms + 5000 });
  expect(await access.authenticateToken(token)).toBeDefined();
  clock.ms += 5000;
  expect(await access.authenticateToken(token)).toBeUndefined();
});

test("nothing that is a credential stands in the database", async () => {
  const { access, db } = setUp();
  const setup = (await access.createSetupToken())!;
  const opened = await access.openSetup(request(), origin, setup);
  const ada = await access.finishSetup(withCookie(opened.cookie), origin, "ada", password);
  const secrets = [
    setup,
    password,
    ada.cookie.split(/[=;]/)[1]!,
    await createToken(db, { name: "ci", role: "viewer" }),
    (await addCluster(db, "production")).token,
  ];
  const everything = dump(db);
  expect(everything).toContain("production");
  for (const secret of secrets) expect(everything).not.toContain(secret.replace(/^atl._/, ""));
});

function dump(db: Database): string {
  const tables = db.main
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all();
  return JSON.stringify(tables.map(({ name }) => db.main.query(`SELECT * FROM ${name}`).all()));
}

test("the last administrator can neither be removed nor made less", async () => {
  const { access } = setUp();
  const ada = await firstAdministrator(access);
  const me = ada.principal.userID;
  expect((await problemOf(access.users.remove(me))).status).toBe(409);
  const own = (await access.users.list())[0]!.grants[0]!;
  expect((await problemOf(access.users.changeGrant(own.id, { role: "viewer" }))).status).toBe(409);
  expect(
    (await problemOf(access.users.changeGrant(own.id, { role: "admin", tenant: "default" }))).status,
  ).toBe(409);
  expect((await problemOf(access.users.removeGrant(own.id))).status).toBe(409);
  const bob = await access.users.add("bob", "admin", password);
  expect((await problemOf(access.users.add("BOB", "viewer", password))).status).toBe(409);
  await access.users.changeGrant(own.id, { role: "viewer" });
  expect(await access.authenticate(withCookie(ada.cookie))).toMatchObject({ role: "viewer" });
  expect((await problemOf(access.users.remove(bob))).status).toBe(409);
  await access.users.remove(me);
  expect(await access.authenticate(withCookie(ada.cookie))).toBeUndefined();
  expect((await access.users.list()).map((user) => user.name)).toEqual(["bob"]);
});

test("signing in and out, and what was refused, is recorded with who and from where, and never with what was typed", async () => {
  const entries: AuditEntry[] = [];
  const db = openDatabase(":memory:");
  const audit = { record: async (one: AuditEntry) => void entries.push(one) };
  const access = createAccess(db, {
    sessionIdleMs: hour,
    sessionMaxMs: hour,
    argon2: { memoryCost: 8, timeCost: 1 },
    audit,
  });
  await access.users.add("ada", "admin", password);
  await problemOf(access.signIn(request(), origin, "ada", "wrong password"));
  await problemOf(access.signIn(request(), origin, "my secret password", "x"));
  const { cookie } = await access.signIn(request(), origin, "ADA", password);
  await problemOf(access.changePassword(withCookie(cookie), origin, "wrong", "another password"));
  const changed = await access.changePassword(withCookie(cookie), origin, password, "another password");
  await access.signOut(withCookie(changed.cookie), origin);
  expect(entries.map((one) => [one.actor.name, one.action, one.object, one.result])).toEqual([
    ["", "session.begin", "user ada", "refused"],
    ["", "session.begin", "unknown user", "refused"],
    ["ada", "session.begin", undefined, "ok"],
    ["", "user.password", "user ada", "refused"],
    ["ada", "user.password", "user ada", "ok"],
    ["ada", "session.end", undefined, "ok"],
  ]);
  expect(entries.every((one) => one.address === origin.address)).toBe(true);
  expect(JSON.stringify(entries)).not.toMatch(/secret|wrong|another/);
});

test("nobody is signed in where that cannot be recorded", async () => {
  const db = openDatabase(":memory:");
  const access = createAccess(db, {
    sessionIdleMs: hour,
    sessionMaxMs: hour,
    argon2: { memoryCost: 8, timeCost: 1 },
    audit: { record: () => Promise.reject(new Error("the disk is full")) },
  });
  const id = await access.users.add("ada", "admin", password);
  await expect(access.signIn(request(), origin, "ada", password)).rejects.toThrow("the disk is full");
  expect(await access.sessions.list(id)).toEqual([]);
});
