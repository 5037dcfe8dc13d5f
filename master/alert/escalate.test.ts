import { expect, test } from "bun:test";
import type { AlertView, EscalationView, Muted } from "../../views/alert-model.ts";
import { alertView } from "../../views/testing/viewing.ts";
import { type EscalationState, escalate, nextStep, stateID } from "./escalate.ts";
import { decide, type Group, type GroupingChannel } from "./group.ts";

const minute = 60_000;
const start = 1_700_000_000_000;
const never = [{ name: "name", op: "=" as const, value: "nothing" }];

const channel = (id: string, more: Partial<GroupingChannel> = {}): GroupingChannel => ({
  id,
  enabled: true,
  severities: [],
  matchers: never,
  groupBy: ["cluster"],
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * minute,
  repeatMs: 240 * minute,
  sendResolved: true,
  ...more,
});
const policy = (more: Partial<EscalationView> = {}): EscalationView => ({
  id: "p",
  name: "On call",
  enabled: true,
  severities: [],
  matchers: [],
  steps: [
    { afterMs: 15 * minute, channel: "second" },
    { afterMs: 30 * minute, channel: "boss" },
  ],
  repeats: 0,
  createdMs: 1,
  ...more,
});

/** Alerts as minutes pass, who is told, and what is remembered of it. */
class Scene {
  alerts = new Map<string, AlertView>();
  groups = new Map<string, Group>();
  states = new Map<string, EscalationState>();
  muted = new Map<string, Muted>();
  policies: EscalationView[];
  channels = [channel("first", { matchers: [], groupWaitMs: 0 }), channel("second"), channel("boss")];
  history: string[] = [];
  starting: ReadonlySet<string> = new Set();
  constructor(...policies: EscalationView[]) {
    this.policies = policies;
  }
  set(name: string, state: AlertView["state"], more: Partial<AlertView> = {}) {
    const { ack: _, ...plain } = alertView(name);
    this.alerts.set(name, { ...plain, fingerprint: name, labels: { cluster: "prod" }, state, ...more });
  }
  at(minutes: number): string[] {
    const now = start + minutes * minute;
    const owners = new Map([["c1", "t1"]]);
    const escalated = escalate({ ...this, owners, now });
    const { groups, notices } = decide({ ...this, owners, now, escalated });
    // A restart in between: what was written down is all that there is.
    this.groups = new Map(JSON.parse(JSON.stringify([...groups])));
    this.states = new Map(JSON.parse(JSON.stringify([...escalated.states])));
    this.history.push(...escalated.taken.map(({ entry }) => `${minutes} ${entry.fingerprint} ${entry.note}`));
    const names = (all: readonly AlertView[]) => all.map((one) => one.fingerprint).join(" ");
    return notices.map(
      (one) =>
        `${one.channel}: ${names(one.firing)} | ${names(one.resolved)}${one.escalated ? " escalated" : ""}`,
    );
  }
}
const ack = { by: "ana", atMs: 1, note: "" };

test("what nobody takes up goes up a step after the other, each once, and its end is told to all of them", () => {
  const scene = new Scene(policy());
  scene.set("a", "firing");
  expect(scene.at(0)).toEqual(["first: a | "]);
  expect(scene.at(14.9)).toEqual([]);
  expect(scene.at(15)).toEqual(["second: a |  escalated"]);
  expect(scene.at(15.1)).toEqual([]);
  expect(scene.at(44.9)).toEqual([]);
  expect(scene.at(45)).toEqual(["boss: a |  escalated"]);
  expect(scene.at(200)).toEqual([]);
  expect(scene.history).toEqual(["15 a step 1 of 2", "45 a step 2 of 2"]);
  scene.set("a", "resolved");
  expect(scene.at(201)).toEqual(["first:  | a"]);
  expect(scene.at(201.5).sort()).toEqual(["boss:  | a", "second:  | a"]);
  expect(scene.states.size).toBe(0);
});

test("it stops when somebody has it, when it is over and when it is muted, and begins anew when that ends", () => {
  const stops: [string, (scene: Scene) => void, (scene: Scene) => void][] = [
    ["taken", (of) => of.set("a", "firing", { ack }), (of) => of.set("a", "firing")],
    [
      "muted",
      (of) => of.muted.set("a", { by: "silence", id: "s", comment: "", who: "", endsMs: 0 }),
      (of) => of.muted.clear(),
    ],
    ["over", (of) => of.set("a", "resolved"), (of) => of.set("a", "firing")],
  ];
  for (const [why, stop, begin] of stops) {
    const scene = new Scene(policy());
    scene.channels = [channel("second"), channel("boss")];
    scene.set("a", "firing");
    scene.at(0);
    expect(scene.at(15), why).toEqual(["second: a |  escalated"]);
    stop(scene);
    scene.at(20.5);
    expect(
      scene.at(60).filter((one) => !one.includes("| a")),
      why,
    ).toEqual([]);
    begin(scene);
    scene.at(100);
    expect(
      scene.at(114.9).filter((one) => one.includes("escalated")),
      why,
    ).toEqual([]);
    expect(scene.at(115), why).toEqual(["second: a |  escalated"]);
    expect(scene.history, why).toEqual(["15 a step 1 of 2", "115 a step 1 of 2"]);
  }
});

test("the steps come again as often as the policy says, and no more", () => {
  const scene = new Scene(policy({ repeats: 2 }));
  scene.set("a", "firing");
  const told: string[] = [];
  for (let at = 0; at < 1000; at++)
    told.push(
      ...scene.at(at).flatMap((one) => (one.endsWith("escalated") ? `${at} ${one.split(":")[0]}` : [])),
    );
  expect(told).toEqual(["15 second", "45 boss", "60 second", "90 boss", "105 second", "135 boss"]);
  expect(scene.history.at(-1)).toBe("135 a step 2 of 2, round 3 of 3");
  const state = scene.states.get(stateID({ policy: "p", fingerprint: "a" }))!;
  expect(nextStep(scene.policies[0]!, state)).toBeUndefined();
});

test("a master that was away for long takes the one step that is due, not all at once", () => {
  const scene = new Scene(policy());
  scene.set("a", "firing");
  scene.at(0);
  expect(scene.at(600).filter((one) => one.endsWith("escalated"))).toEqual(["second: a |  escalated"]);
  expect(scene.at(629.9)).toEqual([]);
  expect(scene.at(630)).toEqual(["boss: a |  escalated"]);
});

test("what broke together goes up in one message, and who was told of it already is told again", () => {
  const scene = new Scene(policy({ steps: [{ afterMs: 15 * minute, channel: "first" }] }));
  for (let index = 0; index < 100; index++) {
    scene.set(`a${index}`, "firing");
    scene.at(index / 250);
  }
  scene.at(6);
  const told = scene.at(15);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("a99");
  expect(told[0]).toEndWith("escalated");
  expect(scene.at(15.5)).toEqual([]);
});

test("a channel that is quiet is told when its times begin, if nobody has it by then; the next step does not wait", () => {
  // 22:13:20 UTC.
  const activeTimes = { zone: "UTC", times: [{ days: ["wed" as const], from: "08:00", to: "18:00" }] };
  const scene = new Scene(policy());
  scene.channels = [channel("second", { activeTimes, groupWaitMs: 0 }), channel("boss")];
  scene.set("a", "firing");
  scene.at(0);
  expect(scene.at(15)).toEqual([]);
  expect(scene.at(45)).toEqual(["boss: a |  escalated"]);
  expect(scene.at(587)).toEqual(["second: a | ", "boss: a | "]);
});

test("a policy is for its severities, matchers and tenant, and one that is off or gone forgets", () => {
  const scene = new Scene(
    policy({ id: "info", severities: ["info"] }),
    policy({ id: "shop", matchers: [{ name: "cluster", op: "=", value: "shop" }] }),
    policy({ id: "other", tenant: "t2" }),
    policy({ id: "off", enabled: false }),
    policy({ id: "mine", tenant: "t1" }),
  );
  scene.set("a", "firing");
  scene.at(0);
  expect([...scene.states.keys()]).toEqual(["mine a"]);
  scene.policies = [];
  scene.at(1);
  expect(scene.states.size).toBe(0);
});

test("what fell due while the master was away waits until it is known whether the alert still fires", () => {
  const scene = new Scene(policy());
  scene.set("a", "firing");
  const first = scene.at(0);
  expect(first).toHaveLength(1);
  scene.starting = new Set(["c1"]);
  expect(scene.at(300)).toEqual([]);
  scene.starting = new Set();
  expect(scene.at(301)).not.toEqual([]);
  expect(scene.history).toEqual(["301 a step 1 of 2"]);
});
