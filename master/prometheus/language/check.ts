import { badData } from "../fault.ts";
import {
  type Aggregate,
  type Binary,
  type Call,
  comparisons,
  type Expression,
  setOperators,
  type ValueType,
} from "./expression.ts";
import { aggregations, signatures } from "./functions.ts";

const named: Record<ValueType, string> = {
  scalar: "scalar",
  vector: "instant vector",
  matrix: "range vector",
  string: "string",
};

export function typeOf(expr: Expression): ValueType {
  switch (expr.type) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "negative":
      return typeOf(expr.expr);
    case "range":
      return "matrix";
    case "call":
      return signatures.get(expr.name)?.gives ?? "vector";
    case "binary":
      return typeOf(expr.left) === "scalar" && typeOf(expr.right) === "scalar" ? "scalar" : "vector";
    default:
      return "vector";
  }
}

/** Throws bad_data where something gets what it does not take, or is not supported. */
export function check(expr: Expression): void {
  switch (expr.type) {
    case "negative":
      check(expr.expr);
      if (typeOf(expr.expr) !== "scalar" && typeOf(expr.expr) !== "vector")
        throw badData(
          `a sign stands before a scalar or an instant vector, not before a ${named[typeOf(expr.expr)]}`,
        );
      break;
    case "range":
      if (expr.of.type === "subquery") check(expr.of.expr);
      break;
    case "call":
      checkCall(expr);
      break;
    case "aggregate":
      checkAggregate(expr);
      break;
    case "binary":
      checkBinary(expr);
  }
}

function checkCall({ name, args }: Call): void {
  const signature = signatures.get(name);
  if (!signature)
    throw badData(`the function ${name} is not supported: ${[...signatures.keys()].sort().join(", ")} are`);
  const least = signature.args.length - (signature.optional ?? 0);
  const most = signature.more ? Number.POSITIVE_INFINITY : signature.args.length;
  if (args.length < least || args.length > most) {
    const count =
      least === most
        ? least
        : most === Number.POSITIVE_INFINITY
          ? `at least ${least}`
          : `${least} to ${most}`;
    throw badData(`expected ${count} argument(s) in call to ${name}, got ${args.length}`);
  }
  for (const [at, arg] of args.entries()) {
    check(arg);
    expect(arg, signature.args[Math.min(at, signature.args.length - 1)]!, `call to function ${name}`);
  }
}

function checkAggregate({ op, param, expr }: Aggregate): void {
  if (!aggregations.has(op))
    throw badData(`the aggregation ${op} is not supported: ${[...aggregations.keys()].join(", ")} are`);
  const wanted = aggregations.get(op);
  if (wanted && !param) throw badData(`${op} takes a number and a vector, such as ${op}(5, up)`);
  if (!wanted && param) throw badData(`${op} takes one vector`);
  if (param) {
    check(param);
    expect(param, wanted!, `aggregation ${op}`);
  }
  check(expr);
  expect(expr, "vector", `aggregation ${op}`);
}

function checkBinary({ op, bool, left, right, matching }: Binary): void {
  check(left);
  check(right);
  const types = [typeOf(left), typeOf(right)];
  for (const type of types)
    if (type !== "scalar" && type !== "vector")
      throw badData(
        `binary expression must contain only scalar and instant vector types, not a ${named[type]}`,
      );
  const scalars = types.filter((type) => type === "scalar").length;
  if (setOperators.has(op) && scalars > 0)
    throw badData(`set operator ${op} not allowed in binary scalar expression`);
  if (setOperators.has(op) && matching.many) throw badData(`no grouping allowed for ${op} operation`);
  if (scalars > 0 && (matching.on || matching.labels.length > 0 || matching.many))
    throw badData("vector matching only allowed between instant vectors");
  if (scalars === 2 && comparisons.has(op) && !bool)
    throw badData("comparisons between scalars must use bool modifier");
}

function expect(expr: Expression, wanted: ValueType, where: string): void {
  const type = typeOf(expr);
  if (type !== wanted) throw badData(`expected type ${named[wanted]} in ${where}, got ${named[type]}`);
}
