import { expect, test } from "bun:test";
import type { AlertView, Muted } from "../../views/alert-model.ts";
import { alertView } from "../../views/testing/viewing.ts";
import { decide, type Group, type GroupingChannel, groupID, type Notice } from "./group.ts";

const channel = (more: Partial<GroupingChannel> = {}): GroupingChannel => ({
  id: "h1",
  enabled: true,
  severities: [],
  matchers: [],
  groupBy: ["cluster"],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 3_600_000,
  sendResolved: true,
  ...more,
});

const start = 1_700_000_000_000;

/** Alerts as time passes, and what is told of them. */
class Scene {
  alerts = new Map<string, AlertView>();
  groups = new Map<string, Group>();
  muted = new Map<string, Muted>();
  now = 0;
  readonly channels: GroupingChannel[];
  constructor(channels: GroupingChannel[]) {
    this.channels = channels;
  }
  set(
    name: string,
    state: AlertView["state"],
    labels: Record<string, string> = { cluster: "prod" },
    more: Partial<AlertView> = {},
  ) {
    const { ack: _, ...plain } = alertView(name);
    this.alerts.set(name, { ...plain, fingerprint: name, labels, state, ...more });
  }
  at(seconds: number): string[] {
    this.now = start + seconds * 1000;
    const { groups, notices } = decide({ ...this, owners: new Map([["c1", "t1"]]) });
    this.groups = groups;
    return notices.map(text);
  }
}
const names = (all: readonly AlertView[]) =>
  all
    .map((one) => one.fingerprint)
    .sort()
    .join(" ");
const text = (one: Notice) =>
  `${Object.values(one.labels).join("/")}: ${names(one.firing)} | ${names(one.resolved)}`;

test("the first message waits for more, changes for the interval, and the same for the time of repeating", () => {
  const scene = new Scene([channel()]);
  scene.set("a", "firing");
  expect(scene.at(0)).toEqual([]);
  scene.set("b", "firing");
  expect(scene.at(29)).toEqual([]);
  expect(scene.at(30)).toEqual(["prod: a b | "]);
  scene.set("c", "firing");
  expect(scene.at(31)).toEqual([]);
  expect(scene.at(329)).toEqual([]);
  expect(scene.at(330)).toEqual(["prod: a b c | "]);
  scene.set("a", "resolved");
  expect(scene.at(600)).toEqual([]);
  expect(scene.at(629)).toEqual([]);
  expect(scene.at(630)).toEqual(["prod: b c | a"]);
  expect(scene.at(630 + 3599)).toEqual([]);
  expect(scene.at(630 + 3600)).toEqual(["prod: b c | "]);
  scene.set("b", "resolved");
  expect(scene.at(630 + 3600 + 200)).toEqual([]);
  scene.set("c", "resolved");
  expect(scene.at(630 + 3600 + 299)).toEqual([]);
  expect(scene.at(630 + 3600 + 300)).toEqual(["prod:  | b c"]);
  expect(scene.at(630 + 3600 + 301)).toEqual([]);
  expect(scene.groups.size).toBe(0);
});

test("what changes long after the last message waits for more too, so that what breaks or ends together is told together", () => {
  const scene = new Scene([channel()]);
  for (const name of ["a", "b", "c"]) scene.set(name, "firing");
  scene.at(0);
  expect(scene.at(30)).toEqual(["prod: a b c | "]);
  scene.set("a", "resolved");
  expect(scene.at(1000)).toEqual([]);
  scene.set("b", "resolved");
  scene.set("d", "firing");
  expect(scene.at(1029)).toEqual([]);
  expect(scene.at(1030)).toEqual(["prod: c d | a b"]);
  // It was nothing after all, and what comes next has its own time.
  scene.set("c", "resolved");
  expect(scene.at(2000)).toEqual([]);
  scene.set("c", "firing");
  expect(scene.at(2029)).toEqual([]);
  scene.set("e", "firing");
  expect(scene.at(2031)).toEqual([]);
  expect(scene.at(2060)).toEqual([]);
  expect(scene.at(2061)).toEqual(["prod: c d e | "]);
});

test("what ends and begins again before it would have been told is no news, also where ends are not told", () => {
  for (const sendResolved of [true, false]) {
    const scene = new Scene([channel({ sendResolved })]);
    scene.set("a", "firing");
    scene.at(0);
    expect(scene.at(30)).toEqual(["prod: a | "]);
    scene.set("a", "resolved");
    expect(scene.at(100)).toEqual([]);
    scene.set("a", "firing");
    expect(scene.at(200)).toEqual([]);
    expect(scene.at(331)).toEqual([]);
    scene.set("a", "resolved");
    scene.at(400);
    expect(scene.at(430)).toEqual(sendResolved ? ["prod:  | a"] : []);
    expect(scene.at(431)).toEqual([]);
    expect(scene.groups.size).toBe(0);
  }
});

test("what the newest message left out for a silence is told again when that is over", () => {
  const scene = new Scene([channel()]);
  scene.set("a", "firing");
  scene.set("b", "firing");
  scene.at(0);
  expect(scene.at(30)).toEqual(["prod: a b | "]);
  const silence = { by: "silence", id: "s", comment: "", who: "", endsMs: 0 } as const;
  scene.muted.set("a", silence);
  expect(scene.at(400)).toEqual([]);
  scene.muted.clear();
  // Nobody was told anything meanwhile.
  expect(scene.at(500)).toEqual([]);
  expect(scene.at(600)).toEqual([]);
  scene.muted.set("a", silence);
  scene.set("c", "firing");
  scene.at(700);
  expect(scene.at(730)).toEqual(["prod: b c | "]);
  scene.groups = new Map(JSON.parse(JSON.stringify([...scene.groups])));
  scene.muted.clear();
  expect(scene.at(1100)).toEqual([]);
  expect(scene.at(1130)).toEqual(["prod: a b c | "]);
  expect(scene.at(1430)).toEqual([]);
});

test("what is over before anybody was told is told to nobody", () => {
  const scene = new Scene([channel()]);
  scene.set("a", "firing");
  scene.at(0);
  scene.set("a", "resolved");
  expect(scene.at(30)).toEqual([]);
  expect(scene.groups.size).toBe(0);
});

test("what somebody has taken up is not repeated; what is new is told all the same", () => {
  const scene = new Scene([channel({ groupWaitMs: 0 })]);
  scene.set("a", "firing");
  expect(scene.at(0)).toEqual(["prod: a | "]);
  scene.set("a", "firing", { cluster: "prod" }, { ack: { by: "ana", atMs: 1, note: "" } });
  expect(scene.at(10_000)).toEqual([]);
  scene.set("b", "firing");
  expect(scene.at(10_001)).toEqual(["prod: a b | "]);
});

test("a silence keeps quiet and forgets nothing: its end, and the alert's, are told", () => {
  const scene = new Scene([channel({ groupWaitMs: 0, groupIntervalMs: 1000 })]);
  scene.set("a", "firing");
  expect(scene.at(0)).toEqual(["prod: a | "]);
  scene.muted.set("a", { by: "silence", id: "s", comment: "", who: "", endsMs: 0 });
  expect(scene.at(10_000)).toEqual([]);
  scene.set("a", "resolved");
  scene.muted.clear();
  expect(scene.at(10_001)).toEqual(["prod:  | a"]);
});

/** 1,700,000,000,000 is a Tuesday, 22:13:20 UTC. */
const office = {
  zone: "UTC",
  times: [{ days: ["mon", "tue", "wed", "thu", "fri"] as const, from: "08:00", to: "18:00" }],
};
const morning = 9 * 3600 + 46 * 60 + 40;

test("outside of its active times a channel is told nothing, and then what still fires, at once and together", () => {
  const scene = new Scene([channel({ activeTimes: office }), channel({ id: "always" })]);
  scene.set("a", "firing");
  scene.set("b", "firing");
  scene.at(0);
  expect(scene.at(30)).toEqual(["prod: a b | "]);
  scene.set("b", "resolved");
  scene.set("c", "firing");
  expect(scene.at(301)).toEqual([]);
  expect(scene.at(331)).toEqual(["prod: a c | b"]);
  expect(scene.at(morning - 1)).toEqual(["prod: a c | "]);
  expect(scene.at(morning)).toEqual(["prod: a c | "]);
  expect([...scene.groups.values()].find((one) => one.channel === "h1")?.told).toEqual(["a", "c"]);
});

test("what a channel was told of, and is over before it is active again, ends there then, forgotten elsewhere", () => {
  const scene = new Scene([channel({ activeTimes: office })]);
  scene.set("a", "firing");
  scene.at(morning);
  expect(scene.at(morning + 30)).toEqual(["prod: a | "]);
  const evening = morning + 10 * 3600;
  scene.set("a", "resolved", { cluster: "prod" }, { resolvedMs: 7 });
  expect(scene.at(evening)).toEqual([]);
  scene.groups = new Map(JSON.parse(JSON.stringify([...scene.groups])));
  scene.alerts.clear();
  expect(scene.at(evening + 3600)).toEqual([]);
  expect(scene.at(morning + 24 * 3600)).toEqual(["prod:  | a"]);
  expect(scene.at(morning + 24 * 3600 + 1)).toEqual([]);
  expect(scene.groups.size).toBe(0);
});

test("a channel gets its own: by severity, matchers and tenant, grouped by its labels", () => {
  const scene = new Scene([
    channel({ id: "all", groupWaitMs: 0, groupBy: [] }),
    channel({ id: "split", groupWaitMs: 0, groupBy: ["namespace"] }),
    channel({ id: "warn", groupWaitMs: 0, severities: ["warning"] }),
    channel({ id: "shop", groupWaitMs: 0, matchers: [{ name: "namespace", op: "=", value: "shop" }] }),
    channel({ id: "other", groupWaitMs: 0, tenant: "t2" }),
    channel({ id: "off", groupWaitMs: 0, enabled: false }),
  ]);
  scene.set("a", "firing", { namespace: "shop" });
  scene.set("b", "firing", { namespace: "bank" });
  expect(scene.at(0)).toEqual([": a b | ", "shop: a | ", "bank: b | ", ": a | "]);
});

test("whatever happens, nothing is told twice, nothing is left untold, and no end comes without a beginning", () => {
  // A walk by a generator of our own, so that a failure can be walked again.
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let run = 0; run < 50; run++) {
    const scene = new Scene([
      channel({
        groupWaitMs: random(3) * 1000,
        groupIntervalMs: (1 + random(5)) * 1000,
        repeatMs: 1e9,
        groupBy: random(2) ? ["cluster"] : [],
      }),
    ]);
    const told = new Map<string, string>();
    for (let second = 0; second < 400; second++) {
      const name = `${random(6)}`;
      const state = scene.alerts.get(name)?.state;
      if (second < 300 && random(3) === 0)
        scene.set(name, state === "firing" ? "resolved" : "firing", { cluster: `c${Number(name) % 2}` });
      scene.now = start + second * 1000;
      const { groups, notices } = decide({ ...scene, owners: new Map() });
      // A restart in between: what was written down is all that there is.
      scene.groups = new Map(JSON.parse(JSON.stringify([...groups])));
      for (const one of notices) {
        const news =
          one.firing.some((of) => told.get(of.fingerprint) !== "firing") || one.resolved.length > 0;
        expect(news).toBe(true);
        for (const of of one.firing) told.set(of.fingerprint, "firing");
        for (const of of one.resolved) {
          expect(told.get(of.fingerprint)).toBe("firing");
          told.set(of.fingerprint, "resolved");
        }
      }
      for (const group of groups.values()) expect(groups.get(groupID(group))).toBe(group);
    }
    for (const [name, one] of scene.alerts)
      if (one.state === "firing" || told.has(name))
        expect(told.get(name), `run ${run}: ${name}`).toBe(one.state);
  }
});
