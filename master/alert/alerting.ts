import type {
  AlertView,
  ChannelView,
  DeliveryView,
  EscalationView,
  MaintenanceView,
  RuleFault,
  RuleFileView,
  RuleView,
  SilenceView,
} from "../../views/alert-model.ts";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import { Sealed } from "../access/sealed.ts";
import type { Sight } from "../access/sight.ts";
import type { Audit } from "../audit/audit.ts";
import type { MasterConfig } from "../config.ts";
import { listRules } from "../database/alerts.ts";
import { failingChannels, listDeliveries } from "../database/deliveries.ts";
import type { Database } from "../database/database.ts";
import { listTenants } from "../database/tenants.ts";
import type { AlertFacts, ClusterFacts } from "../datasource/alert-facts.ts";
import { Channels, channelView } from "../notify/channels.ts";
import { Sender } from "../notify/sender.ts";
import type { Lookup } from "../notify/target.ts";
import type { Marks, Noted } from "../history/marks.ts";
import { type AlertChanges, createChanges } from "./changes.ts";
import {
  maintenanceSeenBy,
  placeOf,
  rulesSeenBy,
  type SeenAlerts,
  seenAlerts,
  silencesSeenBy,
} from "./alerts.ts";
import type { DigestSources } from "./digest/collect.ts";
import { Digests } from "./digest/digests.ts";
import { createPreviews, type Kept, type Previews } from "./previews.ts";
import { Engine } from "./engine.ts";
import { yamlOf } from "./export.ts";
import { SeenKeeper } from "./seen.ts";
import { RuleFiles } from "./files.ts";

export interface AlertingOptions {
  database: Database;
  access: Pick<Access, "may" | "sight">;
  audit: Audit;
  key: Uint8Array;
  config: Pick<MasterConfig, "publicUrl" | "notifyPrivate" | "rules">;
  facts(): ClusterFacts[];
  /** What rules that miss something have seen. */
  seen?: Pick<AlertFacts, "changes" | "keepOnly" | "restore">;
  clusters: DigestSources["clusters"];
  owners: ReadonlyMap<string, string>;
  changed(): void;
  /** Where charts mark when alerts fired. */
  marks?: Pick<Marks, "note" | "end" | "endOthers">;
  events: {
    failed(what: string, error: unknown): void;
    notified(type: string, state: string): void;
    alertsEvaluated(seconds: number): void;
    rulesTaken(file: string, rules: number): void;
    rulesRefused(file: string, faults: readonly RuleFault[]): void;
  };
  look?: Lookup;
  now?: () => number;
  /** What is kept of the past, where there is a history. */
  kept?: Kept;
  /** How often the rules' files are looked at; tests shorten it. */
  rulesEveryMs?: number;
  /** Certificates that receivers' are signed by, besides the usual; for tests. */
  ca?: string;
  firstRetryMs?: number;
}

/** Alerts as pages and the API have them: reading narrowed to who asks, and changes that are asked for by somebody. */
export interface Alerting extends AlertChanges, Previews {
  seenBy(sight: Sight): SeenAlerts;
  rules(by: Principal): RuleView[];
  /** How it is with the files of rules, for who sees the whole installation. */
  ruleFiles(by: Principal): readonly RuleFileView[];
  /** Rules that somebody reads, as files have them. */
  yaml(rules: readonly RuleView[]): Promise<string>;
  silences(by: Principal): SilenceView[];
  maintenance(by: Principal): MaintenanceView[];
  /** The channels that somebody administers, and nobody else hears of. */
  channels(by: Principal): ChannelView[];
  /** The ids of those of them whose receiver did not take what it was sent last. */
  failing(by: Principal): Promise<ReadonlySet<string>>;
  /** Policies of escalation that somebody administers: they name channels. */
  escalations(by: Principal): EscalationView[];
  deliveries(
    by: Principal,
    query: { channel?: string; fingerprint?: string; state?: string; before?: number; limit?: number },
  ): Promise<{ items: DeliveryView[]; next?: number }>;
}

export interface ManagedAlerting extends Alerting {
  engine: Engine;
  files: RuleFiles;
  digests: Digests;
  sender: Sender;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createAlerting(options: AlertingOptions): ManagedAlerting {
  const { database, access, events } = options;
  const now = options.now ?? Date.now;
  const channels = new Channels(database, new Sealed(options.key, "channels"), options.config.notifyPrivate);
  const sender: Sender = new Sender({
    database,
    channels,
    publicUrl: options.config.publicUrl,
    allowed: options.config.notifyPrivate,
    failed: events.failed,
    changed(channel, state) {
      events.notified(channels.get(channel)?.type ?? "", state);
      options.changed();
    },
    now,
    ...(options.look ? { look: options.look } : {}),
    ...(options.ca ? { ca: options.ca } : {}),
    ...(options.firstRetryMs ? { firstRetryMs: options.firstRetryMs } : {}),
  });
  const files: RuleFiles = new RuleFiles({
    path: options.config.rules,
    async known() {
      const tenants = (await listTenants(database)).map((one) => [one.name.toLowerCase(), one.id] as const);
      const owners = (await listRules(database)).map((one) => [one.id, one.tenant] as const);
      return { tenants: new Map(tenants), owners: new Map(owners) };
    },
    changed() {
      engine.serially(() => engine.reload()).catch((error) => events.failed("taking over the rules", error));
      options.changed();
    },
    taken: events.rulesTaken,
    refused(file, faults) {
      events.rulesRefused(file, faults);
      options.changed();
    },
    failed: events.failed,
    now,
    ...(options.rulesEveryMs ? { everyMs: options.rulesEveryMs, settleMs: 0 } : {}),
  });
  const engine = new Engine({
    database,
    fileRules: () => files.rules,
    facts: options.facts,
    ...(options.seen ? { seen: new SeenKeeper(database, options.seen) } : {}),
    owners: options.owners,
    channels,
    sender,
    changed: options.changed,
    failed: events.failed,
    evaluated: events.alertsEvaluated,
    fires: (alert, atMs) => options.marks?.note(markOf(alert, atMs)),
    quiet: (fingerprint, atMs) => options.marks?.end(fingerprint, atMs),
    now,
  });
  const digests = new Digests({
    database,
    state: engine,
    clusters: options.clusters,
    channels,
    sender,
    publicUrl: options.config.publicUrl,
    failed: events.failed,
    now,
  });
  const administered = (by: Principal) =>
    channels.all().filter(({ tenant }) => access.may(by, "admin", tenant === undefined ? {} : { tenant }));

  return {
    engine,
    files,
    digests,
    sender,
    ...createChanges({ ...options, engine, channels, sender, digests, now }),
    ...createPreviews({ ...options, kept: options.kept, engine, now }),
    seenBy: (sight) => seenAlerts(engine, database, sight),
    rules: (by) => rulesSeenBy(engine, access, by),
    ruleFiles: (by) => (access.may(by, "viewer", {}) ? files.views : []),
    yaml: (rules) => yamlOf(database, rules),
    silences: (by) => silencesSeenBy(engine, access, by, now()),
    maintenance: (by) => maintenanceSeenBy(engine, access, by, now()),
    channels: (by) => administered(by).map(channelView),
    failing: (by) =>
      failingChannels(
        database,
        administered(by).map((one) => one.id),
      ),
    escalations: (by) => engine.escalations.filter((one) => access.may(by, "admin", placeOf(one))),
    async deliveries(by, { channel, limit = 50, ...rest }) {
      const seen = administered(by)
        .map((one) => one.id)
        .filter((id) => channel === undefined || id === channel);
      return listDeliveries(database, { ...rest, channels: seen, limit });
    },
    async start() {
      await files.start();
      await engine.load();
      const firing = [...engine.alerts.values()].filter((one) => one.state === "firing");
      options.marks?.endOthers(new Set(firing.map((one) => one.fingerprint)), now());
      for (const one of firing) options.marks?.note(markOf(one, one.firedMs ?? one.sinceMs));
      await sender.start();
      engine.start();
      digests.start();
    },
    async stop() {
      await files.stop();
      await digests.stop();
      await engine.stop();
      await sender.stop();
    },
  };
}

const markOf = (one: AlertView, atMs: number): Noted => ({
  cluster: one.cluster,
  what: "alert",
  kind: one.kind,
  namespace: one.namespace,
  name: one.object,
  atMs,
  ref: one.fingerprint,
  detail: { name: one.name.slice(0, 200), severity: one.severity },
});
