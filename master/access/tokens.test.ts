import { expect, test } from "bun:test";
import { addCluster } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { createToken, listTokens, revokeToken } from "../database/tokens.ts";
import type { ClusterPrincipal } from "./principal.ts";
import {
  origin,
  password,
  setUp,
  request,
  withCookie,
  problemOf,
  firstAdministrator,
  bearer,
} from "./testing.ts";

function dump(db: Database): string {
  const tables = db.main
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all();
  return JSON.stringify(tables.map(({ name }) => db.main.query(`SELECT * FROM ${name}`).all()));
}

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
