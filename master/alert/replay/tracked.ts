import type { AlertView } from "../../../views/alert-model.ts";
import type { PreviewAlert } from "../../../views/rule-preview.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { evaluate } from "../evaluate.ts";
import type { Rule } from "../rule.ts";

export const isActive = ({ state }: AlertView): boolean => state !== "resolved";

/** Judges a rule at one time after the other as it is judged every second, and writes down what fired. */
export class Tracked {
  readonly #rule: Rule;
  readonly #owners: ReadonlyMap<string, string>;
  readonly #open = new Map<string, PreviewAlert>();
  /** The furthest value of each alert that is pending or fires. */
  readonly #peaks = new Map<string, number>();
  readonly #views = new WeakMap<PreviewAlert, AlertView>();
  readonly done: PreviewAlert[] = [];
  alerts: ReadonlyMap<string, AlertView> = new Map();

  constructor(rule: Rule, owners: ReadonlyMap<string, string>) {
    this.#rule = rule;
    this.#owners = owners;
  }

  get active(): boolean {
    for (const one of this.alerts.values()) if (isActive(one)) return true;
    return false;
  }

  judge(facts: ClusterFacts): void {
    const { now } = facts;
    this.alerts = evaluate({
      alerts: this.alerts,
      rules: [this.#rule],
      facts: [facts],
      owners: this.#owners,
      now,
    });
    for (const one of this.alerts.values()) this.#follow(one, now);
    for (const [name, one] of this.#open) if (!this.alerts.has(name)) this.#close(name, one, now);
    for (const name of this.#peaks.keys()) if (!this.alerts.has(name)) this.#peaks.delete(name);
  }

  /** A value that was seen between two judgements. */
  seen(name: string, value: number | undefined): void {
    if (value === undefined) return;
    const peak = this.#peaks.get(name);
    if (peak === undefined || this.#further(value, peak)) this.#peaks.set(name, value);
    const open = this.#open.get(name);
    if (open) open.peak = this.#peaks.get(name)!;
  }

  /** What fired and what fires, in the order in which it began. */
  all(): PreviewAlert[] {
    return [...this.done, ...this.#open.values()].sort((a, b) => a.firedMs - b.firedMs);
  }

  /** The alert as it was when it began to fire. */
  viewOf(one: PreviewAlert): AlertView {
    return this.#views.get(one)!;
  }

  #follow(one: AlertView, now: number): void {
    const { fingerprint, state, flapping } = one;
    if (state === "resolved") {
      this.#peaks.delete(fingerprint);
      const open = this.#open.get(fingerprint);
      if (open) this.#close(fingerprint, open, one.resolvedMs ?? now);
      return;
    }
    if (one.lastMs === now) this.seen(fingerprint, one.value);
    const open = this.#open.get(fingerprint);
    if (open) open.flapping ||= flapping;
    else if (state === "firing") this.#open.set(fingerprint, this.#begun(one, now));
  }

  #begun(view: AlertView, now: number): PreviewAlert {
    const { fingerprint, cluster, kind, namespace, object, annotations, firedMs, flapping } = view;
    const peak = this.#peaks.get(fingerprint);
    const begun: PreviewAlert = {
      cluster,
      kind,
      namespace,
      object,
      ...(annotations.measure ? { measure: annotations.measure } : {}),
      firedMs: firedMs ?? now,
      ...(peak === undefined ? {} : { peak }),
      flapping,
    };
    this.#views.set(begun, view);
    return begun;
  }

  #close(name: string, one: PreviewAlert, resolvedMs: number): void {
    this.#open.delete(name);
    one.resolvedMs = resolvedMs;
    this.done.push(one);
  }

  #further(value: number, peak: number): boolean {
    const { op = "above" } = this.#rule.condition as { op?: string };
    return op === "below" || op === "falls" ? value < peak : value > peak;
  }
}
