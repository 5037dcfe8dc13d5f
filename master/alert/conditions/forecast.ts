import { measureText } from "../../../views/parts/measure.ts";
import { problem } from "../../../wire/problem.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import type { Line } from "../../datasource/values/measured.ts";
import { storedOf } from "../../datasource/values/stored.ts";
import { isSteady, msUntil, type Trend } from "../../history/forecast.ts";
import type { ConditionType } from "./condition.ts";
import { checkLine } from "./check-line.ts";
import { instanceOf, nameOf, subjectOf } from "./lines.ts";
import type { ConditionOf } from "./schema.ts";
import { everyMs, overWindows, unknown } from "./windows.ts";

type Forecast = ConditionOf<"forecast">;

const hourMs = 3_600_000;
/** What fires goes on with a line that fits less well: one is not told that it is over because it slowed down for a while. */
const goesOnFit = 0.5;

/** A value that reaches a level soon, if it goes on as it did. */
export const forecastCondition: ConditionType<Forecast> = {
  find(rule, condition, facts, was) {
    const { op, level, floor, withinMs, clearMs } = condition;
    const way = op === "rises" ? 1 : -1;
    return overWindows(rule, condition, facts, was, (line, trend) => {
      if (floor !== undefined && (line.value - floor) * way < 0) return undefined;
      const fires = was.firing(subjectOf(facts, line));
      const inMs = reachedIn(line, trend, level, way, facts.now);
      if (inMs === undefined || inMs > (fires ? clearMs : withinMs)) return undefined;
      if (fires ? trend.fit < goesOnFit : !isSteady(trend) || inMs === 0) return undefined;
      const { group, series } = line;
      const left = roundly(inMs);
      const rate = rateText(condition, facts, line, trend);
      return instanceOf(rule, facts, line, {
        message: `${nameOf(line)} reaches ${measureText(group, series, level)} in about ${left} at ${rate}, now ${measureText(group, series, line.value)}`,
        value: line.value,
        valueText: measureText(group, series, line.value),
        tells: "message",
        texts: { in: left, rate },
      });
    });
  },
  unknown,
  everyMs,
  check(condition) {
    const { withinMs, clearMs, windowMs, op, level, floor } = condition;
    checkLine(condition);
    if (clearMs < withinMs)
      throw problem(422, "the time at which it is over has to be the longer one", { pointer: "/clearMs" });
    if (withinMs > 10 * windowMs)
      throw problem(422, "it looks at most ten times as far ahead as back", { pointer: "/withinMs" });
    if (floor !== undefined && (op === "rises" ? floor > level : floor < level))
      throw problem(422, "this lies beyond the level", { pointer: "/floor" });
  },
};

/** In how many ms the line is at the level; 0 where the value is there already. */
function reachedIn(line: Line, trend: Trend, level: number, way: number, now: number): number | undefined {
  if ((line.value - level) * way >= 0) return 0;
  if (trend.perMs * way <= 0) return undefined;
  const inMs = msUntil(trend, level);
  return inMs === undefined ? 0 : Math.max(0, inMs - (now - trend.atMs));
}

/** How fast it goes: of a share in what that is a share of, where that is known. */
function rateText({ of = "node" }: Forecast, facts: ClusterFacts, line: Line, { perMs }: Trend): string {
  const { group, series, subject } = line;
  const { by, series: part } = storedOf(of, group, series);
  if (by) {
    const whole = facts.column(of, group, by);
    const row = whole.subjects.findIndex((one) => one.name === subject.name && one.kind === subject.kind);
    const total = row < 0 ? Number.NaN : whole.values[row]!;
    if (total > 0) return `${measureText(group, part, perMs * total * hourMs)}/h`;
  }
  return `${measureText(group, series, perMs * hourMs)}/h`;
}

/** As exact as such a guess is: whole minutes, hours or days. */
function roundly(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 90) return `${Math.max(1, Math.round(minutes))} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}
