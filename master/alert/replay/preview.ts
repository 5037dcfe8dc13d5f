import type { AlertView, MaintenanceView, SilenceView } from "../../../views/alert-model.ts";
import type { PreviewAlert, PreviewBasis, PreviewNow, RulePreview } from "../../../views/rule-preview.ts";
import { sees, type Sight, sightOf } from "../../access/sight.ts";
import type { SeenEvents } from "../../database/events/store.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { type Column, type Line, lineAt, type Subject } from "../../datasource/values/measured.ts";
import type { Range } from "../../history/query.ts";
import type { Reader } from "../../history/reader.ts";
import { findInstances } from "../conditions.ts";
import { anyOf } from "../conditions/absence.ts";
import { rowsFor } from "../conditions/condition.ts";
import { lineInScope } from "../conditions/lines.ts";
import { reaches } from "../evaluate.ts";
import type { Condition, ConditionOf } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";
import { pastHappenings, replayHappenings } from "./happened.ts";
import { goneLines } from "./gone.ts";
import { replayLine } from "./line.ts";
import { mutedThroughout, mutesOver } from "./muted.ts";
import { type OwnerOf, pastOccurrences, replayOccurrences } from "./occurrences.ts";
import { isActive, type Tracked } from "./tracked.ts";
import { mayReach } from "./thresholds.ts";
import { bySubject, knownFrom, type Lines, pastValues, type Steps } from "./values.ts";

export interface PreviewGiven {
  rule: Rule;
  rangeMs: number;
  nowMs: number;
  /** What is true now, of all there is; what may be seen of it is looked at by `sight`. */
  facts: readonly ClusterFacts[];
  owners: ReadonlyMap<string, string>;
  sight: Sight;
  /** Both narrowed to that sight. */
  metrics: Reader;
  events: SeenEvents;
  ownerOf: OwnerOf;
  silences: readonly SilenceView[];
  windows: readonly MaintenanceView[];
  /** The nodes of a cluster that may be seen, measured or not. */
  nodes(cluster: string): readonly string[];
  /** Whether the time for it is over. */
  late(): boolean;
}

const minute = 60_000;
const hourMs = 60 * minute;
const dayMs = 24 * hourMs;
/** So many values a window is made of, at most. */
const windowSteps = 72;
const mostAlerts = 500;
const mostNow = 100;
const rowsAtOnce = 100;
const alertsAtOnce = 20;

/** What is looked at as it is now; the others are known at the end of what is gone through. */
const foundNow: ReadonlySet<Condition["type"]> = new Set(["threshold", "problem", "certificate"]);

/** Of what is kept of a condition's past. */
const basisOf: { [K in Condition["type"]]: (condition: ConditionOf<K>) => PreviewBasis } = {
  threshold: () => "values",
  rate: () => "values",
  forecast: () => "values",
  // Which objects there were is not kept.
  absence: ({ what }) => (what === "values" ? "values" : "present"),
  events: () => "events",
  // Those before are not kept.
  certificate: () => "present",
  // That an agent or an API server is silent is known of now alone.
  problem: ({ kinds }) => (kinds?.every((one) => one === "Cluster") ? "present" : "occurrences"),
};

/** What a rule would have done over a time, as far as it is known and somebody may see it. Gives itself up often. */
export function* preview(given: PreviewGiven): Generator<void, RulePreview> {
  const { rule, nowMs, rangeMs, owners, sight } = given;
  // Of other clusters not even how many there are is told.
  const facts = given.facts.filter(
    (one) => sightOf(sight, one.id) !== undefined && reaches(rule, one, owners.get(one.id)),
  );
  const basis = (basisOf[rule.condition.type] as (one: Condition) => PreviewBasis)(rule.condition);
  const stepMs = basis === "values" ? stepOf(rule.condition, rangeMs) : 0;
  const toMs = stepMs ? Math.floor(nowMs / stepMs) * stepMs : nowMs;
  const range = { fromMs: toMs - rangeMs, toMs };
  const furthest = rule.forMs < stepMs && rule.condition.type === "threshold";
  const out: Out = {
    ...range,
    basis,
    stepMs,
    of: furthest ? "furthest" : "mean",
    alerts: [],
    total: 0,
    muted: 0,
    now: [],
    nowTotal: 0,
    there: 0,
    gone: 0,
    looked: 0,
  };
  const ofNow = foundNow.has(rule.condition.type);
  if (ofNow)
    for (const one of facts)
      for (const found of findInstances(rule, one, { firing: () => false, held: () => [] }))
        if (!found) yield;
        else if (one.live || found.kind === "Cluster")
          tellNow(out, sight, { cluster: one.id, ...found, text: found.message });
  const mutes = yield* mutesOver(given.silences, given.windows, range);
  const add = function* (tracked: Tracked): Generator<void> {
    const seen = tracked.all().filter((one) => sees(sight, one.cluster, one.namespace));
    for (const [at, one] of seen.entries()) {
      if (at % alertsAtOnce === alertsAtOnce - 1) yield;
      const fired = { fromMs: one.firedMs, toMs: one.resolvedMs ?? toMs };
      if (mutes.length === 0 || !mutedThroughout(mutes, tracked.viewOf(one), owners, fired)) continue;
      one.muted = true;
      out.muted++;
    }
    out.total += seen.length;
    out.alerts.push(...seen);
    if (out.alerts.length > 2 * mostAlerts) newest(out.alerts);
    if (ofNow) return;
    for (const one of tracked.alerts.values())
      if (isActive(one)) tellNow(out, sight, { ...one, ...told(one) });
  };
  if (basis === "values")
    yield* overValues(given, facts, { ...range, stepMs, take: takeOf(rule, furthest) }, out, add);
  if (basis === "occurrences" || basis === "events") yield* overEvents(given, facts, range, out, add);
  newest(out.alerts);
  return out;
}

function told({ annotations: { measure, message, value, summary = "" } }: AlertView) {
  return { text: message ?? value ?? summary, ...(measure ? { measure } : {}) };
}

function tellNow(
  out: Out,
  sight: Sight,
  { cluster, kind, namespace, object, measure, text }: PreviewNow,
): void {
  if (!sees(sight, cluster, namespace)) return;
  if (out.nowTotal++ >= mostNow) return;
  out.now.push({ cluster, kind, namespace, object, ...(measure ? { measure } : {}), text });
}

type Out = RulePreview & { alerts: PreviewAlert[]; now: PreviewNow[] };

function* overValues(
  given: PreviewGiven,
  facts: readonly ClusterFacts[],
  steps: Steps,
  out: Out,
  add: (tracked: Tracked) => Generator<void>,
): Generator<void> {
  const { rule, owners, metrics, late } = given;
  const all: { facts: ClusterFacts; lines: Lines; there: boolean }[] = [];
  for (const one of facts) {
    const lines = yield* linesOf(given, one);
    for (const group of bySubject(lines)) all.push({ facts: one, lines: group, there: true });
    yield;
  }
  // What is there comes first, in case that the time for it is not enough for all.
  for (const one of facts)
    for (const lines of yield* gone(given, one, steps)) {
      all.push({ facts: one, lines, there: false });
      out.gone++;
    }
  out.there = all.length;
  let knownMs = Number.POSITIVE_INFINITY;
  const known = (ms: number) => {
    knownMs = Math.min(knownMs, ms);
    if (knownMs > steps.fromMs + hourMs && knownMs < steps.toMs) out.knownFromMs = knownMs;
    else delete out.knownFromMs;
  };
  for (const { facts: one, lines, there } of all) {
    if (late()) return;
    out.looked++;
    let [fromMs, looked] = [steps.fromMs, lines];
    if (rule.condition.type === "threshold") {
      const reached = yield* mayReach(metrics, one, lines, steps, rule.condition);
      if (reached) known(reached.knownMs);
      if (!reached || reached.lines.lines.length === 0) continue;
      [fromMs, looked] = [reached.fromMs, reached.lines];
    }
    const past = yield* pastValues(metrics, one, looked, { ...steps, fromMs });
    if (past && rule.condition.type !== "threshold") known(knownFrom(past));
    for (const [at, values] of (past ?? []).entries()) {
      const line = looked.lines[at]!;
      yield* add(yield* replayLine({ rule, facts: one, owners, line, past: values, there }));
    }
  }
}

function* overEvents(
  { rule, owners, events, ownerOf, late }: PreviewGiven,
  facts: readonly ClusterFacts[],
  range: { fromMs: number; toMs: number },
  out: Out,
  add: (tracked: Tracked) => Generator<void>,
): Generator<void> {
  const { condition } = rule;
  out.there = facts.length;
  const known = (fromMs: number) => {
    if (fromMs > range.fromMs) out.knownFromMs = Math.max(out.knownFromMs ?? 0, fromMs);
  };
  for (const one of facts) {
    if (condition.type === "problem") {
      const past = yield* pastOccurrences(events, one, rule, condition, range, ownerOf);
      known(past.fromMs);
      if (past.found.length > 0)
        yield* add(
          yield* replayOccurrences(rule, one, owners, past.found, { ...range, fromMs: past.fromMs }, late),
        );
    }
    if (condition.type === "events") {
      const past = yield* pastHappenings(events, one, condition, range);
      known(past.fromMs);
      if (past.found.length > 0)
        yield* add(
          yield* replayHappenings(
            rule,
            condition,
            one,
            owners,
            past.found,
            { ...range, fromMs: past.fromMs },
            late,
          ),
        );
    }
    if (late()) return;
    out.looked++;
  }
}

type OfLines = Pick<ConditionOf<"absence">, "of" | "group" | "series">;

/** The lines of what a cluster has no more. */
function* gone(
  { rule, sight, metrics, nodes }: PreviewGiven,
  facts: ClusterFacts,
  range: Range,
): Generator<void, Lines[]> {
  const { of = "node", group = anyOf(of), series = "" } = rule.condition as OfLines;
  const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;
  const known = new Set<string>();
  if (of === "node") for (const name of nodes(facts.id)) known.add(`Node//${name}`);
  const { subjects } = facts.column(of, "", "");
  for (const [at, one] of subjects.entries()) {
    if (at % rowsAtOnce === 0) yield;
    known.add(keyOf(one));
  }
  return yield* goneLines(facts, {
    metrics,
    of,
    group,
    series,
    range,
    there: (one) => known.has(keyOf(one)),
    wanted: (one) => sees(sight, facts.id, one.namespace) && lineInScope(rule, facts, one),
  });
}

/** The lines of a cluster that there are now, that a rule looks at and somebody sees. */
function* linesOf({ rule, sight, nodes }: PreviewGiven, facts: ClusterFacts): Generator<void, Line[]> {
  const { of = "node", group = anyOf(of), series = "" } = rule.condition as OfLines;
  const column: Column = facts.column(of, group, series);
  const lines: Line[] = [];
  const take = (line: Line) => {
    const { subject } = line;
    if (sees(sight, facts.id, subject.namespace) && lineInScope(rule, facts, subject)) lines.push(line);
  };
  for (const [from, to] of rowsFor(rule, column))
    for (let row = from; row < to; row++) {
      take(lineAt(column, row));
      if (row % rowsAtOnce === 0) yield;
    }
  // What is missed at present is in no column of now.
  if (rule.condition.type === "absence" && of === "node" && !rule.scope.namespaces && !group.endsWith("*")) {
    const known = new Set(lines.map((one) => one.subject.name));
    for (const name of nodes(facts.id))
      if (!known.has(name))
        take({
          subject: { kind: "Node", namespace: "", name, node: name },
          group,
          series,
          value: Number.NaN,
        });
  }
  return lines;
}

/** Minutes, as long as these are kept; where a window is looked at, no finer than that needs. */
function stepOf(condition: Condition, rangeMs: number): number {
  const least = rangeMs > 7 * dayMs ? 10 * minute : minute;
  const { windowMs = 0 } = condition as { windowMs?: number };
  return Math.max(least, Math.floor(windowMs / windowSteps / least) * least);
}

function takeOf({ condition }: Rule, furthest: boolean): Steps["take"] {
  if (!furthest) return "avg";
  return (condition as { op?: string }).op === "below" ? "min" : "max";
}

function newest(alerts: PreviewAlert[]): void {
  alerts.sort((a, b) => b.firedMs - a.firedMs);
  if (alerts.length > mostAlerts) alerts.length = mostAlerts;
}
