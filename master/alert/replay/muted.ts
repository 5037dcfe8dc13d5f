import type { AlertView, MaintenanceView, MatcherView, SilenceView } from "../../../views/alert-model.ts";
import type { Opening } from "../../../views/schedule-model.ts";
import { holdsAt } from "../inhibit.ts";
import { matches } from "../labels.ts";
import { openingsFrom } from "../times/schedule.ts";

/** A silence, or a maintenance window with its openings, over a time. */
interface Mute {
  tenant?: string;
  cluster?: string;
  namespace?: string;
  matchers: readonly MatcherView[];
  openings: readonly Opening[];
}

const openingsAtOnce = 20;
const mostOpenings = 2000;

/**
 * What hid alerts within a time: silences as they were, windows at each of their openings, also at those before they
 * were planned, since they will come again.
 */
export function* mutesOver(
  silences: readonly SilenceView[],
  windows: readonly MaintenanceView[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Generator<void, Mute[]> {
  const mutes: Mute[] = silences
    .filter((one) => one.startsMs < toMs && one.endsMs > fromMs)
    .map((one) => ({ ...one, openings: [one] }));
  for (const window of windows) {
    const openings: Opening[] = [];
    for (let at = fromMs; at < toMs && openings.length < mostOpenings; ) {
      const next = openingsFrom(window.schedule, at, openingsAtOnce);
      openings.push(...next);
      at = next.length < openingsAtOnce ? toMs : next.at(-1)!.endsMs;
      yield;
    }
    mutes.push({ ...window, openings });
  }
  return mutes;
}

/** Whether nobody would have been told of an alert, from when it fired until it was over. */
export function mutedThroughout(
  mutes: readonly Mute[],
  alert: AlertView,
  owners: ReadonlyMap<string, string>,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): boolean {
  const mine = mutes.filter((one) => holdsAt(one, alert, owners) && matches(one.matchers, alert.labels));
  let at = fromMs;
  for (;;) {
    const ends = mine.flatMap(({ openings }) =>
      openings.filter((one) => one.startsMs <= at && one.endsMs > at).map((one) => one.endsMs),
    );
    if (ends.length === 0) return false;
    at = Math.max(...ends);
    if (at >= toMs) return true;
  }
}
