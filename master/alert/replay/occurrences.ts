import type { StoredEvent } from "../../../views/event-model.ts";
import type { SeenEvents } from "../../database/events/store.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { ownerKey } from "../../datasource/entry.ts";
import type { Fault } from "../../datasource/problems.ts";
import { nothingMeasured } from "../../datasource/values/measured.ts";
import type { ConditionOf } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";
import { flapKeepMs } from "../state.ts";
import { pastEvents } from "./past-events.ts";
import { Tracked } from "./tracked.ts";

type Problem = ConditionOf<"problem">;

/** A fault with when it began and was over. */
export interface Occurrence {
  fault: Fault;
  fromMs: number;
  /** Infinity while it is not over. */
  toMs: number;
}

/** Who owned a pod, as `Kind/name`; of one that is gone, by the names that its owners give. */
export type OwnerOf = (cluster: string, namespace: string, pod: string) => string | undefined;

const mostOccurrences = 10_000;
const timesAtOnce = 20;

/** The occurrences that agents diagnosed within a time, of those that a rule is about, and from when on they are all. */
export function* pastOccurrences(
  events: SeenEvents,
  { id }: Pick<ClusterFacts, "id">,
  rule: Rule,
  { kinds, reasons }: Problem,
  range: { fromMs: number; toMs: number },
  ownerOf: OwnerOf,
): Generator<void, { found: Occurrence[]; fromMs: number }> {
  const found: Occurrence[] = [];
  const asked = { cluster: id, origin: "diagnosis", fromMs: range.fromMs };
  for (const event of pastEvents(events, asked, reasons)) {
    if (!event) {
      yield;
      continue;
    }
    if (event.severity === "info" || (kinds && !kinds.includes(event.kind))) continue;
    if (rule.scope.namespaces && !rule.scope.namespaces.includes(event.namespace ?? "")) continue;
    found.push(occurrenceOf(event, range.fromMs, ownerOf));
    // The newest come first: of what is before, there is too much.
    if (found.length >= mostOccurrences) return { found, fromMs: event.ts_ms };
  }
  return { found, fromMs: range.fromMs };
}

function occurrenceOf(event: StoredEvent, rangeFromMs: number, ownerOf: OwnerOf): Occurrence {
  const { cluster, kind, namespace = "", name, reason, severity } = event;
  const sinceMs = event.first_ts_ms ?? event.ts_ms;
  const owner = kind === "Pod" ? ownerOf(cluster, namespace, name) : undefined;
  const [ownerKind, ownerName] = owner?.split("/") ?? [];
  return {
    fromMs: Math.max(rangeFromMs, sinceMs),
    toMs: event.resolved_ts_ms ?? Number.POSITIVE_INFINITY,
    fault: {
      cluster,
      kind,
      namespace,
      name,
      node: event.node ?? "",
      reason,
      message: event.message ?? "",
      severity,
      sinceMs,
      lastMs: event.ts_ms,
      count: event.count ?? 1,
      eventID: event.id,
      group: ownerName ? ownerKey(ownerKind!, namespace, ownerName) : ownerKey(kind, namespace, name),
    },
  };
}

/**
 * What a rule would have done about occurrences: judged at each moment at which something can change, which are the
 * beginnings and ends, and when waiting for more of either is over.
 */
export function* replayOccurrences(
  rule: Rule,
  facts: ClusterFacts,
  owners: ReadonlyMap<string, string>,
  all: readonly Occurrence[],
  range: { fromMs: number; toMs: number },
  late: () => boolean,
): Generator<void, Tracked> {
  const tracked = new Tracked(rule, owners);
  const starts = [...all].sort((a, b) => a.fromMs - b.fromMs);
  let next = 0;
  let active: Occurrence[] = [];
  let count = 0;
  for (const now of momentsOf(rule, all, range)) {
    if (++count % timesAtOnce === 0) yield;
    if (late()) break;
    const before = active.length;
    active = active.filter((one) => one.toMs > now);
    let different = active.length !== before;
    for (; next < starts.length && starts[next]!.fromMs <= now; next++)
      if (starts[next]!.toMs > now) {
        active.push(starts[next]!);
        different = true;
      }
    if (active.length === 0 && !different && !tracked.active) continue;
    tracked.judge(
      at(
        facts,
        now,
        active.map((one) => one.fault),
      ),
    );
  }
  return tracked;
}

function momentsOf(
  { forMs, keepMs }: Rule,
  all: readonly Occurrence[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Float64Array {
  const moments = new Set([fromMs, toMs]);
  for (const { fault, ...one } of all)
    for (const moment of [
      one.fromMs,
      Math.max(one.fromMs, fault.sinceMs + forMs),
      // The last moment at which it is seen.
      one.toMs - 1,
      one.toMs,
      one.toMs + keepMs,
      one.toMs + flapKeepMs,
    ])
      if (moment >= fromMs && moment <= toMs) moments.add(moment);
  return Float64Array.from(moments).sort();
}

const at = ({ id, name, labelsOf }: ClusterFacts, now: number, faults: readonly Fault[]): ClusterFacts => ({
  ...nothingMeasured,
  id,
  name,
  labelsOf,
  now,
  live: true,
  faults,
});
