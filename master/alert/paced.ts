import type { ClusterFacts } from "../datasource/alert-facts.ts";
import { everyMs, findInstances } from "./conditions.ts";
import type { Instance, Was } from "./conditions/condition.ts";
import type { Rule } from "./rule.ts";

interface Found {
  /** What the rule says; a changed one is looked at again. */
  rule: string;
  atMs: number;
  instances: Instance[];
}

/** So long a judgement of all rules may look at those that need not be looked at each time. */
const budgetMs = 25;

/**
 * What rules were found to hold for, of those that are looked at less often than each second: windows of hours need not
 * be. Those that are due are spread over many judgements, so that none takes long.
 */
export class Paced {
  readonly #found = new Map<string, Found>();
  readonly #texts = new WeakMap<Rule, string>();
  #spentMs = 0;

  /** A judgement of all rules begins: there is time again. */
  begin(): void {
    this.#spentMs = 0;
  }

  /** What a rule holds for in a cluster; gives undefined where it was not looked at, as if nothing were known. */
  *find(rule: Rule, facts: ClusterFacts, was: Was): Generator<undefined, Iterable<Instance> | undefined> {
    const every = everyMs(rule.condition);
    if (every === 0) return yield* gathered(findInstances(rule, facts, was));
    const key = `${rule.id}\n${facts.id}`;
    const text = this.#textOf(rule);
    const known = this.#found.get(key);
    const current = known?.rule === text ? known : undefined;
    if (current && facts.now - current.atMs < every && facts.now >= current.atMs) return current.instances;
    if (this.#spentMs > budgetMs) return current?.instances;
    const instances: Instance[] = [];
    let since = performance.now();
    for (const one of findInstances(rule, facts, was))
      if (one) instances.push(one);
      else {
        this.#spentMs += performance.now() - since;
        yield;
        since = performance.now();
      }
    this.#spentMs += performance.now() - since;
    this.#found.set(key, { rule: text, atMs: facts.now, instances });
    return instances;
  }

  /** Forgets rules that there are no more. */
  keep(rules: ReadonlySet<string>): void {
    for (const key of this.#found.keys())
      if (!rules.has(key.slice(0, key.indexOf("\n")))) this.#found.delete(key);
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

function* gathered(found: Iterable<Instance | undefined>): Generator<undefined, Instance[]> {
  if (Array.isArray(found)) return found;
  const instances: Instance[] = [];
  for (const one of found)
    if (one) instances.push(one);
    else yield;
  return instances;
}
