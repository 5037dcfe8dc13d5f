import type { AlertView, MatcherView, Muted, SilenceView } from "../../views/alert-model.ts";
import { matches } from "./labels.ts";
import type { OpenWindow } from "./maintenance.ts";

interface Inhibition {
  /** The rule whose alert stands for the others. */
  source: string;
  /** What it stands for, where these labels are the same. */
  target: readonly MatcherView[];
  equal: readonly string[];
}

const not = (name: string, value: string): MatcherView => ({ name, op: "!=", value });

/**
 * One cause, one message: an agent that is silent says nothing about anything, and a node that is down takes along
 * what ran on it.
 */
export const inhibitions: readonly Inhibition[] = [
  { source: "agent-silent", target: [not("kind", "Cluster")], equal: ["cluster"] },
  { source: "api-unreachable", target: [not("kind", "Cluster")], equal: ["cluster"] },
  { source: "node-not-ready", target: [not("rule", "node-not-ready")], equal: ["cluster", "node"] },
];

/** Whether a silence is for a place. */
export function holdsAt(
  silence: Pick<SilenceView, "tenant" | "cluster" | "namespace">,
  alert: Pick<AlertView, "cluster" | "namespace">,
  owners: ReadonlyMap<string, string>,
): boolean {
  const { tenant, cluster, namespace } = silence;
  if (tenant !== undefined && tenant !== owners.get(alert.cluster)) return false;
  if (cluster !== undefined && cluster !== alert.cluster) return false;
  return namespace === undefined || namespace === alert.namespace;
}

/** Why nobody is told of the alerts that fire, by fingerprint. */
export function mutedOf(
  alerts: Iterable<AlertView>,
  silences: readonly SilenceView[],
  owners: ReadonlyMap<string, string>,
  now: number,
  windows: readonly OpenWindow[] = [],
): Map<string, Muted> {
  const muted = new Map<string, Muted>();
  const firing = [...alerts].filter((one) => one.state === "firing");
  const holding = silences.filter((one) => one.startsMs <= now && now < one.endsMs);
  const sources = inhibitions.flatMap((rule) =>
    firing.filter((one) => one.rule === rule.source).map((source) => ({ rule, source })),
  );
  for (const alert of firing) {
    const silence = holding.find((one) => holdsAt(one, alert, owners) && matches(one.matchers, alert.labels));
    if (silence) {
      const { id, comment, by: who, endsMs } = silence;
      muted.set(alert.fingerprint, { by: "silence", id, comment, who, endsMs });
      continue;
    }
    const open = windows.find(
      ({ window }) => holdsAt(window, alert, owners) && matches(window.matchers, alert.labels),
    );
    if (open) {
      const { id, name, reason, by: who } = open.window;
      const ends = open.endsMs === undefined ? {} : { endsMs: open.endsMs };
      muted.set(alert.fingerprint, { by: "maintenance", id, name, reason, who, ...ends });
      continue;
    }
    const stands = sources.find(
      ({ rule, source }) =>
        source.fingerprint !== alert.fingerprint &&
        source.cluster === alert.cluster &&
        matches(rule.target, alert.labels) &&
        rule.equal.every(
          (label) => alert.labels[label] !== undefined && alert.labels[label] === source.labels[label],
        ),
    );
    if (stands)
      muted.set(alert.fingerprint, {
        by: "inhibition",
        fingerprint: stands.source.fingerprint,
        name: stands.source.name,
      });
  }
  return muted;
}
