import { expect, test } from "bun:test";
import type { ProblemError } from "../../wire/problem.ts";
import { Passwords } from "./password.ts";

const cost = { memoryCost: 8, timeCost: 1 };

test("a hash is argon2id with its cost and a salt of its own", async () => {
  const passwords = new Passwords(cost);
  const [one, two] = [await passwords.hash("the same"), await passwords.hash("the same")];
  expect(one).toStartWith("$argon2id$v=19$m=8,t=1,p=1$");
  expect(one).not.toBe(two);
  expect(await passwords.verify("the same", one)).toBe(true);
  expect(await passwords.verify("another", one)).toBe(false);
  expect(await passwords.verify("anything", undefined)).toBe(false);
});

test("the same letters typed on another keyboard are the same password", async () => {
  const passwords = new Passwords(cost);
  expect(await passwords.verify("cafe\u0301 au lait", await passwords.hash("caf\u00e9 au lait"))).toBe(true);
});

test("a hundred at once are computed in turn, and too many are sent away", async () => {
  const passwords = new Passwords(cost);
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.hash("x".repeat(20))));
  const refused = results.filter((one) => one.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(results.length - refused.length).toBeGreaterThanOrEqual(50);
  for (const one of refused) expect((one.reason as ProblemError).problem.status).toBe(503);
  expect(await passwords.verify("y", await passwords.hash("y"))).toBe(true);
});
