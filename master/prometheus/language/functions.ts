import type { ValueType } from "./expression.ts";

export interface Signature {
  args: readonly ValueType[];
  /** How many of the last may be left out. */
  optional?: number;
  /** Whether the last may be there several times. */
  more?: boolean;
  gives: "scalar" | "vector";
}

const overTime: Signature = { args: ["matrix"], gives: "vector" };
const each: Signature = { args: ["vector"], gives: "vector" };
const withScalar: Signature = { args: ["vector", "scalar"], gives: "vector" };

const under = (signature: Signature, ...names: string[]): [string, Signature][] =>
  names.map((name) => [name, signature]);

/** Every function that is supported, and what it takes. */
export const signatures: ReadonlyMap<string, Signature> = new Map([
  ...under(overTime, "rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets"),
  ...under(overTime, "avg_over_time", "sum_over_time", "min_over_time", "max_over_time", "count_over_time"),
  ...under(overTime, "last_over_time", "present_over_time", "stddev_over_time", "stdvar_over_time"),
  ...under(overTime, "absent_over_time"),
  ...under({ args: ["scalar", "matrix"], gives: "vector" }, "quantile_over_time"),
  ...under({ args: ["matrix", "scalar"], gives: "vector" }, "predict_linear"),
  ...under(each, "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn"),
  ...under(each, "timestamp", "sort", "sort_desc", "absent"),
  ...under({ ...each, optional: 1 }, "minute", "hour", "day_of_week", "day_of_month", "day_of_year"),
  ...under({ ...each, optional: 1 }, "days_in_month", "month", "year"),
  ...under({ ...withScalar, optional: 1 }, "round"),
  ...under(withScalar, "clamp_min", "clamp_max"),
  ...under({ args: ["vector", "scalar", "scalar"], gives: "vector" }, "clamp"),
  ...under({ args: ["vector"], gives: "scalar" }, "scalar"),
  ...under({ args: ["scalar"], gives: "vector" }, "vector"),
  ...under({ args: [], gives: "scalar" }, "time", "pi"),
  ...under({ args: ["vector", "string", "string", "string", "string"], gives: "vector" }, "label_replace"),
  ...under({ args: ["vector", "string", "string", "string"], more: true, gives: "vector" }, "label_join"),
]);

/** Every aggregation that is supported, and what it takes before the vector. */
export const aggregations: ReadonlyMap<string, "scalar" | undefined> = new Map([
  ...["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"].map((name): [string, undefined] => [
    name,
    undefined,
  ]),
  ...["topk", "bottomk", "quantile"].map((name): [string, "scalar"] => [name, "scalar"]),
]);
