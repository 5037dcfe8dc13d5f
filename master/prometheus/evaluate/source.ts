import type { Figure, Points } from "../../history/points.ts";
import { execution } from "../fault.ts";
import type { Matcher } from "../language/matchers.ts";
import type { Labels } from "../names.ts";
import type { Grid, Value } from "./rows.ts";
import type { Expression } from "../language/expression.ts";

export interface Wanted {
  fromMs: number;
  toMs: number;
  figure: Figure;
  tier: number;
}

/** Where series come from. Pauses again and again; gives each series that has points as it is read. */
export interface Source {
  select(
    matchers: readonly Matcher[],
    wanted: Wanted,
    take: (labels: Labels, points: Points) => Iterable<void> | void,
  ): Generator<void>;
}

/** What one query may take. */
const mostSeries = 50_000;
const mostValues = 4_000_000;

export class Budget {
  #series = 0;
  #values = 0;

  takeSeries(): void {
    if (++this.#series > mostSeries)
      throw execution(`the query would read more than ${mostSeries} series: select fewer of them`);
  }

  takeValues(count: number): void {
    this.#values += count;
    if (this.#values > mostValues)
      throw execution(
        `the query would keep more than ${mostValues} values: take a longer step, a shorter range, or fewer series`,
      );
  }
}

/** What an expression is evaluated with. */
export interface Context {
  source: Source;
  grid: Grid;
  budget: Budget;
  evaluate(expr: Expression, context: Context): Generator<void, Value>;
}
