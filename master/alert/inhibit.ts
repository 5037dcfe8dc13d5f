import type { AlertView, MatcherView, Muted, SilenceView } from "../../views/alert-model.ts";
import { matches } from "./labels.ts";
import type { OpenWindow } from "./maintenance.ts";
import { atOnce } from "./slices.ts";

interface Inhibition {
  /** The rule whose alert stands for the others. */
  source: string;
  /** What it stands for, where these labels are the same. */
  target: readonly MatcherView[];
  equal: readonly string[];
}

const of = (rule: string): MatcherView => ({ name: "rule", op: "=", value: rule });
const not = (name: string, value: string): MatcherView => ({ name, op: "!=", value });

/**
 * One cause, one message: an agent that is silent says nothing about anything, and a node that is down takes along
 * what ran on it. And one thing, one message: what is worst of it, also while it gets better by way of the lesser.
 */
export const inhibitions: readonly Inhibition[] = [
  { source: "agent-silent", target: [not("kind", "Cluster")], equal: ["cluster"] },
  { source: "api-unreachable", target: [not("kind", "Cluster")], equal: ["cluster"] },
  { source: "node-not-ready", target: [not("rule", "node-not-ready")], equal: ["cluster", "node"] },
  {
    source: "workload-unavailable",
    target: [of("workload-degraded")],
    equal: ["cluster", "namespace", "kind", "name"],
  },
  { source: "disk-almost-out", target: [of("disk-full")], equal: ["cluster", "node", "mount"] },
  {
    source: "certificate-expires",
    target: [of("certificate-expires-soon")],
    equal: ["cluster", "namespace", "name"],
  },
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
  return atOnce(muting(alerts, silences, owners, now, windows));
}

/** As `mutedOf`, in steps between which others get their turn. */
export function* muting(
  alerts: Iterable<AlertView>,
  silences: readonly SilenceView[],
  owners: ReadonlyMap<string, string>,
  now: number,
  windows: readonly OpenWindow[] = [],
): Generator<void, Map<string, Muted>> {
  const muted = new Map<string, Muted>();
  const firing = [...alerts].filter((one) => one.state === "firing");
  const holding = silences.filter((one) => one.startsMs <= now && now < one.endsMs);
  const sources = sourcesIn(firing);
  for (const alert of firing) {
    yield;
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
    const stands = standsFor(alert, sources);
    if (stands)
      muted.set(alert.fingerprint, {
        by: "inhibition",
        fingerprint: stands.fingerprint,
        name: stands.name,
      });
  }
  return muted;
}

/** Of each inhibition, the alerts that stand for others, by what has to be the same. */
type Sources = ReadonlyMap<Inhibition, ReadonlyMap<string, readonly AlertView[]>>;

function sourcesIn(firing: readonly AlertView[]): Sources {
  const found = new Map<Inhibition, Map<string, AlertView[]>>();
  for (const rule of inhibitions) {
    const byPlace = new Map<string, AlertView[]>();
    for (const one of firing) {
      const place = one.rule === rule.source ? placeOf(rule, one) : undefined;
      if (place === undefined) continue;
      const there = byPlace.get(place);
      if (there) there.push(one);
      else byPlace.set(place, [one]);
    }
    if (byPlace.size > 0) found.set(rule, byPlace);
  }
  return found;
}

function standsFor(alert: AlertView, sources: Sources): AlertView | undefined {
  for (const [rule, byPlace] of sources) {
    const place = placeOf(rule, alert);
    if (place === undefined || !matches(rule.target, alert.labels)) continue;
    const source = byPlace.get(place)?.find((one) => one.fingerprint !== alert.fingerprint);
    if (source) return source;
  }
  return undefined;
}

/** What of an alert has to be the same as of another; undefined where it has not all of these labels. */
function placeOf({ equal }: Inhibition, { cluster, labels }: AlertView): string | undefined {
  const values = equal.map((label) => labels[label]);
  return values.includes(undefined) ? undefined : JSON.stringify([cluster, ...values]);
}
