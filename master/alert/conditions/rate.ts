import { measureText } from "../../../views/parts/measure.ts";
import type { ConditionType } from "./condition.ts";
import { checkLine } from "./check-line.ts";
import { checkLevels } from "./levels.ts";
import { instanceOf, nameOf, subjectOf } from "./lines.ts";
import type { ConditionOf } from "./schema.ts";
import { everyMs, overWindows, unknown } from "./windows.ts";

const unitMs = { minute: 60_000, hour: 3_600_000 };

/** A value that changes fast: by the slope of the line through a window, which single values do not move. */
export const rateCondition: ConditionType<ConditionOf<"rate">> = {
  find(rule, condition, facts, was) {
    const { op, per, trigger, clear } = condition;
    return overWindows(rule, condition, facts, was, (line, trend) => {
      const rate = trend.perMs * unitMs[per] * (op === "rises" ? 1 : -1);
      if (!(rate > clear)) return undefined;
      if (!(rate > trigger) && !was.firing(subjectOf(facts, line))) return undefined;
      const { group, series } = line;
      const valueText = `${measureText(group, series, rate)}/${per === "minute" ? "min" : "h"}`;
      const message = `${nameOf(line)} ${op} by ${valueText}, now ${measureText(group, series, line.value)}`;
      return instanceOf(rule, facts, line, { message, value: rate, valueText, tells: "message" });
    });
  },
  unknown,
  everyMs,
  check(condition) {
    checkLine(condition);
    checkLevels(condition.trigger, condition.clear, true);
  },
};
