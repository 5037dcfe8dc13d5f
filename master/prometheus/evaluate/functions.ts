import { badData, execution } from "../fault.ts";
import type { Expression } from "../language/expression.ts";
import { patternOf } from "../language/matchers.ts";
import { dates } from "./dates.ts";
import { labelOf, type Labels } from "../names.ts";
import { order } from "./aggregate.ts";
import { eachRow, emptyRow, type Grid, type Row, sorted, unique, withoutName } from "./rows.ts";

type OfValue = (value: number, first?: number, second?: number) => number;

/** Functions of a vector that change each value by itself, with numbers besides. */
export const ofValues: Readonly<Record<string, OfValue>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sgn: Math.sign,
  // By the inverse, since a nearest like 0.1 is no number that one could divide by exactly.
  round: (value, nearest = 1) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
  ...dates,
  clamp: (value, least, most) => greater(least!, lesser(most!, value)),
  clamp_min: (value, least) => greater(least!, value),
  clamp_max: (value, most) => lesser(most!, value),
};

/** As Go has it: nothing is greater than what has no end, and be the other no number. */
const greater = (a: number, b: number) =>
  a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : Math.max(a, b);
const lesser = (a: number, b: number) => -greater(-a, -b);

export function* mapped(
  name: string,
  rows: readonly Row[],
  [first, second]: readonly Float64Array[],
): Generator<void, Row[]> {
  const of = ofValues[name]!;
  const made = yield* eachRow(rows, ({ labels, values, has }) => ({
    labels: withoutName(labels),
    values: values.map((value, at) => of(value, first?.[at], second?.[at])),
    has: second ? has.map((one, at) => (first![at]! > second[at]! ? 0 : one)) : has,
  }));
  return yield* unique(made.filter((row) => row.has.includes(1)));
}

/** The value where there is one series, NaN otherwise. */
export function* toScalar(rows: readonly Row[], { count }: Grid): Generator<void, Float64Array> {
  const values = new Float64Array(count).fill(Number.NaN);
  const found = new Uint32Array(count);
  yield* eachRow(rows, (row) => {
    for (let at = 0; at < count; at++)
      if (row.has[at]) values[at] = found[at]!++ === 0 ? row.values[at]! : Number.NaN;
    return undefined;
  });
  return values;
}

/** 1 where there is nothing, with the labels that a selector asks for by name. */
export function* absence(rows: readonly Row[], { count }: Grid, of: Expression): Generator<void, Row[]> {
  const row = emptyRow(labelsAskedFor(of), count);
  row.has.fill(1);
  row.values.fill(1);
  yield* eachRow(rows, ({ has }) => {
    for (let at = 0; at < count; at++) if (has[at]) row.has[at] = 0;
    return undefined;
  });
  return row.has.includes(1) ? [row] : [];
}

function labelsAskedFor(of: Expression): Labels {
  const selector = of.type === "range" && of.of.type === "selector" ? of.of : of;
  if (selector.type !== "selector") return {};
  const labels: Record<string, string> = {};
  const asked = new Set<string>();
  for (const { label, op, value } of selector.matchers) {
    if (label === "__name__") continue;
    if (op === "=" && !asked.has(label)) labels[label] = value;
    else delete labels[label];
    asked.add(label);
  }
  return sorted(labels);
}

/** As Prometheus sorts what it answers for one moment. */
export const inOrder = (rows: readonly Row[], ascending: boolean): Row[] =>
  [...rows].sort((a, b) => order(a.values[0]!, b.values[0]!, ascending));

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Names and texts of Kubernetes are shorter; what is put together of them could double with each call. */
const mostCharacters = 1024;

function withLabel(row: Row, name: string, value: string): Row {
  if (value.length > mostCharacters)
    throw execution(`the value of label ${name} would have more than ${mostCharacters} characters`);
  return { ...row, labels: sorted({ ...row.labels, [name]: value }) };
}

function checkLabel(name: string, where: string): void {
  if (!labelName.test(name))
    throw execution(`invalid label name in ${where}: ${JSON.stringify(name.slice(0, 100))}`);
}

export function* replaceLabel(
  rows: readonly Row[],
  [to, replacement, from, regex]: readonly [string, string, string, string],
): Generator<void, Row[]> {
  const pattern = patternOf(regex, true);
  checkLabel(to, "label_replace()");
  return yield* unique(
    yield* eachRow(
      rows,
      (row) => {
        const value = labelOf(row.labels, from);
        const captures = pattern.match(value);
        if (!captures) return row;
        const group = (name: string) => {
          const number = /^\d+$/.test(name) ? Number(name) : (pattern.names.get(name) ?? -1);
          const [start = -1, end = -1] = captures.slice(2 * number, 2 * number + 2);
          return number < 0 || start < 0 ? "" : value.slice(start, end);
        };
        const made = replacement.replace(
          /\$(?:\$|(\w+)|\{(\w+)\})/g,
          (all, plain?: string, braced?: string) => (all === "$$" ? "$" : group(plain ?? braced!)),
        );
        return withLabel(row, to, made);
      },
      100 + 20 * pattern.size,
    ),
  );
}

export function* joinLabels(
  rows: readonly Row[],
  [to, separator, ...from]: readonly string[],
): Generator<void, Row[]> {
  if (to === undefined || separator === undefined)
    throw badData("label_join takes a label, a separator and labels");
  checkLabel(to, "label_join()");
  return yield* unique(
    yield* eachRow(rows, (row) =>
      withLabel(row, to, from.map((name) => labelOf(row.labels, name)).join(separator)),
    ),
  );
}
