import { expect, test } from "bun:test";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import { columnOf, nothingMeasured, type Subject } from "../datasource/values/measured.ts";
import { defaultRules } from "./defaults.ts";
import { Paced } from "./paced.ts";
import type { Rule } from "./rule.ts";

const start = 1_700_000_000_000;
const minute = 60_000;
const rule: Rule = {
  ...defaultRules[0]!,
  id: "r",
  condition: {
    type: "rate",
    of: "pod",
    group: "usage",
    series: "cpu",
    op: "rises",
    per: "minute",
    trigger: 0.5,
    clear: 0.4,
    windowMs: 60 * minute,
  },
};
const pods = Array.from({ length: 1000 }, (_, at): [Subject, Map<string, Map<string, number>>] => [
  { kind: "Pod", namespace: "shop", name: `p${at}`, node: "" },
  new Map([["usage", new Map([["cpu", 1]])]]),
]);
const was = { firing: () => false, held: () => [] };

function seen(now: number, spinMs = 0) {
  let looked = 0;
  const times = Float64Array.from({ length: 61 }, (_, at) => now - (60 - at) * minute);
  const facts: ClusterFacts = {
    ...nothingMeasured,
    id: "c1",
    name: "prod",
    live: true,
    now,
    faults: [],
    labelsOf: () => ({}),
    column: (_of, group, series) => columnOf(pods, group, series),
    window: () => {
      looked++;
      for (const since = performance.now(); performance.now() - since < spinMs; );
      return { times, values: times.map((_, at) => at) };
    },
  };
  return { facts, looked: () => looked };
}
function find(paced: Paced, facts: ClusterFacts, one = rule) {
  paced.begin();
  const steps = paced.find(one, facts, was);
  let pauses = 0;
  for (;;) {
    const { value, done } = steps.next();
    if (done) return { found: value?.length, pauses };
    pauses++;
  }
}

test("what was found counts until it is due again, or the rule is another", () => {
  const paced = new Paced();
  expect(find(paced, seen(start).facts)).toEqual({ found: 1000, pauses: 10 });
  const soon = seen(start + minute - 1);
  expect(find(paced, soon.facts).found).toBe(1000);
  expect(soon.looked()).toBe(0);
  const due = seen(start + minute);
  expect(find(paced, due.facts).found).toBe(1000);
  expect(due.looked()).toBe(1000);
  const other = seen(start + minute + 1);
  const changed = { ...rule, condition: { ...rule.condition, trigger: 2, clear: 2 } } as Rule;
  expect(find(paced, other.facts, changed).found).toBe(0);
  // A clock that is set back does not make it wait.
  const back = seen(start - 60 * minute);
  find(paced, back.facts, changed);
  expect(back.looked()).toBe(1000);
});

test("where the past was still being read it is looked again soon", () => {
  const paced = new Paced();
  const unread = seen(start);
  expect(find(paced, { ...unread.facts, window: () => undefined }).found).toBe(0);
  expect(find(paced, seen(start + 2999).facts).found).toBe(0);
  expect(find(paced, seen(start + 3000).facts).found).toBe(1000);
});

test("while nobody knows how a cluster is it is not looked at, and at once when somebody does", () => {
  const paced = new Paced();
  expect(find(paced, seen(start).facts).found).toBe(1000);
  const silent = seen(start + 2 * minute);
  expect(find(paced, { ...silent.facts, live: false }).found).toBe(1000);
  expect(silent.looked()).toBe(0);
  const back = seen(start + 2 * minute + 1);
  find(paced, back.facts);
  expect(back.looked()).toBe(1000);
});

test("what takes long goes on in the next judgement, and until then what was found before counts", () => {
  const paced = new Paced(5);
  const first = seen(start, 0.02);
  expect(find(paced, first.facts).found).toBeUndefined();
  expect(first.looked()).toBeLessThan(1000);
  let judgements = 1;
  while (find(paced, first.facts).found === undefined) judgements++;
  expect(judgements).toBeGreaterThan(1);
  expect(first.looked()).toBe(1000);
  const later = seen(start + 2 * minute, 0.02);
  expect(find(paced, later.facts).found).toBe(1000);
  expect(later.looked()).toBeLessThan(1000);
});
