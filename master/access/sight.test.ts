import { expect, test } from "bun:test";
import { sees, seesAll, sightBy } from "./sight.ts";

const clusters = new Map([
  ["c1", "t1"],
  ["c2", "t1"],
  ["c3", "t2"],
]);

test("an installation's grant sees everything, a tenant's what the tenant owns", () => {
  expect(sightBy([{ role: "viewer" }], clusters)).toBe("everything");
  expect(sightBy([{ tenant: "t1", role: "admin" }], clusters)).toEqual(
    new Map([
      ["c1", "all"],
      ["c2", "all"],
    ]),
  );
  expect(sightBy([], clusters)).toEqual(new Map());
});

test("grants add up: the widest part of each cluster counts", () => {
  const sight = sightBy(
    [
      { tenant: "t1", role: "viewer", namespaces: ["shop"] },
      { tenant: "t1", role: "operator", namespaces: ["web"], clusters: ["c1"] },
      { tenant: "t1", role: "viewer", clusters: ["c2"] },
      { tenant: "t2", role: "viewer", clusters: ["c1"] },
    ],
    clusters,
  );
  expect(sight).toEqual(
    new Map<string, "all" | Set<string>>([
      ["c1", new Set(["shop", "web"])],
      ["c2", "all"],
    ]),
  );
  expect(sees(sight, "c1", "web")).toBe(true);
  expect(sees(sight, "c1", "kube-system")).toBe(false);
  expect(sees(sight, "c1", "")).toBe(false);
  expect(sees(sight, "c2", "")).toBe(true);
  expect(sees(sight, "c3", "shop")).toBe(false);
  expect(seesAll(sight, ["c2"])).toBe(true);
  expect(seesAll(sight, ["c1", "c2"])).toBe(false);
});
