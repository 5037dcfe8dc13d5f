import type { Condition } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";

export const minute = 60_000;
export const hour = 60 * minute;
const described = { summary: "{{ kind }} {{ name }}: {{ message }}", description: "" };

/** A rule that comes with the program. */
export const on = (
  id: string,
  name: string,
  severity: Rule["severity"],
  forMs: number,
  condition: Condition,
  summary = described.summary,
): Rule => ({
  id,
  name,
  enabled: true,
  severity,
  condition,
  forMs,
  // What comes and goes within this is one alert and not many.
  keepMs: condition.type === "forecast" ? 15 * minute : condition.type === "threshold" ? 2 * minute : minute,
  scope: {},
  labels: {},
  annotations: { summary, description: "" },
});
