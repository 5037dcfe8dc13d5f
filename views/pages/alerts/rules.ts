import {
  type ConditionView,
  isShare,
  type RuleFileView,
  type RuleView,
  severities,
} from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { badge, mark } from "../../parts/state.ts";
import { durationText } from "../../../wire/duration.ts";
import type { Viewing } from "../../viewing.ts";
import { absent } from "../detail/blocks.ts";
import { asYaml, fileRule, filesInTrouble, takenAlong } from "./rule-files.ts";
import { type AlertForm, alertForm, alertsHead, faultAt, hidden, wholeFault } from "./common.ts";

export interface RulesData {
  rules: readonly RuleView[];
  files: readonly RuleFileView[];
  /** The rule that is looked at, as files have it. */
  yaml?: string | undefined;
  /** How many alerts of each rule fire, as far as the viewer sees them. */
  firing: ReadonlyMap<string, number>;
  mayChange(rule: Pick<RuleView, "tenant">): boolean;
  /** Where a new rule can be for. */
  places: readonly PlaceView[];
}

export function rulesPage(v: Viewing, data: RulesData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "rules", data.rules.length),
    files: filesInTrouble(v, data.files),
    list: table(v, data, form),
    yaml: takenAlong(v, data.places.length > 0),
    edit: editor(v, data, form),
  };
}

function table(v: Viewing, { rules, firing, mayChange }: RulesData, form?: AlertForm): Html {
  const t = v.t.alerts;
  return html`<div id="list">${wholeFault(v, form?.do === "switch" || form?.do === "remove" ? form : undefined, form?.do ?? "", [])}<table class="list"><thead><tr><th scope="col">${t.rules.name}</th><th scope="col">${t.rules.condition}</th><th scope="col" class="right p2">${t.rules.for}</th><th scope="col" class="right">${t.rules.firing}</th><th scope="col"><span class="sr">${v.t.common.actions}</span></th></tr></thead><tbody>${rules.map(
    (one) => {
      const href = pageHref(v, "/alerts/rules", { edit: one.id });
      const count = firing.get(one.id) ?? 0;
      return html`<tr id="r-${one.id}" data-href="${href}" data-name="${one.name}"><td class="name a"><a href="${href}">${mark(v, one.enabled ? one.severity : "unknown")} ${one.name}</a>${one.enabled ? nothing : html` ${badge(t.rules.off)}`}${originBadge(v, one)}</td><td class="grow c">${conditionText(v, one.condition)}</td><td class="right p2">${durationText(one.forMs)}</td><td class="right b">${
        count > 0
          ? html`<a href="${pageHref(v, "/alerts", { rule: one.id, state: "firing" })}"><strong>${count}</strong></a>`
          : nothing
      }</td><td class="right d">${
        one.file === undefined && mayChange(one)
          ? alertForm(
              v,
              "rules",
              "switch",
              html`${hidden("id", one.id)}<button class="button">${one.enabled ? t.rules.switchOff : t.rules.switchOn}</button>`,
              "inline",
            )
          : nothing
      }</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function originBadge(v: Viewing, { origin, file = "" }: RuleView): Content {
  if (origin === "default") return nothing;
  return html` ${badge(origin === "file" ? v.t.alerts.ruleFiles.from(file) : v.t.alerts.rules.origin[origin])}`;
}

export function conditionText(v: Viewing, condition: ConditionView): string {
  const t = v.t.alerts;
  if (condition.type === "problem")
    return t.rules.problem((condition.kinds ?? []).join(", "), (condition.reasons ?? []).join(", "));
  const { group, series, op, trigger, clear } = condition;
  // `disk *` is each of them.
  const what = `${group.replace(/ ?\*$/, "")} ${t.series[series] ?? series}`;
  return t.rules.threshold(what, op, levelText(group, series, trigger), levelText(group, series, clear));
}

/** A level as people say it: shares as percents, temperatures in degrees. */
function levelText(group: string, series: string, level: number): string {
  if (isShare(group, series)) return `${Math.round(level * 1000) / 10} %`;
  return group === "temperature" ? `${level} °C` : String(level);
}

function editor(v: Viewing, data: RulesData, form?: AlertForm): Html {
  const t = v.t.alerts.rules;
  const posted = form?.do === "put" ? form.values : undefined;
  const id = posted?.id ?? v.query.get("edit") ?? "";
  const rule = data.rules.find((one) => one.id === id);
  if (rule?.file !== undefined) return fileRule(v, rule, data.yaml ?? "", data.mayChange(rule));
  const adds = v.query.get("new") ?? posted?.type;
  const may = rule ? data.mayChange(rule) : data.places.length > 0;
  if (!may) return absent("edit");
  if (!rule && adds !== "problem" && adds !== "threshold")
    return html`<section id="edit" class="panel"><h2>${t.add}</h2><div class="row"><a class="button" href="${pageHref(v, "/alerts/rules", { new: "problem" })}#edit">${t.addProblem}</a><a class="button" href="${pageHref(v, "/alerts/rules", { new: "threshold" })}#edit">${t.addThreshold}</a></div></section>`;
  const type = rule?.condition.type ?? (adds as ConditionView["type"]);
  const values = posted ?? (rule ? valuesOf(rule) : fresh(type));
  return html`<section id="edit" class="panel" hx-morph-skip><h2>${rule ? t.editTitle(rule.name) : t.add}</h2>${alertForm(v, "rules", "put", fields(v, type, values, data, rule, form))}${rule && rule.origin !== "default" ? removal(v, rule) : nothing}${asYaml(v, data.yaml)}</section>`;
}

function fields(
  v: Viewing,
  type: ConditionView["type"],
  values: Record<string, string>,
  data: RulesData,
  rule: RuleView | undefined,
  form?: AlertForm,
): Content {
  const t = v.t.alerts.rules;
  const text = (name: string, label: string, hint?: string, required = false) =>
    field({
      id: `rule-${name}`,
      name,
      label,
      value: values[name] ?? "",
      maxlength: 2000,
      autocomplete: "off",
      fault: faultAt(v, form, "put", name),
      ...(hint ? { hint } : {}),
      required,
    });
  const own = [
    "name",
    "group",
    "series",
    "trigger",
    "clear",
    "for",
    "keep",
    "scopeLabels",
    "labels",
    "summary",
  ];
  const places = data.places.map(({ value, name }): [string, string] => [
    value,
    value === "" ? t.everywhere : t.tenant(name),
  ]);
  return html`${hidden("id", rule?.id ?? "")}${hidden("type", type)}${wholeFault(v, form, "put", own)}${text("name", t.name, undefined, true)}${selectField(
    "severity",
    t.severity,
    severities.map((one) => [one, v.t.health[one]] as const),
    values.severity ?? "warning",
    "rule-severity",
  )}${
    rule || places.length < 2
      ? rule
        ? nothing
        : hidden("where", places[0]?.[0] ?? "")
      : selectField("where", t.whose, places, values.where ?? "", "rule-where")
  }${
    type === "problem"
      ? html`${text("kinds", t.kinds, t.kindsHint)}${text("reasons", t.reasons, t.reasonsHint)}`
      : html`${text("group", t.group, t.groupHint, true)}${text("series", t.seriesName, t.seriesHint, true)}${selectField("op", t.op, Object.entries(t.ops), values.op ?? "above", "rule-op")}${text("trigger", t.trigger, t.triggerHint, true)}${text("clear", t.clear, undefined, true)}`
  }${text("for", t.for, t.forHint, true)}${text("keep", t.keep, t.keepHint, true)}${text("clusters", t.clusters, t.clustersHint)}${type === "problem" ? text("namespaces", t.namespaces) : nothing}${text("scopeLabels", t.scopeLabels, t.scopeLabelsHint)}${text("labels", t.extraLabels, t.scopeLabelsHint)}${text("summary", t.summary, t.summaryHint, true)}${areaField({ id: "rule-description", name: "description", label: t.description, value: values.description ?? "", rows: 3 })}<label class="tick"><input type="checkbox" name="enabled" value="1"${values.enabled === "1" ? html` checked` : nothing}> ${t.on}</label><div class="row"><button class="button primary">${t.save}</button><a class="button" href="${pageHref(v, "/alerts/rules")}">${v.t.common.cancel}</a></div>`;
}

function removal(v: Viewing, rule: RuleView): Html {
  const t = v.t.alerts.rules;
  const label = rule.origin === "own" ? t.remove : t.reset;
  return html`<details class="fold"><summary>${label}</summary><p class="soft">${rule.origin === "own" ? t.removeHow : t.resetHow}</p>${alertForm(v, "rules", "remove", html`${hidden("id", rule.id)}<button class="button danger">${label}</button>`, "row")}</details>`;
}

const pairs = (labels: Record<string, string> | undefined) =>
  Object.entries(labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");

function valuesOf(rule: RuleView): Record<string, string> {
  const { condition, scope } = rule;
  return {
    name: rule.name,
    severity: rule.severity,
    enabled: rule.enabled ? "1" : "",
    for: durationText(rule.forMs),
    keep: durationText(rule.keepMs),
    clusters: (scope.clusters ?? []).join(", "),
    namespaces: (scope.namespaces ?? []).join(", "),
    scopeLabels: pairs(scope.labels),
    labels: pairs(rule.labels),
    summary: rule.annotations.summary,
    description: rule.annotations.description,
    ...(condition.type === "problem"
      ? { kinds: (condition.kinds ?? []).join(", "), reasons: (condition.reasons ?? []).join(", ") }
      : {
          group: condition.group,
          series: condition.series,
          op: condition.op,
          trigger: String(condition.trigger),
          clear: String(condition.clear),
        }),
  };
}

function fresh(type: ConditionView["type"]): Record<string, string> {
  const summary =
    type === "problem" ? "{{ kind }} {{ name }}: {{ message }}" : "node {{ node }}: {{ message }}";
  return { severity: "warning", enabled: "1", for: "5m", keep: "1m", summary };
}
