import { expect, test } from "bun:test";
import { grantsBy, groupRoles } from "./oidc-settings.ts";

test("the mapping of groups says what is wrong with it", () => {
  const { parse } = groupRoles("", "", "");
  expect([...parse("cn=ops,dc=example=admin;*=viewer")]).toEqual([
    ["cn=ops,dc=example", [{ role: "admin" }]],
    ["*", [{ role: "viewer" }]],
  ]);
  for (const wrong of ["ops", "ops=root", "=admin"]) expect(() => parse(wrong)).toThrow("group=role");
  expect(() => parse("a=admin;a=viewer")).toThrow("twice");
  expect(() => parse("a=admin@shop;a=viewer@shop")).toThrow("twice for shop");
  expect(() => parse("a=admin@")).toThrow("group=role");
});

test("a group gives roles in tenants, of each the highest, and nothing in one that there is not", () => {
  const mapping = groupRoles("", "", "").parse(
    "dev=operator@Shop;dev=viewer@web;ops=admin@shop;*=viewer@gone",
  );
  const tenants = new Map([
    ["shop", "t1"],
    ["web", "t2"],
  ]);
  expect(grantsBy(mapping, ["dev", "ops"], tenants)).toEqual([
    { role: "admin", tenant: "t1" },
    { role: "viewer", tenant: "t2" },
  ]);
  expect(grantsBy(mapping, [], tenants)).toEqual([]);
});
