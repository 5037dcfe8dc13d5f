import type { ClusterFacts } from "../datasource/alert-facts.ts";
import { everyMs, findInstances } from "./conditions.ts";
import { type Instance, soonAgain, type Was } from "./conditions/condition.ts";
import type { Rule } from "./rule.ts";

interface Found {
  /** What the rule says; a changed one is looked at again. */
  rule: string;
  /** When it was begun to look, and what was found then; absent until it was looked to the end once. */
  atMs: number;
  instances?: readonly Instance[];
  /** What is under way, across judgements where it takes long. */
  going?: { steps: Looking; atMs: number; instances: Instance[] };
}

type Looking = Iterator<Instance | undefined, typeof soonAgain | undefined>;

/** So soon it is looked again where not all was known. */
const soonMs = 3000;
/** So long each judgement of all rules may look at those that need not be looked at each time. */
export const pacedBudgetMs = 20;

/**
 * What rules were found to hold for, of those that are looked at less often than each second: windows of hours need not
 * be. Those that are due are spread over many judgements, a rule over ten thousand pods too, so that none takes long.
 */
export class Paced {
  readonly #found = new Map<string, Found>();
  readonly #texts = new WeakMap<Rule, string>();
  readonly #budgetMs: number;
  #spentMs = 0;

  constructor(budgetMs = Number.POSITIVE_INFINITY) {
    this.#budgetMs = budgetMs;
  }

  /** A judgement of all rules begins: there is time again. */
  begin(): void {
    this.#spentMs = 0;
  }

  /** What a rule holds for in a cluster; gives undefined where it was not looked at yet, as if nothing were known. */
  *find(rule: Rule, facts: ClusterFacts, was: Was): Generator<undefined, readonly Instance[] | undefined> {
    const every = everyMs(rule.condition);
    if (every === 0) return yield* gathered(findInstances(rule, facts, was));
    const known = this.#knownOf(rule, facts);
    if (!facts.live) {
      // Nothing can be seen; once it can, it is looked at once.
      known.atMs = Number.NaN;
      delete known.going;
      return known.instances;
    }
    const passed = facts.now - known.atMs;
    if (!known.going) {
      if (passed >= 0 && passed < every) return known.instances;
      if (this.#spentMs >= this.#budgetMs) return known.instances;
      const steps = findInstances(rule, facts, was)[Symbol.iterator]() as Looking;
      known.going = { steps, atMs: facts.now, instances: [] };
    }
    yield* this.#goOn(known, known.going, every);
    return known.instances;
  }

  /** Looks on for as long as there is time. */
  *#goOn(
    known: Found,
    { steps, atMs, instances }: NonNullable<Found["going"]>,
    every: number,
  ): Generator<undefined, void> {
    let since = performance.now();
    while (this.#spentMs < this.#budgetMs) {
      const { value, done } = steps.next();
      if (value && !done) instances.push(value);
      else {
        this.#spentMs += performance.now() - since;
        if (!done) yield;
        since = performance.now();
      }
      if (!done) continue;
      known.atMs = value === soonAgain ? Math.min(atMs, atMs - every + soonMs) : atMs;
      known.instances = instances;
      delete known.going;
      return;
    }
  }

  /** Forgets rules that there are no more. */
  keep(rules: ReadonlySet<string>): void {
    for (const key of this.#found.keys())
      if (!rules.has(key.slice(0, key.indexOf("\n")))) this.#found.delete(key);
  }

  #knownOf(rule: Rule, { id }: ClusterFacts): Found {
    const key = `${rule.id}\n${id}`;
    const text = this.#textOf(rule);
    let known = this.#found.get(key);
    if (known?.rule !== text) {
      known = { rule: text, atMs: Number.NaN };
      this.#found.set(key, known);
    }
    return known;
  }

  #textOf(rule: Rule): string {
    let text = this.#texts.get(rule);
    if (text === undefined) {
      text = JSON.stringify([rule.condition, rule.scope, rule.name]);
      this.#texts.set(rule, text);
    }
    return text;
  }
}

function* gathered(found: Iterable<Instance | undefined>): Generator<undefined, readonly Instance[]> {
  if (Array.isArray(found)) return found;
  const instances: Instance[] = [];
  for (const one of found)
    if (one) instances.push(one);
    else yield;
  return instances;
}
