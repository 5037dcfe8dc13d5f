import { expect, test } from "bun:test";
import { Agents } from "./agents.ts";

test("an agent that was restarted is one, two that both go on asking are two", () => {
  let now = 1_000_000;
  const agents = new Agents(() => now);
  const hear = (run: string, startedMs: number) => agents.hear("c", run, startedMs).leads;
  expect(agents.count("c")).toBe(0);
  expect(hear("a", now)).toBe(true);
  now += 50_000;
  hear("a", 1_000_000);
  now += 1000;
  const restarted = now;
  expect(hear("b", restarted)).toBe(true);
  expect(agents.count("c")).toBe(1);
  for (let at = 0; at < 4; at++) {
    now += 50_000;
    expect(hear("a", 1_000_000)).toBe(false);
    expect(hear("b", restarted)).toBe(true);
  }
  expect(agents.count("c")).toBe(2);
  now += 70_000;
  hear("b", restarted);
  now += 10_000;
  expect(agents.count("c")).toBe(1);
  expect(agents.hear("c", undefined, undefined).leads).toBe(true);
});

test("an agent whose clock is an hour fast is noticed beside another, too", () => {
  let now = 1_000_000;
  const agents = new Agents(() => now);
  for (let at = 0; at < 4; at++) {
    agents.hear("c", "right", 900_000);
    expect(agents.hear("c", "fast", 900_000 + 3_600_000).leads).toBe(true);
    now += 40_000;
  }
  expect(agents.count("c")).toBe(2);
});
