import type { AlertView, MatcherView } from "../../../views/alert-model.ts";
import { mutedOf } from "../../../master/alert/inhibit.ts";
import type { Action, Known, Thing } from "./world.ts";

/** A round is as long as the interval of groups. What happens does so in its first part, what is told in its second. */
export const roundMs = 3000;
const phases = [0, 250, 500, 750];

/** Firing alerts begin so often at most: then they flap, and are told as over later. */
const mostStarts = 2;

/** Numbers from 0 to below 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Nothing else is silenced. */
const among: MatcherView[] = [{ name: "cluster", op: "!~", value: "odd-.*" }];
const silenceable: MatcherView[][] = [
  [{ name: "namespace", op: "=", value: "shop" }],
  [
    { name: "namespace", op: "=~", value: "b.*" },
    { name: "rule", op: "!=", value: "rollout-stuck" },
  ],
  [{ name: "team", op: "!~", value: "web|" }],
  [
    { name: "team", op: "=", value: "" },
    { name: "kind", op: "!=", value: "Cluster" },
  ],
  [
    { name: "node", op: "=", value: "n1" },
    { name: "severity", op: "=", value: "warning" },
  ],
  [{ name: "name", op: "=~", value: "(web|api)-[01]" }],
];

interface State {
  on: ReadonlySet<string>;
  silences: ReadonlyMap<string, MatcherView[]>;
}

/** Things that break, end, break again, and are silenced, at random: nothing of what the two tell differently on purpose. */
export function scenario(
  things: ReadonlyMap<string, Thing>,
  known: ReadonlyMap<string, Known>,
  seed: number,
  rounds: number,
): Action[] {
  const random = randomOf(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const starts = new Map<string, number>();
  const actions: Action[] = [];
  let state: State = { on: new Set(), silences: new Map() };
  for (let round = 0; round < rounds; round++) {
    const told = heard(state, things, known);
    let burst: Action[] = [];
    const used = new Set<string>();
    const add = (phase: number, one: Omit<Extract<Action, { thing: string }>, "atMs">) =>
      burst.push({ atMs: round * roundMs + phase, ...one });
    for (let n = 3 + Math.floor(random() * 8); n > 0; n--) {
      const name = pick(random() < 0.5 && told.size > 0 ? [...told] : [...things.keys()]);
      const source = things.get(name)!.rule === "agent-silent" || things.get(name)!.rule === "node-not-ready";
      if (used.has(name) || (source && random() < 0.5)) continue;
      used.add(name);
      if (!state.on.has(name)) {
        if ((starts.get(name) ?? 0) < mostStarts) add(pick(phases), { do: "start", thing: name });
      } else if (told.has(name)) {
        const again = random() < 0.3 && (starts.get(name) ?? 0) < mostStarts;
        add(again ? pick(phases.slice(0, 2)) : pick(phases), { do: "end", thing: name });
        if (again) add(pick(phases.slice(2)), { do: "start", thing: name });
      }
    }
    if (random() < 0.6) {
      const at = { atMs: round * roundMs + pick(phases) };
      const id = [...state.silences.keys()][0];
      if (id && random() < 0.6) burst.push({ ...at, do: "unsilence", id });
      else burst.push({ ...at, do: "silence", id: `s${round}`, matchers: [...among, ...pick(silenceable)] });
    }
    burst.sort((a, b) => a.atMs - b.atMs);
    // What ends while nobody is to hear of it is told of by one of the two alone.
    for (;;) {
      const after = heard(applied(state, burst), things, known, true);
      const wrong = burst.find((one) => one.do === "end" && !after.has(one.thing));
      if (!wrong || !("thing" in wrong)) break;
      burst = burst.filter((one) => !("thing" in one) || one.thing !== wrong.thing);
    }
    for (const one of burst) if (one.do === "start") starts.set(one.thing, (starts.get(one.thing) ?? 0) + 1);
    state = applied(state, burst);
    actions.push(...burst);
  }
  return actions;
}

function applied(state: State, burst: readonly Action[]): State {
  const on = new Set(state.on);
  const silences = new Map(state.silences);
  for (const one of burst)
    if (one.do === "start") on.add(one.thing);
    else if (one.do === "end") on.delete(one.thing);
    else if (one.do === "silence") silences.set(one.id, one.matchers);
    else silences.delete(one.id);
  return { on, silences };
}

/** What somebody is to hear of: of what is on, or would be where `all`. */
function heard(
  { on, silences }: State,
  things: ReadonlyMap<string, Thing>,
  known: ReadonlyMap<string, Known>,
  all = false,
): Set<string> {
  const viewOf = (name: string): AlertView => {
    const { rule, cluster, fault } = things.get(name)!;
    return {
      fingerprint: name,
      rule,
      cluster,
      namespace: fault.namespace,
      state: "firing",
      ...known.get(name)!,
    } as AlertView;
  };
  const active = [...silences].map(([id, matchers]) => ({
    ...{ id, matchers, comment: "", by: "", createdMs: 0, startsMs: 0, endsMs: 1 },
  }));
  const names = all ? [...things.keys()] : [...on];
  // One after the other beside what is on: what is off silences nothing.
  return new Set(
    names.filter((name) => !mutedOf([...new Set([...on, name])].map(viewOf), active, new Map(), 0).has(name)),
  );
}
