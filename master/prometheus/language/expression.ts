import type { Matcher } from "./matchers.ts";

export type ValueType = "scalar" | "vector" | "matrix" | "string";

export interface Selector {
  type: "selector";
  matchers: readonly Matcher[];
  offsetMs: number;
}

/** Samples of a selector, or of an expression at steps, over a time before each moment. */
export interface RangeSelector {
  type: "range";
  of: Selector | { type: "subquery"; expr: Expression; stepMs: number; offsetMs: number };
  rangeMs: number;
}

export interface Grouping {
  without: boolean;
  labels: readonly string[];
}

export interface Matching {
  on: boolean;
  labels: readonly string[];
  /** Which side may have several for one of the other. */
  many?: "left" | "right";
  /** Labels that are taken from the other side. */
  include: readonly string[];
}

export interface Binary {
  type: "binary";
  op: string;
  bool: boolean;
  left: Expression;
  right: Expression;
  matching: Matching;
}

export interface Aggregate {
  type: "aggregate";
  op: string;
  param?: Expression;
  expr: Expression;
  grouping: Grouping;
}

export interface Call {
  type: "call";
  name: string;
  args: readonly Expression[];
}

export type Expression =
  | { type: "number"; value: number }
  | { type: "string"; value: string }
  | { type: "negative"; expr: Expression }
  | Selector
  | RangeSelector
  | Call
  | Aggregate
  | Binary;

export const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
export const setOperators: ReadonlySet<string> = new Set(["and", "or", "unless"]);
