import { expect, test } from "bun:test";
import { cpuMs } from "../../kit/testing/cpu.ts";
import type { AlertView } from "../../views/alert-model.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import type { Fault } from "../datasource/problems.ts";
import { columnOf, nothingMeasured } from "../datasource/values/measured.ts";
import { defaultRules } from "./defaults.ts";
import { type Alerts, evaluate } from "./evaluate.ts";
import { mutedOf } from "./inhibit.ts";
import { fingerprint, matches, parseMatchers } from "./labels.ts";
import type { Rule } from "./rule.ts";
import { flapKeepMs } from "./state.ts";

const start = 1_000_000_000;
const rule = (more: Partial<Rule> = {}): Rule => ({
  ...defaultRules.find((one) => one.id === "pod-crash-looping")!,
  forMs: 60_000,
  keepMs: 30_000,
  ...more,
});
const disk = (more: Partial<Rule> = {}): Rule => ({
  ...defaultRules.find((one) => one.id === "disk-full")!,
  forMs: 0,
  keepMs: 0,
  ...more,
});

function fault(more: Partial<Fault> = {}): Fault {
  return {
    cluster: "c1",
    kind: "Pod",
    namespace: "shop",
    name: "web-1",
    node: "n1",
    reason: "CrashLoopBackOff",
    message: "container web exited",
    severity: "warning",
    sinceMs: start,
    lastMs: start,
    count: 1,
    group: "Deployment/shop/web",
    ...more,
  };
}

function facts(faults: Fault[], more: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    id: "c1",
    name: "prod",
    live: true,
    now: start,
    faults,
    labelsOf: () => ({}),
    ...nothingMeasured,
    ...more,
  };
}

const full = (share: number, fresh = true) =>
  facts([], {
    column: (_of, group, series) =>
      columnOf(
        fresh
          ? [
              [
                { kind: "Node", namespace: "", name: "n1", node: "n1" },
                new Map([["disk /data", new Map([["share", share]])]]),
              ],
            ]
          : [],
        group,
        series,
      ),
    silent: () => !fresh,
  });

function at(alerts: Alerts, seconds: number, seen: ClusterFacts[], rules: Rule[] = [rule()]) {
  return evaluate({ alerts, rules, facts: seen, owners: new Map(), now: start + seconds * 1000 });
}
const only = (alerts: Alerts): AlertView => {
  expect(alerts.size).toBe(1);
  return [...alerts.values()][0]!;
};

test("an alert is pending until it has held for long enough, and over when it has not for long enough", () => {
  let alerts: Alerts = new Map();
  alerts = at(alerts, 0, [facts([fault()])]);
  expect(only(alerts)).toMatchObject({ state: "pending", kind: "Deployment", object: "web" });
  alerts = at(alerts, 59, [facts([fault()])]);
  expect(only(alerts).state).toBe("pending");
  alerts = at(alerts, 60, [facts([fault()])]);
  expect(only(alerts)).toMatchObject({ state: "firing", firedMs: start + 60_000, sinceMs: start });
  alerts = at(alerts, 61, [facts([])]);
  expect(only(alerts).state).toBe("firing");
  // Back within the time: one alert, not two.
  alerts = at(alerts, 80, [facts([fault({ name: "web-2" })])]);
  expect(only(alerts)).toMatchObject({ state: "firing", firedMs: start + 60_000 });
  alerts = at(alerts, 111, [facts([])]);
  expect(only(alerts)).toMatchObject({ state: "resolved", resolvedMs: start + 111_000 });
  expect(at(alerts, 111 + 3601, [facts([])]).size).toBe(0);
});

test("what never held for long enough is forgotten", () => {
  const alerts = at(at(new Map(), 0, [facts([fault()])]), 10, [facts([])]);
  expect(alerts.size).toBe(0);
});

test("fifty pods of a Deployment are one alert, told with their number", () => {
  const pods = Array.from({ length: 50 }, (_, at) => fault({ name: `web-${at}`, node: `n${at}` }));
  const found = only(at(new Map(), 100, [facts(pods)]));
  expect(found.annotations.summary).toBe("Deployment web: 50 pods: container web exited");
  expect(found.labels).toEqual({
    alertname: "PodCrashLooping",
    severity: "warning",
    cluster: "prod",
    kind: "Deployment",
    name: "web",
    namespace: "shop",
    rule: "pod-crash-looping",
  });
});

test("the name of an alert is of its rule and what it is about, and nothing else", () => {
  const one = only(at(new Map(), 100, [facts([fault()])]));
  const other = only(
    at(new Map(), 500, [
      facts([fault({ name: "web-9", node: "n7", message: "else", severity: "critical" })], {
        name: "renamed",
      }),
    ]),
  );
  expect(other.fingerprint).toBe(one.fingerprint);
  expect(fingerprint("r", { a: "1", b: "2" })).toBe(fingerprint("r", { b: "2", a: "1", c: "" }));
  const names = new Set<string>();
  for (const a of ["1", "2", "a\n", '"'])
    for (const b of ["1", "2", "", "b"]) for (const r of ["r", "s"]) names.add(fingerprint(r, { a, b }));
  expect(names.size).toBe(32);
});

test("a threshold fires at one level and is over at another", () => {
  const rules = [disk()];
  let alerts: Alerts = at(new Map(), 0, [full(0.89)], rules);
  expect(alerts.size).toBe(0);
  alerts = at(alerts, 1, [full(0.91)], rules);
  expect(only(alerts)).toMatchObject({ state: "firing", value: 0.91 });
  expect(only(alerts).annotations.summary).toBe("/data of node n1 is 91 % full");
  alerts = at(alerts, 2, [full(0.88)], rules);
  expect(only(alerts).state).toBe("firing");
  alerts = at(alerts, 3, [full(0.86)], rules);
  expect(only(alerts).state).toBe("resolved");
  alerts = at(alerts, 4, [full(0.89)], rules);
  expect(only(alerts).state).toBe("resolved");
});

test("only one that fires is kept up by the second level: one that is pending has to be beyond the first", () => {
  const rules = [disk({ forMs: 60_000 })];
  let alerts: Alerts = at(new Map(), 0, [full(0.91)], rules);
  expect(only(alerts).state).toBe("pending");
  alerts = at(alerts, 30, [full(0.88)], rules);
  expect(alerts.size).toBe(0);
});

test("what nobody knows of stays as it is: a silent agent, old metrics, a master that has just started", () => {
  const rules = [rule(), disk()];
  const both = { ...full(0.95), faults: [fault()] };
  let alerts: Alerts = at(new Map(), 100, [both], rules);
  expect([...alerts.values()].map((one) => one.state)).toEqual(["firing", "firing"]);
  alerts = at(alerts, 10_000, [facts([], { live: false })], rules);
  expect([...alerts.values()].map((one) => one.state)).toEqual(["firing", "firing"]);
  alerts = at(alerts, 10_001, [{ ...full(0.5, false), faults: [fault()] }], rules);
  expect([...alerts.values()].map((one) => one.state)).toEqual(["firing", "firing"]);
  alerts = at(alerts, 20_000, [{ ...full(0.5), faults: [] }], rules);
  expect([...alerts.values()].map((one) => one.state)).toEqual(["resolved", "resolved"]);
});

test("only time in which one would have seen it counts as quiet", () => {
  const rules = [disk({ keepMs: 60_000 })];
  let alerts: Alerts = at(new Map(), 0, [full(0.95)], rules);
  for (let second = 10; second <= 500; second += 10) alerts = at(alerts, second, [full(0.5, false)], rules);
  alerts = at(alerts, 510, [full(0.5)], rules);
  expect(only(alerts).state).toBe("firing");
  alerts = at(alerts, 561, [full(0.5)], rules);
  expect(only(alerts).state).toBe("resolved");
});

test("one that fires again and again is told as flapping, and has to be quiet for longer", () => {
  const rules = [disk()];
  let alerts: Alerts = new Map();
  for (const [second, share] of [
    [0, 0.95],
    [10, 0.5],
    [20, 0.95],
    [30, 0.5],
    [40, 0.95],
  ] as const)
    alerts = at(alerts, second, [full(share)], rules);
  expect(only(alerts)).toMatchObject({ state: "firing", flapping: true });
  for (const second of [50, 60, 70]) {
    alerts = at(alerts, second, [full(0.5)], rules);
    expect(only(alerts).state).toBe("firing");
  }
  alerts = at(alerts, 41 + flapKeepMs / 1000, [full(0.5)], rules);
  expect(only(alerts).state).toBe("resolved");
});

test("a rule that is switched off or removed takes its alerts along", () => {
  const alerts = at(new Map(), 100, [facts([fault()])]);
  expect(only(at(alerts, 101, [facts([fault()])], [])).state).toBe("resolved");
  expect(only(at(alerts, 101, [facts([fault()])], [rule({ enabled: false })])).state).toBe("resolved");
  expect(only(at(alerts, 101, [], [rule()])).state).toBe("resolved");
});

test("a rule reaches as far as its scope and its tenant", () => {
  const found = (more: Partial<Rule>, owner = "t1") =>
    evaluate({
      alerts: new Map(),
      rules: [rule(more)],
      facts: [facts([fault()], { labelsOf: () => ({ team: "a" }) })],
      owners: new Map([["c1", owner]]),
      now: start + 100_000,
    }).size;
  expect(found({ scope: { clusters: ["prod"] } })).toBe(1);
  expect(found({ scope: { clusters: ["test"] } })).toBe(0);
  expect(found({ scope: { namespaces: ["shop"] } })).toBe(1);
  expect(found({ scope: { namespaces: ["bank"] } })).toBe(0);
  expect(found({ scope: { labels: { team: "a" } } })).toBe(1);
  expect(found({ scope: { labels: { team: "b" } } })).toBe(0);
  expect(found({ tenant: "t1" })).toBe(1);
  expect(found({ tenant: "t1" }, "t2")).toBe(0);
});

test("a node that is down stands for what is wrong on it, a silent agent for everything", () => {
  const rules = defaultRules.map((one) => ({ ...one, forMs: 0 }));
  const node = fault({
    kind: "Node",
    namespace: "",
    name: "n1",
    node: "n1",
    reason: "NotReady",
    group: "Node//n1",
  });
  const other = fault({ name: "api-1", node: "n2", group: "Deployment/shop/api" });
  let alerts = at(new Map(), 1, [facts([node, fault(), other])], rules);
  const muted = () => {
    const names = mutedOf(alerts.values(), [], new Map(), start);
    return [...alerts.values()]
      .filter((one) => names.has(one.fingerprint))
      .map((one) => one.object)
      .sort();
  };
  expect(muted()).toEqual(["web"]);
  const silent = fault({
    kind: "Cluster",
    namespace: "",
    name: "prod",
    node: "",
    reason: "AgentSilent",
    group: "Cluster//prod",
  });
  alerts = at(alerts, 2, [facts([silent, node, fault(), other], { live: false })], rules);
  expect(muted()).toEqual(["api", "n1", "web"]);
});

test("matchers are Alertmanager's, and none that could run on", () => {
  const labels = { namespace: "shop", name: "web-1" };
  const hold = (text: string) => matches(parseMatchers(text), labels);
  expect(hold('namespace="shop"')).toBe(true);
  expect(hold('namespace=shop, name=~"web-.*"')).toBe(true);
  expect(hold('name=~"web"')).toBe(false);
  expect(hold('name!~"api.*"')).toBe(true);
  expect(hold('missing=""')).toBe(true);
  expect(hold('missing!=""')).toBe(false);
  expect(hold('constructor="", toString=~"(a)?(b)?"')).toBe(true);
  for (const bad of [
    "namespace",
    '="x"',
    'a=~"("',
    `a=~"${"a".repeat(201)}"`,
    'a=~"((a{30}){30}){30}"',
    'a=~"(?=x)"',
    'a=b c" d',
  ])
    expect(() => parseMatchers(bad), bad).toThrow();
  const name = "web-5d8f7c9b6d-abcdefghijkmlnop-qrstuv";
  const took = cpuMs(() => {
    for (const value of ["(.|.)".repeat(38), ".?".repeat(90), "(.+)+", ".*.*.*.*", "((.*)*)*"])
      expect(matches(parseMatchers(`name=~"${value}[~!]"`), { name }), value).toBe(false);
  });
  expect(took).toBeLessThan(200);
});

test("a thousand evaluations of the same change nothing, and what was given is not changed", () => {
  const given = facts([fault()]);
  const first = at(new Map(), 100, [given]);
  const kept = structuredClone(first);
  let alerts: Alerts = first;
  for (let second = 101; second < 1101; second++) alerts = at(alerts, second, [given]);
  expect(first).toEqual(kept);
  expect(only(alerts)).toMatchObject({ firedMs: start + 100_000, fired: [start + 100_000] });
});

test("what fired before a start stays as it is until its cluster has told how it is, the agent's silence too", () => {
  const silent = { ...defaultRules.find((one) => one.id === "agent-silent")!, keepMs: 0 };
  const away = fault({ kind: "Cluster", namespace: "", reason: "AgentSilent", group: "Cluster//prod" });
  const judge = (alerts: Alerts, now: number, given: ClusterFacts) =>
    evaluate({ alerts, rules: [silent], facts: [given], owners: new Map(), now });
  const fired = judge(new Map(), start + 60_000, facts([away], { live: false }));
  const [name] = [...fired.keys()];
  const later = start + 3_600_000;
  const starting = judge(fired, later, facts([], { live: false, starting: true }));
  expect(starting.get(name!)).toMatchObject({ state: "firing", sinceMs: start, firedMs: start + 60_000 });
  expect(judge(starting, later + 1, facts([])).get(name!)?.state).toBe("resolved");
});

test("a workload of which nothing is left is no second alert for lacking some while it recovers, nor a disk at 98 % for 90", () => {
  const rules = defaultRules.map((one) => ({ ...one, forMs: 0 }));
  const lacks = (name: string, reason: string) =>
    fault({ kind: "Deployment", name, reason, node: "", group: `Deployment/shop/${name}` });
  let alerts = at(new Map(), 1, [facts([lacks("web", "NoReplicasAvailable")])], rules);
  alerts = at(
    alerts,
    2,
    [facts([lacks("web", "ReplicasUnavailable"), lacks("api", "ReplicasUnavailable")])],
    rules,
  );
  const told = () => {
    const muted = mutedOf(alerts.values(), [], new Map(), start);
    return [...alerts.values()]
      .filter((one) => one.state === "firing" && !muted.has(one.fingerprint))
      .map((one) => `${one.name} ${one.object}`)
      .sort();
  };
  expect(told()).toEqual(["WorkloadDegraded api", "WorkloadUnavailable web"]);
  alerts = at(new Map(), 1, [full(0.98)], rules);
  expect([...alerts.keys()]).toHaveLength(2);
  expect(told()).toEqual(["DiskAlmostOut n1"]);
});
