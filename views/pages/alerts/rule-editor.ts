import {
  type ConditionField,
  conditionFields,
  conditionTypes,
  freshCondition,
  levelField,
  offered,
} from "../../alert-conditions.ts";
import { type ConditionView, type RuleView, severities } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import { pageHref } from "../../parts/links.ts";
import type { Viewing } from "../../viewing.ts";
import { durationText } from "../../../wire/duration.ts";
import { absent } from "../detail/blocks.ts";
import { type AlertForm, alertForm, faultAt, hidden, wholeFault } from "./common.ts";
import { tried, tryOut } from "./rule-preview.ts";
import { asYaml, fileRule } from "./rule-files.ts";
import type { RulesData } from "./rules.ts";

/** The form of a rule, with the fields that its kind of condition has; or the kinds that there are. */
export function ruleEditor(v: Viewing, data: RulesData, form?: AlertForm): Html {
  const t = v.t.alerts.rules;
  // What was tried out is shown with the form as it was.
  const posted = form?.do === "put" || form?.do === "preview" ? { ...form.values, ...form.shown } : undefined;
  const id = posted?.id ?? v.query.get("edit") ?? "";
  const rule = data.rules.find((one) => one.id === id);
  if (rule?.file !== undefined) return fileRule(v, rule, data, posted?.range, form);
  const may = rule ? data.mayChange(rule) : data.places.length > 0;
  if (!may) return absent("edit");
  const adds = conditionTypes.find((one) => one === (v.query.get("new") ?? posted?.type));
  const type = rule?.condition.type ?? adds;
  if (!type) return kindsToAdd(v);
  const values = posted ?? (rule ? valuesOf(rule) : fresh(type));
  return html`<section id="edit" class="panel" hx-morph-skip><h2>${rule ? t.editTitle(rule.name) : t.add}</h2><p class="soft">${v.t.alerts.conditions.kinds[type][1]}${rule ? html` <a href="${pageHref(v, "/alerts/history", { rule: rule.id })}">${v.t.alerts.past.ofRule}</a>` : nothing}</p>${alertForm(v, "rules", "put", fields(v, type, values, data, rule, form))}${tried(
    v,
    data.preview,
    values.range,
    severities.find((one) => one === values.severity),
  )}${rule && rule.origin !== "default" ? removal(v, rule) : nothing}${asYaml(v, data.yaml)}</section>`;
}

function kindsToAdd(v: Viewing): Html {
  const { kinds } = v.t.alerts.conditions;
  return html`<section id="edit" class="panel"><h2>${v.t.alerts.rules.add}</h2><dl class="kinds">${conditionTypes.map(
    (one) =>
      html`<dt><a class="button" href="${pageHref(v, "/alerts/rules", { new: one })}#edit">${kinds[one][0]}</a></dt><dd class="soft">${kinds[one][1]}</dd>`,
  )}</dl></section>`;
}

/** Fields that a rule of any kind has; faults of others stand above the form. */
const common = ["name", "for", "keep", "clusters", "namespaces", "scopeLabels", "labels", "summary"];

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
    textField(v, values, form, { name, label, hint, required });
  const own = conditionFields[type];
  const faultsShown = [...common, ...own.filter((one) => one.kind !== "choice").map((one) => one.name)];
  return html`${hidden("id", rule?.id ?? "")}${hidden("type", type)}${wholeFault(v, form, "put", faultsShown)}${text("name", t.name, undefined, true)}${selectField(
    "severity",
    t.severity,
    severities.map((one) => [one, v.t.health[one]] as const),
    values.severity ?? "warning",
    "rule-severity",
  )}${whose(v, values, data, rule)}${own.map((one) => conditionField(v, type, one, values, form))}${datalists}${text("for", t.for, type === "absence" ? v.t.alerts.conditions.absentFor : t.forHint, true)}${text("keep", t.keep, t.keepHint, true)}${text("clusters", t.clusters, t.clustersHint)}${text("namespaces", t.namespaces, v.t.alerts.conditions.namespacesHint)}${text("scopeLabels", t.scopeLabels, t.scopeLabelsHint)}${text("labels", t.extraLabels, t.scopeLabelsHint)}${text("summary", t.summary, type === "forecast" ? `${t.summaryHint} {{ in }}, {{ rate }}` : t.summaryHint, true)}${areaField({ id: "rule-description", name: "description", label: t.description, value: values.description ?? "", rows: 3 })}<label class="tick"><input type="checkbox" name="enabled" value="1"${values.enabled === "1" ? html` checked` : nothing}> ${t.on}</label><div class="row"><button class="button primary">${t.save}</button><a class="button" href="${pageHref(v, "/alerts/rules")}">${v.t.common.cancel}</a></div>${tryOut(v, values.range)}`;
}

function whose(
  v: Viewing,
  values: Record<string, string>,
  { places }: RulesData,
  rule: RuleView | undefined,
): Content {
  if (rule) return nothing;
  if (places.length < 2) return hidden("where", places[0]?.value ?? "");
  const t = v.t.alerts.rules;
  const options = places.map(({ value, name }): [string, string] => [
    value,
    value === "" ? t.everywhere : t.tenant(name),
  ]);
  return selectField("where", t.whose, options, values.where ?? "", "rule-where");
}

const datalists: Html = html`${Object.entries(offered).map(
  ([name, all]) =>
    html`<datalist id="rule-${name}">${all.map((one) => html`<option value="${one}">`)}</datalist>`,
)}`;

function conditionField(
  v: Viewing,
  type: ConditionView["type"],
  one: ConditionField,
  values: Record<string, string>,
  form?: AlertForm,
): Html {
  const t = v.t.alerts.conditions;
  const [label, hint] = t.fields[`${type}.${one.name}`] ?? t.fields[one.name] ?? [one.name];
  if (one.kind !== "choice")
    return textField(v, values, form, {
      name: one.name,
      label,
      hint,
      required: one.required === true,
      ...(one.list ? { list: `rule-${one.list}` } : {}),
    });
  const says = t.choices[one.name] ?? {};
  const options = one.choices!.map((value): [string, string] => [value, says[value] ?? value]);
  return selectField(one.name, label, options, values[one.name] ?? one.choices![0]!, `rule-${one.name}`);
}

function textField(
  v: Viewing,
  values: Record<string, string>,
  form: AlertForm | undefined,
  {
    name,
    hint,
    ...rest
  }: { name: string; label: string; hint?: string | undefined; required: boolean; list?: string },
): Html {
  return field({
    id: `rule-${name}`,
    name,
    value: values[name] ?? "",
    maxlength: 2000,
    autocomplete: "off",
    fault: faultAt(v, form, "put", name),
    ...(hint ? { hint } : {}),
    ...rest,
  });
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
    ...Object.fromEntries(
      conditionFields[condition.type].map(({ name, kind }) => {
        const value = (condition as Record<string, unknown>)[name];
        if (value === undefined) return [name, name === "of" ? "node" : ""];
        if (Array.isArray(value)) return [name, value.join(", ")];
        if (kind === "duration") return [name, durationText(Number(value))];
        return [name, kind === "level" ? levelField(condition, Number(value)) : String(value)];
      }),
    ),
  };
}

function fresh(type: ConditionView["type"]): Record<string, string> {
  const summary =
    type === "threshold" || type === "rate" || type === "forecast"
      ? "{{ name }}: {{ message }}"
      : "{{ kind }} {{ name }}: {{ message }}";
  return { severity: "warning", enabled: "1", for: "5m", keep: "1m", summary, ...freshCondition[type] };
}
