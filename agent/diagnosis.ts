import type { Event } from "../wire/event.ts";
import type { Diagnosis } from "./cluster/tracker.ts";
import type { Finding, Subject } from "./diagnose/finding.ts";
import { Occurrences } from "./diagnose/occurrences.ts";
import { ProbeSilence } from "./diagnose/probe-silence.ts";
import type { EventQueue } from "./push/event-queue.ts";

/** How often probes are listened for. */
const silenceEveryMs = 5000;

/**
 * Runs the diagnosis: takes what rules find, keeps the occurrences and their clock, puts their events into the
 * queue. The silence of probes comes in here too, joined with what the Node object tells.
 */
export class AgentDiagnosis implements Diagnosis {
  readonly #occurrences: Occurrences;
  readonly #silence = new ProbeSilence();
  readonly #nodes = new Map<string, { subject: Subject; findings: readonly Finding[] }>();
  readonly #listening: Timer;
  #timer: Timer | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  constructor(queue: EventQueue) {
    this.#occurrences = new Occurrences({
      now: Date.now,
      tell: (event, fresh) => queue.put(event, fresh && event.severity !== "info"),
      rename: (from, to) => queue.rename(from, to),
    });
    this.#listening = setInterval(() => this.#listen(), silenceEveryMs);
  }

  get open(): number {
    return this.#occurrences.open;
  }

  observe(subject: Subject, findings: readonly Finding[]): void {
    if (subject.kind === "Node") this.#nodes.set(subject.name, { subject, findings });
    const all =
      subject.kind === "Node" ? [...findings, ...this.#silence.findings(subject.name, Date.now())] : findings;
    this.#occurrences.observe(subject, all);
    // The rules' holds are told to the clock; a healthy object has none.
    if (all.length > 0 || this.#occurrences.has(subject.uid)) this.#settleWithin(20);
  }

  forget(uid: string): void {
    for (const [name, { subject }] of this.#nodes) {
      if (subject.uid !== uid) continue;
      this.#nodes.delete(name);
      this.#silence.forget(name);
    }
    this.#occurrences.forget(uid);
  }

  ready(kind: string): void {
    this.#occurrences.ready(kind);
    this.#settleWithin(20);
  }

  /** Occurrences that were open when the agent before this one ended. */
  adopt(events: readonly Event[]): void {
    for (const event of events)
      if (event.reason === "ProbeSilent") this.#silence.expect(event.name, event.first_ts_ms ?? event.ts_ms);
    this.#occurrences.adopt(events);
    this.#listen();
    this.#settleWithin(20);
  }

  /** A node's probe has sent its metrics. */
  probeHeard(node: string): void {
    this.#silence.heard(node, Date.now());
  }

  stop(): void {
    clearInterval(this.#listening);
    clearTimeout(this.#timer);
  }

  #listen(): void {
    for (const node of this.#silence.nodes) {
      const { subject, findings } = this.#nodes.get(node) ?? {
        subject: { kind: "Node", name: node, node, uid: node },
        findings: [],
      };
      const silent = this.#silence.findings(node, Date.now());
      if (silent.length > 0 || this.#occurrences.has(subject.uid))
        this.#occurrences.observe(subject, [...findings, ...silent]);
    }
    this.#settleWithin(20);
  }

  #settleWithin(ms: number): void {
    const dueMs = Date.now() + ms;
    if (dueMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timerMs = Number.POSITIVE_INFINITY;
      const nextMs = this.#occurrences.settle();
      if (nextMs !== Number.POSITIVE_INFINITY)
        this.#settleWithin(Math.min(Math.max(nextMs - Date.now(), 20), 60_000));
    }, ms);
  }
}
