import type { RuleFault, RuleFileView, RuleView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { pageHref } from "../../parts/links.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import { yamlLines } from "../../parts/yaml.ts";
import type { Viewing } from "../../viewing.ts";
import { type AlertForm, alertForm, hidden, wholeFault } from "./common.ts";
import { tried, tryOut } from "./rule-preview.ts";
import type { RulesData } from "./rules.ts";

/** What is wrong with files of rules, and what counts meanwhile. */
export function filesInTrouble(v: Viewing, files: readonly RuleFileView[]): Html {
  const t = v.t.alerts.ruleFiles;
  const wrong = files.filter((one) => one.faults.length > 0);
  return html`<div id="files">${wrong.map(
    ({ file, rules, faults, sinceMs }) =>
      html`<section class="panel" role="status"><h2>${mark(v, "critical")} ${t.wrong(file)} <span class="soft">${v.t.frame.since} ${age(v, sinceMs)}</span></h2><p>${t.stays(rules)}</p>${faultList(v, faults)}</section>`,
  )}</div>`;
}

/** Faults of a text of rules, each at its place. */
export function faultList(v: Viewing, faults: readonly RuleFault[]): Html {
  const t = v.t.alerts.ruleFiles;
  return html`<ul class="faults">${faults.map(({ line, rule, path, message }) => {
    const place = [line === undefined ? "" : t.line(line), rule === undefined ? "" : t.rule(rule)].filter(
      Boolean,
    );
    return html`<li>${place.length > 0 ? html`<span class="soft">${place.join(", ")}</span> ` : nothing}${path ? html`<code>${path}</code>: ` : nothing}${v.t.told(message)}</li>`;
  })}</ul>`;
}

/** A rule that is changed in its file; what it would have done is shown here, too. */
export function fileRule(
  v: Viewing,
  rule: RuleView,
  { yaml = "", preview, mayChange }: Pick<RulesData, "yaml" | "preview" | "mayChange">,
  range: string | undefined,
  form: AlertForm | undefined,
): Html {
  const t = v.t.alerts.ruleFiles;
  const title = v.t.alerts.rules.editTitle(rule.name);
  const id = hidden("id", rule.id);
  const hides = html`<p>${t.hides}</p>${mayChange(rule) ? alertForm(v, "rules", "remove", html`${id}<button class="button danger">${t.removeHidden}</button>`, "row") : nothing}`;
  return html`<section id="edit" class="panel"${preview ? html` hx-morph-skip` : nothing}><h2>${title}</h2><p>${t.changedThere(rule.file ?? "")}</p>${yamlLines(yaml)}${
    rule.hides ? hides : nothing
  }${alertForm(v, "rules", "preview", html`${wholeFault(v, form, "preview", [])}${id}${tryOut(v, range)}`, "row")}${tried(v, preview, range, rule.severity)}</section>`;
}

/** A rule as files have it, to take along. */
export function asYaml(v: Viewing, yaml: string | undefined): Content {
  const t = v.t.alerts.ruleFiles;
  return yaml === undefined
    ? nothing
    : html`<details class="fold"><summary>${t.asYaml}</summary><p class="soft">${t.asYamlHow}</p>${yamlLines(yaml)}</details>`;
}

/** Rules as a file, out and in. */
export function takenAlong(v: Viewing, mayImport: boolean): Html {
  const t = v.t.alerts.ruleFiles;
  return html`<div id="yaml" class="row"><a class="button" href="/api/v1/alert-rules?format=yaml" download="rules.yaml">${t.export}</a>${
    mayImport
      ? html`<a class="button" href="${pageHref(v, "/alerts/rules/import")}">${t.import}</a>`
      : nothing
  }</div>`;
}
