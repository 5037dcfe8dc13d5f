import { expect, test } from "bun:test";
import { Secret, TOTP } from "otpauth";
import { ProblemError } from "../../wire/problem.ts";
import { openDatabase } from "../database/database.ts";
import { noAudit } from "../audit/testing.ts";
import { createAccess } from "./create.ts";

const password = "a long enough password";
const origin = { address: "192.0.2.1", secure: false };

async function start() {
  let now = 1_800_000_000_000;
  const database = openDatabase(":memory:");
  const access = createAccess(database, {
    audit: noAudit,
    sessionIdleMs: 3_600_000,
    sessionMaxMs: 86_400_000,
    argon2: { memoryCost: 8, timeCost: 1 },
    now: () => now,
  });
  const id = await access.users.add("ana", "admin", password);
  const request = (cookie = "") => new Request("http://atlhyper.test/", { headers: { cookie } });
  const first = async () => {
    const { cookie, secondStep } = await access.signIn(request(), origin, "ana", password);
    return { cookie: cookie.split(";")[0]!, secondStep };
  };
  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error) => {
        if (!(error instanceof ProblemError)) throw error;
        return error.problem.status;
      },
    );
  let secret = "";
  const code = (steps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + steps * 30_000 });
  return {
    access,
    database,
    id,
    request,
    first,
    status,
    code,
    pass: (ms: number) => {
      now += ms;
    },
    async enrol() {
      secret = (await access.secondFactors.begin(id, "ana")).secret.replaceAll(" ", "");
      return access.secondFactors.confirm(id, code());
    },
    [Symbol.dispose]: () => database.close(),
  };
}

test("a second factor counts only once a code of it was right", async () => {
  using l = await start();
  const { uri } = await l.access.secondFactors.begin(l.id, "ana");
  expect(uri).toStartWith("otpauth://totp/AtlHyper:ana?");
  expect((await l.first()).secondStep).toBeUndefined();
  expect(await l.status(l.access.secondFactors.confirm(l.id, "000000"))).toBe(422);
  expect(await l.enrol()).toHaveLength(10);
  expect((await l.first()).secondStep).toBe(true);
  expect(await l.status(l.access.secondFactors.begin(l.id, "ana"))).toBe(409);
});

test("the password alone gives no session, the code after it does", async () => {
  using l = await start();
  await l.enrol();
  l.pass(60_000);
  const { cookie } = await l.first();
  expect(await l.access.authenticate(l.request(cookie))).toBeUndefined();
  expect(await l.access.owesCode(l.request(cookie), origin)).toBe(true);
  expect(await l.status(l.access.finishSignIn(l.request(), origin, l.code()))).toBe(401);
  expect(await l.status(l.access.finishSignIn(l.request(cookie), origin, "123456"))).toBe(422);
  const done = await l.access.finishSignIn(l.request(cookie), origin, l.code());
  expect(await l.access.authenticate(l.request(done.cookie.split(";")[0]))).toMatchObject({ name: "ana" });
  // What was between the two is used up.
  expect(await l.status(l.access.finishSignIn(l.request(cookie), origin, l.code(1)))).toBe(401);
});

test("a code is good once, also the one before it, and none that is two steps old", async () => {
  using l = await start();
  await l.enrol();
  l.pass(90_000);
  const check = (steps: number) => l.access.secondFactors.check(l.id, l.code(steps));
  expect(await check(-2)).toBeUndefined();
  expect(await check(0)).toBe("code");
  expect(await check(0)).toBeUndefined();
  expect(await check(-1)).toBeUndefined();
  expect(await check(1)).toBe("code");
});

test("a recovery code is good once, and new ones end the old", async () => {
  using l = await start();
  const codes = await l.enrol();
  l.pass(60_000);
  const { cookie } = await l.first();
  const written = `${codes[0]!.slice(0, 5)}-${codes[0]!.slice(5).toUpperCase()}`;
  await l.access.finishSignIn(l.request(cookie), origin, written);
  expect(await l.access.secondFactors.check(l.id, codes[0]!)).toBeUndefined();
  expect(await l.access.secondFactors.state(l.id)).toEqual({ on: true, codesLeft: 9 });
  const fresh = await l.access.secondFactors.renewCodes(l.id, l.code());
  expect(await l.access.secondFactors.check(l.id, codes[1]!)).toBeUndefined();
  expect(await l.access.secondFactors.check(l.id, fresh[1]!)).toBe("recovery");
});

test("codes cannot be tried through", async () => {
  using l = await start();
  await l.enrol();
  const { cookie } = await l.first();
  const results: number[] = [];
  for (let n = 0; n < 20; n++)
    results.push(await l.status(l.access.finishSignIn(l.request(cookie), origin, String(100_000 + n))));
  expect(results.filter((one) => one === 422).length).toBeLessThanOrEqual(10);
  expect(results.at(-1)).toBe(429);
});

test("what is between password and code ends after ten minutes", async () => {
  using l = await start();
  await l.enrol();
  const { cookie } = await l.first();
  l.pass(11 * 60_000);
  expect(await l.status(l.access.finishSignIn(l.request(cookie), origin, l.code()))).toBe(401);
});

test("neither secret nor codes stand in the database as they are", async () => {
  using l = await start();
  const { secret } = await l.access.secondFactors.begin(l.id, "ana");
  const codes = await l.enrol();
  const text = JSON.stringify([
    l.database.main.query("SELECT * FROM second_factors").all(),
    l.database.main.query("SELECT * FROM recovery_codes").all(),
  ]);
  expect(text).not.toContain(secret.replaceAll(" ", ""));
  for (const code of codes) expect(text).not.toContain(code);
});

test("an invitation makes one user, once, and none when it is too old or revoked", async () => {
  using l = await start();
  const { invitations } = l.access;
  const open = async () => {
    const { id, token } = await invitations.add("ana", "operator", "for Bo", 86_400_000);
    return { id, token, cookie: (await invitations.open(origin, token)).split(";")[0]! };
  };
  const { cookie, token } = await open();
  expect(await invitations.opened(l.request(cookie), origin)).toMatchObject({
    grant: { role: "operator" },
    byName: "ana",
  });
  expect(await l.status(invitations.accept(l.request(cookie), origin, "ana", password))).toBe(409);
  expect(await l.status(invitations.accept(l.request(cookie), origin, "bo", "short"))).toBe(422);
  const both = await Promise.all(
    ["bo", "bea"].map((name) => l.status(invitations.accept(l.request(cookie), origin, name, password))),
  );
  expect(both.toSorted()).toEqual([200, 403]);
  expect(await l.access.users.list()).toHaveLength(2);
  expect(await l.status(invitations.open(origin, token))).toBe(403);
  const revoked = await open();
  await invitations.revoke(revoked.id);
  expect(await l.status(invitations.accept(l.request(revoked.cookie), origin, "cy", password))).toBe(403);
  const late = await open();
  l.pass(86_400_001);
  expect(await l.status(invitations.accept(l.request(late.cookie), origin, "cy", password))).toBe(403);
  expect(JSON.stringify(l.database.main.query("SELECT * FROM invitations").all())).not.toContain(late.token);
});
