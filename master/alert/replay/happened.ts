import type { SeenEvents } from "../../database/events/store.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Happening } from "../../datasource/values/happening.ts";
import { happeningOf } from "../../datasource/values/happenings.ts";
import { nothingMeasured } from "../../datasource/values/measured.ts";
import type { ConditionOf } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";
import { flapKeepMs } from "../state.ts";
import { pastEvents } from "./past-events.ts";
import { Tracked } from "./tracked.ts";

type Events = ConditionOf<"events">;

const mostHappenings = 5000;
const minute = 60_000;
const timesAtOnce = 5;

/** What happened within a time, and a window before it, that a rule may count; the oldest first, and from when on it is all. */
export function* pastHappenings(
  events: SeenEvents,
  { id }: Pick<ClusterFacts, "id">,
  { kinds, reasons, severities = ["warning", "critical"], windowMs }: Events,
  range: { fromMs: number; toMs: number },
): Generator<void, { found: Happening[]; fromMs: number }> {
  const found: Happening[] = [];
  const asked = { cluster: id, fromMs: range.fromMs - windowMs };
  for (const event of pastEvents(events, asked, reasons)) {
    if (!event) {
      yield;
      continue;
    }
    if (!severities.includes(event.severity) || (kinds && !kinds.includes(event.kind))) continue;
    found.push(happeningOf(event));
    if (found.length >= mostHappenings) return { found: found.sort(oldestFirst), fromMs: event.ts_ms };
  }
  return { found: found.sort(oldestFirst), fromMs: range.fromMs };
}

const oldestFirst = (a: Happening, b: Happening) => a.fromMs - b.fromMs;

/** What a rule would have done about what happened: judged when something came, or was too long ago to count. */
export function* replayHappenings(
  rule: Rule,
  { windowMs }: Events,
  facts: ClusterFacts,
  owners: ReadonlyMap<string, string>,
  all: readonly Happening[],
  range: { fromMs: number; toMs: number },
  late: () => boolean,
): Generator<void, Tracked> {
  const tracked = new Tracked(rule, owners);
  let next = 0;
  let recent: Happening[] = [];
  let count = 0;
  for (const now of momentsOf(rule, windowMs, all, range)) {
    if (++count % timesAtOnce === 0) yield;
    if (late()) break;
    recent = recent.filter((one) => one.atMs >= now - windowMs);
    for (; next < all.length && all[next]!.fromMs <= now; next++) recent.push(all[next]!);
    if (recent.length === 0 && !tracked.active) continue;
    tracked.judge(at(facts, now, recent));
  }
  return tracked;
}

function momentsOf(
  { forMs, keepMs }: Rule,
  windowMs: number,
  all: readonly Happening[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Float64Array {
  const moments = new Set([fromMs, toMs]);
  const add = (moment: number) => {
    if (moment >= fromMs && moment <= toMs) moments.add(moment);
  };
  for (const one of all) {
    // What came several times is looked at each minute meanwhile.
    for (let ms = one.fromMs; ms < one.atMs; ms += minute) add(ms);
    const over = one.atMs + windowMs;
    for (const ms of [one.atMs, one.atMs + forMs, over, over + 1, over + 1 + keepMs, over + 1 + flapKeepMs])
      add(ms);
  }
  return Float64Array.from(moments).sort();
}

function at({ id, name, labelsOf }: ClusterFacts, now: number, recent: readonly Happening[]): ClusterFacts {
  const until = recent.map((one) => {
    if (one.atMs <= now) return one;
    const share = (now - one.fromMs) / (one.atMs - one.fromMs);
    return { ...one, atMs: now, count: Math.max(1, Math.round(one.count * share)) };
  });
  return { ...nothingMeasured, id, name, labelsOf, now, live: true, faults: [], events: () => until };
}
