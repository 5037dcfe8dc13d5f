import { expect, test } from "bun:test";
import type { Subject } from "../../../views/digest-model.ts";
import { alertOf } from "../../notify/testing.ts";
import { subjectOf } from "../../database/digests.ts";
import { type Happening, Summing } from "./summary.ts";

const hour = 3_600_000;
const subject = (name: string, rule = "crash", cluster = "prod"): [string, Subject] => [
  name,
  { ...subjectOf(alertOf(name)), fingerprint: name, rule, name: rule, labels: { cluster } },
];
const subjects = new Map([
  subject("a"),
  subject("b"),
  subject("c", "disk", "edge"),
  subject("d", "disk", "edge"),
]);
const sum = (
  all: [number, string, Happening["what"]][],
  firing: [string, number][] = [],
  began: Record<string, number> = {},
) => {
  const summing = new Summing(subjects, (one) => began[one]);
  for (const [hours, fingerprint, what] of all) summing.add({ fingerprint, atMs: hours * hour, what });
  return summing.end(new Map(firing.map(([one, hours]) => [one, hours * hour])), 24 * hour);
};

test("what fired is counted by rule and cluster, with what lasted longest, came most often and flapped", () => {
  const { rules, clusters, longest, frequent, flapping, ...rest } = sum(
    [
      [1, "a", "firing"],
      [2, "a", "resolved"],
      [3, "a", "firing"],
      [4, "a", "resolved"],
      [5, "a", "firing"],
      [5, "a", "flapping"],
      [6, "c", "firing"],
      [9, "c", "resolved"],
    ],
    [["a", 5]],
  );
  expect(rest).toEqual({ fired: 4, resolved: 3 });
  expect(rules.items.map(({ name, count }) => [name, count])).toEqual([
    ["crash", 3],
    ["disk", 1],
  ]);
  expect(clusters.items).toEqual([
    { name: "prod", count: 3 },
    { name: "edge", count: 1 },
  ]);
  expect(longest.items.map(({ of, ms, going }) => [of.fingerprint, ms / hour, going])).toEqual([
    ["a", 19, true],
    ["c", 3, false],
  ]);
  expect(frequent.items.map(({ of, count }) => [of.fingerprint, count])).toEqual([["a", 3]]);
  expect(flapping.items.map(({ of }) => of.fingerprint)).toEqual(["a"]);
});

test("what began before the time lasts from when it began, and what only lasts through it did not fire in it", () => {
  const { fired, resolved, rules, longest } = sum([[2, "b", "resolved"]], [["d", -30]], { b: -10 * hour });
  expect({ fired, resolved, rules: rules.total }).toEqual({ fired: 0, resolved: 1, rules: 0 });
  expect(longest.items.map(({ of, ms, going }) => [of.fingerprint, ms / hour, going])).toEqual([
    ["d", 54, true],
    ["b", 12, false],
  ]);
  // Nobody knows when it began.
  expect(sum([[2, "b", "resolved"]]).longest.total).toBe(0);
});

test("what is not the reader's, or not known, counts nowhere", () => {
  expect(sum([[1, "other", "firing"]], [["other", 1]])).toMatchObject({ fired: 0, longest: { total: 0 } });
});

test("random courses: what fired and what was over add up with what fires in the end", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let run = 0; run < 200; run++) {
    const names = [...subjects.keys()];
    const firing = new Map<string, number>();
    const all: [number, string, Happening["what"]][] = [];
    for (let n = 0; n < 60; n++) {
      const name = names[random(names.length)]!;
      const hours = n * 0.4;
      if (firing.delete(name)) all.push([hours, name, "resolved"]);
      else {
        firing.set(name, hours);
        all.push([hours, name, "firing"]);
      }
    }
    const { fired, resolved, rules, clusters, longest } = sum(all, [...firing]);
    expect(fired - resolved).toBe(firing.size);
    for (const { items } of [rules, clusters])
      expect(items.reduce((sum, one) => sum + one.count, 0)).toBe(fired);
    for (const { ms } of longest.items) expect(ms).toBeGreaterThan(0);
  }
});
