import { expect, test } from "bun:test";
import type { AuditEntry } from "../audit/audit.ts";
import { openDatabase } from "../database/database.ts";
import { createAccess } from "./create.ts";
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
  // By turns, and the quickest of each: others may use the machine meanwhile.
  const quickest = { nobody: Number.POSITIVE_INFINITY, ada: Number.POSITIVE_INFINITY };
  for (let n = 0; n < 6; n++)
    for (const name of ["nobody", "ada"] as const) {
      const start = performance.now();
      await access.signIn(request(), { ...origin, address: `a${n}` }, name, "wrong password").catch(() => 0);
      quickest[name] = Math.min(quickest[name], performance.now() - start);
    }
  expect(quickest.nobody).toBeGreaterThan(quickest.ada / 3);
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
