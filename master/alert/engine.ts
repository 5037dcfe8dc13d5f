import type {
  AlertView,
  EscalationView,
  MaintenanceView,
  Muted,
  SilenceView,
} from "../../views/alert-model.ts";
import { addHistory, type HistoryEntry, putAlerts } from "../database/alerts.ts";
import type { Changes } from "./differences.ts";
import type { EngineOptions } from "./engine-options.ts";
import { type EscalationState, stateID } from "./escalate.ts";
import type { Group } from "./group.ts";
import { readHeld } from "./held.ts";
import { mutedOf } from "./inhibit.ts";
import { judging } from "./judge.ts";
import { openWindows } from "./maintenance.ts";
import { Paced, pacedBudgetMs } from "./paced.ts";
import { pruneAlerting } from "./prune.ts";
import { record } from "./record.ts";
import type { Rule } from "./rule.ts";
import { AlertSettings } from "./settings.ts";
import { inSlices, repeat } from "./slices.ts";
import { sameMuted, sayOther, standingAt } from "./shown.ts";

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
  /** What is in memory may not be what is in the database. */
  #stale = false;
  #last: Promise<unknown> = Promise.resolve();
  #stop = () => {};
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
    await this.#read();
    await this.#o.seen?.load();
    await this.reload();
  }

  /** Takes over what is in the database. */
  async #read(): Promise<void> {
    const held = await readHeld(this.#o.database);
    this.#alerts = held.alerts;
    this.#groups = held.groups;
    this.#escalations = held.escalations;
    this.#stale = false;
  }

  /** Reads again what people have changed. */
  async reload(): Promise<void> {
    await this.#settings.reload(this.#now());
    this.#paced.keep(new Set(this.rules.map((one) => one.id)));
    await this.#o.channels.load();
    this.#muted = this.#mutedOf(this.#alerts, this.#now());
  }

  start(): void {
    this.#stop = repeat(everyMs, async () => {
      try {
        await this.tick();
        await this.#o.seen?.save(this.#now());
        await this.#prune();
      } catch (error) {
        this.#o.failed("judging the rules of alerts", error);
        // A tenant may have gone, from the command line too, and with it what was known of here.
        await this.reload().catch(() => {});
      }
    });
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#last.catch(() => {});
    await this.#o.seen
      ?.save(Number.POSITIVE_INFINITY)
      .catch((error) => this.#o.failed("keeping what rules have seen", error));
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
    if (this.#stale) await this.#read();
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
    // Where writing ends in the middle, what is in the database is what counts.
    this.#stale = true;
    await record(
      database,
      { changes, notices, groups: { before: this.#groups, after: groups }, steps, taken: escalated.taken },
      channels,
      now,
    );
    this.#stale = false;
    const standing = standingAt(this.maintenance, channels.all(), now);
    const different =
      changes.put.length + changes.removed.length > 0 ||
      !sameMuted(muted, this.#muted) ||
      standing !== this.#standing ||
      escalated.taken.length > 0 ||
      notices.length > 0;
    const reworded = !different && sayOther(this.#alerts, alerts);
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

  #mutedOf(alerts: ReadonlyMap<string, AlertView>, now: number): Map<string, Muted> {
    const windows = openWindows(this.maintenance, now);
    return mutedOf(alerts.values(), this.silences, this.#o.owners, now, windows);
  }

  async #prune(): Promise<void> {
    const now = this.#now();
    // A clock may be set back.
    if (Math.abs(now - this.#prunedMs) < hourMs) return;
    this.#prunedMs = now;
    await pruneAlerting(this.#o.database, now);
    await this.#o.seen?.prune(this.rules);
  }

  #now(): number {
    return this.#o.now?.() ?? Date.now();
  }
}
