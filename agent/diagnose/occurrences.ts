import type { Event } from "../../wire/event.ts";
import { type Finding, familyOf, type Subject } from "./finding.ts";

/** How long a finding has to be gone until its occurrence is over: states that flap stay one occurrence. */
const quietMs = 5000;
/** Limits of the wire's Event. */
const maxMessage = 8000;

interface Occurrence {
  readonly subject: Subject;
  finding: Finding;
  /** When the finding was first seen, for those that tell no since. */
  readonly seenMs: number;
  /** When the finding was no longer there. */
  goneMs?: number;
  /** Set once it is told. */
  event?: Event;
  /** Told by an agent before this one, and not seen by this one yet. */
  adopted?: boolean;
  /** It was told as resolved and is kept so that the same finding is not told again. */
  closed?: boolean;
}

export interface OccurrencesOptions {
  now(): number;
  /** A new or changed occurrence; `fresh` where it has just been opened. The same id replaces what was told before. */
  tell(event: Event, fresh: boolean): void;
  /** What was told under one id goes on under another. */
  rename(from: string, to: string): void;
}

/**
 * Turns findings, which are states, into occurrences, which have a beginning and an end: one Event each with a
 * stable id, a count that grows, and `resolved_ts_ms` when the cause is gone. `observe` whenever an object may
 * have changed, `settle` when the time that it returned has come.
 */
export class Occurrences {
  readonly #options: OccurrencesOptions;
  readonly #byObject = new Map<string, Occurrence[]>();
  /** Kinds whose objects are all known: what was told before about others of these is over. */
  readonly #readyKinds = new Set<string>();

  constructor(options: OccurrencesOptions) {
    this.#options = options;
  }

  /** How many are told and not over. */
  get open(): number {
    let count = 0;
    for (const list of this.#byObject.values()) for (const one of list) if (one.event && !one.closed) count++;
    return count;
  }

  /** Whether anything is, or may become, wrong with an object. */
  has(uid: string): boolean {
    return this.#byObject.has(uid);
  }

  /** What is wrong with an object now: everything that is, since what is missing counts as gone. */
  observe(subject: Subject, findings: readonly Finding[]): void {
    const known = this.#byObject.get(subject.uid);
    if (known === undefined && findings.length === 0) return;
    const now = this.#options.now();
    const list = known ?? [];
    const seen = new Set<Occurrence>();
    for (const finding of findings) {
      let one = list.find((other) => !seen.has(other) && matches(other, finding));
      if (one === undefined) {
        if (finding.untilMs !== undefined && finding.untilMs <= now) continue;
        one = { subject, finding, seenMs: now };
        list.push(one);
      } else this.#again(one, finding, now);
      seen.add(one);
    }
    for (const one of list) if (!seen.has(one)) one.goneMs ??= now;
    this.#byObject.set(subject.uid, list);
    this.#settleObject(subject.uid, now);
  }

  /** The object is deleted: what was wrong with it is over at once. */
  forget(uid: string): void {
    const now = this.#options.now();
    for (const one of this.#byObject.get(uid) ?? []) this.#resolve(one, now);
    this.#byObject.delete(uid);
  }

  /**
   * Occurrences that were open when an agent before this one ended: they go on under their own id, also where
   * this one has told of them under another in the meantime.
   */
  adopt(events: readonly Event[]): void {
    const now = this.#options.now();
    for (const event of events) {
      if (event.resolved_ts_ms !== undefined || (event.origin ?? "diagnosis") !== "diagnosis") continue;
      const uid = event.uid ?? event.name;
      const list = this.#byObject.get(uid) ?? [];
      const finding = findingOf(event);
      const one = list.find((other) => matches(other, finding));
      if (one === undefined) {
        const subject = { ...event, uid };
        const goneMs = this.#readyKinds.has(event.kind) ? now : undefined;
        list.push({ subject, finding, seenMs: now, event, goneMs, adopted: true });
      } else this.#join(one, event);
      this.#byObject.set(uid, list);
    }
  }

  /** All objects of the kind are known (or will not be): occurrences of others that were adopted are over. */
  ready(kind: string): void {
    if (this.#readyKinds.has(kind)) return;
    this.#readyKinds.add(kind);
    const now = this.#options.now();
    for (const list of this.#byObject.values())
      for (const one of list) if (one.subject.kind === kind && one.adopted) one.goneMs ??= now;
  }

  /** Opens and ends what is due, and gives the time at which that is to be done next (Infinity: never). */
  settle(): number {
    const now = this.#options.now();
    let next = Number.POSITIVE_INFINITY;
    for (const uid of [...this.#byObject.keys()]) next = Math.min(next, this.#settleObject(uid, now));
    return next;
  }

  #settleObject(uid: string, now: number): number {
    let next = Number.POSITIVE_INFINITY;
    const list = this.#byObject.get(uid);
    if (list === undefined) return next;
    const kept: Occurrence[] = [];
    for (const one of list) {
      const due = this.#settleOne(one, now);
      if (due === undefined) continue;
      kept.push(one);
      next = Math.min(next, due);
    }
    if (kept.length === 0) this.#byObject.delete(uid);
    else this.#byObject.set(uid, kept);
    return next;
  }

  /** When to look at it again; undefined where it is over. */
  #settleOne(one: Occurrence, now: number): number | undefined {
    const { finding, event, goneMs } = one;
    if (one.closed) return goneMs === undefined ? Number.POSITIVE_INFINITY : undefined;
    if (event === undefined) {
      if (goneMs !== undefined) return undefined;
      const dueMs = (finding.sinceMs ?? one.seenMs) + (finding.holdMs ?? 0);
      if (now < dueMs) return dueMs;
      this.#open(one, now);
      return finding.untilMs ?? Number.POSITIVE_INFINITY;
    }
    const endMs = goneMs === undefined ? finding.untilMs : goneMs + quietMs;
    if (endMs === undefined) return Number.POSITIVE_INFINITY;
    if (now < endMs) return endMs;
    this.#resolve(one, now);
    return undefined;
  }

  #open(one: Occurrence, now: number): void {
    const { subject, finding } = one;
    const firstMs = Math.min(finding.sinceMs ?? one.seenMs, now);
    const parts = [subject.uid, finding.container ?? "", finding.family, firstMs.toString(36)];
    one.event = {
      id: parts.join("/").slice(0, 200),
      ts_ms: finding.over ? firstMs : now,
      first_ts_ms: firstMs,
      resolved_ts_ms: finding.over ? firstMs : undefined,
      count: finding.count ?? 1,
      kind: subject.kind,
      namespace: subject.namespace,
      name: subject.name,
      uid: subject.uid,
      container: finding.container,
      node: subject.node,
      origin: "diagnosis",
      ...wordsOf(finding),
    };
    one.closed = finding.over;
    this.#options.tell(one.event, true);
  }

  /** The finding is there (again): what it says now goes into its occurrence. */
  #again(one: Occurrence, finding: Finding, now: number): void {
    const { event, goneMs } = one;
    const back = goneMs !== undefined;
    one.goneMs = undefined;
    one.adopted = false;
    if (event === undefined || one.closed) {
      one.finding = finding;
      return;
    }
    const lower = (finding.rank ?? 0) < (one.finding.rank ?? 0);
    const words = lower ? wordsOf(one.finding) : wordsOf(finding);
    one.finding = lower ? { ...one.finding, untilMs: finding.untilMs } : finding;
    const count = Math.max(event.count ?? 1, finding.count ?? (event.count ?? 1) + (back ? 1 : 0));
    if (
      count === event.count &&
      words.reason === event.reason &&
      words.message === event.message &&
      words.severity === event.severity
    )
      return;
    one.event = { ...event, ...words, count, ts_ms: now, node: one.subject.node ?? event.node };
    this.#options.tell(one.event, false);
  }

  #join(one: Occurrence, before: Event): void {
    const { event } = one;
    if (event === undefined) {
      one.event = before;
      return;
    }
    if (event.id === before.id) return;
    this.#options.rename(event.id, before.id);
    one.event = {
      ...event,
      id: before.id,
      first_ts_ms: Math.min(before.first_ts_ms ?? before.ts_ms, event.first_ts_ms ?? event.ts_ms),
      count: Math.max(before.count ?? 1, event.count ?? 1),
    };
    this.#options.tell(one.event, false);
  }

  #resolve(one: Occurrence, now: number): void {
    if (one.event === undefined || one.closed) return;
    one.event = { ...one.event, resolved_ts_ms: now };
    this.#options.tell(one.event, false);
  }
}

/** The finding that an adopted event must have come from. */
function findingOf(event: Event): Finding {
  return {
    family: familyOf(event.reason),
    container: event.container,
    reason: event.reason,
    severity: event.severity,
    category: (event.category ?? "other") as Finding["category"],
    message: event.message ?? "",
  };
}

function matches(one: Occurrence, finding: Finding): boolean {
  if ((one.finding.container ?? "") !== (finding.container ?? "")) return false;
  return one.finding.family === finding.family || one.finding.reason === finding.reason;
}

const wordsOf = ({ reason, severity, category, message }: Finding) => ({
  reason: reason.slice(0, 200),
  severity,
  category,
  message: message.slice(0, maxMessage),
});
