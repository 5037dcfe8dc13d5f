import { expect, test } from "bun:test";
import type { PreviewAlert } from "../../../views/rule-preview.ts";
import { random } from "../../control/lab.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { type Column, nothingMeasured } from "../../datasource/values/measured.ts";
import type { Happening } from "../../datasource/values/happening.ts";
import type { Condition } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";
import { atOnce } from "../slices.ts";
import { replayHappenings } from "./happened.ts";
import { replayLine } from "./line.ts";
import { type Occurrence, replayOccurrences } from "./occurrences.ts";
import { ownersBy } from "./owners.ts";
import { Tracked } from "./tracked.ts";

const minute = 60_000;
const begin = Date.UTC(2026, 0, 5);
const owners = new Map([["c", "t"]]);

const rule = (condition: Condition, more: Partial<Rule> = {}): Rule => ({
  id: "r",
  name: "R",
  enabled: true,
  severity: "warning",
  condition,
  forMs: 0,
  keepMs: 0,
  scope: {},
  labels: {},
  annotations: { summary: "s", description: "" },
  ...more,
});
const busy: Condition = {
  type: "threshold",
  group: "cpu",
  series: "usage",
  op: "above",
  trigger: 0.9,
  clear: 0.8,
};
const subject = { kind: "Node", namespace: "", name: "n1", node: "n1" };
const now: ClusterFacts = {
  ...nothingMeasured,
  id: "c",
  name: "prod",
  now: 0,
  live: true,
  faults: [],
  labelsOf: () => ({}),
};

function line(given: Rule, values: number[]) {
  const past = {
    times: Float64Array.from(values, (_, at) => begin + at * minute),
    values: Float64Array.from(values),
  };
  const { group = "cpu", series = "usage" } = given.condition as { group?: string; series?: string };
  const one = { subject, group, series, value: values.at(-1)! };
  return atOnce(replayLine({ rule: given, facts: now, owners, line: one, past, there: true })).all();
}
const told = (alerts: readonly PreviewAlert[]) =>
  alerts.map(({ firedMs, resolvedMs, peak }) => [
    (firedMs - begin) / minute,
    resolvedMs === undefined ? undefined : (resolvedMs - begin) / minute,
    peak,
  ]);

test("a value fires after its time, is over after the other, and its peak is told", () => {
  const values = [0.5, 0.95, 0.5, 0.95, 0.96, 0.99, 0.85, 0.85, 0.7, 0.7, 0.7, 0.5, 0.91, 0.92, 0.93];
  expect(told(line(rule(busy), values))).toEqual([
    [1, 2, 0.95],
    [3, 8, 0.99],
    [12, undefined, 0.93],
  ]);
  expect(told(line(rule(busy, { forMs: 2 * minute, keepMs: 2 * minute }), values))).toEqual([
    [5, 9, 0.99],
    [14, undefined, 0.93],
  ]);
});

test("the steps that are left out change nothing: it is as if each had been judged", () => {
  const next = random(11);
  for (let round = 0; round < 30; round++) {
    const given = rule(busy, {
      forMs: [0, 1, 5][round % 3]! * minute,
      keepMs: [0, 3, 10][round % 3]! * minute,
    });
    let value = 0.7;
    const values = Array.from({ length: 400 }, () => {
      if (next() < 0.05) return Number.NaN;
      value = Math.min(1, Math.max(0.4, value + (next() - 0.5) * 0.2));
      return value;
    });
    const tracked = new Tracked(given, owners);
    let seen = -1;
    for (const [at, one] of values.entries()) {
      if (!Number.isNaN(one)) seen = at;
      tracked.judge({
        ...now,
        now: begin + at * minute,
        column: (): Column => ({ series: "usage", groups: "cpu", subjects: [subject], values: [one] }),
        silent: () => seen >= 0 && seen < at && at - seen < 60,
      });
    }
    expect(line(given, values), `round ${round}`).toEqual(tracked.all());
  }
});

test("a value that rises fast, and one that does not come any more, are found in what has been", () => {
  const rising = Array.from({ length: 300 }, (_, at) =>
    at < 100 ? 0.2 : at < 200 ? 0.2 + (at - 100) / 200 : 0.7,
  );
  const rate = rule({
    type: "rate",
    group: "memory",
    series: "share",
    op: "rises",
    per: "hour",
    trigger: 0.2,
    clear: 0.1,
    windowMs: 30 * minute,
  });
  const [fired, ...others] = told(line(rate, rising));
  expect(others).toEqual([]);
  expect(fired![0]).toBeWithin(101, 130);
  expect(fired![1]).toBeWithin(201, 231);
  const missed = rule({ type: "absence", what: "values" }, { forMs: 5 * minute });
  const gap = Array.from({ length: 60 }, (_, at) => (at >= 20 && at < 40 ? Number.NaN : 1));
  expect(told(line(missed, gap))).toEqual([[24, 40, undefined]]);
});

test("occurrences fire as a group, from when one began until the last is over", () => {
  const one = (name: string, from: number, to: number, group = "Deployment/shop/web"): Occurrence => ({
    fromMs: begin + from * minute,
    toMs: begin + to * minute,
    fault: {
      cluster: "c",
      kind: "Pod",
      namespace: "shop",
      name,
      node: "",
      reason: "CrashLoopBackOff",
      message: "m",
      severity: "warning",
      sinceMs: begin + from * minute,
      lastMs: 0,
      count: 1,
      eventID: name,
      group,
    },
  });
  const given = rule(
    { type: "problem", reasons: ["CrashLoopBackOff"] },
    { forMs: 2 * minute, keepMs: minute },
  );
  const range = { fromMs: begin, toMs: begin + 100 * minute };
  const all = [
    one("a", 5, 20),
    one("b", 15, 30),
    one("c", 40, 41),
    one("d", 90, Number.POSITIVE_INFINITY),
    one("x", 3, 4, "Pod/shop/x"),
  ];
  const found = atOnce(replayOccurrences(given, now, owners, all, range, () => false)).all();
  // The last moment at which it was seen is 1 ms before its end.
  expect(told(found).map((times) => times.slice(0, 2).map((ms) => ms && Math.round(ms!)))).toEqual([
    [7, 31],
    [92, undefined],
  ]);
  expect(found[0]).toMatchObject({ kind: "Deployment", namespace: "shop", object: "web" });
});

test("events fire while so many came within the window", () => {
  const at = (minutes: number, count = 1, lasting = 0): Happening => ({
    kind: "Pod",
    namespace: "shop",
    name: "a",
    node: "",
    reason: "BackOff",
    severity: "warning",
    message: "m",
    lower: "m",
    fromMs: begin + minutes * minute,
    atMs: begin + (minutes + lasting) * minute,
    count,
  });
  const condition = { type: "events", by: "object", count: 3, windowMs: 10 * minute } as const;
  const range = { fromMs: begin, toMs: begin + 100 * minute };
  const found = (all: Happening[]) =>
    told(
      atOnce(replayHappenings(rule(condition), condition, now, owners, all, range, () => false)).all(),
    ).map(([from, to]) => [from, to && Math.round(to)]);
  expect(found([at(1), at(20), at(25), at(29), at(60)])).toEqual([[29, 30]]);
  const [spread] = found([at(10, 40, 40)]);
  expect(spread![0]).toBeWithin(12, 15);
  expect(spread![1]).toBeWithin(51, 61);
});

test("pods that are gone are their workload's by its name, where there is one", () => {
  const there = ["deployment/web", "statefulset/db", "daemonset/log", "cronjob/mail"];
  const owner = ownersBy(
    (_c, _n, pod) => (pod === "known-1" ? "Job/known" : undefined),
    (kind, { name }) => there.includes(`${kind}/${name}`),
  );
  const all: [string, string | undefined][] = [
    ["known-1", "Job/known"],
    ["web-7d9f8c6b5-x2x4z", "Deployment/web"],
    ["db-0", "StatefulSet/db"],
    ["log-abcde", "DaemonSet/log"],
    ["mail-29384756-abcde", "CronJob/mail"],
    ["alone", undefined],
  ];
  for (const [pod, found] of all) expect(owner("c", "shop", pod), pod).toBe(found);
});
