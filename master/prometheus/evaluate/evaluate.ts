import type { Aggregate, Call, Expression } from "../language/expression.ts";
import { aggregate } from "./aggregate.ts";
import { binary } from "./binary.ts";
import { absence, inOrder, joinLabels, mapped, ofValues, replaceLabel, toScalar } from "./functions.ts";
import { eachRow, type Grid, type Row, unique, type Value, withoutName } from "./rows.ts";
import { instants, overRange } from "./selectors.ts";
import { Budget, type Context, type Source } from "./source.ts";
import { overWindows } from "./windows.ts";

/** What an expression comes to at each moment of a grid. Pauses again and again; a QueryFault says what is too much. */
export const evaluate = (expr: Expression, source: Source, grid: Grid): Generator<void, Value> =>
  evaluateIn(expr, contextOf(source, grid));

export const contextOf = (source: Source, grid: Grid): Context => ({
  source,
  grid,
  budget: new Budget(),
  evaluate: evaluateIn,
});

function* evaluateIn(expr: Expression, context: Context): Generator<void, Value> {
  yield;
  switch (expr.type) {
    case "number":
      return { type: "scalar", values: new Float64Array(context.grid.count).fill(expr.value) };
    case "string":
      return { type: "string", value: expr.value };
    case "selector":
      return { type: "vector", rows: yield* instants(context, expr) };
    case "negative":
      return yield* negated(yield* evaluateIn(expr.expr, context));
    case "call":
      return yield* call(expr, context);
    case "aggregate":
      return { type: "vector", rows: yield* aggregated(expr, context) };
    case "binary": {
      const left = yield* evaluateIn(expr.left, context);
      const right = yield* evaluateIn(expr.right, context);
      if (left.type === "string" || right.type === "string") throw new Error("a string was not refused");
      return yield* binary(expr, left, right, context.budget);
    }
    case "range":
      throw new Error("a range was not refused");
  }
}

function* negated(value: Value): Generator<void, Value> {
  if (value.type === "scalar") return { type: "scalar", values: value.values.map((one) => -one) };
  if (value.type === "string") return value;
  const rows = yield* eachRow(value.rows, ({ labels, values, has }) => ({
    labels: withoutName(labels),
    values: values.map((one) => -one),
    has,
  }));
  return { type: "vector", rows: yield* unique(rows) };
}

function* vectorOf(expr: Expression, context: Context): Generator<void, Row[]> {
  const value = yield* evaluateIn(expr, context);
  if (value.type !== "vector") throw new Error("what is no vector was not refused");
  return value.rows;
}

function* scalarOf(
  expr: Expression | undefined,
  context: Context,
): Generator<void, Float64Array | undefined> {
  if (!expr) return undefined;
  const value = yield* evaluateIn(expr, context);
  if (value.type !== "scalar") throw new Error("what is no scalar was not refused");
  return value.values;
}

function* aggregated({ op, expr, param, grouping }: Aggregate, context: Context): Generator<void, Row[]> {
  const rows = yield* vectorOf(expr, context);
  return yield* aggregate(op, rows, grouping, yield* scalarOf(param, context), context.budget);
}

function* call({ name, args }: Call, context: Context): Generator<void, Value> {
  const { grid } = context;
  if (name === "time")
    return {
      type: "scalar",
      values: Float64Array.from({ length: grid.count }, (_, at) => (grid.startMs + at * grid.stepMs) / 1000),
    };
  if (name === "pi") return { type: "scalar", values: new Float64Array(grid.count).fill(Math.PI) };
  if (name === "scalar")
    return { type: "scalar", values: yield* toScalar(yield* vectorOf(args[0]!, context), grid) };
  if (name === "vector") {
    const values = (yield* scalarOf(args[0], context))!;
    return { type: "vector", rows: [{ labels: {}, values, has: new Uint8Array(grid.count).fill(1) }] };
  }
  return { type: "vector", rows: yield* vectorCall(name, args, context) };
}

/** What functions of a date are of where nothing is said. */
const now: Expression = { type: "call", name: "vector", args: [{ type: "call", name: "time", args: [] }] };

function* vectorCall(name: string, args: readonly Expression[], context: Context): Generator<void, Row[]> {
  const range = args.find((one) => one.type === "range");
  if (range) return yield* rangeCall(name, range, args, context);
  const [first = now, ...others] = args;
  if (name === "timestamp" && first.type === "selector")
    return yield* nameless(yield* instants(context, first, true));
  const rows = yield* vectorOf(first, context);
  if (Object.hasOwn(ofValues, name)) {
    const params: Float64Array[] = [];
    for (const one of others) params.push((yield* scalarOf(one, context))!);
    return yield* mapped(name, rows, params);
  }
  const strings = others.map((one) => (one.type === "string" ? one.value : ""));
  switch (name) {
    case "absent":
      return yield* absence(rows, context.grid, first);
    case "sort":
      return inOrder(rows, true);
    case "sort_desc":
      return inOrder(rows, false);
    case "label_replace":
      return yield* replaceLabel(rows, strings as [string, string, string, string]);
    case "label_join":
      return yield* joinLabels(rows, strings);
    default: {
      const { startMs, stepMs } = context.grid;
      const values = Float64Array.from(
        { length: context.grid.count },
        (_, at) => (startMs + at * stepMs) / 1000,
      );
      return yield* nameless(rows.map((row) => ({ ...row, values })));
    }
  }
}

function* rangeCall(
  name: string,
  range: Extract<Expression, { type: "range" }>,
  args: readonly Expression[],
  context: Context,
): Generator<void, Row[]> {
  const absent = name === "absent_over_time";
  const over = overWindows[absent ? "present_over_time" : name]!;
  const param = yield* scalarOf(
    args.find((one) => one !== range),
    context,
  );
  const rows = yield* overRange(
    context,
    range,
    over,
    param,
    over.keepsName ? (labels) => labels : withoutName,
  );
  if (absent) return yield* absence(rows, context.grid, range);
  return over.keepsName ? rows : yield* unique(rows);
}

function* nameless(rows: readonly Row[]): Generator<void, Row[]> {
  return yield* unique(yield* eachRow(rows, (row) => ({ ...row, labels: withoutName(row.labels) })));
}
