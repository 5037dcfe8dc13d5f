import { expect, test } from "bun:test";
import type { ProblemError } from "../../wire/problem.ts";
import { Limiter } from "./limiter.ts";

const minute = 60_000;

function retryAfter(limiter: Limiter, key: string, nowMs: number): number | undefined {
  try {
    limiter.attempt(key, nowMs);
    return undefined;
  } catch (error) {
    return (error as ProblemError).problem.retryAfterSeconds;
  }
}

test("after the time that it says, one more attempt is let through, wherever in the window one is", () => {
  for (const offset of [0, 1, 20_000, 59_999]) {
    const limiter = new Limiter(5, minute);
    let now = 1_000 * minute + offset;
    for (let n = 0; n < 5; n++) expect(retryAfter(limiter, "a", now)).toBeUndefined();
    for (let round = 0; round < 10; round++) {
      const wait = retryAfter(limiter, "a", now)!;
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(120);
      now += wait * 1000;
      expect(retryAfter(limiter, "a", now)).toBeUndefined();
    }
  }
});

test("no window of its length lets more than the limit and its rounding through", () => {
  const limiter = new Limiter(10, minute);
  const let_through: number[] = [];
  for (let now = 0; now < 10 * minute; now += 500)
    if (retryAfter(limiter, "a", now) === undefined) let_through.push(now);
  for (const start of let_through) {
    const within = let_through.filter((at) => at >= start && at < start + minute).length;
    expect(within).toBeLessThanOrEqual(12);
  }
});

test("keys do not count for each other, and memory is bounded", () => {
  const limiter = new Limiter(1, minute, 100);
  for (let n = 0; n < 1000; n++) expect(retryAfter(limiter, `key ${n}`, 0)).toBeUndefined();
  expect(limiter.size).toBe(100);
  expect(retryAfter(limiter, "key 999", 0)).toBeDefined();
});
