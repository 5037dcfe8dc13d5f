import { type CharacterClass, classOf, foldsOf, isWord, namedClass } from "./character-classes.ts";

/** What a regular expression is made of. */
export type Node =
  | { type: "one"; is: CharacterClass }
  | { type: "edge"; at: "start" | "end" | "word" | "inside" }
  | { type: "all"; of: Node[] }
  | { type: "any"; of: Node[] }
  | { type: "group"; of: Node; number: number }
  | { type: "repeat"; of: Node; least: number; most: number; greedy: boolean };

export class PatternError extends Error {}

const escapes: Record<string, number> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 };
const mostRepeats = 1000;
const mostDepth = 100;
/** Reads RE2's syntax: no look-around and no references back, which no machine could match in linear time. */
export function parsePattern(text: string): { root: Node; groups: number; names: Map<string, number> } {
  const parser = new Parser(text);
  return { root: parser.whole(), groups: parser.groups, names: parser.names };
}

class Parser {
  groups = 0;
  readonly names = new Map<string, number>();
  readonly #text: readonly number[];
  #at = 0;
  #depth = 0;
  // Prometheus lets the dot match the end of a line.
  #flags = { i: false, s: true, m: false, U: false };

  constructor(text: string) {
    this.#text = Array.from(text, (char) => char.codePointAt(0)!);
  }

  whole(): Node {
    const root = this.#alternatives();
    if (this.#at < this.#text.length) throw new PatternError("unexpected )");
    return root;
  }

  #alternatives(): Node {
    if (++this.#depth > mostDepth) throw new PatternError("groups are nested too deeply");
    const flags = { ...this.#flags };
    const of = [this.#sequence()];
    while (this.#take("|")) of.push(this.#sequence());
    this.#flags = flags;
    this.#depth--;
    return of.length === 1 ? of[0]! : { type: "any", of };
  }

  #sequence(): Node {
    const of: Node[] = [];
    while (this.#at < this.#text.length && !this.#sees("|") && !this.#sees(")")) {
      const atom = this.#atom();
      if (atom) of.push(this.#repeated(atom));
    }
    return of.length === 1 ? of[0]! : { type: "all", of };
  }

  #repeated(atom: Node): Node {
    const bounds = this.#bounds();
    if (!bounds) return atom;
    const [least, most] = bounds;
    if (least > mostRepeats || (most !== Number.POSITIVE_INFINITY && most > mostRepeats) || least > most)
      throw new PatternError(`a repetition must be of 0 to ${mostRepeats} times`);
    const greedy = this.#take("?") === this.#flags.U;
    if (this.#bounds()) throw new PatternError("a repetition of a repetition");
    return { type: "repeat", of: atom, least, most, greedy };
  }

  #bounds(): [number, number] | undefined {
    if (this.#take("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.#take("?")) return [0, 1];
    if (!this.#sees("{")) return undefined;
    const rest = String.fromCodePoint(...this.#text.slice(this.#at, this.#at + 16));
    const [all, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(rest) ?? [];
    if (all === undefined || (comma === "" && most !== "")) return undefined;
    this.#at += all.length;
    if (comma === "") return [Number(least), Number(least)];
    return [Number(least), most === "" ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #atom(): Node | undefined {
    const code = this.#text[this.#at++]!;
    switch (String.fromCodePoint(code)) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case ".":
        return { type: "one", is: this.#flags.s ? () => true : (one) => one !== 10 };
      case "^":
        return { type: "edge", at: "start" };
      case "$":
        return { type: "edge", at: "end" };
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw new PatternError("nothing to repeat");
      default:
        return this.#literal(code);
    }
  }

  #group(): Node | undefined {
    const flags = { ...this.#flags };
    let number = 0;
    if (this.#take("?")) {
      const [, name] = /^P?<(\w+)>/.exec(this.#rest(80)) ?? [];
      if (name !== undefined) {
        while (!this.#take(">")) this.#at++;
        number = ++this.groups;
        this.names.set(name, number);
      } else if (!this.#setFlags()) return undefined;
    } else number = ++this.groups;
    const of = this.#alternatives();
    this.#flags = flags;
    if (!this.#take(")")) throw new PatternError("missing )");
    return number === 0 ? of : { type: "group", of, number };
  }

  /** `(?i)` for what follows, or `(?i:` for a group; whether it is the latter. */
  #setFlags(): boolean {
    const [all, on = "", off = "", end] = /^([ismU]*)(?:-([ismU]+))?([:)])/.exec(this.#rest(16)) ?? [];
    if (all === undefined) throw new PatternError("no look-around and no other extension is taken");
    if (`${on}${off}`.includes("m")) throw new PatternError("the flag m is not taken");
    this.#at += all.length;
    for (const flag of on) this.#flags[flag as "i"] = true;
    for (const flag of off) this.#flags[flag as "i"] = false;
    return end === ":";
  }

  #escape(): Node {
    const code = this.#text[this.#at++];
    if (code === undefined) throw new PatternError("a \\ at the end");
    const char = String.fromCodePoint(code);
    if (char === "A") return { type: "edge", at: "start" };
    if (char === "z") return { type: "edge", at: "end" };
    if (char === "b") return { type: "edge", at: "word" };
    if (char === "B") return { type: "edge", at: "inside" };
    if (char === "Q") return this.#quoted();
    const is = classOf(char);
    if (is) return { type: "one", is };
    return this.#literal(this.#escaped(code));
  }

  #quoted(): Node {
    const of: Node[] = [];
    while (this.#at < this.#text.length && !this.#rest(2).startsWith("\\E"))
      of.push(this.#literal(this.#text[this.#at++]!));
    this.#at += 2;
    return { type: "all", of };
  }

  /** The character that an escape after the \ stands for. */
  #escaped(code: number): number {
    const char = String.fromCodePoint(code);
    if (Object.hasOwn(escapes, char)) return escapes[char]!;
    if (char === "x") {
      const [all, long, short] = /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(this.#rest(10)) ?? [];
      const value = Number.parseInt(long ?? short ?? "", 16);
      if (all === undefined || value > 0x10ffff) throw new PatternError("\\x needs two digits");
      this.#at += all.length;
      return value;
    }
    if (isWord(code) && char !== "_") throw new PatternError(`\\${char} is not taken`);
    return code;
  }

  #set(): Node {
    const not = this.#take("^");
    const parts: CharacterClass[] = [];
    for (let first = true; first || !this.#sees("]"); first = false) {
      if (this.#at >= this.#text.length) throw new PatternError("missing ]");
      parts.push(this.#part());
    }
    this.#at++;
    const folded = this.#flags.i ? (code: number) => foldsOf(code).some((one) => has(one)) : has;
    function has(code: number): boolean {
      return parts.some((part) => part(code));
    }
    return { type: "one", is: not ? (code) => !folded(code) : folded };
  }

  #part(): CharacterClass {
    const [all, no, name] = /^\[:(\^?)(\w+):\]/.exec(this.#rest(14)) ?? [];
    if (all !== undefined) {
      const of = namedClass(name!);
      if (!of) throw new PatternError(`there is no class [:${name}:]`);
      this.#at += all.length;
      return no === "^" ? (code) => !of(code) : of;
    }
    const one = this.#member();
    if (typeof one === "function") return one;
    if (!this.#sees("-") || this.#text[this.#at + 1] === undefined || this.#rest(2) === "-]")
      return (code) => code === one;
    this.#at++;
    const last = this.#member();
    if (typeof last === "function" || last < one) throw new PatternError("a range that is none");
    return (code) => code >= one && code <= last;
  }

  #member(): number | CharacterClass {
    const code = this.#text[this.#at++]!;
    if (code !== 92) return code;
    const next = this.#text[this.#at++];
    if (next === undefined) throw new PatternError("missing ]");
    return classOf(String.fromCodePoint(next)) ?? this.#escaped(next);
  }

  #literal(code: number): Node {
    if (!this.#flags.i) return { type: "one", is: (one) => one === code };
    const folds = foldsOf(code);
    return { type: "one", is: (one) => folds.includes(one) };
  }

  #rest(length: number): string {
    return String.fromCodePoint(...this.#text.slice(this.#at, this.#at + length));
  }

  #sees(char: string): boolean {
    return this.#text[this.#at] === char.codePointAt(0);
  }

  #take(char: string): boolean {
    const there = this.#sees(char);
    if (there) this.#at++;
    return there;
  }
}
