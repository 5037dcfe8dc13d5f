import { expect, test } from "bun:test";
import { fuzzy } from "./palette.ts";

test("whole words come before beginnings, those before parts, and letters in order last", () => {
  const scores = ["restart", "rest", "start", "rstrt"].map((typed) => fuzzy(typed, "Restart rollout"));
  expect(scores).toEqual([5, 4, 2, 1]);
  expect(fuzzy("roll", "Restart rollout")).toBe(3);
});

test("letters that are not there, or in another order, do not fit", () => {
  expect(fuzzy("xyz", "Restart")).toBe(0);
  expect(fuzzy("tser", "Restart")).toBe(0);
  expect(fuzzy("", "Restart")).toBe(0);
});

test("Chinese words are found by a part of them", () => {
  expect(fuzzy("重启", "重启 重新启动")).toBe(5);
  expect(fuzzy("启动", "重启 重新启动")).toBeGreaterThan(0);
});
