import type { AlertView } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import {
  type Column,
  type Line,
  type Missing,
  nothingMeasured,
  type Points,
} from "../../datasource/values/measured.ts";
import { findInstances } from "../conditions.ts";
import type { Instance, Was } from "../conditions/condition.ts";
import type { Rule } from "../rule.ts";
import { isActive, Tracked } from "./tracked.ts";

/** What a line had: of each step the value by which it is judged. NaN where there is none. */
export interface PastValues {
  /** When each step is over, in ms. */
  times: Float64Array;
  values: Float64Array;
}

/** So long after its last value it counts as silent; later it counts as gone. */
const silentMs = 3_600_000;
const rememberMs = 24 * 3_600_000;
const stepsAtOnce = 50;

/** A cluster at one time that has been, as far as a rule looks at one line of it. */
class PastFacts implements ClusterFacts {
  readonly id: string;
  readonly name: string;
  readonly live = true;
  readonly faults = [];
  readonly labelsOf: ClusterFacts["labelsOf"];
  readonly gone = nothingMeasured.gone;
  readonly events = nothingMeasured.events;
  readonly certificates = nothingMeasured.certificates;
  readonly #line: Line;
  readonly #past: PastValues;
  /** To which step it was there: what does not come then is missed. */
  readonly #end: number;
  readonly #column: Column & { values: Float64Array };
  #at = 0;
  /** The step of the newest value until now. */
  #last = -1;

  constructor({ id, name, labelsOf }: ClusterFacts, line: Line, past: PastValues, there: boolean) {
    this.id = id;
    this.name = name;
    this.labelsOf = labelsOf;
    this.#line = line;
    this.#past = past;
    this.#end = there ? past.values.length : past.values.findLastIndex((one) => !Number.isNaN(one));
    const { subject, group, series } = line;
    this.#column = {
      series,
      groups: group,
      subjects: [subject],
      values: new Float64Array(1),
      spaces: new Map([[subject.namespace, [0, 1]]]),
    };
  }

  get now(): number {
    return this.#past.times[this.#at]!;
  }

  /** Steps only go on. */
  go(at: number): this {
    const { values } = this.#past;
    for (let step = Math.max(this.#at, this.#last + 1); step <= at; step++)
      if (!Number.isNaN(values[step]!)) this.#last = step;
    return this.again(at);
  }

  /** A step that has been gone over. */
  again(at: number): this {
    this.#at = at;
    this.#column.values[0] = this.#past.values[at]!;
    return this;
  }

  column(): Column {
    return this.#column;
  }

  window(_line: Line, ms: number): Points {
    const { times, values } = this.#past;
    let from = this.#at;
    while (from > 0 && times[from - 1]! > this.now - ms) from--;
    return { times: times.subarray(from, this.#at + 1), values: values.subarray(from, this.#at + 1) };
  }

  missing(): Missing[] {
    if (this.#last < 0 || this.#last === this.#at || this.#at >= this.#end) return [];
    const lastMs = this.#past.times[this.#last]!;
    const { subject, group, series } = this.#line;
    return this.now - lastMs > rememberMs ? [] : [{ subject, group, series, lastMs }];
  }

  silent(): boolean {
    return this.#last >= 0 && this.#last < this.#at && this.now - this.#past.times[this.#last]! < silentMs;
  }
}

export interface LineGiven {
  rule: Rule;
  /** The cluster as it is now. */
  facts: ClusterFacts;
  owners: ReadonlyMap<string, string>;
  line: Line;
  past: PastValues;
  /** Whether it is there now. */
  there: boolean;
}

/**
 * What a rule would have done about one line: judged at each step as it is each second, but that the steps between are
 * left out in which nothing can change. Gives itself up every now and then.
 */
export function* replayLine({ rule, facts, owners, line, past, there }: LineGiven): Generator<void, Tracked> {
  const now = new PastFacts(facts, line, past, there);
  const tracked = new Tracked(rule, owners);
  let held: AlertView | undefined;
  const was: Was = {
    firing: () => held?.state === "firing",
    held: () => (held ? [held] : []),
  };
  const judge = () => {
    tracked.judge(now);
    const [one] = tracked.alerts.values();
    held = one && isActive(one) ? one : undefined;
  };
  const steps = past.times.length;
  let skipped = false;
  for (let at = 0; at < steps; at++) {
    if (at % stepsAtOnce === stepsAtOnce - 1) yield;
    now.go(at);
    let found: Instance | undefined;
    for (const one of findInstances(rule, now, was)) found ??= one;
    if (!found && !held) continue;
    if (found && held && at < steps - 1 && (held.state === "firing" || now.now - held.sinceMs < rule.forMs)) {
      // It goes on: only how far the value goes is of interest, and when it held last.
      tracked.seen(held.fingerprint, found.value);
      skipped = true;
      continue;
    }
    if (skipped && !found) {
      now.again(at - 1);
      judge();
      now.go(at);
    }
    skipped = false;
    judge();
  }
  return tracked;
}
