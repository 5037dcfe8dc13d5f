import type {
  AlertView,
  HistoryView,
  InEscalation,
  MaintenanceView,
  Muted,
  PastPage,
  RuleView,
  SilenceView,
} from "../../views/alert-model.ts";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import { sees, type Sight } from "../access/sight.ts";
import { historyOf } from "../database/alerts.ts";
import type { Database } from "../database/database.ts";
import type { Engine } from "./engine.ts";
import { allSteps, nextStep } from "./escalate.ts";
import { matches } from "./labels.ts";
import { holdsAt } from "./inhibit.ts";
import { type PastQuery, pastSeenBy, remembered } from "./past-alerts.ts";
import { standingOfWindow, stateOfWindow } from "./maintenance.ts";

export interface AlertQuery {
  cluster?: string;
  namespace?: string;
  state?: "pending" | "firing" | "resolved" | undefined;
  severity?: string | undefined;
  /** Only those of which nobody is told, or only the others. */
  muted?: boolean | undefined;
  rule?: string | undefined;
  /** What its name, its object or its text holds. */
  q?: string | undefined;
}

/** The alerts as one sees them who sees a part. */
export interface SeenAlerts {
  /** What fires first, the worst first. */
  list(query?: AlertQuery): AlertView[];
  get(fingerprint: string): AlertView | undefined;
  /** The same, or what is remembered of one that is over for long. */
  find(fingerprint: string): Promise<AlertView | undefined>;
  /** Each time that something fired, the newest first. */
  past(query: PastQuery): Promise<PastPage>;
  muted(fingerprint: string): Muted | undefined;
  /** Nothing of an alert that cannot be seen. */
  history(fingerprint: string): Promise<HistoryView[]>;
  /** Who is told next if nobody takes it up. */
  escalations(fingerprint: string): InEscalation[];
  /** What a silence would hide now. */
  hidden(silence: Pick<SilenceView, "tenant" | "cluster" | "namespace" | "matchers">): AlertView[];
}

const stateRank = { firing: 0, pending: 1, resolved: 2 };
const severityRank = { critical: 0, warning: 1, info: 2 };

const wordsOf = ({ name, kind, object, annotations }: AlertView) =>
  `${name} ${kind}/${object} ${annotations.summary ?? ""}`.toLowerCase();

export function seenAlerts(engine: Engine, database: Database, sight: Sight): SeenAlerts {
  const visible = (one: AlertView) => sees(sight, one.cluster, one.namespace);
  const get = (fingerprint: string) => {
    const found = engine.alerts.get(fingerprint);
    return found && visible(found) ? found : undefined;
  };
  const find = async (fingerprint: string) => {
    const found = engine.alerts.get(fingerprint) ?? (await remembered(database, fingerprint));
    return found && visible(found) ? found : undefined;
  };
  return {
    find,
    past: (query) => pastSeenBy(engine, database, sight, query),
    list: ({ cluster, namespace, state, severity, muted, rule, q } = {}) => {
      const text = q?.trim().toLowerCase();
      return [...engine.alerts.values()]
        .filter(
          (one) =>
            visible(one) &&
            (cluster === undefined || one.cluster === cluster) &&
            (namespace === undefined || one.namespace === namespace) &&
            (state === undefined || one.state === state) &&
            (severity === undefined || one.severity === severity) &&
            (rule === undefined || one.rule === rule) &&
            (!text || wordsOf(one).includes(text)) &&
            (muted === undefined || engine.muted.has(one.fingerprint) === muted),
        )
        .sort(
          (a, b) =>
            stateRank[a.state] - stateRank[b.state] ||
            severityRank[a.severity] - severityRank[b.severity] ||
            (b.firedMs ?? b.sinceMs) - (a.firedMs ?? a.sinceMs) ||
            (a.fingerprint < b.fingerprint ? -1 : 1),
        );
    },
    get,
    muted: (fingerprint) => (get(fingerprint) ? engine.muted.get(fingerprint) : undefined),
    history: async (fingerprint) => ((await find(fingerprint)) ? historyOf(database, fingerprint) : []),
    escalations: (fingerprint) => (get(fingerprint) ? escalationsOf(engine, fingerprint) : []),
    hidden: (silence) =>
      [...engine.alerts.values()].filter(
        (one) =>
          one.state !== "resolved" &&
          visible(one) &&
          holdsAt(silence, one, engine.owners) &&
          matches(silence.matchers, one.labels),
      ),
  };
}

/** The rules that somebody may read: what others made for places of theirs may name these. */
export function rulesSeenBy(engine: Engine, access: Pick<Access, "may">, by: Principal): RuleView[] {
  return engine.rules
    .map((rule): RuleView => {
      const origin = engine.originOf(rule);
      return { ...rule, origin, ...(origin === "file" && engine.isStored(rule.id) ? { hides: true } : {}) };
    })
    .filter(
      ({ origin, tenant }) =>
        origin === "default" || access.may(by, "viewer", tenant === undefined ? {} : { tenant }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The silences of places that somebody sees all of; those that hold first. */
export function silencesSeenBy(
  engine: Engine,
  access: Pick<Access, "may">,
  by: Principal,
  now: number,
): SilenceView[] {
  const over = (one: SilenceView) => Number(one.endsMs <= now);
  return engine.silences
    .filter((one) => access.may(by, "viewer", placeOf(one)))
    .sort((a, b) => over(a) - over(b) || b.createdMs - a.createdMs);
}

/** The maintenance windows of places that somebody sees all of; those that are open first, then by when they open. */
export function maintenanceSeenBy(
  engine: Engine,
  access: Pick<Access, "may">,
  by: Principal,
  now: number,
): MaintenanceView[] {
  const rank = { open: 0, scheduled: 1, over: 2 };
  return engine.maintenance
    .filter((one) => access.may(by, "viewer", placeOf(one)))
    .map((one) => ({ one, rank: rank[stateOfWindow(one, now)], at: standingOfWindow(one, now).untilMs ?? 0 }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at || b.one.createdMs - a.one.createdMs)
    .map(({ one }) => one);
}

/** How far an alert has come in the policies that it is in, and what comes next. */
function escalationsOf(engine: Engine, fingerprint: string): InEscalation[] {
  return engine.escalations.flatMap((policy) => {
    const state = engine.escalationOf(policy.id, fingerprint);
    if (!state) return [];
    const next = nextStep(policy, state);
    const { id, name } = policy;
    return { policy: id, name, done: state.done, all: allSteps(policy), ...(next ? { next } : {}) };
  });
}

/** Where something is for, as roles are asked for. */
export function placeOf(of: {
  tenant?: string | undefined;
  cluster?: string | undefined;
  namespace?: string | undefined;
}) {
  const { tenant, cluster, namespace } = of;
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}
