import { type ConditionView, isShare, type LineView } from "../../alert-model.ts";
import { measureText } from "../../parts/measure.ts";
import { durationText } from "../../../wire/duration.ts";
import type { Viewing } from "../../viewing.ts";

/** A condition in a line of words. */
export function conditionText(v: Viewing, condition: ConditionView): string {
  const t = v.t.alerts.conditions.says;
  const list = (words: readonly string[] | undefined) => (words ?? []).join(", ");
  switch (condition.type) {
    case "problem":
      return t.problem(list(condition.kinds), list(condition.reasons));
    case "threshold":
      return t.threshold(
        lineText(v, condition),
        condition.op,
        levelText(condition, condition.trigger),
        levelText(condition, condition.clear),
      );
    case "rate":
      return t.rate(
        lineText(v, condition),
        condition.op,
        levelText(condition, condition.trigger),
        condition.per,
        durationText(condition.windowMs),
      );
    case "forecast":
      return t.forecast(
        lineText(v, condition),
        levelText(condition, condition.level),
        durationText(condition.withinMs),
        durationText(condition.windowMs),
      );
    case "absence":
      return condition.what === "object"
        ? t.gone(list(condition.kinds), list(condition.names))
        : t.missing(lineText(v, { group: "", series: "", ...condition }), list(condition.names));
    case "certificate":
      return t.certificate(durationText(condition.withinMs), list(condition.names));
    case "events":
      return t.events(
        condition.count,
        durationText(condition.windowMs),
        list(condition.reasons) || list(condition.kinds),
        condition.message ?? "",
      );
  }
}

/** What a condition looks at: whose series, and which. */
function lineText(v: Viewing, { of = "node", group, series }: LineView): string {
  const t = v.t.alerts;
  // `disk *` is each of them; what pods and workloads use needs no group.
  const name = group === "usage" ? "" : group.replace(/ ?\*$/, "");
  const what = [name, t.series[series] ?? series].filter(Boolean).join(" ");
  if (of === "node") return what || t.conditions.choices.of!.node!;
  return what ? `${t.conditions.choices.of![of]}: ${what}` : t.conditions.choices.of![of]!;
}

/** A level as people say it. */
function levelText({ group, series }: LineView, level: number): string {
  if (isShare(group, series)) return `${Math.round(level * 1000) / 10} %`;
  return group === "temperature" ? `${level} °C` : measureText(group, series, level);
}
