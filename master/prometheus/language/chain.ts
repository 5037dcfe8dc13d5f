import { badData } from "../fault.ts";
import type { Binary, Expression } from "./expression.ts";

/** An operator with what is said of it. */
export type Operator = Pick<Binary, "op" | "bool" | "matching">;
/** Operands with operators between and signs before them, in the order in which they stand. */
export type Link = { operand: Expression } | { operator: Operator } | { sign: string };

const levels: Readonly<Record<string, number>> = {
  or: 1,
  ...Object.fromEntries(["and", "unless"].map((op) => [op, 2])),
  ...Object.fromEntries(["==", "!=", "<", "<=", ">", ">="].map((op) => [op, 3])),
  ...Object.fromEntries(["+", "-"].map((op) => [op, 4])),
  ...Object.fromEntries(["*", "/", "%"].map((op) => [op, 5])),
  "^": 6,
};
/** A sign binds like a product: less than a power. */
const ofSign = 5;

/** Puts a chain together: what binds more first, powers from the right, all else from the left. */
export function linked(chain: readonly Link[]): Expression {
  let at = 0;

  function operand(): Expression {
    const link = chain[at++];
    if (link && "operand" in link) return link.operand;
    if (!link || !("sign" in link)) throw new Error("a chain without an operand");
    const expr = upFrom(ofSign + 1);
    return link.sign === "-" ? { type: "negative", expr } : expr;
  }

  function upFrom(least: number): Expression {
    let left = operand();
    for (let link = chain[at]; link && "operator" in link; link = chain[at]) {
      const level = levels[link.operator.op];
      if (level === undefined) throw badData(`the operator ${link.operator.op} is not supported`);
      if (level < least) break;
      at++;
      const right = upFrom(link.operator.op === "^" ? level : level + 1);
      left = { type: "binary", ...link.operator, left, right };
    }
    return left;
  }
  return upFrom(0);
}
