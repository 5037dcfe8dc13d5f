import type { AlertView, Labels } from "../../views/alert-model.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import type { Instance } from "./conditions/condition.ts";
import type { Rule } from "./rule.ts";
import { fill } from "./template.ts";

/** Began to fire so often within this, and it flaps: then it has to be quiet for longer before it counts as over. */
export const flaps = 3;
export const flapWindowMs = 3_600_000;
export const flapKeepMs = 15 * 60_000;

/** What an alert is after a judgement: pure, from what it was and what is seen at a time. */
export function hold(
  before: AlertView | undefined,
  fingerprint: string,
  rule: Rule,
  facts: Pick<ClusterFacts, "id" | "name">,
  instance: Instance,
  now: number,
): AlertView {
  const going = before !== undefined && before.state !== "resolved" ? before : undefined;
  // The object's own time counts for how long it has held, but never one that is still to come.
  const sinceMs = going?.sinceMs ?? Math.min(instance.sinceMs ?? now, now);
  const fired = (before?.fired ?? []).filter((one) => now - one < flapWindowMs);
  const fires = going?.state === "firing" || now - sinceMs >= rule.forMs;
  const begins = fires && going?.state !== "firing";
  if (begins) fired.push(now);
  const told = words(rule, facts, instance);
  return {
    fingerprint,
    rule: rule.id,
    name: rule.name,
    severity: rule.severity,
    cluster: facts.id,
    kind: instance.kind,
    namespace: instance.namespace,
    object: instance.object,
    ...told,
    state: fires ? "firing" : "pending",
    sinceMs,
    ...(fires ? { firedMs: begins ? now : (going?.firedMs ?? now) } : {}),
    lastMs: now,
    ...(instance.value === undefined ? {} : { value: instance.value }),
    fired,
    flapping: fired.length >= flaps,
    ...(going?.ack ? { ack: going.ack } : {}),
  };
}

/** What an alert is whose condition does not hold any more; undefined where nobody was told of it. */
export function release(before: AlertView, keepMs: number, now: number): AlertView | undefined {
  if (before.state === "pending") return undefined;
  if (before.state === "resolved") return before;
  const keep = before.flapping ? Math.max(keepMs, flapKeepMs) : keepMs;
  return now - before.lastMs < keep ? before : resolve(before, now);
}

export function resolve(before: AlertView, now: number): AlertView {
  const { ack: _, ...rest } = before;
  return { ...rest, state: "resolved", resolvedMs: now };
}

function words(
  rule: Rule,
  facts: Pick<ClusterFacts, "name">,
  instance: Instance,
): { labels: Labels; annotations: Labels } {
  const own: Record<string, string> = {
    alertname: rule.name,
    severity: rule.severity,
    cluster: facts.name,
    kind: instance.kind,
    name: instance.object,
    rule: rule.id,
    ...(instance.namespace ? { namespace: instance.namespace } : {}),
    ...(instance.node ? { node: instance.node } : {}),
  };
  const labels = { ...instance.labels, ...rule.labels, ...own };
  const values = {
    ...labels,
    namespace: instance.namespace,
    node: instance.node,
    message: instance.message,
    reason: instance.reason,
    value: instance.valueText ?? "",
    ...instance.texts,
  };
  const { summary, description } = rule.annotations;
  return {
    labels,
    annotations: {
      summary: fill(summary, values).slice(0, 1000),
      // What pages tell in the reader's language.
      ...(instance.measure ? { measure: instance.measure } : {}),
      ...(instance.measure && !instance.tells
        ? { value: instance.valueText ?? "" }
        : { message: instance.message.slice(0, 1000) }),
      ...(description ? { description: fill(description, values).slice(0, 4000) } : {}),
    },
  };
}
