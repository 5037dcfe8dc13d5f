import type {
  AlertView,
  EscalationView,
  MaintenanceView,
  Muted,
  SilenceView,
} from "../../views/alert-model.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import { addHistory, type HistoryEntry, listAlerts, putAlerts } from "../database/alerts.ts";
import { listGroups } from "../database/channels.ts";
import type { Database } from "../database/database.ts";
import { listEscalationStates } from "../database/escalations.ts";
import type { Channels } from "../notify/channels.ts";
import type { Sender } from "../notify/sender.ts";
import type { Changes } from "./differences.ts";
import { type EscalationState, stateID } from "./escalate.ts";
import { type Group, groupID } from "./group.ts";
import { mutedOf } from "./inhibit.ts";
import { judging } from "./judge.ts";
import { openWindows } from "./maintenance.ts";
import { Paced, pacedBudgetMs } from "./paced.ts";
import { pruneAlerting } from "./prune.ts";
import { record } from "./record.ts";
import type { Rule } from "./rule.ts";
import { AlertSettings } from "./settings.ts";
import { inSlices } from "./slices.ts";
import { standingOfChannel } from "./times/active.ts";

export interface EngineOptions {
  database: Database;
  facts(): ClusterFacts[];
  owners: ReadonlyMap<string, string>;
  channels: Channels;
  sender: Sender;
  /** The rules that come from files. */
  fileRules?(): readonly Rule[];
  /** Something is different that pages show. */
  changed(): void;
  failed(what: string, error: unknown): void;
  evaluated?(seconds: number): void;
  /** Told of each alert that begins to fire, and of each that does not any more. */
  fires?(alert: AlertView, atMs: number): void;
  quiet?(fingerprint: string, atMs: number): void;
  now?: () => number;
}

const everyMs = 1000;
const hourMs = 3_600_000;

/**
 * Judges the rules each second, decides who is to be told what, and writes both down in one transaction. What is in
 * memory is what is in the database: it is taken over when the transaction is through.
 */
export class Engine {
  readonly #o: EngineOptions;
  #alerts = new Map<string, AlertView>();
  #groups = new Map<string, Group>();
  #muted = new Map<string, Muted>();
  readonly #settings: AlertSettings;
  #standing = "";
  #escalations = new Map<string, EscalationState>();
  #last: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #prunedMs = 0;
  readonly #paced = new Paced(pacedBudgetMs);

  constructor(options: EngineOptions) {
    this.#o = options;
    this.#settings = new AlertSettings(options.database, options.fileRules ?? (() => []));
  }

  get alerts(): ReadonlyMap<string, AlertView> {
    return this.#alerts;
  }
  get muted(): ReadonlyMap<string, Muted> {
    return this.#muted;
  }
  get rules(): readonly Rule[] {
    return this.#settings.rules;
  }
  get silences(): readonly SilenceView[] {
    return this.#settings.silences;
  }
  get maintenance(): readonly MaintenanceView[] {
    return this.#settings.maintenance;
  }
  /** Policies of escalation. */
  get escalations(): readonly EscalationView[] {
    return this.#settings.policies;
  }
  escalationOf(policy: string, fingerprint: string): EscalationState | undefined {
    return this.#escalations.get(stateID({ policy, fingerprint }));
  }
  get owners(): ReadonlyMap<string, string> {
    return this.#o.owners;
  }

  originOf(rule: Rule): "default" | "changed" | "own" | "file" {
    return this.#settings.originOf(rule);
  }
  /** Whether there is a rule of this id that was made or changed here, judged or not. */
  isStored(id: string): boolean {
    return this.#settings.isStored(id);
  }

  async load(): Promise<void> {
    const { database } = this.#o;
    this.#alerts = new Map((await listAlerts(database)).map((one) => [one.fingerprint, one]));
    this.#groups = new Map((await listGroups(database)).map((one) => [groupID(one), one]));
    this.#escalations = new Map((await listEscalationStates(database)).map((one) => [stateID(one), one]));
    await this.reload();
  }

  /** Reads again what people have changed. */
  async reload(): Promise<void> {
    await this.#settings.reload(this.#now());
    this.#paced.keep(new Set(this.rules.map((one) => one.id)));
    await this.#o.channels.load();
    this.#muted = this.#mutedOf(this.#alerts, this.#now());
  }

  start(): void {
    let busy = false;
    this.#timer = setInterval(async () => {
      if (busy) return;
      busy = true;
      try {
        await this.tick();
        await this.#prune();
      } catch (error) {
        this.#o.failed("judging the rules of alerts", error);
        // A tenant may have gone, from the command line too, and with it what was known of here.
        await this.reload().catch(() => {});
      } finally {
        busy = false;
      }
    }, everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last.catch(() => {});
  }

  /** One after the other: what changes alerts, and what judges them. */
  serially<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.catch(() => {}).then(work);
    this.#last = done;
    return done;
  }

  /** Puts a changed alert in, with what happened to it; for who acknowledges, within `serially`. */
  async put(alert: AlertView, entry: HistoryEntry): Promise<void> {
    await putAlerts(this.#o.database, [alert]);
    await addHistory(this.#o.database, [entry]);
  }
  took(alert: AlertView): void {
    this.#alerts.set(alert.fingerprint, alert);
    this.#o.changed();
  }

  tick(): Promise<void> {
    return this.serially(() => this.#tick());
  }

  async #tick(): Promise<void> {
    const { database, owners, channels, sender } = this.#o;
    const now = this.#now();
    const { value: judged, spentMs } = await inSlices(
      judging({
        alerts: this.#alerts,
        rules: this.rules,
        facts: this.#o.facts(),
        owners,
        now,
        paced: this.#paced,
        groups: this.#groups,
        escalations: this.#escalations,
        silences: this.silences,
        windows: openWindows(this.maintenance, now),
        policies: this.escalations,
        channels: channels.told(),
      }),
    );
    const { alerts, muted, escalated, groups, notices, changes } = judged;
    const steps = { before: this.#escalations, after: escalated.states };
    await record(
      database,
      { changes, notices, groups: { before: this.#groups, after: groups }, steps },
      channels,
      now,
    );
    const standing = this.#standingAt(now);
    const different =
      changes.put.length + changes.removed.length > 0 ||
      !sameMuted(muted, this.#muted) ||
      standing !== this.#standing ||
      escalated.history.length > 0 ||
      notices.length > 0;
    const reworded =
      !different && [...alerts.values()].some((one) => says(one) !== says(this.#alerts.get(one.fingerprint)));
    this.#tellOf(changes, alerts, now);
    this.#alerts = alerts;
    this.#groups = groups;
    this.#muted = muted;
    this.#standing = standing;
    this.#escalations = escalated.states;
    if (notices.length > 0) sender.kick();
    if (different || reworded) this.#o.changed();
    this.#o.evaluated?.(spentMs / 1000);
  }

  /** Says what began to fire, and what does not any more. */
  #tellOf({ history, removed }: Changes, alerts: ReadonlyMap<string, AlertView>, now: number): void {
    for (const { fingerprint, what } of history)
      if (what === "firing") this.#o.fires?.(alerts.get(fingerprint)!, now);
      else if (what === "resolved") this.#o.quiet?.(fingerprint, now);
    for (const one of removed) this.#o.quiet?.(one, now);
  }

  /** Which windows are open, and which channels active. */
  #standingAt(now: number): string {
    const open = openWindows(this.maintenance, now).map(({ window }) => window.id);
    const active = this.#o.channels.all().filter((one) => standingOfChannel(one, now).open);
    return [...open, ...active.map((one) => one.id)].join();
  }

  #mutedOf(alerts: ReadonlyMap<string, AlertView>, now: number): Map<string, Muted> {
    const windows = openWindows(this.maintenance, now);
    return mutedOf(alerts.values(), this.silences, this.#o.owners, now, windows);
  }

  async #prune(): Promise<void> {
    const now = this.#now();
    if (now - this.#prunedMs < hourMs) return;
    this.#prunedMs = now;
    await pruneAlerting(this.#o.database, now);
  }

  #now(): number {
    return this.#o.now?.() ?? Date.now();
  }
}

const says = (one: AlertView | undefined) => one?.annotations.summary;
const cause = (one: Muted) => (one.by === "inhibition" ? one.fingerprint : one.id);

/** Whether the same is muted, for the same causes. */
function sameMuted(one: ReadonlyMap<string, Muted>, other: ReadonlyMap<string, Muted>): boolean {
  if (one.size !== other.size) return false;
  for (const [name, muted] of one) {
    const was = other.get(name);
    if (!was || cause(was) !== cause(muted)) return false;
  }
  return true;
}
