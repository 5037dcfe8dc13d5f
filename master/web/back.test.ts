import { expect, test } from "bun:test";
import { safeBack } from "./back.ts";

test("one goes back to a path of our own, with its query", () => {
  for (const good of ["/", "/pods", "/pods?cluster=a&q=%2F%2Fx", "/events?q=http://x"])
    expect(safeBack(good)).toBe(good);
});

test("nothing leads to another site", () => {
  for (const bad of [
    null,
    undefined,
    "",
    "pods",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "/a\r\nset-cookie: x=1",
    `/${"a".repeat(5000)}`,
  ])
    expect(safeBack(bad)).toBe("/");
});
