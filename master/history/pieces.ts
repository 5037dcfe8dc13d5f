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

/** A time that ends now as as few whole pieces as there are for it; it begins where the first of them does. */
export function windowsOf(from: number, to: number, reach: readonly Reach[]): Window[] {
  const edge = edgeOf(to - from);
  const windows: Window[] = [];
  // To the nearer of the two: what is told of is no longer than asked for, on the whole.
  const { span: grain } = tiers[edge]!;
  let at = Math.round(from / grain) * grain;
  if (at >= to) at = startIn(edge, from);
  while (at < to) {
    const tier = tierAt(at, to, reach);
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
