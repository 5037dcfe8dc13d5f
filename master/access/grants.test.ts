import { expect, test } from "bun:test";
import { intersection, isWithin, mayAct, mayGive } from "./grants.ts";
import { type Grant, roles, type Where } from "./principal.ts";

const owners: Record<string, string> = { c1: "t1", c2: "t1", c3: "t2" };
const tenantOf = (cluster: string) => owners[cluster];

test("a grant holds in its tenant, clusters and namespaces, and nowhere else", () => {
  const grant: Grant = { tenant: "t1", role: "operator", clusters: ["c1"], namespaces: ["shop"] };
  const may = (where?: Where) => mayAct([grant], "operator", where, tenantOf);
  expect(may()).toBe(true);
  expect(may({ cluster: "c1", namespace: "shop" })).toBe(true);
  for (const where of [
    {},
    { tenant: "t1" },
    { cluster: "c1" },
    { cluster: "c1", namespace: "web" },
    { cluster: "c2", namespace: "shop" },
    { cluster: "c3", namespace: "shop" },
    { cluster: "gone", namespace: "shop" },
    { namespace: "shop" },
  ])
    expect(may(where)).toBe(false);
  expect(mayAct([grant], "admin", { cluster: "c1", namespace: "shop" }, tenantOf)).toBe(false);
});

test("a cluster that was given to another tenant is out of a grant that names it", () => {
  const grants: Grant[] = [{ tenant: "t1", role: "viewer", clusters: ["c3"] }];
  expect(mayAct(grants, "viewer", { cluster: "c3" }, tenantOf)).toBe(false);
});

test("only a grant without a tenant is for the installation and for clusters that nobody owns", () => {
  expect(mayAct([{ role: "admin" }], "admin", {}, tenantOf)).toBe(true);
  expect(mayAct([{ role: "admin" }], "admin", { cluster: "gone" }, tenantOf)).toBe(true);
  expect(mayAct([{ tenant: "t1", role: "admin" }], "viewer", {}, tenantOf)).toBe(false);
});

test("an administrator gives no more than they have, and nobody else gives anything", () => {
  const own: Grant[] = [{ tenant: "t1", role: "admin", clusters: ["c1"] }];
  expect(mayGive(own, { tenant: "t1", role: "admin", clusters: ["c1"] })).toBe(true);
  expect(mayGive(own, { tenant: "t1", role: "viewer", clusters: ["c1"], namespaces: ["a"] })).toBe(true);
  expect(mayGive(own, { tenant: "t1", role: "viewer" })).toBe(false);
  expect(mayGive(own, { tenant: "t1", role: "viewer", clusters: ["c1", "c2"] })).toBe(false);
  expect(mayGive(own, { role: "viewer", clusters: ["c1"] })).toBe(false);
  expect(mayGive([{ tenant: "t1", role: "operator" }], { tenant: "t1", role: "viewer" })).toBe(false);
});

/** All grants over two tenants, three clusters and two namespaces. */
function* grants(): Generator<Grant> {
  for (const role of roles)
    for (const tenant of [undefined, "t1", "t2"])
      for (const clusters of [undefined, ["c1"], ["c1", "c2"], ["c3"]])
        for (const namespaces of [undefined, ["a"], ["a", "b"]])
          yield {
            role,
            ...(tenant ? { tenant } : {}),
            ...(clusters ? { clusters } : {}),
            ...(namespaces ? { namespaces } : {}),
          };
}
const places: Where[] = [{}, { tenant: "t1" }, { tenant: "t2" }];
for (const cluster of ["c1", "c2", "c3"])
  for (const namespace of [undefined, "a", "b"])
    places.push({ cluster, ...(namespace ? { namespace } : {}) });

test("what two grants have in common allows what both allow, and what lies within another no more than that", () => {
  const all = [...grants()];
  for (const one of all)
    for (const other of all) {
      const shared = intersection([one], [other]);
      const inside = isWithin(one, other);
      for (const role of roles)
        for (const where of places) {
          const [a, b] = [one, other].map((grant) => mayAct([grant], role, where, tenantOf));
          if (mayAct(shared, role, where, tenantOf) !== (a && b))
            throw new Error(JSON.stringify({ one, other, shared, role, where }));
          if (inside && a && !b) throw new Error(JSON.stringify({ one, other, role, where }));
        }
    }
  expect(all.length).toBe(108);
});
