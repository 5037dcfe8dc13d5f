import { expect, test } from "bun:test";
import { cpuMs } from "../../../kit/testing/cpu.ts";
import { globIn } from "./glob.ts";

test("patterns are looked for part by part, in no more time than the text is long", () => {
  for (const [pattern, text, whole] of [
    ["web-*", "web-1", true],
    ["*-1", "web-1", true],
    ["w*b*1", "web-1", true],
    ["*", "", true],
    ["a*a", "aa", true],
    ["b*c", "abcd", false],
    ["", "x", false],
  ] as const)
    expect(globIn(pattern, text, whole), `${pattern} ${text}`).toBe(true);
  for (const [pattern, text, whole] of [
    ["web-*", "api-web-1", true],
    ["a*a", "a", true],
    ["a*b", "ba", true],
    ["c*b", "abcd", false],
    ["a.c", "abc", false],
  ] as const)
    expect(globIn(pattern, text, whole), `${pattern} ${text}`).toBe(false);
  expect(cpuMs(() => globIn(`${"a*".repeat(100)}b`, "a".repeat(8192), false))).toBeLessThan(50);
});
