import { execution } from "../fault.ts";
import { type Binary, comparisons, type Matching, setOperators } from "../language/expression.ts";
import type { Labels } from "../names.ts";
import { compare, operate } from "./operators.ts";
import {
  drop,
  eachRow,
  emptyRow,
  keep,
  keyOf,
  labelText,
  type Row,
  sorted,
  unique,
  type Value,
  withoutName,
} from "./rows.ts";
import type { Budget } from "./source.ts";

type Operation = Pick<Binary, "op" | "bool" | "matching">;
type Vector = Extract<Value, { type: "vector" }>;
type Scalar = Extract<Value, { type: "scalar" }>;

export function* binary(
  operation: Operation,
  left: Vector | Scalar,
  right: Vector | Scalar,
  budget: Budget,
): Generator<void, Vector | Scalar> {
  if (left.type === "scalar" && right.type === "scalar")
    return {
      type: "scalar",
      values: left.values.map((one, at) => resultOf(operation, one, right.values[at]!)!),
    };
  if (left.type === "scalar" || right.type === "scalar") {
    const rows: Row[] = [];
    const vector = left.type === "vector" ? left : (right as Vector);
    const scalar = left.type === "scalar" ? left : (right as Scalar);
    for (const row of vector.rows) {
      budget.takeValues(row.values.length);
      const made = withScalar(operation, row, scalar.values, left.type === "scalar");
      if (made) rows.push(made);
      yield;
    }
    return { type: "vector", rows: namesGo(operation) ? yield* unique(rows) : rows };
  }
  const rows = setOperators.has(operation.op)
    ? yield* sets(operation, left.rows, right.rows)
    : yield* matched(operation, left.rows, right.rows, budget);
  return { type: "vector", rows };
}

const namesGo = ({ op, bool }: Operation) => bool || !comparisons.has(op);

/** Undefined where a comparison that filters does not hold. */
function resultOf({ op, bool }: Operation, left: number, right: number): number | undefined {
  return bool ? Number(compare(op, left, right)) : operate(op, left, right);
}

function withScalar(
  operation: Operation,
  { labels, values, has }: Row,
  scalar: Float64Array,
  scalarFirst: boolean,
): Row | undefined {
  const row = emptyRow(namesGo(operation) ? withoutName(labels) : labels, values.length);
  let any = false;
  for (let at = 0; at < values.length; at++) {
    if (!has[at]) continue;
    const [value, other] = [values[at]!, scalar[at]!];
    const result = scalarFirst ? resultOf(operation, other, value) : resultOf(operation, value, other);
    if (result === undefined) continue;
    any = true;
    row.has[at] = 1;
    // A comparison that filters leaves the vector's value, on whichever side that is.
    row.values[at] = namesGo(operation) ? result : value;
  }
  return any ? row : undefined;
}

function signatureOf({ on, labels: names }: Matching, labels: Labels): string {
  return keyOf(on ? keep(labels, names) : drop(labels, [...names, "__name__"]));
}

function* bySignature(matching: Matching, rows: readonly Row[]): Generator<void, Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  yield* eachRow(rows, (row) => {
    const key = signatureOf(matching, row.labels);
    const known = found.get(key);
    if (known) known.push(row);
    else found.set(key, [row]);
    return undefined;
  });
  return found;
}

/** Marks where a row has values; a fault where another one has. */
function occupy(taken: Uint8Array, { has }: Pick<Row, "has">, fault: () => string): void {
  for (let at = 0; at < has.length; at++) {
    if (!has[at]) continue;
    if (taken[at]) throw execution(fault());
    taken[at] = 1;
  }
}

/** Where any of the rows has a value. */
function anyOf(rows: readonly Row[]): Uint8Array {
  const any = new Uint8Array(rows[0]?.has.length ?? 0);
  for (const { has } of rows) for (let at = 0; at < has.length; at++) any[at]! |= has[at]!;
  return any;
}

function* matched(
  operation: Operation,
  left: readonly Row[],
  right: readonly Row[],
  budget: Budget,
): Generator<void, Row[]> {
  const { matching } = operation;
  const swapped = matching.many === "right";
  const [many, one] = swapped ? [right, left] : [left, right];
  const ones = yield* bySignature(matching, one);
  const any = anyOf(many);
  for (const [, rows] of ones) {
    yield;
    checkOne(matching, rows, any, swapped);
  }
  const taken = new Map<string, Uint8Array>();
  const found: Row[] = [];
  for (const row of many) {
    yield;
    const signature = signatureOf(matching, row.labels);
    for (const other of ones.get(signature) ?? []) {
      budget.takeValues(row.values.length);
      const made = pair(operation, row, other, swapped);
      if (!made) continue;
      const place = matching.many ? `${signature}\u0002${keyOf(made.labels)}` : signature;
      let steps = taken.get(place);
      if (!steps) {
        steps = new Uint8Array(row.values.length);
        taken.set(place, steps);
      }
      occupy(steps, made, () =>
        matching.many
          ? "multiple matches for labels: grouping labels must ensure unique matches"
          : "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
      );
      found.push(made);
    }
  }
  return yield* unique(found);
}

/** No two may match the same, at moments at which there is something to match. */
function checkOne(matching: Matching, rows: readonly Row[], any: Uint8Array, swapped: boolean): void {
  if (rows.length < 2) return;
  const taken = new Uint8Array(rows[0]!.has.length);
  const [labels] = rows.map((row) => row.labels);
  for (const row of rows)
    occupy(taken, { has: row.has.map((one, at) => one & (any[at] ?? 0)) }, () => {
      const group = matching.on
        ? keep(labels!, matching.labels)
        : drop(labels!, [...matching.labels, "__name__"]);
      const side = swapped ? "left" : "right";
      return (
        `found duplicate series for the match group ${labelText(group)} on the ${side} hand-side of the operation: ` +
        `[${labelText(row.labels)}, ${labelText(labels!)}];many-to-many matching not allowed: matching labels must be unique on one side`
      );
    });
}

function pair(operation: Operation, many: Row, one: Row, swapped: boolean): Row | undefined {
  const row = emptyRow(pairLabels(operation, many.labels, one.labels), many.values.length);
  let any = false;
  for (let at = 0; at < row.values.length; at++) {
    if (!many.has[at] || !one.has[at]) continue;
    const [left, right] = swapped ? [one, many] : [many, one];
    const value = resultOf(operation, left.values[at]!, right.values[at]!);
    if (value === undefined) continue;
    any = true;
    row.has[at] = 1;
    row.values[at] = value;
  }
  return any ? row : undefined;
}

function pairLabels(operation: Operation, many: Labels, one: Labels): Labels {
  const { matching } = operation;
  const base = namesGo(operation) ? withoutName(many) : many;
  if (!matching.many) return matching.on ? keep(base, matching.labels) : drop(base, matching.labels);
  if (matching.include.length === 0) return base;
  const taken = Object.fromEntries(matching.include.map((name) => [name, one[name] ?? ""]));
  return sorted({ ...base, ...taken });
}

function* sets(
  { op, matching }: Operation,
  left: readonly Row[],
  right: readonly Row[],
): Generator<void, Row[]> {
  function* presence(rows: readonly Row[]) {
    const found = new Map<string, Uint8Array>();
    for (const [key, members] of yield* bySignature(matching, rows)) {
      yield;
      found.set(key, anyOf(members));
    }
    return found;
  }
  const where = (rows: readonly Row[], others: Map<string, Uint8Array>, wanted: boolean) =>
    eachRow(rows, (row) => {
      const there = others.get(signatureOf(matching, row.labels));
      const has = row.has.map((one, at) => (one && (there?.[at] === 1) === wanted ? 1 : 0));
      return has.includes(1) ? { ...row, has } : undefined;
    });
  if (op !== "or") return yield* where(left, yield* presence(right), op === "and");
  return yield* unique([...left, ...(yield* where(right, yield* presence(left), false))]);
}
