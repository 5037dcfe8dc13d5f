import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { badData } from "../fault.ts";
import { type Link, linked, type Operator } from "./chain.ts";
import { check, typeOf } from "./check.ts";
import type { Aggregate, Expression, Grouping, Matching, RangeSelector, Selector } from "./expression.ts";
import { comparisons } from "./expression.ts";
import { numberOf, stringOf } from "./literals.ts";
import { type Matcher, matcher } from "./matchers.ts";

const mostCharacters = 32_768;
const mostDepth = 200;
/** Of one selector, and of one list of labels: each is looked at for each series. */
const mostMatchers = 100;
const mostLabels = 100;
/** Of all regular expressions of a request together. */
const mostPatternSteps = 20_000;
const subqueryStepMs = 60_000;
// At the first fault it stops: what would follow is a guess, and finding it can take long.
const strict = parser.configure({ strict: true });

/** What the expressions of one request may be together. */
export class Allowance {
  #characters = mostCharacters;
  #steps = mostPatternSteps;

  takeText(text: string): void {
    this.#characters -= text.length;
    if (this.#characters < 0) throw badData(`a query may have ${mostCharacters} characters at most`);
  }

  takePattern(size: number): void {
    this.#steps -= size;
    if (this.#steps < 0) throw badData("the regular expressions are too long together");
  }
}

/** Reads a PromQL expression; a fault of bad_data where it is none, or one that is not supported. */
export function parseQuery(text: string, allowance = new Allowance()): Expression {
  allowance.takeText(text);
  if (text.replace(/#.*/g, "").trim() === "") throw badData("1:1: parse error: no expression found in input");
  let top: SyntaxNode | null;
  try {
    top = strict.parse(text).topNode.lastChild;
  } catch (error) {
    throw syntaxFault(text, error);
  }
  while (top?.name === "LineComment") top = top.prevSibling;
  const expression = new Builder(text, allowance).build(top!);
  check(expression);
  return expression;
}

/** Reads a selector of the series, labels and values that are asked for. */
export function parseSelector(text: string, allowance?: Allowance): readonly Matcher[] {
  const found = parseQuery(text, allowance);
  if (found.type !== "selector" || found.offsetMs !== 0)
    throw badData(`${text.slice(0, 200)} is no series selector`);
  return found.matchers;
}

function syntaxFault(text: string, error: unknown) {
  const [, place] = /No parse at (\d+)/.exec((error as Error).message) ?? [];
  if (place === undefined) throw error;
  const at = Math.min(Number(place), text.length);
  const lines = text.slice(0, at).split("\n");
  const where = `${lines.length}:${lines.at(-1)!.length + 1}`;
  const called = /([A-Za-z_]\w*)\s*\(?\s*$/.exec(text.slice(0, text[at] === "(" ? at : 0))?.[1];
  if (called !== undefined) return badData(`${where}: parse error: there is no function ${called}`);
  const rest = text.slice(at, at + 40).split("\n", 1)[0];
  return badData(
    `${where}: parse error: ${rest === "" ? "unexpected end of input" : `unexpected ${JSON.stringify(rest)}`}`,
  );
}

class Builder {
  readonly #text: string;
  readonly #allowance: Allowance;

  constructor(text: string, allowance: Allowance) {
    this.#text = text;
    this.#allowance = allowance;
  }

  build(node: SyntaxNode, depth = 0): Expression {
    return linked(this.#chain(node, depth));
  }

  /**
   * The grammar is an editor's: what stands behind an operand (`offset 5m`, `[5m]`) it takes as behind everything
   * before it, and the sign of a number as a part of it. So operands and operators are laid out flat, with what belongs
   * to an operand at it, and put together anew.
   */
  #chain(node: SyntaxNode, depth: number): Link[] {
    if (depth > mostDepth) throw badData(`expressions may be nested ${mostDepth} deep at most`);
    switch (node.name) {
      case "BinaryExpr": {
        const [left, right] = expressionsIn(node);
        const operator = this.#operator(node, left!);
        return [...this.#chain(left!, depth + 1), { operator }, ...this.#chain(right!, depth + 1)];
      }
      case "UnaryExpr":
        return [{ sign: this.#of(node)[0]! }, ...this.#chain(expressionsIn(node)[0]!, depth + 1)];
      case "NumberDurationLiteral": {
        const text = this.#of(node);
        const sign = /^[-+]/.exec(text)?.[0];
        const operand: Expression = { type: "number", value: numberOf(sign ? text.slice(1) : text) };
        return sign ? [{ sign }, { operand }] : [{ operand }];
      }
      case "MatrixSelector":
      case "SubqueryExpr":
      case "OffsetExpr": {
        const chain = this.#chain(expressionsIn(node)[0]!, depth + 1);
        const last = chain.pop() as { operand: Expression };
        const behind = node.name === "OffsetExpr" ? this.#offset : this.#range;
        return [...chain, { operand: behind.call(this, node, last.operand) }];
      }
      default:
        return [{ operand: this.#operand(node, (child) => this.build(child, depth + 1)) }];
    }
  }

  #operand(node: SyntaxNode, inner: (child: SyntaxNode) => Expression): Expression {
    switch (node.name) {
      case "ParenExpr":
        return inner(expressionsIn(node)[0]!);
      case "StringLiteral":
        return { type: "string", value: stringOf(this.#of(node)) };
      case "VectorSelector":
        return this.#selector(node);
      case "FunctionCall": {
        const given = expressionsIn(node.getChild("FunctionCallBody")!);
        if (given.length > mostLabels)
          throw badData(`a call may have ${mostLabels} arguments at most, and has ${given.length}`);
        const args = given.map(inner);
        return { type: "call", name: this.#of(node.getChild("FunctionIdentifier")!), args };
      }
      case "AggregateExpr":
        return this.#aggregate(node, inner);
      case "StepInvariantExpr":
        throw badData("the modifier @ is not supported");
      default:
        throw badData(`${this.#of(node).slice(0, 100)} is not supported`);
    }
  }

  #selector(node: SyntaxNode): Selector {
    const matchers: Matcher[] = [];
    const name = node.getChild("Identifier");
    if (name) matchers.push(matcher("__name__", "=", this.#of(name)));
    for (const one of childrenOf(node.getChild("LabelMatchers"))) {
      if (one.name === "QuotedLabelName") matchers.push(matcher("__name__", "=", stringOf(this.#of(one))));
      if (!one.name.endsWith("LabelMatcher")) continue;
      const quoted = one.getChild("QuotedLabelName");
      const label = quoted ? stringOf(this.#of(quoted)) : this.#of(one.getChild("LabelName")!);
      const value = stringOf(this.#of(one.getChild("StringLiteral")!));
      const found = matcher(label, this.#of(one.getChild("MatchOp")!), value);
      this.#allowance.takePattern(found.size);
      matchers.push(found);
      if (matchers.length > mostMatchers)
        throw badData(`a selector may have ${mostMatchers} matchers at most`);
    }
    if (matchers.every((one) => one.matches("")))
      throw badData("vector selector must contain at least one non-empty matcher");
    return { type: "selector", matchers, offsetMs: 0 };
  }

  #range(node: SyntaxNode, of: Expression): RangeSelector {
    const [rangeMs, stepMs = subqueryStepMs] = node
      .getChildren("DurationExpr")
      .map((one) => this.#duration(one));
    if (!(rangeMs! > 0) || !(stepMs > 0)) throw badData("a duration must be greater than 0");
    if (node.name === "MatrixSelector") {
      if (of.type !== "selector") throw badData("ranges are only taken of selectors: a subquery is [5m:1m]");
      if (of.offsetMs !== 0) throw badData("no offset modifier before a range: it stands behind it");
      return { type: "range", of, rangeMs: rangeMs! };
    }
    if (typeOf(of) !== "vector" && typeOf(of) !== "scalar")
      throw badData(`a subquery is taken of an instant vector, not of a ${typeOf(of)}`);
    return { type: "range", of: { type: "subquery", expr: of, stepMs, offsetMs: 0 }, rangeMs: rangeMs! };
  }

  #offset(node: SyntaxNode, of: Expression): Expression {
    const offsetMs = this.#duration(node.getChild("OffsetDurationExpr")!);
    const known = of.type === "range" ? of.of.offsetMs : of.type === "selector" ? of.offsetMs : undefined;
    if (known === undefined) throw badData("offset is for selectors, ranges and subqueries");
    if (known !== 0) throw badData("offset may not be set several times");
    return of.type === "range" ? { ...of, of: { ...of.of, offsetMs } } : ({ ...of, offsetMs } as Selector);
  }

  #duration(node: SyntaxNode): number {
    const text = this.#of(node).replace(/\s+/g, "");
    const ms = Math.round(numberOf(text) * 1000);
    if (!Number.isSafeInteger(ms))
      throw badData(`${text.slice(0, 100)} is no duration: 5m, 1h30m, or a number of seconds`);
    return ms;
  }

  #aggregate(node: SyntaxNode, inner: (child: SyntaxNode) => Expression): Aggregate {
    const args = expressionsIn(node.getChild("FunctionCallBody")!).map(inner);
    const modifier = node.getChild("AggregateModifier");
    const grouping: Grouping = {
      without: modifier?.getChild("Without") != null,
      labels: this.#labels(modifier?.getChild("GroupingLabels")),
    };
    const op = this.#of(node.getChild("AggregateOp")!).toLowerCase();
    const [first, second] = args;
    if (!first || args.length > 2) throw badData(`${op} takes one vector, or a number and a vector`);
    return second
      ? { type: "aggregate", op, param: first, expr: second, grouping }
      : { type: "aggregate", op, expr: first, grouping };
  }

  #operator(node: SyntaxNode, left: SyntaxNode): Operator {
    const op = this.#of(left.nextSibling!).toLowerCase();
    if (node.getChild("FillModifier")) throw badData("fill is not supported");
    const bool = node.getChild("BoolModifier") !== null;
    if (bool && !comparisons.has(op)) throw badData("bool is only for comparisons");
    return { op, bool, matching: this.#matching(node) };
  }

  #matching(node: SyntaxNode): Matching {
    const clause = node.getChild("MatchingModifierClause");
    if (!clause) return { on: false, labels: [], include: [] };
    const [labels, include] = clause.getChildren("GroupingLabels");
    const many = clause.getChild("GroupLeft") ? "left" : clause.getChild("GroupRight") ? "right" : undefined;
    const matching = {
      on: clause.getChild("On") !== null,
      labels: this.#labels(labels),
      include: this.#labels(include),
    };
    const twice = matching.on && matching.include.find((one) => matching.labels.includes(one));
    if (twice) throw badData(`label ${twice} must not occur in on and in group_${many} at once`);
    return many ? { ...matching, many } : matching;
  }

  #labels(node: SyntaxNode | null | undefined): string[] {
    const all = childrenOf(node);
    if (all.length > mostLabels) throw badData(`a list of labels may have ${mostLabels} at most`);
    return all.map((one) => (one.name === "QuotedLabelName" ? stringOf(this.#of(one)) : this.#of(one)));
  }

  #of(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}

function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling)
    if (child.name !== "LineComment") found.push(child);
  return found;
}

const expressionsIn = (node: SyntaxNode): SyntaxNode[] =>
  childrenOf(node).filter((one) => one.type.isTop || one.type.is("Expr"));
