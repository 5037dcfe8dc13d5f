import { expect, test } from "bun:test";
import { password, setUp, withCookie, problemOf, firstAdministrator } from "./testing.ts";

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
