import { expect, test } from "bun:test";
import { anyUser } from "../database/users.ts";
import { origin, password, setUp, request, withCookie, problemOf } from "./testing.ts";

test("the setup link signs the first administrator in once, and allows nothing but setting a password", async () => {
  const { access, db } = setUp();
  expect(await anyUser(db)).toBe(false);
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
  expect(await anyUser(db)).toBe(true);
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
