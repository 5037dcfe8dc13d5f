import { expect, test } from "bun:test";
import { cut, fieldValue, matchesAny, words } from "./text.ts";

test("long texts are cut, and it shows", () => {
  expect(cut("short", 5)).toBe("short");
  expect(cut("longer", 5)).toBe("long…");
});

test("a value is found by its whole key only, wherever it stands", () => {
  const text = "total_inactive_file 1\ninactive_file 2\nactive_file 3";
  expect(fieldValue("inactive_file", text)).toBe("2");
  expect(fieldValue("total_inactive_file", text)).toBe("1");
  expect(fieldValue("active_file", text)).toBe("3");
  expect(fieldValue("file", text)).toBeUndefined();
});

test("a pattern's stars stand for anything, also for nothing", () => {
  expect(matchesAny("veth12", ["lo", "veth*"])).toBe(true);
  expect(matchesAny("veth", ["veth*"])).toBe(true);
  expect(matchesAny("myveth", ["veth*"])).toBe(false);
  expect(matchesAny("br-1a-x", ["br-*-x"])).toBe(true);
  expect(matchesAny("br-x", ["br-*-x"])).toBe(false);
  expect(matchesAny("abcabc", ["*b*c"])).toBe(true);
  expect(matchesAny("eth0", [])).toBe(false);
});

test("words of a blank line are none", () => {
  expect(words("  \t ")).toEqual([]);
  expect(words(" a\tb  c ")).toEqual(["a", "b", "c"]);
});
