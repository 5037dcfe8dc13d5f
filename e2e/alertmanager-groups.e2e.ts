import { beforeAll, describe, expect, test } from "bun:test";
import { tellAlertmanager } from "./lib/groups/alertmanager.ts";
import { odd, oddThings } from "./lib/groups/odd.ts";
import { tellOurs } from "./lib/groups/ours.ts";
import { roundMs, scenario } from "./lib/groups/scenario.ts";
import { type Receiver, thingsOf, type Told } from "./lib/groups/world.ts";

/** Debian's: `apt-get install prometheus-alertmanager`. */
const binary = Bun.which("prometheus-alertmanager");
if (!binary)
  console.log("skipped: groups beside a real Alertmanager: prometheus-alertmanager is not installed");

const rounds = 12;
const seed = Number(process.env.ATLHYPER_SEED ?? 1);

const usual: Omit<Receiver, "name"> = {
  severities: [],
  matchers: [{ name: "cluster", op: "!~", value: "odd-.*" }],
  groupBy: [],
  groupWaitMs: roundMs / 2,
  groupIntervalMs: roundMs,
  repeatMs: 3_600_000,
  sendResolved: true,
};
const receivers: Receiver[] = [
  { ...usual, name: "places", groupBy: ["cluster", "namespace"] },
  { ...usual, name: "beginnings", groupBy: ["cluster"], sendResolved: false },
  { ...usual, name: "critical", severities: ["critical"] },
  {
    ...usual,
    name: "web",
    groupBy: ["alertname", "cluster"],
    matchers: [
      ...usual.matchers,
      { name: "team", op: "=", value: "web" },
      { name: "namespace", op: "=~", value: "s.*" },
    ],
  },
  { ...usual, name: "nodes", groupBy: ["node", "team"] },
  { ...usual, name: "odd", groupBy: ["cluster"], matchers: [{ name: "cluster", op: "=~", value: "odd-.*" }] },
  {
    ...usual,
    name: "again",
    matchers: [{ name: "cluster", op: "=", value: "odd-again" }],
    repeatMs: 2 * roundMs,
  },
];

const random = new Map(["prod", "edge", "lab"].flatMap(thingsOf));
const things = new Map([...random, ...oddThings]);

/** Of a message all but its time: of that the round, in which there is one of a group at most. */
const roundOf = ({ atMs }: Told) => Math.floor(atMs / roundMs);

const isSame = (one: Told, other: Told) =>
  one.receiver === other.receiver && Bun.deepEquals(one.groupLabels, other.groupLabels);

/** By receiver and group, in order: what was told in which round. */
function sequences(told: readonly Told[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const one of told.toSorted((a, b) => a.atMs - b.atMs)) {
    const { receiver, groupLabels, status, firing, resolved, commonLabels, commonAnnotations } = one;
    const sorted = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort());
    const common = `${sorted(commonLabels)} ${sorted(commonAnnotations)}`;
    const group = `${receiver} ${sorted(groupLabels)}`;
    const text = `round ${roundOf(one)} ${status}: ${firing.join(" ")} | ${resolved.join(" ")} ${common}`;
    found[group] = [...(found[group] ?? []), text];
  }
  return found;
}

describe.skipIf(!binary)("groups beside a real Alertmanager", () => {
  let ours: Told[];
  let theirs: Told[];

  beforeAll(async () => {
    const untilMs = (rounds + 2) * roundMs;
    const all = [...things.keys()].map((thing) => ({ atMs: 0, do: "start" as const, thing }));
    const { known } = await tellOurs(things, [], all, 0);
    const actions = [...scenario(random, known, seed, rounds), ...odd];
    ({ told: ours } = await tellOurs(things, receivers, actions, untilMs));
    for (let run = 1; ; run++) {
      const { told, lateMs } = await tellAlertmanager(binary!, known, receivers, actions, untilMs);
      theirs = told;
      // What happens does so in the first quarter of a round, what is told is from its half on.
      const late = told.filter(({ atMs }) => atMs % roundMs < roundMs / 2 - 50).length;
      console.log(
        `seed ${seed}: ${actions.length} actions, ${told.length} messages of Alertmanager, ${ours.length} of ours`,
      );
      if ((lateMs < roundMs / 6 && late === 0) || run === 3) break;
      console.log(`retried: the machine was slow: ${lateMs.toFixed(0)} ms, ${late} messages`);
    }
  }, 180_000);

  /**
   * Where ends are not told, what a silence kept back while something else ended is told again there, though the message
   * before had it.
   */
  function isEcho(one: Told): boolean {
    if (
      one.receiver !== "beginnings" ||
      ours.some((other) => isSame(other, one) && roundOf(other) === roundOf(one))
    )
      return false;
    const before = theirs.findLast((other) => isSame(other, one) && other.atMs < one.atMs);
    return one.firing.every((name) => before?.firing.includes(name));
  }

  test("the same alerts, silences and inhibitions come to the same messages of the same groups", () => {
    const usually = (told: readonly Told[]) => told.filter((one) => !["odd", "again"].includes(one.receiver));
    expect(usually(ours).length).toBeGreaterThan(80);
    expect(sequences(usually(ours))).toEqual(sequences(usually(theirs).filter((one) => !isEcho(one))));
  });

  test("what stays is told again in the same round", () => {
    const again = (told: readonly Told[]) => told.filter((one) => one.receiver === "again");
    expect(again(ours).map(roundOf)).toEqual([0, 2, 3, 5, 7, 9, 11, 13]);
    expect(sequences(again(ours))).toEqual(sequences(again(theirs)));
  });

  describe("what is told differently on purpose", () => {
    const of = (told: readonly Told[], cluster: string) =>
      told
        .filter((one) => one.receiver === "odd" && one.groupLabels.cluster === cluster)
        .map((one) =>
          [one.firing, one.resolved].map((all) => all.map((name) => name.slice(-5)).join(" ")).join(" | "),
        );

    test("what began and ended in between is no news", () => {
      expect(of(theirs, "odd-between")).toEqual(["web-0 | ", "web-0 | web-1"]);
      expect(of(ours, "odd-between")).toEqual(["web-0 | "]);
    });

    test("the end of what was told is told, silenced or not", () => {
      expect(of(theirs, "odd-silenced")).toEqual(["web-0 web-1 | "]);
      expect(of(ours, "odd-silenced")).toEqual(["web-0 web-1 | ", "web-1 | web-0"]);
    });

    test("what changes does not wait for the next tick of its group", () => {
      for (const told of [theirs, ours]) expect(of(told, "odd-soon")).toEqual(["web-0 | ", "web-0 web-1 | "]);
      const at = (told: readonly Told[]) =>
        told.findLast((one) => one.groupLabels.cluster === "odd-soon")!.atMs;
      expect(at(theirs) - at(ours)).toBeGreaterThan(roundMs / 3);
    });

    test("what flaps is not over at once", () => {
      const twice = ["web-0 | ", " | web-0", "web-0 | ", " | web-0", "web-0 | "];
      expect(of(theirs, "odd-flaps")).toEqual([...twice, " | web-0"]);
      expect(of(ours, "odd-flaps")).toEqual(twice);
    });
  });
});
