import { startIn, tiers } from "./tiers.ts";

/** A piece of time of one tier. */
export interface Window {
  tier: number;
  /** In seconds, as all here. */
  start: number;
}

/** What of each tier there is: from the first that was kept until where it was made from the one below. */
export interface Reach {
  first: number | undefined;
  until: number;
}

const day = 86_400;

/** The tier whose pieces a time begins with: no part of it may weigh as much as what it is short of. */
const edgeOf = (seconds: number): number =>
  seconds <= day / 4 ? 0 : seconds <= 7 * day ? 1 : seconds <= 90 * day ? 2 : 3;

/** The finest tier that has the piece around a moment; undefined where none has. */
export function finestAt(at: number, reach: readonly Reach[]): number | undefined {
  const found = reach.findIndex(({ first, until }, tier) => {
    const start = startIn(tier, at);
    return first !== undefined && start >= first && start + tiers[tier]!.span <= until;
  });
  return found < 0 ? undefined : found;
}

/**
 * A time as as few whole pieces as there are for it: from where the nearest piece begins, and at least one. Up to `to`
 * itself where that is so lately that the piece in progress may be of it.
 */
export function windowsOf(from: number, to: number, reach: readonly Reach[]): Window[] {
  // Long ago there are no short ones any more.
  const edge = Math.max(edgeOf(to - from), finestAt(from, reach) ?? 0);
  const windows: Window[] = [];
  const round = (seconds: number, tier: number) =>
    Math.round(seconds / tiers[tier]!.span) * tiers[tier]!.span;
  // To the nearer of the two: what is told of is no longer than asked for, on the whole.
  let at = round(from, edge);
  const last = finestAt(to - 1, reach) ?? 0;
  let end = last === 0 ? to : round(to, last);
  if (at >= end) {
    const middle = Math.floor((from + to) / 2);
    at = startIn(edge, finestAt(middle, reach) === edge ? middle : from);
    if (last > 0) end = at + tiers[edge]!.span;
  }
  while (at < end) {
    const tier = tierAt(at, end, reach);
    if (tier === undefined) {
      const next = nextStart(at, reach);
      if (next === undefined) break;
      at = next;
      continue;
    }
    windows.push({ tier, start: at });
    at += tiers[tier]!.span;
  }
  return windows;
}

/** Pieces of one tier that follow each other lie in a row. `at` is the first window's place. */
export function* runsOf(windows: readonly Window[]): Generator<Window & { length: number; at: number }> {
  for (let at = 0; at < windows.length; ) {
    const { tier, start } = windows[at]!;
    const { span } = tiers[tier]!;
    let length = 1;
    while (windows[at + length]?.tier === tier && windows[at + length]!.start === start + length * span)
      length++;
    yield { tier, start, length, at };
    at += length;
  }
}

function tierAt(at: number, to: number, reach: readonly Reach[]): number | undefined {
  for (let tier = tiers.length - 1; tier >= 0; tier--) {
    const { span } = tiers[tier]!;
    const { first, until } = reach[tier]!;
    if (startIn(tier, at) !== at || first === undefined || at < first) continue;
    if (tier === 0 || (at + span <= until && at + span <= to)) return tier;
  }
  return undefined;
}

/** Where the next piece begins that is there, where none is at a time. */
function nextStart(at: number, reach: readonly Reach[]): number | undefined {
  const starts = reach.flatMap(({ first, until }, tier) => {
    if (first === undefined) return [];
    const { span } = tiers[tier]!;
    const start = Math.max(first, startIn(tier, at) + (startIn(tier, at) < at ? span : 0));
    return start > at && (tier === 0 || start + span <= until) ? [start] : [];
  });
  return starts.length > 0 ? Math.min(...starts) : undefined;
}
