import { type Node, PatternError, parsePattern } from "./syntax.ts";
import { isWord } from "./character-classes.ts";

const mostSteps = 10_000;
/** Where groups are told, each step that begins or ends one writes all of them down anew. */
const mostSaved = 20_000;
/** Nor is it remembered what came of a text then. */
const mostGroupedSteps = 1000;
/** `a|b\\.c`, as Grafana writes what was chosen. */
const literals = /^(?:[\w \-/:@,;=|]|\\[^A-Za-z0-9|])*$/;

type Step =
  | { do: "one"; is: (code: number) => boolean }
  | { do: "split"; to: number[] }
  | { do: "jump"; to: number }
  | { do: "save"; slot: number }
  | { do: "edge"; at: "start" | "end" | "word" | "inside" }
  | { do: "match" };

/** Where each group of a match begins and ends, the whole first; -1 where it took no part. */
export type Captures = readonly number[];

/**
 * A regular expression as Prometheus takes them, RE2's, for the whole of a text. All ways through it are followed side
 * by side (Thompson, Pike), so that none takes longer than text times pattern: JavaScript's own engine can be kept busy
 * without end by a pattern that somebody else wrote.
 */
export class Pattern {
  names: ReadonlyMap<string, number> = new Map();
  readonly #text: string;
  readonly #steps: Step[] = [];
  #slots = 0;
  #saves = 0;
  /** Also counts what makes no step, which could be repeated without end. */
  #compiled = 0;
  /** Where the whole is nothing but texts to choose from. */
  readonly #literals: ReadonlySet<string> | undefined;
  readonly #known = new Map<string, boolean>();

  /** Throws a PatternError that says what is wrong. */
  constructor(text: string) {
    const inner = /^\(([^()]*)\)$/.exec(text)?.[1] ?? text;
    if (literals.test(inner)) this.#literals = new Set(inner.replace(/\\(.)/g, "$1").split("|"));
    this.#text = text;
    // Thousands of texts would be more steps than there may be, and need none.
    if (!this.#literals) this.#prepare();
  }

  /** How much there is to follow for each character of a text. */
  get size(): number {
    return this.#steps.length;
  }

  test(text: string): boolean {
    if (this.#literals) return this.#literals.has(text);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const found = this.#run(text, []) !== undefined;
    if (this.#known.size >= 10_000) this.#known.clear();
    this.#known.set(text, found);
    return found;
  }

  /** The groups of the match of a whole text, in UTF-16 units; undefined where it does not match. */
  match(text: string): Captures | undefined {
    this.groups();
    const found = this.#run(text, new Array(this.#slots).fill(-1));
    return found && [0, text.length, ...found.slice(2)];
  }

  /** Has to be before the first `match`, to be told where there are too many groups: a PatternError. */
  groups(): this {
    if (this.#steps.length === 0) this.#prepare();
    if (this.#saves * this.#slots > mostSaved) throw new PatternError("too many groups");
    if (this.#steps.length > mostGroupedSteps) throw tooLong();
    return this;
  }

  /** Without slots no groups are written down. */
  #run(text: string, start: number[]): number[] | undefined {
    let now = new Threads(this.#steps.length);
    let next = new Threads(this.#steps.length);
    this.#follow(now, 0, start, text, 0);
    let found: number[] | undefined;
    for (let at = 0; now.count > 0; ) {
      const code = text.codePointAt(at);
      const after = at + (code !== undefined && code > 0xffff ? 2 : 1);
      next.clear();
      for (let thread = 0; thread < now.count; thread++) {
        const step = this.#steps[now.steps[thread]!]!;
        if (step.do === "match") {
          if (code === undefined) found ??= now.saved[thread];
        } else if (step.do === "one" && code !== undefined && step.is(code))
          this.#follow(next, now.steps[thread]! + 1, now.saved[thread]!, text, after);
      }
      if (code === undefined) break;
      [now, next] = [next, now];
      at = after;
    }
    return found;
  }

  /** Adds what can be reached without a character, what is preferred first. */
  #follow(threads: Threads, from: number, saved: number[], text: string, at: number): void {
    const stack: [number, number[]][] = [[from, saved]];
    for (let top = stack.pop(); top; top = stack.pop()) {
      const [number, slots] = top;
      if (threads.has(number)) continue;
      threads.mark(number);
      const step = this.#steps[number]!;
      if (step.do === "jump") stack.push([step.to, slots]);
      else if (step.do === "split")
        for (let way = step.to.length - 1; way >= 0; way--) stack.push([step.to[way]!, slots]);
      else if (step.do === "save" && slots.length === 0) stack.push([number + 1, slots]);
      else if (step.do === "save") {
        const copy = slots.slice();
        copy[step.slot] = at;
        stack.push([number + 1, copy]);
      } else if (step.do === "edge") {
        if (isEdge(step.at, text, at)) stack.push([number + 1, slots]);
      } else threads.add(number, slots);
    }
  }

  #prepare(): void {
    const { root, groups, names } = parsePattern(this.#text);
    this.names = names;
    this.#slots = 2 * (groups + 1);
    this.#compile(root);
    this.#add({ do: "match" });
  }

  #compile(node: Node): void {
    if (++this.#compiled > 4 * mostSteps) throw tooLong();
    switch (node.type) {
      case "one":
        this.#add({ do: "one", is: node.is });
        break;
      case "edge":
        this.#add({ do: "edge", at: node.at });
        break;
      case "all":
        for (const one of node.of) this.#compile(one);
        break;
      case "group":
        this.#add({ do: "save", slot: 2 * node.number });
        this.#compile(node.of);
        this.#add({ do: "save", slot: 2 * node.number + 1 });
        break;
      case "any":
        this.#alternatives(node.of);
        break;
      case "repeat":
        this.#repeat(node);
    }
  }

  #alternatives(all: Node[]): void {
    const split = { do: "split" as const, to: [] as number[] };
    this.#add(split);
    const ends: { do: "jump"; to: number }[] = [];
    for (const one of all) {
      split.to.push(this.#steps.length);
      this.#compile(one);
      const end = { do: "jump" as const, to: 0 };
      ends.push(end);
      this.#add(end);
    }
    for (const end of ends) end.to = this.#steps.length;
  }

  #repeat({ of, least, most, greedy }: Extract<Node, { type: "repeat" }>): void {
    for (let time = 0; time < least; time++) this.#compile(of);
    const order = (into: number, past: number) => (greedy ? [into, past] : [past, into]);
    if (most === Number.POSITIVE_INFINITY) {
      const split = { do: "split" as const, to: [] as number[] };
      const start = this.#add(split);
      this.#compile(of);
      this.#add({ do: "jump", to: start });
      split.to = order(start + 1, this.#steps.length);
      return;
    }
    const splits: { do: "split"; to: number[] }[] = [];
    for (let time = least; time < most; time++) {
      const split = { do: "split" as const, to: [this.#steps.length + 1] };
      splits.push(split);
      this.#add(split);
      this.#compile(of);
    }
    for (const split of splits) split.to = order(split.to[0]!, this.#steps.length);
  }

  #add(step: Step): number {
    if (this.#steps.length >= mostSteps) throw tooLong();
    if (step.do === "save") this.#saves++;
    return this.#steps.push(step) - 1;
  }
}

const tooLong = () => new PatternError("too long, or too many repetitions");

/** The states that a text has led to, each once, in the order of preference. */
class Threads {
  count = 0;
  readonly steps: Uint32Array;
  readonly saved: number[][] = [];
  readonly #marks: Uint32Array;
  readonly #marked: Uint32Array;
  #markedCount = 0;

  constructor(length: number) {
    this.steps = new Uint32Array(length);
    this.#marks = new Uint32Array(length);
    this.#marked = new Uint32Array(length);
  }

  clear(): void {
    this.count = 0;
    this.#markedCount = 0;
  }

  /** A sparse set: no memory has to be cleared for the next character. */
  has(step: number): boolean {
    const at = this.#marks[step]!;
    return at < this.#markedCount && this.#marked[at] === step;
  }

  mark(step: number): void {
    this.#marks[step] = this.#markedCount;
    this.#marked[this.#markedCount++] = step;
  }

  add(step: number, saved: number[]): void {
    this.steps[this.count] = step;
    this.saved[this.count++] = saved;
  }
}

function isEdge(kind: "start" | "end" | "word" | "inside", text: string, at: number): boolean {
  if (kind === "start") return at === 0;
  if (kind === "end") return at >= text.length;
  const word = (place: number) => place >= 0 && place < text.length && isWord(text.charCodeAt(place));
  return (word(at - 1) !== word(at)) === (kind === "word");
}
