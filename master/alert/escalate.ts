import type { AlertView, EscalationView, Muted } from "../../views/alert-model.ts";
import type { HistoryEntry } from "../database/alerts.ts";
import { wants } from "./group.ts";
import { atOnce } from "./slices.ts";

/** How far an alert has come in a policy. */
export interface EscalationState {
  policy: string;
  fingerprint: string;
  /** When it began to wait for the next step. */
  lastMs: number;
  /** Steps taken, those of earlier rounds among them. */
  done: number;
}

export interface EscalateGiven {
  policies: readonly EscalationView[];
  states: ReadonlyMap<string, EscalationState>;
  alerts: ReadonlyMap<string, AlertView>;
  muted: ReadonlyMap<string, Muted>;
  owners: ReadonlyMap<string, string>;
  now: number;
  /** Clusters of which nobody knows yet whether what fired before the master's start still does. */
  starting?: ReadonlySet<string>;
}

/** Fingerprints of alerts by channel. */
export type ByChannel = ReadonlyMap<string, ReadonlySet<string>>;

export interface Escalated {
  states: Map<string, EscalationState>;
  /** What channels are told of beyond what they ask for themselves. */
  wanted: ByChannel;
  /** Of that, what they are told of now, whatever they were told before. */
  pressed: ByChannel;
  /** The steps that are taken, by which channel is told. */
  taken: Step[];
}

/** A step that an alert takes in a policy, with what is remembered of it. */
export interface Step extends Pick<EscalationState, "policy" | "fingerprint"> {
  channel: string;
  entry: HistoryEntry;
}

/** What is due within this comes along: what broke together goes up together. */
const togetherMs = 30_000;

export const stateID = ({ policy, fingerprint }: Pick<EscalationState, "policy" | "fingerprint">): string =>
  `${policy} ${fingerprint}`;

export const allSteps = ({ steps, repeats }: Pick<EscalationView, "steps" | "repeats">): number =>
  steps.length * (1 + repeats);

/** When the next step is, and which; undefined where all are taken. */
export function nextStep(policy: EscalationView, { lastMs, done }: Pick<EscalationState, "lastMs" | "done">) {
  const index = done % policy.steps.length;
  const step = policy.steps[index];
  return step && done < allSteps(policy)
    ? { atMs: lastMs + step.afterMs, step: index + 1, channel: step.channel }
    : undefined;
}

/**
 * Which alerts that nobody has taken up go up a step: pure. An alert is in a policy for as long as it fires, is not
 * muted, and nobody has it; when it comes back it begins with the first step.
 */
export const escalate = (given: EscalateGiven): Escalated => atOnce(escalating(given));

/** As `escalate`, in steps between which others get their turn. */
export function* escalating(given: EscalateGiven): Generator<void, Escalated> {
  const states = new Map<string, EscalationState>();
  const wanted = new Map<string, Set<string>>();
  const pressed = new Map<string, Set<string>>();
  const taken: Step[] = [];
  const open = [...given.alerts.values()].filter(
    (one) => one.state === "firing" && one.ack === undefined && !given.muted.has(one.fingerprint),
  );
  for (const policy of given.policies) {
    if (!policy.enabled || policy.steps.length === 0) continue;
    const here: EscalationState[] = [];
    for (const alert of open) {
      yield;
      if (!wants(policy, alert, given.owners)) continue;
      const fresh = { policy: policy.id, fingerprint: alert.fingerprint, lastMs: given.now, done: 0 };
      here.push(given.states.get(stateID(fresh)) ?? fresh);
    }
    const due = new Set(here.filter((one) => dueBy(policy, one, given.now)).map((one) => one.done));
    for (const one of here) {
      yield;
      const known = !given.starting?.has(given.alerts.get(one.fingerprint)?.cluster ?? "");
      const goes = known && due.has(one.done) && dueBy(policy, one, given.now + togetherMs);
      const next = goes ? { ...one, lastMs: given.now, done: one.done + 1 } : one;
      states.set(stateID(one), next);
      for (const { channel } of policy.steps.slice(0, next.done)) add(wanted, channel, one.fingerprint);
      if (!goes) continue;
      const { channel } = nextStep(policy, one)!;
      const { fingerprint } = one;
      add(pressed, channel, fingerprint);
      const entry = { fingerprint, atMs: given.now, by: policy.name, note: said(policy, one) };
      taken.push({ policy: policy.id, fingerprint, channel, entry: { ...entry, what: "escalated" } });
    }
  }
  return { states, wanted, pressed, taken };
}

function dueBy(policy: EscalationView, one: EscalationState, ms: number): boolean {
  const next = nextStep(policy, one);
  return next !== undefined && next.atMs <= ms;
}

/** No channel is named: who sees an alert need not know of it. */
function said({ steps, repeats }: EscalationView, { done }: EscalationState): string {
  const step = `step ${(done % steps.length) + 1} of ${steps.length}`;
  const round = Math.floor(done / steps.length) + 1;
  return repeats > 0 ? `${step}, round ${round} of ${repeats + 1}` : step;
}

function add(to: Map<string, Set<string>>, channel: string, fingerprint: string): void {
  const known = to.get(channel);
  if (known) known.add(fingerprint);
  else to.set(channel, new Set([fingerprint]));
}
