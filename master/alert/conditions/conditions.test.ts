import { describe, expect, test } from "bun:test";
import type { AlertView } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Happening } from "../../datasource/values/happening.ts";
import {
  columnOf,
  type Missing,
  nothingMeasured,
  type Points,
  type Subject,
} from "../../datasource/values/measured.ts";
import { defaultRules } from "../defaults.ts";
import { type Alerts, evaluate } from "../evaluate.ts";
import type { Rule } from "../rule.ts";
import { checkRule } from "../rule.ts";
import { globIn } from "./glob.ts";
import type { Condition, ConditionOf } from "./schema.ts";

const start = 1_700_000_000_000;
const minute = 60_000;
const hour = 60 * minute;

const rule = (condition: Condition, more: Partial<Rule> = {}): Rule => ({
  ...defaultRules[0]!,
  id: "r",
  name: "R",
  condition,
  forMs: 0,
  keepMs: 0,
  annotations: { summary: "{{ name }}: {{ message }}", description: "" },
  ...more,
});
const facts = (more: Partial<ClusterFacts> = {}): ClusterFacts => ({
  id: "c1",
  name: "prod",
  live: true,
  now: start,
  faults: [],
  labelsOf: () => ({}),
  ...nothingMeasured,
  ...more,
});
const node: Subject = { kind: "Node", namespace: "", name: "n1", node: "n1" };
const subject = (kind: string, namespace: string, name: string): Subject => ({
  kind,
  namespace,
  name,
  node: "",
});

/** What one line has had, a value a minute until now. */
function past(value: (minutes: number) => number, minutes = 360): Points {
  const times = Float64Array.from({ length: minutes + 1 }, (_, at) => start - (minutes - at) * minute);
  return { times, values: times.map((_, at) => value(at)) };
}
function lineFacts(
  points: Points | undefined,
  group: string,
  series: string,
  more: Partial<ClusterFacts> = {},
) {
  const values = new Map([[group, new Map([[series, points?.values.at(-1) ?? 1]])]]);
  if (series === "share") values.get(group)!.set("total", 1000 * 2 ** 30);
  return facts({
    column: (_of, one, name) => columnOf([[node, values]], one, name),
    window: () => points,
    ...more,
  });
}
const judge = (one: Rule, seen: ClusterFacts, alerts: Alerts = new Map()) =>
  evaluate({ alerts, rules: [one], facts: [seen], owners: new Map(), now: seen.now });
const only = (alerts: Alerts): AlertView => {
  expect(alerts.size).toBe(1);
  return [...alerts.values()][0]!;
};

describe("a forecast", () => {
  const condition: ConditionOf<"forecast"> = {
    type: "forecast",
    group: "disk *",
    series: "share",
    op: "rises",
    level: 1,
    floor: 0.5,
    windowMs: 6 * hour,
    withinMs: 24 * hour,
    clearMs: 48 * hour,
  };
  const growing = (perHour: number, now: number) => past((at) => now - (perHour * (360 - at)) / 60);

  test("says when a disk is full, and at which rate", () => {
    const found = only(judge(rule(condition), lineFacts(growing(0.02, 0.86), "disk /data", "share")));
    expect(found).toMatchObject({ state: "firing", kind: "Node", object: "n1" });
    expect(found.labels).toMatchObject({ mount: "/data" });
    expect(found.annotations.summary).toBe("n1: disk /data reaches 100 % in about 7 h at 20 GiB/h, now 86 %");
    const told = rule(condition, {
      annotations: {
        summary: "{{ mount }} of {{ node }} is full in about {{ in }} at {{ rate }}",
        description: "",
      },
    });
    const { annotations } = only(judge(told, lineFacts(growing(0.02, 0.86), "disk /data", "share")));
    expect(annotations.summary).toBe("/data of n1 is full in about 7 h at 20 GiB/h");
  });

  test("fires within the one time, and is over beyond the other", () => {
    const at = (perHour: number, alerts?: Alerts) =>
      judge(rule(condition), lineFacts(growing(perHour, 0.6), "disk /", "share"), alerts);
    // Full in 40 h, in 20 h, in 40 h, in 80 h.
    expect(at(0.01).size).toBe(0);
    const firing = at(0.02);
    expect(only(firing).state).toBe("firing");
    expect(only(at(0.01, firing)).state).toBe("firing");
    expect(only(at(0.005, firing)).state).toBe("resolved");
  });

  test("says nothing below its floor, of noise, a sawtooth, a step, or what shrinks", () => {
    const noise = (at: number) => 0.9 + (((at * 7919) % 101) - 50) / 5000;
    for (const points of [
      growing(0.05, 0.45),
      past(noise),
      past((at) => 0.6 + (at % 90) / 300),
      past((at) => (at < 300 ? 0.6 : 0.8)),
      past((at) => 0.9 - at / 3600),
    ])
      expect(judge(rule(condition), lineFacts(points, "disk /", "share")).size).toBe(0);
  });

  test("that comes with AtlHyper says nothing in a week of disks as they are, and tells of one that fills", () => {
    const soon = defaultRules.find((one) => one.id === "disk-full-soon")!;
    const random = (at: number) => (((at * 7919 + 13) % 1009) / 1009 - 0.5) / 500;
    const day = 24 * 60;
    const week = 7 * day;
    const healthy: ((at: number) => number)[] = [
      // Logs that are rotated at night, and grow faster by day.
      (at) => 0.7 + ((at % day) / day) * 0.06 + Math.sin((at / day) * 2 * Math.PI) / 200,
      // A backup that is written at two, and taken away at six.
      (at) => 0.6 + (at % day > 120 && at % day < 360 ? Math.min(0.2, ((at % day) - 120) / 600) : 0),
      // Images that are pulled by day, until the kubelet clears them away at 85 %.
      (at) => 0.55 + ((at % (2 * day)) / (2 * day)) * 0.3,
      // A database that grows by a percent a day.
      (at) => 0.8 + at / day / 100,
      // Compaction: up and down every hour.
      (at) => 0.85 + ((at % 60) / 60) * 0.05,
      // Releases that are unpacked now and then, and stay.
      (at) => 0.6 + Math.floor(at / 700) * 0.02,
    ];
    const fires = (value: (at: number) => number, now: number) => {
      const points = past((at) => value(now - 360 + at) + random(now + at));
      return judge({ ...soon, forMs: 0 }, lineFacts(points, "disk /", "share")).size;
    };
    for (const [number, value] of healthy.entries())
      for (let now = 360; now < week; now += 37) expect(fires(value, now), `${number} at ${now}`).toBe(0);
    expect(fires((at) => 0.6 + (at / day) * 0.45, 480)).toBe(1);
  });

  test("leaves an alert as it is while the past is not known, as after a restart", () => {
    const firing = judge(rule(condition), lineFacts(growing(0.02, 0.86), "disk /", "share"));
    const after = judge(rule(condition), lineFacts(undefined, "disk /", "share"), firing);
    expect(only(after).state).toBe("firing");
  });

  test("looks at as much of the past as it says, before it says anything", () => {
    const short = past((at) => 0.8 + at / 1000, 100);
    expect(judge(rule(condition), lineFacts(short, "disk /", "share")).size).toBe(0);
  });

  test("is refused where its times or levels contradict each other", () => {
    const bad = (more: object, pointer: string) =>
      expect(() => checkRule(rule({ ...condition, ...more } as Condition))).toThrow(
        expect.objectContaining({ problem: expect.objectContaining({ pointer }) }),
      );
    bad({ clearMs: hour }, "/clearMs");
    bad({ withinMs: 61 * hour, clearMs: 62 * hour }, "/withinMs");
    bad({ floor: 2 }, "/floor");
  });
});

describe("a change", () => {
  const condition: ConditionOf<"rate"> = {
    type: "rate",
    group: "memory",
    series: "used",
    op: "rises",
    per: "hour",
    trigger: 2 ** 30,
    clear: 2 ** 29,
    windowMs: hour,
  };
  const at = (gibPerHour: number, alerts?: Alerts, more: Partial<typeof condition> = {}) =>
    judge(
      rule({ ...condition, ...more }),
      lineFacts(
        past((minutes) => 2 ** 33 + (gibPerHour * 2 ** 30 * minutes) / 60, 60),
        "memory",
        "used",
      ),
      alerts,
    );

  test("fires at one rate and is over at another, one way only", () => {
    expect(at(0.9).size).toBe(0);
    const firing = at(1.5);
    expect(only(firing).annotations.summary).toBe("n1: memory used rises by 1.5 GiB/h, now 9.5 GiB");
    expect(only(at(0.7, firing)).state).toBe("firing");
    expect(only(at(0.3, firing)).state).toBe("resolved");
    expect(at(-3).size).toBe(0);
    expect(only(at(-3, undefined, { op: "falls" })).annotations.summary).toContain("falls by 3 GiB/h");
  });

  test("is not moved by a single value", () => {
    const spike = past((minutes) => (minutes === 30 ? 2 ** 40 : 2 ** 33), 60);
    expect(judge(rule(condition), lineFacts(spike, "memory", "used")).size).toBe(0);
  });
});

describe("a threshold", () => {
  const pods: [Subject, Map<string, Map<string, number>>][] = ["shop", "bank"].map((namespace) => [
    subject("Pod", namespace, "web-1"),
    new Map([["usage", new Map([["memory of limit", 0.97]])]]),
  ]);
  const spaces = new Map([
    ["shop", [0, 1] as const],
    ["bank", [1, 2] as const],
  ]);
  const seen = facts({ column: (_of, group, series) => ({ ...columnOf(pods, group, series), spaces }) });
  const condition: Condition = {
    type: "threshold",
    of: "pod",
    group: "usage",
    series: "memory of limit",
    op: "above",
    trigger: 0.95,
    clear: 0.9,
  };

  test("over pods is about each, in the namespaces of its scope", () => {
    expect(judge(rule(condition), seen).size).toBe(2);
    const found = only(judge(rule(condition, { scope: { namespaces: ["shop"] } }), seen));
    expect(found).toMatchObject({ kind: "Pod", namespace: "shop", object: "web-1", value: 0.97 });
    expect(found.annotations).toMatchObject({ measure: "usage/memory of limit", value: "97 %" });
    expect(judge(rule(condition, { scope: { labels: { app: "web" } } }), seen).size).toBe(0);
  });

  test("over nodes is named as it always was", () => {
    const disk = lineFacts(
      past(() => 0.95),
      "disk /data",
      "share",
    );
    const old = rule({
      type: "threshold",
      group: "disk *",
      series: "share",
      op: "above",
      trigger: 0.9,
      clear: 0.87,
    });
    expect([...judge(old, disk).keys()]).toEqual(["3f40133e1ff5e497"]);
  });
});

describe("an absence", () => {
  const missed = (more: Partial<Missing> = {}): Missing => ({
    subject: node,
    group: "disk /data",
    series: "used",
    lastMs: start - 5 * minute,
    ...more,
  });
  const values: Condition = { type: "absence", what: "values", group: "disk /data", series: "used" };

  test("is since the values were there last, and fires when that is long enough", () => {
    const seen = facts({ missing: () => [missed()] });
    const found = only(judge(rule(values, { forMs: 4 * minute }), seen));
    expect(found).toMatchObject({ state: "firing", sinceMs: start - 5 * minute });
    expect(found.annotations.message).toBe("no values of disk /data used come any more");
    expect(only(judge(rule(values, { forMs: 6 * minute }), seen)).state).toBe("pending");
    expect(only(judge(rule(values), facts(), judge(rule(values), seen))).state).toBe("resolved");
  });

  test("gives what was missed before to what looks for it, as after a restart", () => {
    const firing = judge(rule(values), facts({ missing: () => [missed()] }));
    let held: readonly Missing[] = [];
    const seen = facts({
      missing: (_of, _group, _series, before = []) => {
        held = before;
        return before;
      },
    });
    expect(only(judge(rule(values), seen, firing)).state).toBe("firing");
    expect(held).toEqual([missed()]);
  });

  test("of objects is about those with the kinds and names it says", () => {
    const gone = ["api", "web-1", "other"].map((name) =>
      missed({ subject: subject("Deployment", "shop", name), group: "", series: "" }),
    );
    const seen = facts({ gone: (kind) => (kind === "Deployment" ? gone : []) });
    const condition: Condition = {
      type: "absence",
      what: "object",
      kinds: ["Deployment"],
      names: ["api", "web-*"],
    };
    expect([...judge(rule(condition), seen).values()].map((one) => one.object)).toEqual(["api", "web-1"]);
    expect(judge(rule(condition, { scope: { namespaces: ["bank"] } }), seen).size).toBe(0);
    expect(() => checkRule(rule({ ...condition, kinds: ["Pod"] }))).toThrow("come and go");
    expect(() => checkRule(rule({ type: "absence", what: "object", names: ["a"] }))).toThrow("which kinds");
    expect(() => checkRule(rule({ type: "absence", what: "values", group: "cpu" }))).toThrow("a name");
  });
});

describe("events", () => {
  const happened = (minutesAgo: number, more: Partial<Happening> = {}): Happening => {
    const message = more.message ?? "Back-off pulling image";
    return {
      kind: "Pod",
      namespace: "shop",
      name: "web-1",
      node: "n1",
      reason: "BackOff",
      severity: "warning",
      fromMs: start - minutesAgo * minute,
      atMs: start - minutesAgo * minute,
      count: 1,
      ...more,
      message,
      lower: message.toLowerCase(),
    };
  };
  const condition: ConditionOf<"events"> = {
    type: "events",
    reasons: ["BackOff"],
    by: "object",
    count: 3,
    windowMs: hour,
  };
  const at = (events: Happening[], more: Partial<typeof condition> = {}, alerts?: Alerts) =>
    judge(rule({ ...condition, ...more }), facts({ events: () => events }), alerts);

  test("are counted by object within a window, those that match", () => {
    const three = [happened(50), happened(30), happened(10, { message: "the newest" })];
    const found = only(at(three));
    expect(found).toMatchObject({ kind: "Pod", object: "web-1", namespace: "shop", value: 3 });
    expect(found.annotations.message).toBe("3 events within 1 h, the newest BackOff: the newest");
    expect(at([happened(61), happened(30), happened(10)]).size).toBe(0);
    expect(at([...three.slice(1), happened(5, { name: "web-2" })]).size).toBe(0);
    expect(at([...three.slice(1), happened(5, { reason: "Other" })]).size).toBe(0);
    expect(at([...three.slice(1), happened(5, { severity: "info" })]).size).toBe(0);
    const found2 = only(at([...three.slice(1), happened(5, { name: "web-2" })], { by: "namespace" }));
    expect(found2).toMatchObject({ kind: "Namespace", object: "shop" });
    expect(only(at([...three.slice(1), happened(5, { namespace: "bank" })], { by: "cluster" })).object).toBe(
      "prod",
    );
  });

  test("that came again count as often as they came within the window", () => {
    const often = happened(0, { fromMs: start - 4 * hour, count: 12 });
    expect(only(at([often])).value).toBe(3);
    expect(at([often], { count: 4 }).size).toBe(0);
  });

  test("are matched by their message, whatever the case", () => {
    const three = [1, 2, 3].map((minutes) => happened(minutes));
    expect(at(three, { message: "back-off * IMAGE" }).size).toBe(1);
    expect(at(three, { message: "image * back-off" }).size).toBe(0);
  });

  test("that are still read leave an alert as it is", () => {
    const firing = at([1, 2, 3].map((minutes) => happened(minutes)));
    expect(only(judge(rule(condition), facts({ events: () => undefined }), firing)).state).toBe("firing");
    expect(only(at([], {}, firing)).state).toBe("resolved");
  });
});

describe("a certificate", () => {
  const day = 24 * hour;
  const condition: ConditionOf<"certificate"> = {
    type: "certificate",
    withinMs: 14 * day,
    clearMs: 15 * day,
  };
  const lives = (daysLeft: number, days = 90, name = "web") => ({
    namespace: "shop",
    name,
    notBefore_ms: start + (daysLeft - days) * day,
    notAfter_ms: start + daysLeft * day,
  });
  const at = (all: ReturnType<typeof lives>[] | undefined, alerts?: Alerts) =>
    judge(rule(condition), facts({ certificates: () => all }), alerts);

  test("is told of before it expires, and until another is there", () => {
    expect(at([lives(14.1), lives(89)]).size).toBe(0);
    const firing = at([lives(13.5)]);
    expect(only(firing)).toMatchObject({ kind: "Secret", namespace: "shop", object: "web" });
    expect(only(firing).annotations.message).toBe("the certificate expires in 13 d, on 2023-11-28");
    expect(only(at([lives(14.5)], firing)).state).toBe("firing");
    expect(only(at([lives(90)], firing)).state).toBe("resolved");
    expect(only(at([], firing)).state).toBe("resolved");
    expect(only(at(undefined, firing)).state).toBe("firing");
    expect(only(at([lives(-3)])).annotations.message).toBe("the certificate expired on 2023-11-11, 3 d ago");
  });

  test("that lives for a short time is told of when a fifth of that is left", () => {
    expect(at([lives(1, 2), lives(3, 7)]).size).toBe(0);
    expect(only(at([lives(0.15, 1)])).annotations.message).toContain("expires in 3 h");
    expect(at([lives(13, 90)]).size).toBe(1);
  });
});

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
  const since = performance.now();
  globIn(`${"a*".repeat(100)}b`, "a".repeat(8192), false);
  expect(performance.now() - since).toBeLessThan(50);
});
